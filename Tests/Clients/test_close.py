"""PROTOCOL section 3: closing codes, and how the server ends."""

import signal
import struct
import time

import pytest
from clients import RawClient
from server import SLOWNESS

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


@pytest.fixture(name="echo")
def raw_echo(server):
    client = RawClient(server)
    client.upgrade("/echo")
    assert client.response()[0] == 101
    yield client
    client.close()


VIOLATIONS = {
    "no mask": lambda client: client.frame(TEXT, b"a", masked=False),
    "reserved bit 1": lambda client: client.frame(TEXT, b"a", rsv=4),
    "reserved bit 2": lambda client: client.frame(TEXT, b"a", rsv=2),
    "reserved bit 3": lambda client: client.frame(TEXT, b"a", rsv=1),
    "unknown opcode": lambda client: client.frame(3, b"a"),
    "unknown control opcode": lambda client: client.frame(11, b"a"),
    "fragmented ping": lambda client: client.frame(PING, b"a", fin=False),
    "long ping": lambda client: client.frame(PING, b"a" * 126),
    "continuation of nothing": lambda client: client.frame(0, b"a"),
    "message inside a message": lambda client: (
        client.frame(TEXT, b"a", fin=False), client.frame(TEXT, b"b")),
    "close of one byte": lambda client: client.frame(CLOSE, b"\x03"),
    "code below 1000": lambda client: client.frame(CLOSE, struct.pack("!H", 999)),
    "code 1005": lambda client: client.frame(CLOSE, struct.pack("!H", 1005)),
    "code 1006": lambda client: client.frame(CLOSE, struct.pack("!H", 1006)),
    "code 5000": lambda client: client.frame(CLOSE, struct.pack("!H", 5000)),
    "64-bit length with the top bit": lambda client: client.send(
        b"\x82\xff" + struct.pack("!Q", 1 << 63) + b"\0\0\0\0"),
    "length not in its shortest form": lambda client: client.send(
        b"\x82\xfe" + struct.pack("!H", 5) + b"\0\0\0\0" + b"12345"),
}


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_protocol_error(echo, violation):
    VIOLATIONS[violation](echo)
    assert echo.closing_code() == 1002
    assert echo.ended()


@pytest.mark.parametrize("data", [
    b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"ok\xce", b"\xe2\x28\xa1",
])
def test_bad_utf8(echo, data):
    echo.frame(TEXT, data)
    assert echo.closing_code() == 1007


def test_bad_utf8_in_a_reason(echo):
    echo.frame(CLOSE, struct.pack("!H", 1000) + b"\xff")
    assert echo.closing_code() in (1002, 1007)


def test_utf8_split_between_frames(echo):
    echo.frame(TEXT, b"\xe2\x82", fin=False)
    echo.frame(0, b"\xac")
    assert echo.read_frame() == (TEXT, "€".encode())


@pytest.mark.parametrize("size", [513, 1000, 60_000])
def test_message_too_large(echo, size):
    echo.frame(BINARY, bytes(size))
    assert echo.closing_code() == 1009


def test_largest_message(echo):
    echo.frame(BINARY, bytes(512))
    assert echo.read_frame() == (BINARY, bytes(512))


def test_message_too_large_in_fragments(echo):
    for number in range(6):
        echo.frame(0 if number else BINARY, bytes(100), fin=False)
    assert echo.closing_code() == 1009


@pytest.mark.parametrize("length", [(1 << 31) - 1, 1 << 31, (1 << 31) + 1, (1 << 63) - 1])
def test_announced_length_too_large(echo, length):
    echo.send(b"\x82\xff" + struct.pack("!Q", length) + b"\0\0\0\0")
    assert echo.closing_code() == 1009


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1011, 3000, 4999])
def test_close_is_answered(echo, code):
    echo.frame(CLOSE, struct.pack("!H", code) + b"bye")
    assert echo.closing_code() == code
    assert echo.ended()


def test_close_without_a_code(echo):
    echo.frame(CLOSE)
    assert echo.closing_code() in (1000, 1005)
    assert echo.ended()


@pytest.mark.parametrize("data", [b"", b"a", b"\0\xff" * 62])
def test_ping(echo, data):
    echo.frame(PING, data)
    assert echo.read_frame() == (PONG, data)


def test_ping_between_fragments(echo):
    echo.frame(TEXT, b"a", fin=False)
    echo.frame(PING, b"p")
    echo.frame(0, b"b")
    assert [echo.read_frame(), echo.read_frame()] == [(PONG, b"p"), (TEXT, b"ab")]


def test_pong_nobody_asked_for(echo):
    echo.frame(PONG, b"x")
    echo.frame(TEXT, b"a")
    assert echo.read_frame() == (TEXT, b"a")


