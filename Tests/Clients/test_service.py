"""The service manager: what it hears (sd_notify), its watchdog, the sockets that it passes."""

import os
import re
import shlex
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from clients import http_request
from helpers import until
from server import SLOWNESS, Server, command_line, run_once


def is_healthy(server):
    """Whether it answers."""
    return http_request(server, "GET /health")[0] == 200


class Manager:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, path):
        self.path = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + self.path[1:] if self.path[0] == "@" else self.path)

    def next(self, seconds=10):
        """The next message as a dictionary of its lines."""
        self._socket.settimeout(seconds)
        message = self._socket.recv(4096).decode()
        return dict(line.split("=", 1) for line in message.split("\n"))

    def after(self, name, seconds=10):
        """The next message that has a line of this name; others before it are passed over."""
        end = time.monotonic() + seconds
        while True:
            message = self.next(max(0.01, end - time.monotonic()))
            if name in message:
                return message

    def close(self):
        self._socket.close()


@pytest.fixture(name="manager")
def service_manager(tmp_path):
    one = Manager(tmp_path / "notify")
    yield one
    one.close()


def test_the_manager_hears_all_in_order(start, manager):
    server = start(NOTIFY_SOCKET=manager.path)
    assert manager.next().keys() == {"EXTEND_TIMEOUT_USEC"}
    ready = manager.after("READY")
    assert ready == {"READY": "1", "STATUS": f"listening on 127.0.0.1:{server.port}"}
    before = time.monotonic_ns() // 1000
    server.signal(signal.SIGHUP)
    reloading = manager.next()
    assert reloading["RELOADING"] == "1"
    assert before <= int(reloading["MONOTONIC_USEC"]) <= time.monotonic_ns() // 1000
    assert manager.next() == {"READY": "1"}
    server.signal(signal.SIGTERM)
    assert manager.next()["STOPPING"] == "1"
    assert server.wait() == 0


def test_an_abstract_name_is_one(start):
    manager = Manager(f"@martlet-{os.getpid()}")
    start(NOTIFY_SOCKET=manager.path)
    assert manager.after("READY")["READY"] == "1"
    manager.close()


def test_an_idle_server_gives_signs_of_life(start, manager):
    start(NOTIFY_SOCKET=manager.path, WATCHDOG_USEC=400000)
    manager.after("READY")
    times = []
    for _ in range(5):
        assert manager.next() == {"WATCHDOG": "1"}
        times.append(time.monotonic())
    assert all(other - one < 0.4 * SLOWNESS for one, other in zip(times, times[1:]))
    # The first may be read late: no pair of them tells that they do not come too often.
    assert times[-1] - times[0] > 0.4


def test_a_stopped_server_gives_none(start, manager):
    server = start(NOTIFY_SOCKET=manager.path, WATCHDOG_USEC=200000)
    manager.after("WATCHDOG")
    server.signal(signal.SIGSTOP)
    with pytest.raises(TimeoutError):
        while True:
            manager.next(1)
    server.signal(signal.SIGCONT)
    assert manager.next() == {"WATCHDOG": "1"}


def test_a_watchdog_of_another_process_is_left_alone(start, manager):
    start(NOTIFY_SOCKET=manager.path, WATCHDOG_USEC=100000, WATCHDOG_PID=1)
    manager.after("READY")
    with pytest.raises(TimeoutError):
        manager.next(0.5)


def test_a_long_end_asks_for_more_time(start, manager, connect):
    server = start(NOTIFY_SOCKET=manager.path, WEBSOCKET_SHUTDOWN_WAIT="1h")
    connect(server)
    manager.after("READY")
    server.signal(signal.SIGTERM)
    manager.after("STOPPING")
    assert int(manager.next()["EXTEND_TIMEOUT_USEC"]) >= 30_000_000
    server.signal(signal.SIGTERM)
    assert server.wait() == 0


def test_a_manager_that_is_not_there_changes_nothing(start, tmp_path):
    server = start(NOTIFY_SOCKET=tmp_path / "nobody", WATCHDOG_USEC=100000)
    assert is_healthy(server)


# What stands before the server's command to have sockets passed to it.
ACTIVATE = [sys.executable, str(Path(__file__).with_name("activate.py"))]


@pytest.fixture(name="activate")
def activator():
    """Starts servers that are passed sockets of these kinds."""
    running = []

    def activate(kinds, **settings):
        running.append(Server(shlex.join(ACTIVATE + [kinds] + command_line()), **settings))
        return running[-1]

    yield activate
    for one in running:
        one.__exit__(None, None, None)


def refusal(kinds, **settings):
    """What a server says that cannot take what it is passed."""
    result = run_once(settings={"PERSIST_ENABLED": "false"} | settings,
                      command=shlex.join(ACTIVATE + [kinds] + command_line()))
    assert result.returncode == 78, result.stderr
    line = result.stderr.splitlines()[-1]
    assert "error: cannot listen on a passed socket " in line and "remedy=" in line
    return line


def test_it_serves_on_what_it_is_passed(activate):
    # 203.0.113.1 is for documentation: nothing of ours can be there.
    server = activate("tcp", WEBSOCKET_HOST="203.0.113.1", WEBSOCKET_PORT=1)
    assert is_healthy(server)
    assert server.log.count("listening") == 1


def test_it_serves_on_every_socket(activate, manager):
    server = activate("tcp,tcp6", LISTEN_FDNAMES="one:two", NOTIFY_SOCKET=manager.path)
    assert manager.after("READY")["STATUS"].startswith("listening on 127.0.0.1:")
    # The lines come on another way.
    until(lambda: server.log.count("listening address=") == 2)
    names = re.findall(r"listening address=(\S+):(\d+)", server.log)
    assert [host for host, _ in names] == ["127.0.0.1", "[::1]"]
    for host, port in names:
        with socket.create_connection((host.strip("[]"), int(port))) as peer:
            peer.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert peer.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("kind, reason", [
    ("unix", "Address family not supported by protocol"),
    ("udp", "Protocol wrong type for socket"),
    ("silent", "Invalid argument"),
])
def test_what_is_no_listening_tcp_socket_is_named(kind, reason):
    line = refusal(f"tcp,{kind}", LISTEN_FDNAMES="good:bad")
    assert f'descriptor=4 name=bad reason="{reason}"' in line


def test_a_socket_for_tls_is_not_served_without_it():
    assert "descriptor=3 name=martlet-tls.socket" in refusal(
        "tcp", LISTEN_FDNAMES="martlet-tls.socket")


def test_tls_that_no_passed_socket_is_for_is_said(activate, certificate):
    tls = {"TLS_CERT_FILE": certificate[0], "TLS_KEY_FILE": certificate[1]}
    server = activate("tcp,tcp", LISTEN_FDNAMES="one:two", **tls)
    until(lambda: "no passed socket is for TLS" in server.log)
    assert "LISTEN_FDNAMES" in server.log and "FileDescriptorName=tls" in server.log
    named = activate("tcp,tcp", LISTEN_FDNAMES="one:my-tls", **tls)
    until(lambda: "scheme=" in named.log)
    assert is_healthy(named) and "no passed socket" not in named.log
