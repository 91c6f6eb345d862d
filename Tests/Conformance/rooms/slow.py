"""slow.py: what slow peers cost the others. Raw sockets, one process, one thread.

First a room in which one member publishes as fast as it hears itself, sixteen messages ahead, and
ten never read: the others get everything, once and in order, the server's memory stays within its
plan, and the ten are closed with 1013 (RFC 6455's registry: try again later) within
WEBSOCKET_WRITE_WAIT. Then 10,000
connections that send a byte of their request a second: whoever else comes is served meanwhile.
"""

import argparse
import resource
import socket
import struct
import sys
import time

from load import CATCHING_UP_SECONDS, SETTINGS, Crowd, Fault, Member, frames
from server import UNLIMITED, Server, run_once

WRITE_WAIT = 10
SLACK = 3  # seconds, for a busy machine
WINDOW = 4096  # so that little of what is never read lies in the kernel
PADDING = "x" * 3000  # what goes into a socket on the loopback is 2.6 MB before it blocks
IN_FLIGHT = 16
DRIP_SECONDS = 10
# A request of this one is never whole while it is dripped.
DRIP = b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"y" * 60
BRISK_SECONDS = 2


def planned(settings):
    """Bytes that the memory plan names for these settings, the program's own included."""
    text = run_once("--memory-plan", settings=settings).stdout
    sums = [line for line in text.splitlines() if line.startswith("sum ")]
    if not sums:
        raise Fault(f"the memory plan has no sum:\n{text}")
    return int(sums[0].split()[1])


class Publisher:
    """A member's socket, written to as far as it takes anything."""

    def __init__(self, member, count):
        self.member, self.sent, self.waiting = member, [], b""
        self.left = iter(range(count))

    def go_on(self):
        """Whether something is left to be sent. Sixteen messages may be on their way to itself."""
        while len(self.sent) * len(PADDING) < self.member.count + IN_FLIGHT * len(PADDING):
            if not self.waiting:
                number = next(self.left, None)
                if number is None:
                    return False
                self.sent.append(f"{number} {PADDING}")
                self.waiting = frame(self.sent[-1])
            try:
                self.waiting = self.waiting[self.member.socket.send(self.waiting):]
            except BlockingIOError:
                break
        return True


def frame(content):
    text = b'{"type":"message","room":"crowd","content":"' + content.encode() + b'"}'
    return struct.pack("!BBH4x", 0x81, 0x80 | 126, len(text)) + text


def ending(member):
    """What a member who has never read finds at last: the code of the close frame, or None."""
    data = b""
    member.socket.settimeout(SLACK)
    try:
        while part := member.socket.recv(1 << 20):
            data += part
    except ConnectionError:
        return None
    except TimeoutError as fault:
        raise Fault(f"member {member.number} is still connected") from fault
    at = data.rfind(b"\x88")
    return struct.unpack_from("!H", data, at + 2)[0] if at >= 0 else None


def crowded(options):
    settings = SETTINGS | {"WEBSOCKET_MAX_CONNECTIONS": options.members,
                           "WEBSOCKET_WRITE_WAIT": f"{WRITE_WAIT}s",
                           # Who begins to read after all may still find why it was closed.
                           "WEBSOCKET_CLOSE_WAIT": "30s",
                           "WEBSOCKET_MAX_MESSAGE_SIZE": 4096}
    plan = planned(settings)
    with Server(**settings) as server:
        crowd = Crowd(server, options.members, narrow=options.deaf, window=WINDOW)
        crowd.wait(crowd.members, time.monotonic() + CATCHING_UP_SECONDS)
        crowd.settle()
        deaf, others = crowd.members[-options.deaf:], crowd.members[:-options.deaf]
        for member in deaf:
            crowd.selector.unregister(member.socket)
        for member in others:
            member.listen(b'"end"', keep=member is others[0])
        began = time.monotonic()
        publisher, highest = Publisher(others[0], options.messages), 0
        while publisher.go_on():
            crowd.read(0.01)
            highest = max(highest, server.resident())
        took = time.monotonic() - began
        crowd.settle()
        time.sleep(max(0, began + WRITE_WAIT + SLACK - time.monotonic()))
        codes = [ending(member) for member in deaf]
        others[0].say("end")
        crowd.wait(others, time.monotonic() + CATCHING_UP_SECONDS)
        crowd.settle()
        highest = max(highest, server.resident())
        check_streams(others, publisher.sent)
        if any(code != 1013 for code in codes):
            raise Fault(f"those who never read were closed with {codes}")
        if highest > plan:
            raise Fault(f"{highest} bytes were resident, {plan} are planned")
        print(f"  {len(publisher.sent)} messages at full speed in {took:.1f} s: {len(others)} "
              f"members have all in order; {len(deaf)} who never read were closed with 1013")
        print(f"  {highest / 1e6:.1f} MB resident at most, {plan / 1e6:.1f} MB planned")


def check_streams(members, sent):
    """Every stream has the same bytes, and the first one all messages in order."""
    streams = {(member.count, member.hash.digest()) for member in members}
    if len(streams) != 1:
        raise Fault(f"{len(streams)} different streams, of {sorted({c for c, _ in streams})} bytes")
    data = b"".join(part for _, part in members[0].arrivals)
    told = [text["content"] for _, text in frames(data) if text["type"] == "message"]
    if told != [*sent, "end"]:
        raise Fault(f"{len(told)} messages came, {len(sent) + 1} were sent, or not in order")


def dripping(options):
    settings = UNLIMITED | {"WEBSOCKET_MAX_CONNECTIONS": options.drips + 100,
                            "WEBSOCKET_HANDSHAKE_TIMEOUT": "60s"}
    with Server(**settings) as server:
        drips, longest, served = [], 0, 0
        while len(drips) < options.drips:
            drips.append(socket.create_connection(("127.0.0.1", server.port), 10))
        for second in range(DRIP_SECONDS):
            due = time.monotonic() + 1
            for number, drip in enumerate(drips):
                drip.sendall(DRIP[second:second + 1])
                if number % 2000 == 0:
                    longest = max(longest, brisk(server))
                    served += 1
            time.sleep(max(0, due - time.monotonic()))
        if longest > BRISK_SECONDS:
            raise Fault(f"a client waited {longest:.1f} s beside {len(drips)} slow ones")
        print(f"  {len(drips)} connections send a byte a second: {served} clients came in and were "
              f"answered meanwhile, within {1000 * longest:.0f} ms each; "
              f"{server.resident() / 1e6:.1f} MB resident")
        for drip in drips:
            drip.close()


def brisk(server):
    """Seconds that a new client takes from its connection to the answer to its join."""
    began = time.monotonic()
    member = Member(server, int(1e6 * began))
    while not member.has_marker:
        member.read()
        if time.monotonic() > began + 10 * BRISK_SECONDS:
            raise Fault("a client was not answered at all")
        time.sleep(0.0005)
    member.socket.close()
    return time.monotonic() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--deaf", type=int, default=10)
    parser.add_argument("--messages", type=int, default=1200)
    parser.add_argument("--drips", type=int, default=9900)
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    passed = 0
    for part in (crowded, dripping):
        try:
            part(options)
            passed += 1
        except Fault as fault:
            print(f"  FAIL  {part.__name__}: {fault}")
    print(f"{passed} passed, {2 - passed} failed")
    return passed < 2


if __name__ == "__main__":
    sys.exit(main())