def test_frame_byte_by_byte(echo):
    for byte in b"\x81\x85\x01\x02\x03\x04" + bytes(
            letter ^ mask for letter, mask in zip(b"hello", b"\x01\x02\x03\x04\x01")):
        echo.send(bytes([byte]))
    assert echo.read_frame() == (TEXT, b"hello")


def test_pings_come_and_silence_ends(start):
    """PING_PERIOD and PONG_WAIT: a peer that answers no ping is let go."""
    client = RawClient(start(WEBSOCKET_PING_PERIOD="500ms", WEBSOCKET_PONG_WAIT="1s",
                             WEBSOCKET_HEARTBEAT_INTERVAL="500ms"))
    client.upgrade("/echo")
    client.response()
    assert client.read_frame()[0] == PING
    began = time.monotonic()
    assert client.closing_code() in (1001, 1006)
    assert time.monotonic() - began < 5 * SLOWNESS


def test_silent_connection_is_swept(start):
    client = RawClient(start(WEBSOCKET_CONNECTION_TIMEOUT="1s",
                             WEBSOCKET_HEARTBEAT_INTERVAL="500ms"))
    client.upgrade("/echo")
    client.response()
    assert client.closing_code() == 1001


def test_rate_limit(start):
    """1008 when the rate stays passed for WEBSOCKET_RATE_GRACE; a short burst is forgiven."""
    client = RawClient(start(WEBSOCKET_MESSAGE_RATE=20, WEBSOCKET_BURST=20,
                             WEBSOCKET_RATE_GRACE="2s"))
    client.upgrade("/echo")
    client.response()
    for _ in range(30):
        client.frame(TEXT, b"burst")
    assert [client.read_frame() for _ in range(30)] == [(TEXT, b"burst")] * 30
    ends = time.monotonic() + 6
    try:
        while time.monotonic() < ends:
            client.frame(TEXT, b"flood")
            time.sleep(0.002)
    except OSError:
        pass  # the server closed while we were sending
    assert client.closing_code() == 1008


def test_receiver_that_never_reads(start):
    """It is let go, 1013 where that still reaches it, and nobody else notices."""
    server = start(WEBSOCKET_WRITE_WAIT="1s")
    deaf, other = RawClient(server), RawClient(server)
    for client in (deaf, other):
        client.upgrade("/echo")
        client.response()
    # On a busy machine it takes a while to fill the kernel's buffers; the server ends it.
    ends = time.monotonic() + 60
    try:
        while time.monotonic() < ends:
            deaf.frame(BINARY, bytes(500))
    except OSError:
        pass  # blocked for good, or closed: both are an end of sending
    other.frame(TEXT, b"still here")
    assert other.read_frame() == (TEXT, b"still here")
    try:
        assert deaf.closing_code() in (1013, 1006)
    except ConnectionError:
        pass  # the rest was thrown away with the connection


def test_drain(start, connect):
    """SIGTERM: 1001 to all, then exit 0."""
    server = start(WEBSOCKET_SHUTDOWN_WAIT="2s")
    clients = [connect(server, "/echo") for _ in range(20)]
    server.signal(signal.SIGTERM)
    assert [client.closing_code() for client in clients] == [1001] * 20
    assert server.wait(5) == 0


def test_drain_ends_without_the_peers(start):
    """A peer that never answers the close does not hold the server."""
    server = start(WEBSOCKET_SHUTDOWN_WAIT="1s")
    client = RawClient(server)
    client.upgrade("/echo")
    client.response()
    server.signal(signal.SIGTERM)
    assert server.wait(6) == 0
    client.close()


def test_drain_takes_no_new_connection(start):
    server = start(WEBSOCKET_SHUTDOWN_WAIT="3s")
    held = RawClient(server)
    held.upgrade("/echo")
    held.response()
    server.signal(signal.SIGTERM)
    time.sleep(0.3)
    try:
        late = RawClient(server)
        late.upgrade("/echo")
        status = late.response()[0]
    except ConnectionError:
        status = 503
    assert status == 503
    assert server.wait(8) == 0


def test_second_signal_ends_at_once(start):
    server = start(WEBSOCKET_SHUTDOWN_WAIT="30s")
    client = RawClient(server)
    client.upgrade("/echo")
    client.response()
    server.signal(signal.SIGTERM)
    time.sleep(0.3)
    began = time.monotonic()
    server.signal(signal.SIGTERM)
    assert server.wait(5) is not None
    assert time.monotonic() - began < 2 * SLOWNESS
    client.close()


def test_idle_server_ends_at_once(start):
    server = start()
    began = time.monotonic()
    server.signal(signal.SIGTERM)
    assert server.wait(5) == 0
    assert time.monotonic() - began < 2 * SLOWNESS
