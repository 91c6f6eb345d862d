"""sessions.py NAME=PROGRAM...: what each build of sessions.c holds for an idle TLS session.

Those named `ours` have to stay below 26 KB. Needs the standard library only.
"""

import os
import socket
import ssl
import subprocess
import sys
import tempfile

SESSIONS = 100
MAXIMUM = 26_000
VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)


def figures(program, certificate, key, version):
    """What mbedTLS it is, the version of TLS that was agreed, and bytes a session."""
    server = subprocess.Popen([program, str(SESSIONS), certificate, key],
                              stdout=subprocess.PIPE, text=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = version
    port = int(server.stdout.readline())
    streams = []
    for _ in range(SESSIONS):
        stream = context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=20))
        stream.sendall(b"hello")
        stream.recv(5)
        streams.append(stream)
    agreed = streams[-1].version()
    library, size = server.stdout.read().split()
    if server.wait(20) != 0:
        raise RuntimeError(f"{program} ended with {server.returncode}")
    for stream in streams:
        stream.close()
    return library, agreed, int(size)


def main(builds):
    """Prints a line for each build and version of TLS."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="martlet-") as directory:
        certificate, key = os.path.join(directory, "crt"), os.path.join(directory, "key")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key,
             "-out", certificate], check=True, capture_output=True)
        for build in builds:
            name, program = build.split("=", 1)
            seen = set()
            for version in VERSIONS:
                library, agreed, size = figures(program, certificate, key, version)
                if agreed in seen:
                    continue
                seen.add(agreed)
                good = name != "ours" or size < MAXIMUM
                failed += not good
                print(f"  {'ok  ' if good else 'FAIL'}  {agreed}, mbedTLS {library}, {name}: "
                      f"{size} bytes a session")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
