"""PROTOCOL section 2: time that passes, keys that change, and the key of the first start."""

import json
import os
import re
import resource
import signal
import stat
import time

import pytest
from clients import Closed, RawClient, check_error, http_request
from helpers import now, until, who
from server import run_once
from tokens import SECRET, jwk, jwks, pem, token


@pytest.mark.parametrize("path", ["/ws", "/ws/lobby", "/api/ws", "/ws/realtime"])
def test_expiry_closes_an_open_connection(start, connect, path):
    """At `exp` itself, whatever the leeway."""
    server = start(JWT_SECRET=SECRET, WEBSOCKET_REQUIRE_AUTH="true")
    expires = now(3)
    client = connect(server, path, token=token("7", exp=expires))
    with pytest.raises(Closed) as closed:
        while True:
            client.receive_message()
    assert closed.value.code == 4401
    assert -0.5 < time.time() - expires < 1.5


def test_the_reason_of_an_expiry(gate):
    raw = RawClient(gate)
    raw.upgrade("/ws", Authorization=f"Bearer {token('7', exp=now(2))}")
    assert raw.response()[0] == 101
    assert raw.read_frame() == (8, (4401).to_bytes(2, "big") + b"token expired")
    raw.close()


def test_the_clock_is_not_set(start):
    """Before JWT_CLOCK_FLOOR nothing is known about `exp`: come again."""
    server = start(JWT_SECRET=SECRET, JWT_CLOCK_FLOOR="2099-01-01")
    raw = RawClient(server)
    raw.upgrade("/api/ws", Authorization=f"Bearer {token()}")
    response = raw.response()
    check_error(response, 503)
    assert "clock" in json.loads(response[2])["message"]
    raw.close()
    assert who(server, token(key="x" * 64)) in (401, 503)
    assert who(server, path="/ws/lobby").startswith("anon-")


def test_the_clock_may_be_unset(start):
    server = start(JWT_SECRET=SECRET, JWT_CLOCK_FLOOR="2099-01-01", JWT_ALLOW_UNSET_CLOCK="true")
    assert who(server, token()) == "1"
    assert who(server, token(key="x" * 64)) == 401


def test_the_clock_as_the_system_has_it(start):
    """JWT_CLOCK=synced asks for the flag file of systemd-timesyncd."""
    server = start(JWT_SECRET=SECRET, JWT_CLOCK="synced")
    synced = os.path.exists("/run/systemd/timesync/synchronized")
    assert who(server, token()) == ("1" if synced else 503)


def test_rotation(start, keep, keys):
    """SIGHUP takes the new set: its keys open, those that are gone do not."""
    old, new = keys["ES256"]
    path = keep("set", jwks(jwk(old, "old", "ES256")))
    server = start(JWT_JWKS_FILE=path)
    assert (who(server, token("7", old, "ES256")), who(server, token("7", new, "ES256"))) == (
        "7", 401)
    keep("set", jwks(jwk(new, "new", "ES256")))
    assert who(server, token("7", new, "ES256")) == 401
    server.signal(signal.SIGHUP)
    until(lambda: who(server, token("7", new, "ES256")) == "7")
    assert who(server, token("7", old, "ES256")) == 401


BAD_SETS = {"empty": "", "no JSON": "{", "no keys": "{}", "no list": '{"keys":1}',
            "no key of use": '{"keys":[{"kty":"none"}]}', "too large": " " * 5_000_000 + "{}"}


@pytest.mark.parametrize("name", BAD_SETS)
def test_rotation_to_a_bad_set(start, keep, name):
    """The old one stays in force and the log says why."""
    server = start(JWT_JWKS_FILE=keep("set", jwks(jwk(SECRET, "mine", "HS256"))))
    keep("set", BAD_SETS[name])
    before = len(server.log)
    server.signal(signal.SIGHUP)
    until(lambda: "JWT_JWKS_FILE" in server.log[before:])
    assert who(server, token("7")) == "7"
    keep("set", jwks(jwk(SECRET[::-1], "mine", "HS256")))
    server.signal(signal.SIGHUP)
    until(lambda: who(server, token("7", SECRET[::-1])) == "7")


@pytest.mark.parametrize("setting, made", [
    ("JWT_SECRET_FILE", lambda key: key), ("JWT_PUBLIC_KEY_FILE", pem)])
