"""The server under test with a state directory of its own: started, killed at a time, and asked."""

import os
import re
import signal
import struct
import threading
import time

from server import UNLIMITED, Server, ServerError
from tokens import ADMIN, SECRET
from wire import Caller, Lost, metric

# So much that nothing is dropped but what is old: seconds that events and notifications are kept.
KEEP_SECONDS = 30
SETTINGS = UNLIMITED | {
    "JWT_SECRET": SECRET, "WEBSOCKET_MAX_CONNECTIONS": 100, "USER_QUEUE_LENGTH": 2000,
    "USER_QUEUE_TTL": f"{KEEP_SECONDS}s", "USER_QUEUE_SIZE": "8M", "PERSIST_MAX_SIZE": "64M",
    "TEST_MAX_SESSIONS": 64, "WEBSOCKET_MAX_MESSAGE_SIZE": "4k",
    "WEBSOCKET_SHUTDOWN_WAIT": "1s"}
NEEDED = ["Persistence", "UserEvents", "TypedConnections", "EmotionSync", "Admin"]
DATABASE = "martlet.db"
ERROR = re.compile(r"(?:[\d:.TZ-]+ )?error: ")  # behind the time, where the log writes it
# (series, value) of a server that keeps what it is told.
HEALTHY = {"martlet_persist_active": 1, "martlet_persist_failures_total": 0,
           "martlet_persist_damaged_files_total": 0}


class Rig:
    """`run` counts the starts; `killed` is the time of the last kill, None while it runs."""

    def __init__(self, directory, **settings):
        self.directory, self.settings = directory, SETTINGS | settings
        self.server, self.run, self.killed, self.started = None, 0, None, None
        self.serial = 0

    def next_serial(self):
        self.serial += 1
        return self.serial

    @property
    def port(self):
        return self.server.port

    def start(self, **settings):
        self.started = time.time()
        self.server = Server(**(self.settings | {"STATE_DIRECTORY": self.directory} | settings))
        self.run += 1
        self.killed = None

    def kill(self):
        self.killed = time.time()
        os.kill(self.server.pid, signal.SIGKILL)

    def kill_after(self, seconds, then):
        def act():
            self.kill()
            then()
        threading.Timer(seconds, act).start()

    def wait_killed(self):
        """Waits for the end; anything but our signal is a crash of the server's own."""
        code = self.server.wait()
        if code != -signal.SIGKILL:
            raise ServerError(f"ended with {code} instead of the kill:\n{self.server.log[-2000:]}")

    def stop(self):
        if self.server and self.server.wait(0) is None:
            self.server.stop()

    def end(self):
        """Leaves nothing behind, whatever happened."""
        if self.server and self.server.wait(0) is None:
            self.kill()
            self.server.wait()

    def error_lines(self):
        """Those the server logged as errors."""
        return [line for line in self.server.log.splitlines() if ERROR.match(line)]

    async def check_traits(self):
        caller = Caller(self.port)
        answer = await caller.ask("GET /health")
        caller.close()
        missing = [name for name in NEEDED if name not in (answer or (0, {}))[1].get("traits", [])]
        if missing:
            raise ServerError(f"built without the traits {' '.join(missing)}")

    async def check_health(self, judge):
        try:
            values = await metric(self.port, ADMIN, *HEALTHY)
        except Lost as lost:
            judge.fault("metrics wrong", str(lost))
            return
        if values != list(HEALTHY.values()):
            judge.fault("metrics wrong", str(dict(zip(HEALTHY, values))))
        if self.error_lines():
            judge.fault("error lines", self.error_lines()[0])


def unfinished_frames(directory):
    """How many frames stand behind the last commit in the WAL: a kill in the middle of one.

    The file format is SQLite's: a header of 32 bytes with two salts, then frames of 24 bytes and a
    page, each with the salts of its time; the second number of a frame that commits is not 0.
    """
    try:
        with open(os.path.join(directory, DATABASE + "-wal"), "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return 0
    if len(data) < 32:
        return 0
    size, salts = struct.unpack(">I", data[8:12])[0], data[16:24]
    behind, offset = 0, 32
    while offset + 24 <= len(data) and data[offset + 8:offset + 16] == salts:
        whole = offset + 24 + size <= len(data)
        committed = whole and data[offset + 4:offset + 8] != bytes(4)
        behind = 0 if committed else behind + 1
        offset += 24 + size
    return behind
