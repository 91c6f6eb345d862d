"""Nobody is there: each fault ends in a line that names it and a server that goes on, or in an
exit code of its own (README, Unattended)."""

import fcntl
import os
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clients import http_request
from helpers import until
from preload import needs_preload, preloaded
from server import Server, command_line, environment, run_once
from tokens import SECRET, token

UNAVAILABLE = 69
DECADE = 10 * 365 * 86400
NETWORK = shlex.join([sys.executable, str(Path(__file__).with_name("network.py"))])


def status(server, line="GET /health", **options):
    return http_request(server, line, **options)[0]


def lines(text, words):
    return [line for line in text.splitlines() if words in line]


def may(*command):
    """Whether the machine lets us do this at all."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


needs_network = pytest.mark.skipif(not may("unshare", "-n", "true"), reason="no unshare -n here")
needs_mounts = pytest.mark.skipif(
    not may("unshare", "-m", "mount", "-o", "remount,bind,ro", "/"), reason="no unshare -m here")


@pytest.fixture(name="server_of")
def starter_of_commands():
    """Starts servers by command lines of the test's own."""
    running = []

    def begin(command, **settings):
        running.append(Server(command, **settings))
        return running[-1]

    yield begin
    for one in running:
        one.__exit__(None, None, None)


# MARK: The clock.

@pytest.fixture(name="clock")
def other_clock(tmp_path):
    """Settings for a server whose time of day is the file's, and a function that sets it."""
    library = preloaded("clock", tmp_path)
    offset = tmp_path / "offset"

    def put(seconds):
        fresh = tmp_path / "fresh"
        fresh.write_text(str(seconds))
        fresh.rename(offset)
    put(0)
    put.settings = {"LD_PRELOAD": library, "MARTLET_CLOCK": offset}
    return put


@needs_preload
def test_a_clock_that_was_never_set_is_said_once_and_comes_right(start, clock):
    clock(-int(time.time()) + 60)
    server = start(JWT_SECRET=SECRET, **clock.settings)
    until(lambda: lines(server.log, "the clock is not right yet"))
    line, = lines(server.log, "the clock is not right yet")
    assert "1970-01-01T" in line and "JWT_CLOCK_FLOOR" in line and "503" in line
    assert status(server) == 200
    assert status(server, "GET /ws/stats", token=token("1", role="admin")) == 503
    clock(0)
    assert status(server, "GET /ws/stats", token=token("1", role="admin")) == 200


@needs_preload
def test_a_clock_that_jumps_ends_nothing(start, clock, connect):
    # Longer than the client sleeps, which answers no ping meanwhile.
    server = start(JWT_SECRET=SECRET, WEBSOCKET_PING_PERIOD="200ms", WEBSOCKET_PONG_WAIT="5s",
                   CONNECTION_TIMEOUT="5s", **clock.settings)
    session = connect(server, "/api/ws", token=token("1"))
    session.receive()
    for offset in (DECADE, -DECADE, 0):
        clock(offset)
        time.sleep(1)
        assert session.ask(type="ping")["type"] == "pong"
        assert status(server) == 200
    assert not lines(server.log, "timed out")


# MARK: Addresses.

def in_own_network():
    """The server's command, in a network that has lo only."""
    script = f"{NETWORK} up && exec {shlex.join(command_line())}"
    return shlex.join(["unshare", "-n", "sh", "-c", script])


@needs_network
def test_an_address_that_comes_later_is_served_then(server_of):
    server = server_of(in_own_network(), WEBSOCKET_HOST="198.51.100.7,127.0.0.1",
                       WEBSOCKET_PORT=8000)
    until(lambda: lines(server.log, "does not have this address yet"))
    line, = lines(server.log, "does not have this address yet")
    assert "warning" in line and "address=198.51.100.7" in line
    inside = ["nsenter", "-t", str(server.pid), "-n", *shlex.split(NETWORK)]
    get = inside + ["get", "198.51.100.7", "8000"]
    assert subprocess.run(get, capture_output=True, check=False).returncode != 0
    subprocess.run(inside + ["add", "198.51.100.7"], check=True)
    answer = subprocess.run(get, capture_output=True, text=True, check=True).stdout
    assert answer.startswith("HTTP/1.1 200 ")


@needs_network
def test_without_ipv6_it_serves_all_the_same(server_of):
    script = ("echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6; "
              f"{NETWORK} up && exec {shlex.join(command_line())}")
    server = server_of(shlex.join(["unshare", "-n", "sh", "-c", script]),
                       WEBSOCKET_HOST="0.0.0.0,::", WEBSOCKET_PORT=8000)
    get = ["nsenter", "-t", str(server.pid), "-n", *shlex.split(NETWORK), "get", "127.0.0.1"]
    assert "healthy" in subprocess.run(get + ["8000"], capture_output=True, text=True,
                                       check=True).stdout


