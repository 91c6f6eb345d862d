"""load.py: one crowded room, from raw sockets, in one process and one thread.

All streams are hashed from the moment when everybody is in; they have to be the same bytes.
One of them is taken apart: all messages are there, once, in the order of their ids. Needs the
standard library only.
"""

import argparse
import hashlib
import json
import resource
import selectors
import socket
import statistics
import struct
import sys
import time

from server import UNLIMITED, Server

CHUNK = 1 << 20
READING_SECONDS = 0.1  # between two readings of everybody, so that each takes many messages
JOINING_SECONDS = 120
CATCHING_UP_SECONDS = 60
# Nothing but the messages may be in the streams: no ping comes meanwhile.
SETTINGS = UNLIMITED | {
    "WEBSOCKET_PING_PERIOD": "30m", "WEBSOCKET_PONG_WAIT": "1h",
    "WEBSOCKET_CONNECTION_TIMEOUT": "1h", "WEBSOCKET_WRITE_WAIT": "60s"}
HEAD = ("GET /ws/crowd?username=member-{} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


class Fault(Exception):
    """What a member got is not what the room was told, or it did not come in time."""


class Member:
    """One socket; what came since `listen` as a hash and a count, and whether the marker came."""

    def __init__(self, server, number, window=None):
        self.number = number
        self.socket = socket.socket()
        self.socket.settimeout(5)
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.connect(("127.0.0.1", server.port))
        self.socket.sendall(HEAD.format(number).encode())
        self.socket.setblocking(False)
        self.arrivals = None  # (seconds, bytes) of each read, for the one who keeps them all
        self.listen(b'"user_list"')

    def listen(self, marker, keep=False):
        self.marker, self.has_marker = marker, False
        self.hash, self.count, self.tail = hashlib.blake2b(digest_size=16), 0, b""
        self.arrivals = [] if keep else None

    def read(self):
        try:
            data = self.socket.recv(CHUNK)
        except BlockingIOError:
            return 0
        except ConnectionError:
            data = b""
        if not data:
            raise Fault(f"member {self.number} lost its connection: {self.tail!r}")
        self.hash.update(data)
        self.count += len(data)
        seen = self.tail + data
        self.has_marker = self.has_marker or self.marker in seen
        self.tail = seen[-100:]
        if self.arrivals is not None:
            self.arrivals.append((time.monotonic(), data))
        return len(data)

    def say(self, content):
        """A masked frame; the masking key of zeros makes it quick to build."""
        text = json.dumps({"type": "message", "room": "crowd", "content": content}).encode()
        self.socket.sendall(struct.pack("!BB4x", 0x81, 0x80 | len(text)) + text)


class Crowd:
    """All members, read whenever there is something."""

    def __init__(self, server, count, narrow=0, window=None):
        """The last `narrow` members have a receive window of so many bytes."""
        self.selector, self.watcher = selectors.DefaultSelector(), selectors.DefaultSelector()
        self.members = []
        ends = time.monotonic() + JOINING_SECONDS
        for number in range(count):
            self.members.append(
                Member(server, number, window if number >= count - narrow else None))
            self.selector.register(self.members[-1].socket, selectors.EVENT_READ, self.members[-1])
            if number == 0:
                self.watcher.register(self.members[0].socket, selectors.EVENT_READ)
            if number % 10 == 9:
                self.wait(self.members[-1:], ends)

    def read(self, seconds):
        return sum(key.data.read() for key, _ in self.selector.select(max(seconds, 0)))

    def wait(self, members, ends):
        while not all(member.has_marker for member in members):
            self.read(0.05)
            if time.monotonic() > ends:
                missing = sum(not member.has_marker for member in members)
                raise Fault(f"{missing} members did not get {members[0].marker.decode()} in time")

    def settle(self):
        """Until nothing comes for a moment."""
        while self.read(0.3):
            pass

    def publish(self, senders, rate, seconds):
        """So many messages a second, spread over the senders; returns what was sent, and the time.

        The first member is read at once, the others now and then.
        """
        sent, began = [], time.monotonic()
        reading = began + READING_SECONDS
        for number in range(rate * seconds):
            due = began + number / rate
            while (left := due - time.monotonic()) > 0:
                if time.monotonic() > reading:
                    self.read(0)
                    reading = time.monotonic() + READING_SECONDS
                elif self.watcher.select(left):
                    self.members[0].read()
            content = f"{number} {time.monotonic():.6f}"
            senders[number % len(senders)].say(content)
            sent.append(content)
        return sent, time.monotonic() - began


def frames(data):
    """(end, object) of each text frame of a stream."""
    place = 0
    while place < len(data):
        length, head = data[place + 1], 2
        if length == 126:
            length, head = struct.unpack_from("!H", data, place + 2)[0], 4
        elif length == 127:
            length, head = struct.unpack_from("!Q", data, place + 2)[0], 10
        if data[place] != 0x81:
            raise Fault(f"a frame that begins with {data[place]:#x} between the messages")
        text = data[place + head:place + head + length]
        place += head + length
        yield place, json.loads(text)


def take_apart(member, sent):
    """Checks the one stream that was kept; the latencies in seconds."""
    data = b"".join(part for _, part in member.arrivals)
    messages = list(frames(data))
    ids = [message["id"] for _, message in messages]
    if ids != list(range(ids[0], ids[0] + len(ids))):
        raise Fault("the ids do not grow by one")
    contents = [message["content"] for _, message in messages if message["type"] == "message"]
    if sorted(contents) != sorted(sent):
        raise Fault(f"{len(contents)} messages came, {len(sent)} were sent")
    own, places = {}, {content: place for place, content in enumerate(sent)}
    for content, (_, message) in zip(contents, messages):
        own.setdefault(message["user_id"], []).append(places[content])
    if any(order != sorted(order) for order in own.values()):
        raise Fault("a sender's messages changed their order")
    latencies, read, arrivals = [], 0, iter(member.arrivals)
    for end, message in messages:
        while read < end:
            came, part = next(arrivals)
            read += len(part)
        if " " in message["content"]:
            latencies.append(came - float(message["content"].split()[1]))
    return latencies


def processor_seconds(server):
    with open(f"/proc/{server.pid}/stat", encoding="ascii") as text:
        fields = text.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def run(server, options):
    began = time.monotonic()
    crowd = Crowd(server, options.members)
    first, senders = crowd.members[0], crowd.members[:options.senders]
    crowd.wait(crowd.members, began + JOINING_SECONDS)
    crowd.settle()
    print(f"  {options.members} members joined in {time.monotonic() - began:.1f} s")

    for member in crowd.members:
        member.listen(b'"end"', keep=member is first)
    busy = processor_seconds(server)
    sent, seconds = crowd.publish(senders, options.rate, options.seconds)
    first.say("end")
    crowd.wait(crowd.members, time.monotonic() + CATCHING_UP_SECONDS)
    crowd.settle()
    busy = processor_seconds(server) - busy

    streams = {(member.count, member.hash.digest()) for member in crowd.members}
    if len(streams) != 1:
        raise Fault(f"{len(streams)} different streams, of {sorted({c for c, _ in streams})} bytes")
    latencies = sorted(1000 * latency for latency in take_apart(first, [*sent, "end"]))
    print(f"  {len(sent)} messages in {seconds:.1f} s, {len(sent) * options.members} deliveries, "
          f"{first.count * options.members / 1e6:.0f} MB, every stream the same")
    print(f"  the server took {busy:.1f} s of processor time, "
          f"{1e6 * busy / len(sent) / options.members:.1f} us a delivery, "
          f"{server.resident() / 1e6:.1f} MB resident")
    print(f"  latency as seen by one member, beside the reading of all others: "
          f"{statistics.median(latencies):.1f} ms median, "
          f"{latencies[int(0.99 * len(latencies))]:.1f} ms 99 %, {latencies[-1]:.1f} ms at most")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--senders", type=int, default=20)
    parser.add_argument("--rate", type=int, default=200, help="messages a second, all together")
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        with Server(**SETTINGS, WEBSOCKET_MAX_CONNECTIONS=options.members) as server:
            run(server, options)
    except Fault as fault:
        print(f"  FAIL  {fault}")
    else:
        print("1 passed, 0 failed")
        return 0
    print("0 passed, 1 failed")
    return 1


if __name__ == "__main__":
    sys.exit(main())