def test_rotation_of_a_file(start, keep, keys, setting, made):
    both, algorithm = ((SECRET, SECRET[::-1]), "HS256") if "SECRET" in setting else (
        keys["ES384"], "ES384")
    server = start(**{setting: keep("key", made(both[0]))})
    keep("key", made(both[1])).chmod(0o600)
    server.signal(signal.SIGHUP)
    until(lambda: who(server, token("7", both[1], algorithm)) == "7")
    assert who(server, token("7", both[0], algorithm)) == 401


def test_rotation_with_no_file_descriptor_left(start, keep):
    server = start(JWT_JWKS_FILE=keep("set", jwks(jwk(SECRET, "mine", "HS256"))))
    before = len(server.log)
    limits = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (3, limits[1]))
    server.signal(signal.SIGHUP)
    until(lambda: "JWT_JWKS_FILE" in server.log[before:])
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, limits)
    until(lambda: who(server, token("7")) == "7")


def test_log_level_file(start, keep):
    """SIGHUP reads the log level anew; a bad one changes nothing."""
    server = start(JWT_SECRET=SECRET, LOG_LEVEL_FILE=keep("level", "info\n"))

    def lines_of(count):
        before = len(server.log)
        for _ in range(count):
            who(server, token("7"))
        time.sleep(0.2)
        return len(server.log[before:].splitlines())

    assert lines_of(5) <= 1
    keep("level", "debug\n")
    server.signal(signal.SIGHUP)
    until(lambda: lines_of(5) >= 5)
    keep("level", "loud\n")
    server.signal(signal.SIGHUP)
    until(lambda: "LOG_LEVEL_FILE" in server.log)
    assert lines_of(5) >= 5


def made_token(directory, *arguments):
    ended = run_once("token", *arguments, settings={"STATE_DIRECTORY": directory})
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_first_start(start, tmp_path):
    """Without a key the server makes one, for itself alone, and keeps it over a restart."""
    first = start(STATE_DIRECTORY=tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.name == "jwt.key"]
    assert len(files) == 1
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert files[0].stat().st_size >= 32
    admin = made_token(tmp_path, "--sub", "1", "--role", "admin", "--for", "1h")
    assert http_request(first, "GET /ws/stats", token=admin)[0] == 200
    assert who(first, admin) == "1"
    key = files[0].read_bytes()
    first.stop()
    second = start(STATE_DIRECTORY=tmp_path)
    assert files[0].read_bytes() == key
    assert http_request(second, "GET /ws/stats", token=admin)[0] == 200
    assert key.decode("latin-1").strip() not in first.log + second.log


def test_two_boards_have_two_keys(start, tmp_path):
    directories = [tmp_path / name for name in "ab"]
    for directory in directories:
        directory.mkdir()
        start(STATE_DIRECTORY=directory)
    tokens = [made_token(directory, "--sub", "1", "--for", "1h") for directory in directories]
    assert who(start(STATE_DIRECTORY=directories[0]), tokens[1]) == 401


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o606])
def test_a_key_that_others_may_read(start, tmp_path, mode):
    """It is no secret any more: the start says so, or the file is closed again."""
    start(STATE_DIRECTORY=tmp_path).stop()
    path = next(path for path in tmp_path.rglob("*") if path.name == "jwt.key")
    path.chmod(mode)
    again = start(STATE_DIRECTORY=tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or path.name in again.log


@pytest.mark.parametrize("arguments, user, stats", [
    (["--sub", "7", "--for", "1h"], "7", 403),
    (["--sub", "ä", "--role", "admin", "--for", "30s"], "ä", 200),
    (["--sub", "7", "--role", "service", "--for", "1h"], "7", 403),
])
def test_made_tokens(start, tmp_path, arguments, user, stats):
    server = start(STATE_DIRECTORY=tmp_path)
    one = made_token(tmp_path, *arguments)
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", one)
    assert who(server, one) == user
    assert http_request(server, "GET /ws/stats", token=one)[0] == stats


def test_made_tokens_expire(start, tmp_path):
    server = start(STATE_DIRECTORY=tmp_path, JWT_LEEWAY="0s")
    one = made_token(tmp_path, "--sub", "7", "--for", "1s")
    time.sleep(2.1)
    assert who(server, one) == 401


@pytest.mark.parametrize("key", ["", "secret", "changeme", "martlet", "password", "\0" * 32])
def test_no_default_credentials(start, key):
    """A server that was given no key has none that can be guessed."""
    server = start()
    for algorithm in ("HS256", "HS512"):
        assert who(server, token(key=key, algorithm=algorithm, role="admin")) == 401
