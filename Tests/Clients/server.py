"""Runs a martlet for a test: on a free port of the loopback, with settings, ended by its pid.

MARTLET names the server: a program, or a command line such as
`Cross/emulate armhf`. MARTLET_SLOWNESS says how many times longer than here it may take for
anything, 1 unless given. Needs the standard library only.
"""

import os
import re
import shlex
import signal
import subprocess
import tempfile
import threading

# For suites that measure something else than the limits.
UNLIMITED = {
    "WEBSOCKET_MESSAGE_RATE": 1000000,
    "WEBSOCKET_BURST": 1000000,
}

SLOWNESS = float(os.environ.get("MARTLET_SLOWNESS", 1))
START_SECONDS = 30 * SLOWNESS
STOP_SECONDS = 5
# As text (`listening on 127.0.0.1:40123`) and as JSON.
LISTENING = re.compile(r"listening\b.*?(?:[\d\]]:|port\"?[:=])(\d+)")


class ServerError(Exception):
    """The server did not start, died during the test or did not end when told to."""


def command_line(command=None):
    """The server's command as a list; MARTLET's when none is given."""
    command = command or os.environ.get("MARTLET")
    if not command:
        raise ServerError("no server: set MARTLET to the program, or pass a command")
    return [command] if os.path.isfile(command) else shlex.split(command)


def environment(settings):
    """An environment of these settings alone: a variable of the caller's cannot change a test."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    kept["SWIFT_BACKTRACE"] = "enable=no"  # a crash ends the server at once
    return kept | {name: str(value) for name, value in settings.items()}


def run_once(*arguments, settings=None, command=None, timeout=START_SECONDS):
    """Runs the server's command to its own end, for `--help` and settings that stop the start."""
    return subprocess.run(command_line(command) + list(arguments), env=environment(settings or {}),
                          capture_output=True, text=True, timeout=timeout, check=False)


class Server:
    """A running server; `port` is the one it listens on, `log` what it wrote so far.

    Without a STATE_DIRECTORY it gets one of its own, which goes with it.
    """

    def __init__(self, command=None, /, **settings):
        base = {"WEBSOCKET_HOST": "127.0.0.1", "WEBSOCKET_PORT": 0}
        if "STATE_DIRECTORY" not in settings:
            self._state = tempfile.TemporaryDirectory(prefix="martlet-")
            base["STATE_DIRECTORY"] = self._state.name
        self.port = None
        self._killed = False
        self._lines = []
        self._heard = threading.Event()
        self._process = subprocess.Popen(
            command_line(command), env=environment(base | settings),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._heard.wait(START_SECONDS)
        if self.port is None:
            self._process.kill()
            self._process.wait()
            raise ServerError(f"no listening line on standard error:\n{self.log}")

    def _read(self):
        for line in self._process.stderr:
            line = line.decode("utf-8", "replace").rstrip()
            self._lines.append(line)
            found = None if self.port else LISTENING.search(line)
            if found:
                self.port = int(found[1])
                self._heard.set()
        self._heard.set()

    @property
    def log(self):
        return "\n".join(self._lines)

    @property
    def pid(self):
        return self._process.pid

    def url(self, path, scheme="ws"):
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def signal(self, number):
        self._process.send_signal(number)

    def wait(self, seconds=STOP_SECONDS):
        """The exit code, or None when the server still runs after so many seconds."""
        try:
            code = self._process.wait(seconds * SLOWNESS)
        except subprocess.TimeoutExpired:
            return None
        self._reader.join(STOP_SECONDS * SLOWNESS)
        return code

    @property
    def is_emulated(self):
        """Whether the process is QEMU's: its memory and processor time are not the server's."""
        return "qemu-" in os.path.basename(os.readlink(f"/proc/{self.pid}/exe"))

    def resident(self):
        """Resident memory in bytes."""
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as fields:
            return int(fields.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def kill(self):
        """Ends the server as a power cut would, in the middle of whatever it does."""
        self._killed = True
        self._process.kill()
        self._process.wait()

    def stop(self):
        """Ends the server: politely, then at once, and never leaves it behind."""
        early = self._process.poll()
        if early is not None:
            raise ServerError(f"the server ended by itself with {early}:\n{self.log[-2000:]}")
        for number in (signal.SIGTERM, signal.SIGTERM):
            self.signal(number)
            code = self.wait()
            if code is not None:
                if code != 0:
                    raise ServerError(f"exit code {code} on SIGTERM:\n{self.log[-2000:]}")
                return
        self._process.kill()
        self._process.wait()
        raise ServerError("two SIGTERM did not end the server")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        # A test that ended the server itself has looked at its exit code.
        if self._process.poll() is None:
            self.stop()
        elif kind is None and self._process.returncode < 0 and not self._killed:
            raise ServerError(f"signal {-self._process.returncode} ended the server:\n{self.log}")

