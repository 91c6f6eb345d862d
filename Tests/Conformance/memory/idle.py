"""idle.py PROGRAM...: what does a connection cost that says nothing?

Each program takes 4,000 WebSocket connections and pings each of them once. What its resident
memory grows by for each has to be at most 300 bytes, and the plan's row of what each place has in
any case, its state, deadline and event watcher, 400. Needs the Echo trait and the standard library
only.
"""

import re
import resource
import socket
import sys
import time

from server import Server, run_once

CONNECTIONS = 4000
GROWTH_MAXIMUM, PLAN_MAXIMUM = 300, 400
PING = bytes((0x89, 0))
UPGRADE = (b"GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
SETTINGS = {
    "WEBSOCKET_MAX_CONNECTIONS": CONNECTIONS + 1, "WEBSOCKET_PING_PERIOD": "4s",
    "WEBSOCKET_PONG_WAIT": "60s", "LOG_LEVEL": "info"}


def received(stream, end):
    """All up to and with `end`."""
    data = b""
    while not data.endswith(end):
        part = stream.recv(4096)
        if not part:
            raise ConnectionError(f"the server closed behind {data!r}")
        data += part
    return data


def connect(port):
    """A WebSocket connection."""
    stream = socket.create_connection(("127.0.0.1", port), timeout=30)
    stream.sendall(UPGRADE)
    head = received(stream, b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101"), head
    return stream


def grown(program):
    """Bytes for each connection: when all are there, and when all were pinged."""
    server = Server(program, **SETTINGS)
    try:
        streams = [connect(server.port)]
        before = server.resident()
        streams += [connect(server.port) for _ in range(CONNECTIONS)]
        full = server.resident()
        for stream in streams:
            received(stream, PING)
        time.sleep(0.2)
        pinged = server.resident()
        for stream in streams:
            stream.close()
    finally:
        server.stop()
    return (full - before) / CONNECTIONS, (pinged - before) / CONNECTIONS


def planned(program):
    """Bytes of the plan's row for each connection."""
    plan = run_once("--memory-plan", command=program, settings=SETTINGS).stdout
    return int(re.search(r"^connections\s+\d+ x\s+(\d+)", plan, re.M)[1])


def main(programs):
    """Prints a line for each program."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    failed = 0
    for program in programs:
        version = run_once("--version", command=program).stdout.splitlines()[0]
        plan, (full, pinged) = planned(program), grown(program)
        good = max(full, pinged) <= GROWTH_MAXIMUM and plan <= PLAN_MAXIMUM
        failed += not good
        print(f"  {'ok  ' if good else 'FAIL'}  {version}: {full:.0f} bytes of an idle connection, "
              f"{pinged:.0f} when pinged, {plan} planned for its place")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
