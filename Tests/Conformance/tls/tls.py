"""Has others judge TLS, and counts.

usage: tls.py DIRECTORY [--quick] [--tls13]      (called by `run`)
"""

import subprocess
import sys
from pathlib import Path

import gnutls
import handshakes
import scans
import testssl
import tls13
from authority import Authority, SecureServer
from server import ServerError


def judges(server, kind, directory):
    """Each judge's name, and what it has to say of a server."""
    yield "OpenSSL", handshakes.checks
    if "--tls13" in sys.argv[2:] or tls13.is_spoken(server):
        yield "OpenSSL, TLS 1.3", tls13.checks
    yield "GnuTLS", gnutls.checks
    yield "sslyze", scans.checks
    yield "testssl.sh", lambda *about: testssl.checks(*about, directory)


def main():
    directory = Path(sys.argv[1])
    kinds = ("ecdsa",) if "--quick" in sys.argv[2:] else ("ecdsa", "rsa")
    authority = Authority(directory)
    passed = failed = 0
    for kind in kinds:
        with SecureServer(authority.identity(kind)) as server:
            for judge, checks in judges(server, kind, directory):
                print(f"  {judge}, {kind}:", flush=True)
                good = 0
                for what, is_good in checks(server, kind, authority):
                    if is_good:
                        good += 1
                    else:
                        failed += 1
                        print(f"        FAIL  {what}")
                passed += good
                print(f"        {good} good", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ServerError, subprocess.SubprocessError) as problem:
        sys.exit(f"error: {problem}")
