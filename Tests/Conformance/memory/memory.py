"""memory.py PROGRAM...: is the memory plan true?

Each program runs with several sets of settings and with WEBSOCKET_TOUCH_MEMORY, which writes to
every page of every pool; its resident memory then has to be within 15 % of the sum that its own
--memory-plan prints for the same settings. Needs the standard library only.
"""

import re
import sys

from server import Server, run_once

TOLERANCE = 0.15
SETTINGS = {
    "defaults": {},
    "10,000 connections": {"WEBSOCKET_MAX_CONNECTIONS": 10000, "LOG_LEVEL": "error"},
    "100 connections, 64 KiB messages": {
        "WEBSOCKET_MAX_CONNECTIONS": 100, "WEBSOCKET_MAX_MESSAGE_SIZE": "64k",
        "WEBSOCKET_READ_BUFFER_SIZE": "8k", "WEBSOCKET_WRITE_BUFFER_SIZE": "8k"},
}


def resident(pid):
    """Bytes resident in memory now."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return 1024 * int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1])


def planned(program, settings):
    """The plan's last line: bytes when every pool is in use."""
    plan = run_once("--memory-plan", settings=settings, command=program)
    return int(re.search(r"^sum\s+(\d+)", plan.stdout, re.M)[1]), plan.stdout


def main(programs):
    failed = 0
    for program in programs:
        version = run_once("--version", command=program).stdout.splitlines()[0]
        for name, settings in SETTINGS.items():
            plan, text = planned(program, settings)
            server = Server(program, **(settings | {"WEBSOCKET_TOUCH_MEMORY": "true",
                                                    "LOG_LEVEL": "info"}))
            try:
                found = resident(server.pid)
            finally:
                server.stop()
            off = found / plan - 1
            good = abs(off) <= TOLERANCE
            failed += not good
            print(f"  {'ok  ' if good else 'FAIL'}  {version}, {name}: "
                  f"{found} bytes resident, {plan} planned, {100 * off:+.1f} %")
            if not good:
                print(text)
    print(f"{len(programs) * len(SETTINGS) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
