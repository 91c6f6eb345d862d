"""secure.py PROGRAM...: what does a TLS connection cost?

Each program serves 200 connections twice: 100 over TLS and 100 plain ones, then 200 over TLS. All
of them have had a record of 16 KB come in and 4 KB go out, and are idle. The difference in resident
memory, by 100, is what TLS takes of the system for a connection; it has to be at most what the
memory plan says. Static programs, whose mbedTLS Cross/mbedtls builds, have to stay below 26 KB.
Needs the Echo trait and the standard library only.
"""

import os
import socket
import struct
import sys
import tempfile
import time

from encrypted import VERSIONS, make_certificate, trusting
from server import Server, run_once

EACH = 100
STATIC_MAXIMUM = 26 * 1024
MESSAGE = 16000
TRIES = 3
UPGRADE = (b"GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")


def receive(stream, count):
    """Exactly so many bytes."""
    data = b""
    while len(data) < count:
        part = stream.recv(count - len(data))
        if not part:
            raise ConnectionError("the server closed")
        data += part
    return data


def connect(port, context=None):
    """An idle WebSocket connection that has sent one long message and got it back."""
    stream = socket.create_connection(("127.0.0.1", port), timeout=20)
    if context:
        stream = context.wrap_socket(stream)
    stream.sendall(UPGRADE)
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += receive(stream, 1)
    assert head.startswith(b"HTTP/1.1 101"), head
    # One call, one record. The masking key is 0.
    stream.sendall(struct.pack("!BBHI", 0x82, 0x80 | 126, MESSAGE, 0) + bytes(MESSAGE))
    assert receive(stream, 4 + MESSAGE)[4:] == bytes(MESSAGE)
    return stream


def free_port():
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def resident(program, settings, secure, plain, version):
    """Resident bytes with so many connections, and the version that TLS has agreed on."""
    context = trusting(version)
    port = free_port()
    server = Server(program, **(settings | {
        "WEBSOCKET_TLS_PORT": port, "WEBSOCKET_MAX_TLS_CONNECTIONS": secure}))
    try:
        # The plain port is told first.
        ends = time.monotonic() + 20
        while f":{port}" not in server.log and time.monotonic() < ends:
            time.sleep(0.01)
        streams = [connect(server.port) for _ in range(plain)]
        streams += [connect(port, context) for _ in range(secure)]
        agreed = streams[-1].version()
        found = server.resident()
        for stream in streams:
            stream.close()
    finally:
        server.stop()
    return found, agreed


def planned(program, settings, secure):
    """The memory plan's sum, for so many connections over TLS, without what was only measured."""
    plan = run_once("--memory-plan", command=program,
                    settings=settings | {"WEBSOCKET_MAX_TLS_CONNECTIONS": secure}).stdout
    rows = {words[0]: int(words[1]) for words in map(str.split, plan.splitlines())
            if words and words[0] in ("program", "sum")}
    return rows["sum"] - rows["program"]


def main(programs):
    """Prints a line for each program and version."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="martlet-") as directory:
        certificate, key = make_certificate(directory)
        settings = {
            "WEBSOCKET_MAX_CONNECTIONS": 2 * EACH, "TLS_CERT_FILE": certificate,
            "TLS_KEY_FILE": key, "WEBSOCKET_MAX_MESSAGE_SIZE": "64k"}
        for program in programs:
            name = os.path.basename(os.path.dirname(program))
            each = (planned(program, settings, 2 * EACH) - planned(program, settings, EACH)) / EACH
            done = set()
            for version in VERSIONS:
                found = []
                # What else the two processes have taken differs by some pages: the least of three.
                while len(found) < TRIES and (not found or min(found) > each):
                    few, agreed = resident(program, settings, EACH, EACH, version)
                    if agreed in done:
                        break
                    many, _ = resident(program, settings, 2 * EACH, 0, version)
                    found.append((many - few) / EACH)
                if not found:
                    continue
                done.add(agreed)
                cost = min(found)
                good = cost <= each and (cost < STATIC_MAXIMUM or "static" not in name)
                failed += not good
                print(f"  {'ok  ' if good else 'FAIL'}  {name}, {agreed}: {cost:.0f} bytes a "
                      f"connection, {each:.0f} planned")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
