"""Rates, the heartbeat and what is scarce: each at its limit, and each counted in /metrics."""

import json
import re
import resource
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from clients import RawClient, check_error, http_request
from server import UNLIMITED
from test_metrics import total
from tokens import SECRET, token

TEXT, PING, PONG = 1, 9, 10
ELSEWHERE = "127.0.0.9"  # where the metrics are asked from
# A client that floods does not answer the close.
QUICK_END = {"WEBSOCKET_CLOSE_WAIT": "500ms"}
SLOW_RATE = {"WEBSOCKET_CONNECT_RATE": 1, "WEBSOCKET_CONNECT_BURST": 3, "JWT_SECRET": SECRET}


def attempt(server, source="127.0.0.1", **headers):
    """The answer to one upgrade on a connection of its own."""
    raw = RawClient(server, source)
    try:
        raw.upgrade("/ws", **headers)
        return raw.response()
    finally:
        raw.close()


def opened(server, path, **headers):
    raw = RawClient(server)
    raw.upgrade(path, **headers)
    assert raw.response()[0] == 101
    return raw


def flood(raw, payload, seconds=8, pause=0.002, opcode=TEXT, fin=True):
    """Sends until the server ends the connection, and gives the code and how long it took."""
    began = time.monotonic()
    try:
        while time.monotonic() < began + seconds:
            raw.frame(opcode, payload, fin)
            time.sleep(pause)
    except OSError:
        pass  # the server closed while we were sending
    return raw.closing_code(), time.monotonic() - began


# Connection attempts.

def test_connect_rate(start):
    """Three at once, then one a second; told when to come again, and right about it."""
    server = start(**SLOW_RATE)
    statuses = [attempt(server)[0] for _ in range(3)]
    refusal = attempt(server)
    assert statuses == [101] * 3
    wait = int(check_error(refusal, 429)["retry-after"])
    assert 1 <= wait <= 10
    assert total(server, r"connect.*rate|rate_limited.*connect", source=ELSEWHERE) >= 1
    time.sleep(wait)
    assert attempt(server)[0] == 101


def test_connect_rate_is_of_an_address(start):
    """Others come in meanwhile, and no header makes one another."""
    server = start(**SLOW_RATE)
    while attempt(server)[0] == 101:
        pass
    assert attempt(server, "127.0.0.2")[0] == 101
    for name in ("X_Forwarded_For", "X_Real_IP", "Forwarded"):
        assert attempt(server, **{name: "10.1.2.3"})[0] == 429


def test_refused_attempts_hold_nobody_for_ever(start):
    """One who keeps on knocking gets in at the rate."""
    server = start(**SLOW_RATE)
    ends, taken = time.monotonic() + 5, 0
    while time.monotonic() < ends:
        taken += attempt(server)[0] == 101
        time.sleep(0.01)
    assert 3 <= taken <= 9


def test_many_addresses(start):
    """More of them than any table holds: each gets its turn, the server stays."""
    server = start(**SLOW_RATE)
    statuses = [attempt(server, f"127.1.{number // 250}.{number % 250 + 1}")[0]
                for number in range(1500)]
    assert statuses.count(101) > 1000
    assert set(statuses) <= {101, 429}


def test_no_connect_rate_by_default(start):
    server = start(JWT_SECRET=SECRET)
    assert {attempt(server)[0] for _ in range(200)} == {101}


# Messages and bytes.

