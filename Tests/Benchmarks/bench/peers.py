"""The servers: ours, the floors and the others; how each is started, and what it can do."""

import os
import re
import shlex
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "peers"
LISTENING = re.compile(r"listening\b.*?(?:[\d\]]:|port\"?[:=])(\d+)")
START_SECONDS = 60  # under Valgrind, too
STOP_SECONDS = 20
# No timer of the server's may fall into a measurement, and nothing random into its start.
QUIET = {
    "WEBSOCKET_HOST": "127.0.0.1", "WEBSOCKET_PORT": 0, "LOG_LEVEL": "info",
    "WEBSOCKET_PING_PERIOD": "30m", "WEBSOCKET_PONG_WAIT": "1h",
    "WEBSOCKET_CONNECTION_TIMEOUT": "1h", "WEBSOCKET_HEARTBEAT_INTERVAL": "1h",
    "WEBSOCKET_SHUTDOWN_WAIT": "0s", "WEBSOCKET_MAX_CONNECTIONS": 1000,
    "PERSIST_ENABLED": "false", "JWT_SECRET": "0123456789abcdef" * 4,
}


class PeerError(Exception):
    """A server did not start, or did not end."""


@dataclass
class Peer:
    """A kind of server; `command(port, directory, case)` makes its command line."""

    name: str
    command: object
    works: dict  # the load's arguments by what it can do
    takes_settings: bool = False
    announces: bool = True  # on standard error, with its port
    bare: object = None     # the command to count with: Valgrind cannot read Swift's debug data
    secure: dict = field(default_factory=dict)  # works over TLS
    secure_settings: object = None              # made for a directory and a port

    def can(self, case):
        return case.work in (self.secure if case.secure else self.works)


class Running:
    """A server that runs, pinned to a core; `pids` are those whose CPU is its."""

    def __init__(self, peer, case, core=None, under=()):
        self.directory = tempfile.TemporaryDirectory(prefix="bench-")
        self.port = free_port() if case.secure or not peer.announces else None
        kind = peer.bare if under and peer.bare else peer.command
        command = [*under, *kind(self.port, Path(self.directory.name), case)]
        if core is not None:
            command = ["taskset", "-c", str(core), *command]
        environment = {"PATH": os.environ["PATH"], "SWIFT_BACKTRACE": "enable=no"}
        if peer.takes_settings:
            settings = QUIET | case.settings
            if case.secure:
                settings |= peer.secure_settings(Path(self.directory.name), self.port)
            environment |= {name: str(value) for name, value in settings.items()}
        self.path = Path(self.directory.name, "log")
        with open(self.path, "wb") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.await_start()
        self.pids = tree(self.process.pid)

    def await_start(self):
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends and self.process.poll() is None:
            if self.port is None:
                found = LISTENING.search(self.log())
                if found:
                    self.port = int(found[1])
                    return
            else:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                        return
            time.sleep(0.02)
        self.process.kill()
        self.process.wait()
        raise PeerError(f"did not start: {' / '.join(self.log().strip().splitlines()[-4:])}")

    def log(self):
        return self.path.read_text("utf-8", "replace")

    def stop(self):
        """Ends it, and returns what it wrote."""
        for pid in tree(self.process.pid)[-1:] * 2:
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                break
            time.sleep(0.05)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in reversed(tree(self.process.pid)):
                os.kill(pid, signal.SIGKILL)
            self.process.wait()
        text = self.log()
        self.directory.cleanup()
        return text

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.stop()


def tree(pid):
    """This process and those it started, those last."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        children = []
    return [pid] + [one for child in children for one in tree(int(child))]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(path, *arguments):
    """A command line that finds a free port by itself."""
    words = [path] if os.path.isfile(path) else shlex.split(str(path))
    return lambda port, directory, case: [*words, *arguments]
