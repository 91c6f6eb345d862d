"""What OpenSSL's client is given over TLS 1.3, which mbedTLS speaks from 3.6 on."""

import re
import subprocess

from authority import NAME
from handshakes import client, suite

AES, LONG_AES, CHACHA, CCM = (
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_128_CCM_SHA256")
TICKET_SECONDS = 10


def suites(server):
    for offer in ((AES, CHACHA), (CHACHA, AES), (LONG_AES,)):
        agreed = suite(client(server, "-tls1_3", "-ciphersuites", ":".join(offer)))
        yield f"{offer[0]} for who prefers it: {agreed}", agreed == offer[0]
    yield f"not {CCM}", suite(client(server, "-tls1_3", "-ciphersuites", CCM)) is None


def groups(server):
    for group in ("X25519", "P-256", "P-384"):
        yield f"the group {group}", suite(client(server, "-tls1_3", "-groups", group)) is not None
    for group in ("X448", "ffdhe2048"):
        yield f"not the group {group}", suite(client(server, "-tls1_3", "-groups", group)) is None
    # The client's share is of the first group, and the server asks for one of another.
    output = client(server, "-tls1_3", "-groups", "X448:P-256")
    yield "a hello that is asked for again", "prime256v1" in output and suite(output) is not None


def tickets(server, authority):
    """A session is resumed, and its client may not speak before the server has."""
    file = authority.certificate.with_name("session")
    file.unlink(missing_ok=True)
    with subprocess.Popen(
            ["openssl", "s_client", "-connect", server.address, "-tls1_3", "-servername", NAME,
             "-ign_eof", "-sess_out", file], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, errors="replace") as process:
        # The ticket comes before the answer, and the server closes behind that.
        try:
            output = process.communicate(
                f"GET /health HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n",
                timeout=TICKET_SECONDS)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            output = process.communicate()[0]
    yield "a ticket", "New Session Ticket" in output
    yield "which allows no early data", re.findall(r"Max Early Data: (\d+)", output) == ["0"]
    again = client(server, "-tls1_3", "-sess_in", file) if file.exists() else ""
    yield "a session resumed", "Reused, TLSv1.3" in again


def is_spoken(server):
    return suite(client(server, "-tls1_3")) is not None


def checks(server, _, authority):
    yield "TLS 1.3, with the chain", suite(
        client(server, "-tls1_3", trusted=authority.certificate)) is not None
    yield from suites(server)
    yield from groups(server)
    yield from tickets(server, authority)