RATES = {
    "messages": ({"WEBSOCKET_MESSAGE_RATE": 20, "WEBSOCKET_BURST": 20}, b'{"type":"ping"}'),
    "bytes": ({"WEBSOCKET_BYTE_RATE": 1000, "WEBSOCKET_BYTE_BURST": 2000},
              b'{"type":"ping","x":"%s"}' % (b"x" * 400)),
}
PATHS = ["/ws/lobby", "/api/ws", "/ws/realtime", "/echo"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", RATES)
def test_rate(start, kind, path):
    """1008 when it stays passed for WEBSOCKET_RATE_GRACE, and not before."""
    settings, payload = RATES[kind]
    server = start(**settings, **QUICK_END, WEBSOCKET_RATE_GRACE="1s", JWT_SECRET=SECRET)
    raw = opened(server, path, Authorization=f"Bearer {token()}")
    code, seconds = flood(raw, payload)
    assert code == 1008
    assert 0.9 < seconds < 4
    assert total(server, r"rate_limited_messages") >= 1
    assert total(server, r'errors.*"rate_limited"') == 1


@pytest.mark.parametrize("kind", RATES)
def test_below_the_rate(start, kind):
    """One who keeps it is left in peace, longer than the grace."""
    settings, _ = RATES[kind]
    server = start(**settings, WEBSOCKET_RATE_GRACE="500ms", JWT_SECRET=SECRET)
    raw = opened(server, "/ws")
    for _ in range(30):
        raw.frame(TEXT, b'{"type":"ping"}')
        assert json.loads(raw.read_frame()[1])["type"] == "pong"
        time.sleep(0.08)


def test_fragments_count_as_messages(start):
    """Tiny and empty ones by the thousand are a flood."""
    server = start(WEBSOCKET_MESSAGE_RATE=20, WEBSOCKET_BURST=20, WEBSOCKET_RATE_GRACE="1s")
    raw = opened(server, "/echo")
    raw.frame(TEXT, b"a", fin=False)
    assert flood(raw, b"", opcode=0, fin=False)[0] in (1008, 1009)


def test_pings_are_a_flood_too(start):
    server = start(WEBSOCKET_MESSAGE_RATE=20, WEBSOCKET_BURST=20, WEBSOCKET_RATE_GRACE="1s")
    assert flood(opened(server, "/echo"), b"p", opcode=PING)[0] == 1008


def test_one_flood_slows_nobody(start, connect):
    server = start(WEBSOCKET_MESSAGE_RATE=20, WEBSOCKET_BURST=20, WEBSOCKET_RATE_GRACE="1s",
                   JWT_SECRET=SECRET)
    bad, good = opened(server, "/ws"), connect(server, "/ws")
    for _ in range(5):
        for _ in range(100):
            bad.frame(TEXT, b'{"type":"ping"}')
        began = time.monotonic()
        assert good.ask(type="ping")["type"] == "pong"
        assert time.monotonic() - began < 0.5


def test_messages_are_counted(start):
    server = start(**UNLIMITED, JWT_SECRET=SECRET)
    raw = opened(server, "/echo")
    before = total(server, r"messages.*(in|received)")
    for _ in range(7):
        raw.frame(TEXT, b"x")
        raw.read_frame()
    assert total(server, r"messages.*(in|received)") - before == 7


# The heartbeat.

QUICK = {"WEBSOCKET_PING_PERIOD": "300ms", "WEBSOCKET_PONG_WAIT": "1s", "JWT_SECRET": SECRET,
         "WEBSOCKET_HEARTBEAT_INTERVAL": "300ms", "WEBSOCKET_CONNECTION_TIMEOUT": "2s"}


@pytest.mark.parametrize("path", PATHS)
def test_heartbeat(start, path):
    """Who answers the pings stays, beyond every timeout; who stops is let go with 1001."""
    server = start(**QUICK)
    raw = opened(server, path, Authorization=f"Bearer {token()}")
    ends, pings = time.monotonic() + 4, 0
    while time.monotonic() < ends:
        opcode, payload = raw.read_frame()
        if opcode == PING:
            raw.frame(PONG, payload)
            pings += 1
    assert 8 <= pings <= 20
    began = time.monotonic()
    assert raw.closing_code() == 1001
    assert time.monotonic() - began < 4
    assert total(server, r"timeout|timed_out|heartbeat|pong|inactiv|\"1001\"") >= 1


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("data", [b"", b"x" * 125])
def test_ping_of_a_client(gate, path, data):
    raw = opened(gate, path, Authorization=f"Bearer {token()}")
    raw.frame(PING, data)
    while (frame := raw.read_frame())[0] == TEXT:
        pass  # a greeting
    assert frame == (PONG, data)
    raw.close()


# What is scarce.

def test_silent_connections_keep_nobody_out(start):
    """Before their handshake they hold little, and no place for ever."""
    server = start(JWT_SECRET=SECRET, WEBSOCKET_HANDSHAKE_TIMEOUT="1s",
                   WEBSOCKET_MAX_CONNECTIONS=100)
    before = server.resident()
    silent = [RawClient(server) for _ in range(300)]
    time.sleep(1.5)
    assert attempt(server)[0] == 101
    assert server.is_emulated or server.resident() - before < 4_000_000
    for raw in silent:
        raw.close()


def test_no_file_descriptor_left(start):
    """Whoever cannot be accepted is when there is one again, and the processor is not burnt."""
    server = start(JWT_SECRET=SECRET)
    held = opened(server, "/echo")
    limits = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (3, limits[1]))
    waiting = RawClient(server)
    waiting.upgrade("/echo")
    busy = processor_seconds(server)
    time.sleep(1)
    assert processor_seconds(server) - busy < 0.3
    held.frame(TEXT, b"still served")
    assert held.read_frame() == (TEXT, b"still served")
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, limits)
    try:
        assert waiting.response()[0] == 101
    except (ConnectionError, TimeoutError):
        assert attempt(server)[0] == 101


