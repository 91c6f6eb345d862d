"""What OpenSSL's own clients are given: versions, suites, curves, resumption, renegotiation."""

import re
import subprocess
import time

from authority import NAME, openssl

AES, CHACHA = "AES128-GCM-SHA256", "CHACHA20-POLY1305"


def client(server, *options, text=None, trusted=None):
    """The output of s_client, which knows the authority when it is given."""
    verify = ["-CAfile", trusted, "-verify_return_error"] if trusted else []
    return openssl("s_client", "-connect", server.address, "-servername", NAME, *verify, *options,
                   text=text)


def suite(output):
    """The suite that was agreed on, None when nothing was."""
    found = re.search(r"Cipher is (\S+)", output)
    return found and (None if found[1] == "(NONE)" else found[1])


def versions(server, kind, authority):
    yield "TLS 1.2, with the chain", suite(
        client(server, "-tls1_2", trusted=authority.certificate)) is not None
    for version in ("-tls1", "-tls1_1"):
        weak = "ALL:@SECLEVEL=0"
        yield f"no {version}", suite(client(server, version, "-cipher", weak)) is None


def suites(server, kind, authority):
    offer = [f"ECDHE-{kind.upper()}-{name}" for name in (CHACHA, AES)]
    for wanted in (offer, offer[::-1]):
        agreed = suite(client(server, "-tls1_2", "-cipher", ":".join(wanted)))
        yield f"{wanted[0]} for who prefers it", agreed == wanted[0]
    for bad in ("kRSA", "kDHE", "SHA1", "SHA256:!ECDHE+AESGCM:!ECDHE+CHACHA20", "SHA384:!AESGCM",
                "3DES", "aNULL", "eNULL", "AESCCM", "CAMELLIA", "PSK"):
        output = client(server, "-tls1_2", "-cipher", f"{bad}:@SECLEVEL=0")
        # A family that this OpenSSL does not have either is refused by both.
        yield f"no suite of {bad}", suite(output) is None
    for curve in ("X25519", "P-256", "P-384"):
        # The curve of the certificate's own key is always needed (RFC 8422, section 5.1.1).
        curves = curve if kind == "rsa" or curve == "P-256" else f"{curve}:P-256"
        yield f"the curve {curve}", suite(client(server, "-tls1_2", "-curves", curves)) is not None
    for curve in ("secp256k1", "brainpoolP256r1"):
        yield f"not the curve {curve}", suite(client(server, "-tls1_2", "-curves", curve)) is None
    for hashes in ("RSA+SHA1:ECDSA+SHA1",):
        output = client(server, "-tls1_2", "-sigalgs", hashes, "-cipher", "ALL:@SECLEVEL=0")
        yield f"no signature by {hashes}", suite(output) is None


def renegotiation(server, kind, authority):
    """A line that is an R alone asks s_client to start anew."""
    output = client(server, "-tls1_2", text=None)
    yield "secure renegotiation is announced", "Secure Renegotiation IS supported" in output
    with subprocess.Popen(
            ["openssl", "s_client", "-connect", server.address, "-tls1_2", "-servername", NAME],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace") as process:
        time.sleep(1)
        process.stdin.write("R\n")
        process.stdin.flush()
        time.sleep(1)
        try:
            # Whatever is not ended by now goes on as if nothing had been asked.
            output = process.communicate("Q\n", timeout=10)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            output = process.communicate()[0]
    yield "a new handshake in the old one is refused", (
        "RENEGOTIATING" in output and output.count("verify return") <= 3
        and not re.search(r"RENEGOTIATING\n(.*\n)*depth=", output))


def resumption(server, kind, authority):
    output = client(server, "-tls1_2", "-reconnect")
    yield "five sessions out of one", output.count("Reused, TLSv1.2") == 5
    yield "the extended master secret", "Extended master secret: yes" in output
    for how, least in (("-new", 1), ("-reuse", 1)):
        timed = openssl("s_time", "-connect", server.address, how, "-time", 2,
                        "-CAfile", authority.certificate)
        found = re.search(r"(\d+) connections in \d+ real seconds", timed)
        print(f"        {found[0] if found else timed[-200:]} (s_time {how})")
        yield f"s_time {how}", bool(found) and int(found[1]) >= least


def checks(server, kind, authority):
    for group in (versions, suites, renegotiation, resumption):
        yield from group(server, kind, authority)
