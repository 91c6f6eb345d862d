"""Too few descriptors, too little memory: a line that says so, and a server that goes on or an exit
code of its own (README, Unattended)."""

import os
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from clients import http_request
from helpers import until
from server import command_line, environment, run_once
from tokens import SECRET, token

MEMORY, CONFIGURATION = 75, 78


needs_bounds = pytest.mark.skipif(
    Path("/proc/sys/vm/overcommit_memory").read_text("ascii").strip() == "1",
    reason="Linux promises any memory here")
needs_own_memory = pytest.mark.skipif(
    len(command_line()) > 1, reason="an emulator's memory is not the server's")


def status(server, line="GET /health", **options):
    return http_request(server, line, **options)[0]


def lines(text, words):
    return [line for line in text.splitlines() if words in line]


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# MARK: Descriptors.

def test_without_descriptors_it_refuses_and_goes_on(start, connect, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    server = start(JWT_SECRET_FILE=secret)
    session = connect(server, "/api/ws", token=token("1"))
    session.receive()
    limits = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    taken = 1 + max(int(name) for name in os.listdir(f"/proc/{server.pid}/fd"))
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (taken, limits[1]))
    assert [status(server) for _ in range(5)] == [503] * 5
    before = processor_seconds(server.pid)
    waiting = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
    time.sleep(2)
    assert processor_seconds(server.pid) - before < 0.1
    assert 'reason="no descriptor is left' in lines(server.log, "connections refused")[0]
    # Keys cannot be read anew, so those it has stay good.
    server.signal(signal.SIGHUP)
    until(lambda: lines(server.log, "not reloaded"))
    assert "Too many open files" in lines(server.log, "not reloaded")[0]
    assert session.ask(type="ping")["type"] == "pong"
    for one in waiting:
        one.close()
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, limits)
    assert status(server) == 200
    assert status(server, "GET /ws/stats", token=token("1", role="admin")) == 200


def limited(kind, value):
    """For a process to be: so much and no more."""
    return lambda: resource.setrlimit(kind, (value, value))


@pytest.mark.parametrize("arguments", [[], ["--check-config"]])
def test_too_few_descriptors_are_said_at_start_and_by_the_check(arguments):
    ended = subprocess.run(
        command_line() + arguments, env=environment({"WEBSOCKET_MAX_CONNECTIONS": 500}),
        preexec_fn=limited(resource.RLIMIT_NOFILE, 200), capture_output=True, text=True,
        timeout=30, check=False)
    assert ended.returncode == CONFIGURATION
    assert "too few descriptors" in ended.stderr and "allowed=200" in ended.stderr


# MARK: Memory.

def start_within(size, **settings):
    """Starts it with so much address space; its exit code (None: it serves) and what it said."""
    with subprocess.Popen(
            command_line(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, preexec_fn=limited(resource.RLIMIT_AS, size),
            env=environment({"WEBSOCKET_HOST": "127.0.0.1", "WEBSOCKET_PORT": 0} | settings)
    ) as process:
        said = b""
        for line in process.stderr:
            said += line
            if b"listening" in line:
                process.terminate()
                process.communicate(timeout=10)
                return None, said.decode()
        return process.wait(10), said.decode()


@needs_own_memory
def test_too_little_memory_is_said_whatever_there_is(tmp_path):
    ends = {}
    for size in range(4, 420, 8):
        code, said = start_within(size << 20, STATE_DIRECTORY=tmp_path)
        ends[size] = code
        if code is None:
            break
        # 127: the loader has not even room for the libraries.
        assert code in (MEMORY, 127), (size, code, said)
        assert code == 127 or "not enough memory" in said
    assert MEMORY in ends.values() and None in ends.values()
    last = max(size for size, code in ends.items() if code == MEMORY)
    for size in range(last << 10, (last + 8) << 10, 64):
        code, said = start_within(size << 10, STATE_DIRECTORY=tmp_path)
        assert code is None or code == MEMORY and "not enough memory" in said, (size, code, said)


@needs_bounds
def test_more_memory_than_the_machine_has_is_said():
    ended = run_once(settings={"WEBSOCKET_WRITE_BUFFERS": 1 << 24,
                               "WEBSOCKET_WRITE_BUFFER_SIZE": "32k"})
    if "more than this machine can address" in ended.stderr:  # 32 bits
        assert ended.returncode == CONFIGURATION and len(command_line()) > 1
        return
    assert ended.returncode == MEMORY
    assert "needed=" in ended.stderr and "martlet --memory-plan" in ended.stderr
