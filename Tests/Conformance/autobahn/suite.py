"""Runs the ported suite against a server of ours and reads its verdicts.

usage: suite.py DIRECTORY [--strict] [--need-deflate] [--tls] CASE...      (called by `run`)
"""

import json
import subprocess
import sys
from pathlib import Path

from authority import Authority, SecureServer
from server import UNLIMITED, Server, ServerError

# Case 9 sends 16 MiB as one message and in frames of 64 bytes: neither size nor rate may bound it.
SETTINGS = UNLIMITED | {"WEBSOCKET_MAX_MESSAGE_SIZE": "16M", "WEBSOCKET_MAX_CONNECTIONS": 4}
LIMIT_SECONDS = 900
SUITE = [sys.executable, "-W", "ignore", "-c", "from autobahntestsuite.wstest import run; run()"]


def server_for(flags, directory):
    """A server, and the address of its echo path."""
    if "--tls" not in flags:
        server = Server(**SETTINGS)
        return server, server.url("/echo")
    server = SecureServer(Authority(directory).identity("ecdsa"), **SETTINGS)
    return server, server.secure_url("/echo")


def main():
    directory = Path(sys.argv[1])
    flags = [word for word in sys.argv[2:] if word.startswith("--")]
    cases = [word for word in sys.argv[2:] if not word.startswith("--")]
    report, plan = directory / "report", directory / "fuzzingclient.json"
    (report / "index.json").unlink(missing_ok=True)
    server, address = server_for(flags, directory)
    with server, open(directory / "log", "wb") as log:
        plan.write_text(json.dumps({
            "outdir": str(report),
            "servers": [{"agent": "martlet", "url": address}],
            "cases": cases, "exclude-cases": [], "exclude-agent-cases": {},
        }), "utf-8")
        subprocess.run(SUITE + ["-m", "fuzzingclient", "-s", str(plan)],
                       stdout=log, stderr=log, timeout=LIMIT_SECONDS, check=True)
    verdict = [sys.executable, str(Path(__file__).with_name("verdict.py"))]
    return subprocess.run(verdict + [str(report / "index.json")] + flags, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ServerError, subprocess.SubprocessError) as problem:
        sys.exit(f"error: {problem}")
