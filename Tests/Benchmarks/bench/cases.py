"""What is measured: the load's arguments of each case, and the settings Martlet has meanwhile."""

from dataclasses import dataclass, field

# The messages of a case may not be larger than an operator would allow for it.
SMALLEST_LIMIT = 512
STEP = '{"type":"step_detection"'
PONG = '{"type":"pong"'
MESSAGE = '{"type":"message"'
# What a case's CPU is divided by.
FLOOR, C_ECHO = "floor", "C echo"


@dataclass
class Case:
    """One load; `name` is how the command line and the table call it."""

    name: str
    work: str  # what a peer has to be able to do: echo, ping, step, room, handshake, idle
    arguments: list
    yardstick: str | None = None
    settings: dict = field(default_factory=dict)
    secure: bool = False

    @property
    def depth(self):
        return int(self.arguments[self.arguments.index("--depth") + 1])


def size_text(size):
    return f"{size // 1024} KiB" if size >= 1024 else f"{size} B"


def echo(connections, size, depth, secure=False):
    name = f"echo {connections} x {size_text(size)}" + (f" d{depth}" if depth > 1 else "")
    limit = max(size, SMALLEST_LIMIT)
    settings = {"WEBSOCKET_MAX_MESSAGE_SIZE": limit}
    if limit > SMALLEST_LIMIT:
        # The blocks that a message waits in; the default is made for small ones.
        settings |= {"WEBSOCKET_READ_BUFFER_SIZE": limit, "WEBSOCKET_WRITE_BUFFER_SIZE": limit}
    return Case(("TLS " if secure else "") + name, "echo", [
        "talk", "--connections", str(connections), "--payload", str(size), "--depth", str(depth)],
        None if secure else FLOOR, settings, secure)


def talk(name, work, script, expect, connections=64, depth=1):
    return Case(name, work, ["talk", "--connections", str(connections), "--messages", script,
                             "--expect", expect, "--depth", str(depth)])


def fanout(depth, members=1000):
    name = f"room 1 to {members}" + (f", bursts of {depth}" if depth > 1 else "")
    return Case(name, "room", ["fanout", "--connections", str(members), "--payload", "64",
                               "--depth", str(depth)], C_ECHO,
                {"WEBSOCKET_MAX_CONNECTIONS": members})


ECHOES = [echo(connections, size, depth) for depth in (1, 16) for connections in (1, 64, 1000)
          for size in (20, 125, 1024, 16384)]

CASES = ECHOES + [
    talk("JSON ping", "ping", "ping", PONG),
    talk("JSON ping d16", "ping", "ping", PONG, depth=16),
    talk("step sample", "step", "step", STEP),
    talk("step sample d16", "step", "step", STEP, depth=16),
    fanout(1),
    fanout(16),
    Case("handshakes", "handshake", ["handshakes", "--connections", "16", "--depth", "1"], C_ECHO),
    Case("idle 10000", "idle", ["idle", "--connections", "10000", "--depth", "1"], None,
         {"WEBSOCKET_MAX_CONNECTIONS": 10000}),
    Case("TLS handshakes", "handshake",
         ["handshakes", "--connections", "16", "--depth", "1"], None, secure=True),
    echo(64, 20, 1, secure=True),
    echo(64, 16384, 1, secure=True),
]