def test_an_address_in_use_has_its_exit_code(start, certificate):
    first = start()
    tls = {"TLS_CERT_FILE": certificate[0], "TLS_KEY_FILE": certificate[1], "WEBSOCKET_PORT": 0}
    for setting, more in ("WEBSOCKET_PORT", {}), ("WEBSOCKET_TLS_PORT", tls):
        ended = run_once(settings={"WEBSOCKET_HOST": "127.0.0.1"} | more | {setting: first.port})
        assert ended.returncode == UNAVAILABLE
        line, = lines(ended.stderr, "cannot listen")
        for word in ("address=127.0.0.1", f"port={first.port}", "Address already in use",
                     "ss -ltnp", f'setting="{setting}"'):
            assert word in line


# MARK: Disks. Those that are full or fail are Tests/Simulation/disk's.

@needs_mounts
def test_without_anything_to_write_to_it_serves(server_of):
    script = f"mount -o remount,bind,ro / && exec {shlex.join(command_line())}"
    server = server_of(shlex.join(["unshare", "-m", "sh", "-c", script]),
                       STATE_DIRECTORY="/var/lib/martlet-nowhere")
    assert status(server) == 200
    assert len(lines(server.log, "goes on in memory")) <= 1
    line, = lines(server.log, "no secret can be kept")
    assert "Read-only file system" in line and "remedy=" in line


def test_without_any_directory_it_serves(start):
    server = start(STATE_DIRECTORY="/proc/nowhere")
    assert status(server) == 200


def test_a_second_server_leaves_the_state_of_the_first_alone(start, tmp_path):
    first = start(STATE_DIRECTORY=tmp_path)
    second = start(STATE_DIRECTORY=tmp_path)
    if "Persistence" in http_request(first, "GET /health")[2].decode():
        line, = lines(second.log, "goes on in memory")
        assert "another process has the file open" in line
    assert status(first) == 200 and status(second) == 200
    assert not lines(first.log, "error:")


# MARK: Standard streams.

def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Quiet:
    """A server on a known port whose standard streams are the test's business."""

    def __init__(self, state, prepare=None, errors=subprocess.PIPE, **settings):
        self.port = free_port()
        base = {"WEBSOCKET_HOST": "127.0.0.1", "WEBSOCKET_PORT": self.port,
                "STATE_DIRECTORY": state, "LOG_LEVEL": "debug"}
        self.process = subprocess.Popen(
            command_line(), env=environment(base | settings), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=errors, preexec_fn=prepare)
        if errors == subprocess.PIPE:
            fcntl.fcntl(self.process.stderr, fcntl.F_SETPIPE_SZ, 8192)
        until(self.answers, 30)

    def answers(self):
        try:
            return status(self) == 200
        except OSError:
            return False

    def end(self):
        self.process.terminate()
        assert self.process.wait(10) == 0

    def url(self, path):
        return f"ws://127.0.0.1:{self.port}{path}"


@pytest.fixture(name="quiet")
def quiet_server(tmp_path):
    running = []

    def start(**settings):
        running.append(Quiet(tmp_path, **settings))
        return running[-1]
    yield start
    for one in running:
        if one.process.poll() is None:
            one.end()


def test_a_log_that_nobody_reads_holds_nothing_up(quiet):
    server = quiet()
    for _ in range(300):
        server.process.send_signal(signal.SIGHUP)
        assert server.answers()
    os.set_blocking(server.process.stderr.fileno(), False)
    said = b""
    # Whoever reads again learns that there was more.
    for _ in range(50):
        said += server.process.stderr.read() or b""
        if b"lines of the log were lost lines=" in said:
            break
        server.process.send_signal(signal.SIGHUP)
        assert server.answers()
    assert b"lines of the log were lost lines=" in said


def test_a_journal_that_stands_still_holds_nothing_up(quiet):
    """systemd's journal is a socket; the disk that it writes to may hang."""
    ours, its = socket.socketpair()
    its.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    server = quiet(errors=its)
    for _ in range(300):
        server.process.send_signal(signal.SIGHUP)
        assert server.answers()
    ours.close()
    assert server.answers()
    its.close()


def test_a_log_whose_reader_is_gone_holds_nothing_up(quiet):
    server = quiet()
    server.process.stderr.close()
    for _ in range(20):
        server.process.send_signal(signal.SIGHUP)
        assert server.answers()


def test_no_log_goes_to_a_client_when_the_streams_are_closed(quiet):
    server = quiet(prepare=lambda: os.closerange(0, 3))
    with socket.create_connection(("127.0.0.1", server.port)) as peer:
        for _ in range(20):
            server.process.send_signal(signal.SIGHUP)
            assert server.answers()
        peer.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert peer.recv(4096).startswith(b"HTTP/1.1 200 ")
    for number in range(3):
        assert os.readlink(f"/proc/{server.process.pid}/fd/{number}") == "/dev/null"
