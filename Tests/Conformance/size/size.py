"""size.py DIRECTORY: how large the program is, and how much memory it starts with.

DIRECTORY holds the stripped programs arm64/martlet, armhf/martlet, arm64-steps/martlet
(StepDetection alone) and amd64/martlet, which this machine runs. Needs the standard library only.
"""

import os
import sys
import time
import urllib.request

from server import Server

KB = 1000
MIB = 1 << 20
SETTLED_SECONDS = 0.5


def resident(program):
    """Bytes resident before the first connection and behind it, with the default settings."""
    server = Server(program)
    try:
        # The line that it listens comes before what only the start needed is let go.
        time.sleep(SETTLED_SECONDS)
        fresh = server.resident()
        with urllib.request.urlopen(server.url("/health", "http")) as answer:
            answer.read()
        return fresh, server.resident()
    finally:
        server.stop()


def main(directory):
    def program(name):
        return os.path.join(directory, name, "martlet")

    fresh, used = resident(program("amd64"))
    # What it is, and what it must not grow beyond.
    figures = [
        ("arm64, every trait: bytes of the program", os.path.getsize(program("arm64")), 600 * KB),
        ("armhf, every trait", os.path.getsize(program("armhf")), 600 * KB),
        ("arm64, StepDetection alone", os.path.getsize(program("arm64-steps")), 250 * KB),
        ("amd64, 1000 connections planned: resident when fresh", fresh, 4 * MIB),
        ("the same, after a first request", used, 4 * MIB),
    ]
    failed = 0
    for name, found, goal in figures:
        good = found <= goal
        failed += not good
        print(f"  {'ok  ' if good else 'FAIL'}  {name}: {found}, {goal} at most")
    print(f"{len(figures) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
