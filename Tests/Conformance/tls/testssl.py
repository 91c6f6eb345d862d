"""testssl.sh: every finding that it holds to be worse than LOW, except those listed here."""

import json
import subprocess

from authority import NAME

GOOD = ("OK", "INFO", "LOW", "DEBUG")
LIMIT_SECONDS = 400

# Findings about the test's certificate or this machine, or that Mozilla holds to be right.
EXCUSED = {
    "cert_revocation": "an authority of an hour keeps no list of what it took back",
    "cipher_order": "the client chooses among good ones, as Mozilla's profile has it",
    "engine_problem": "it is about the OpenSSL of this machine",
}
# What it has to have judged; forward secrecy is FS or, in older versions, PFS.
JUDGED = """SSLv2 SSLv3 TLS1 TLS1_1 TLS1_2 TLS1_3 FS heartbleed CCS ticketbleed ROBOT secure_renego
    secure_client_renego CRIME_TLS POODLE_SSL fallback_SCSV SWEET32 FREAK DROWN LOGJAM BEAST LUCKY13
    RC4 cert_chain_of_trust""".split()


def scan(server, kind, authority, directory):
    report = directory / f"testssl-{kind}.json"
    report.unlink(missing_ok=True)
    with open(directory / f"testssl-{kind}.log", "wb") as log:
        # Its exit code counts findings, which are read below.
        subprocess.run(
            ["testssl", "--quiet", "--warnings", "off", "--color", "0", "--ip", "127.0.0.1",
             "--sneaky", "--jsonfile", str(report), "--add-ca", str(authority.certificate),
             f"{NAME}:{server.secure_port}"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=LIMIT_SECONDS, check=False)
    return json.loads(report.read_text("utf-8"))


def checks(server, kind, authority, directory):
    findings = scan(server, kind, authority, directory)
    for finding in findings:
        name, severity = finding["id"], finding["severity"]
        if severity in GOOD:
            continue
        excuse = EXCUSED.get(name.split(" ")[0])
        if excuse:
            print(f"        excused: {name}: {excuse}")
        else:
            yield f"{name}: {severity}, {finding['finding']}", False
    seen = {finding["id"].split(" ")[0] for finding in findings}
    seen |= {name.replace("PFS", "FS") for name in seen}
    for name in JUDGED:
        yield f"{name} was judged", name in seen
    yield f"{len(findings)} findings", len(findings) > 100
