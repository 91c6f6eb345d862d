"""What gnutls-cli-debug finds out about a server, against what it has to find."""

import re
import subprocess

# Every question that has one right answer. Two depend on mbedTLS's version: TLS 1.3, and whether
# small records are tolerated on handshake, for 2.28 takes no hello in more records than one.
EXPECTED = {
    "TLS 1.0 (RFC2246) support": "no",
    "TLS 1.1 (RFC4346) support": "no",
    "TLS 1.2 (RFC5246) support": "yes",
    "known TLS or SSL protocols support": "yes",
    "whether %NO_EXTENSIONS is required": "no",
    "whether %ALLOW_SMALL_RECORDS is required": "no",
    "certificate chain order": "sorted",
    "safe renegotiation (RFC5746) support": "yes",
    "ext master secret (RFC7627) support": "yes",
    "heartbeat (RFC6520) support": "no",
    "whether cipher suites not in SSL 3.0 spec are accepted": "yes",
    "whether the server understands TLS closure alerts": "yes",
    "whether the server supports session resumption": "yes",
    "anonymous authentication support": "no",
    "RSA key exchange support": "no",
    "ephemeral Diffie-Hellman support": "no",
    "ephemeral EC Diffie-Hellman support": "yes",
    "curve X25519 (RFC8422)": "yes",
    "AES-GCM cipher (RFC5288) support": "yes",
    "AES-CBC cipher (RFC3268) support": "no",
    "CAMELLIA-CBC cipher (RFC5932) support": "no",
    "3DES-CBC cipher (RFC2246) support": "no",
    "ARCFOUR 128 cipher (RFC2246) support": "no",
    "CHACHA20-POLY1305 cipher (RFC7905) support": "yes",
    "MD5 MAC support": "no",
    "SHA1 MAC support": "no",
}


def checks(server, *_):
    ended = subprocess.run(
        ["gnutls-cli-debug", "-p", str(server.secure_port), "127.0.0.1"], capture_output=True,
        text=True, errors="replace", timeout=120, check=False)
    found = {}
    for line in ended.stdout.splitlines():
        answer = re.match(r"\s*(?:for )?(\S.*)\.\.\. (.+)$", line)
        if answer:
            found[answer[1]] = answer[2]
    for question, right in EXPECTED.items():
        answer = found.get(question, "nothing")
        yield f"{question}: {answer}", answer.startswith(right)
