"""sessions.py NAME=PROGRAM...: what each build of sessions.c holds for an idle TLS session.

Those named `ours` have to stay below 26 KB. Needs the standard library only.
"""

import socket
import subprocess
import sys
import tempfile

from encrypted import VERSIONS, make_certificate, trusting

SESSIONS = 100
MAXIMUM = 26_000


def figures(program, certificate, key, version):
    """What mbedTLS it is, the version of TLS that was agreed, and bytes a session."""
    server = subprocess.Popen([program, str(SESSIONS), certificate, key],
                              stdout=subprocess.PIPE, text=True)
    context = trusting(version)
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
        certificate, key = make_certificate(directory)
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