def processor_seconds(server):
    with open(f"/proc/{server.pid}/stat", encoding="ascii") as text:
        fields = text.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_connections_are_counted(start):
    server = start(JWT_SECRET=SECRET)
    held = [opened(server, "/ws/lobby") for _ in range(5)]
    assert total(server, r"^martlet_(open_)?connections(_open|_current|_active)?(\{|$)") == 5
    for raw in held:
        raw.close()


def test_refusals_are_counted(start):
    server = start(JWT_SECRET=SECRET)
    for _ in range(3):
        assert http_request(server, "GET /ws/stats", token="nonsense")[0] == 401
    assert total(server, "errors.*token") == 3
    assert total(server, 'http_responses_total.*"401"') == 3
    assert total(server, 'http_responses_total.*"200"') >= 1


def test_memory_after_all_that(start):
    """Connections, rooms and floods by the thousand leave the server as large as it was."""
    server = start(**UNLIMITED, JWT_SECRET=SECRET)
    sizes = []
    for turn in range(6):
        for number in range(200):
            raw = opened(server, f"/ws/room-{turn}-{number}")
            raw.frame(TEXT, json.dumps({"type": "message", "room": f"room-{turn}-{number}",
                                        "content": "x" * 200}).encode())
            while b'"message"' not in raw.read_frame()[1]:
                pass
            raw.close()
        sizes.append(server.resident())
    assert server.is_emulated or sizes[-1] - sizes[1] < 300_000, sizes
    assert not re.search("error|fatal", server.log, re.I)


def test_half_messages_keep_nobody_else_from_being_read(start):
    """Each holds most of a long message, and goes on with nothing."""
    server = start(WEBSOCKET_MAX_MESSAGE_SIZE="64k", WEBSOCKET_MAX_CONNECTIONS=200)
    halves = [RawClient(server) for _ in range(80)]
    for half in halves:
        half.upgrade("/ws/realtime")
        assert half.response()[0] == 101
        half.send(b"\x81\xfe\xff\x00\0\0\0\0" + b"x" * 65_000)
    for _ in range(20):
        other = RawClient(server)
        other.upgrade("/ws/realtime")
        assert other.response()[0] == 101
        assert http_request(server, "GET /health")[0] == 200


def those_who_never_read(server, path, message, count):
    """So many connections that send all they can and read nothing."""
    streams = [RawClient(server, receive_buffer=4096) for _ in range(count)]
    for stream in streams:
        stream.upgrade(path)
        assert stream.response()[0] == 101
    # From all of them at once: each has to be full while the others are.
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(lambda stream: stream.fill(message), streams))
    return streams


# A client's frame under a masking key of zeros.
SAMPLE = json.dumps({"accel_x": 0.2, "accel_y": 0.1, "accel_z": 9.8}).encode()
SAMPLE = bytes((0x81, 0x80 | len(SAMPLE), 0, 0, 0, 0)) + SAMPLE


def test_those_who_never_read_keep_nobody_waiting(start, connect):
    """With as many of them as there may be connections, but ten."""
    server = start(WEBSOCKET_MAX_CONNECTIONS=60, WEBSOCKET_WRITE_WAIT="1h", JWT_SECRET=SECRET)
    streams = those_who_never_read(server, "/ws/realtime", 100 * SAMPLE, 50)
    session = connect(server, "/ws/realtime")
    assert session.receive()["type"] == "session_started"
    for _ in range(3):
        assert session.ask(action="reset")["type"] == "reset_response"
        assert http_request(server, "GET /health")[0] == 200
    # They are all there still: nobody had to go.
    assert total(server, "slow_receivers") == 0
    for stream in streams:
        stream.close()


def test_those_who_never_read_go_before_those_who_wait(start, connect):
    """Their answers are of many slots, and take all that there are."""
    server = start(WEBSOCKET_MAX_CONNECTIONS=60, WEBSOCKET_WRITE_WAIT="10s",
                   WEBSOCKET_MAX_MESSAGE_SIZE="16k")
    message = bytes((0x82, 0xFE, 0x40, 0, 0, 0, 0, 0)) + bytes(16384)
    streams = those_who_never_read(server, "/echo", message, 40)
    client = connect(server, "/echo")
    for _ in range(3):
        client.send(b"hello")
        assert client.receive_message() == b"hello"
        assert http_request(server, "GET /health")[0] == 200
    for stream in streams:
        stream.close()
