"""PROTOCOL sections 1 and 2: what is answered before the upgrade, where no token is needed."""

import json

import pytest
from clients import RawClient, check_error

HANDSHAKE_TIMEOUT = {"WEBSOCKET_HANDSHAKE_TIMEOUT": "1s"}


@pytest.fixture(name="raw")
def raw_client(server):
    client = RawClient(server)
    yield client
    client.close()


def test_upgrade(raw):
    raw.upgrade("/ws/realtime", Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==")
    status, headers, _ = raw.response()
    assert status == 101
    assert headers["upgrade"].lower() == "websocket"
    assert headers["connection"].lower() == "upgrade"
    assert headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_health(raw):
    raw.request("GET /health HTTP/1.1")
    status, headers, body = raw.response()
    assert status == 200
    assert headers["content-type"].startswith("application/json")
    health = json.loads(body)
    assert health["status"] == "healthy"
    assert health["uptime"] >= 0
    assert health["connections"] >= 0


def test_health_lists_the_traits(raw):
    raw.request("GET /health HTTP/1.1")
    text = raw.response()[2].decode()
    assert "StepDetection" in text and "Echo" in text


def test_health_again(server, raw):
    """A connection is kept (RFC 9112 section 9.3), unless the answer says that it is not."""
    for _ in range(3):
        raw.request("GET /health HTTP/1.1")
        status, headers, _ = raw.response()
        assert status == 200
        if headers.get("connection", "").lower() == "close":
            assert raw.ended()
            raw = RawClient(server)


@pytest.mark.parametrize("line", [
    "GET  /health HTTP/1.1", "GET /health", "GET /health HTTP/1.1 x", "GET /health HTTX/1.1",
    "G@T /health HTTP/1.1", " GET /health HTTP/1.1", "GET health HTTP/1.1",
    "GET /ws/realtime%zz HTTP/1.1",
])
def test_malformed_request_line(raw, line):
    raw.request(line)
    check_error(raw.response(), 400)


@pytest.mark.parametrize("head", [
    "Host: a\r\nHost: b\r\n", "", "Host: a\r\nno colon\r\n", "Host: a\r\nName : b\r\n",
    "Host: a\r\n folded\r\n", "Host: a\r\nX: a\0b\r\n",
    "Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
    "Host: a\r\nContent-Length: -1\r\n",
    "Host: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n",
])
def test_malformed_headers(raw, head):
    raw.send(f"GET /health HTTP/1.1\r\n{head}\r\n".encode())
    check_error(raw.response(), 400)


@pytest.mark.parametrize("change", [
    {"Sec_WebSocket_Key": None}, {"Sec_WebSocket_Key": "short"},
    {"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ="}, {"Sec_WebSocket_Key": "*" * 24},
    {"Connection": "close"}, {"Upgrade": "h2c"},
])
def test_bad_handshake(raw, change):
    raw.upgrade("/ws/realtime", **change)
    status = raw.response()[0]
    assert status in (400, 426)


@pytest.mark.parametrize("path", ["/", "/ws/realtime/", "/wsx", "/nothing", "/health/x"])
def test_no_such_path(raw, path):
    raw.upgrade(path)
    check_error(raw.response(), 404)


@pytest.mark.parametrize("line, allowed", [
    ("POST /ws/realtime", "GET"), ("DELETE /echo", "GET"), ("PUT /health", "GET"),
])
def test_method_not_allowed(raw, line, allowed):
    raw.request(f"{line} HTTP/1.1", Content_Length="0")
    headers = check_error(raw.response(), 405)
    assert allowed in [method.strip() for method in headers["allow"].split(",")]


@pytest.mark.parametrize("version", ["12", "8", "14", "x", None])
def test_version(raw, version):
    raw.upgrade("/ws/realtime", Sec_WebSocket_Version=version)
    response = raw.response()
    if version is None and response[0] == 400:
        return  # malformed, rather than another version (RFC 6455 section 4.2.1)
    assert check_error(response, 426)["sec-websocket-version"] == "13"


def test_plain_request_for_a_websocket(raw):
    raw.request("GET /ws/realtime HTTP/1.1")
    assert check_error(raw.response(), 426)["sec-websocket-version"] == "13"


def test_long_request_line(raw):
    raw.send(b"GET /" + b"a" * 20_000)
    check_error(raw.response(), 414)


def test_large_headers(raw):
    raw.send(b"GET /health HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000)
    check_error(raw.response(), 431)


def test_headers_that_never_end(raw):
    raw.send(b"GET /health HTTP/1.1\r\nHost: a\r\n")
    try:
        for number in range(20_000):
            raw.send(b"X-%d: y\r\n" % number)
    except OSError:
        pass  # the server may end the connection while we still send
    else:
        check_error(raw.response(), 431)


@pytest.mark.parametrize("part", [b"", b"G", b"GET /health HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nA:"])
def test_request_not_complete_in_time(start, part):
    client = RawClient(start(**HANDSHAKE_TIMEOUT))
    client.send(part)
    if part:
        check_error(client.response(), 408)
    assert client.ended()
    client.close()


def test_slow_head_does_not_gain_time(start):
    server = start(**HANDSHAKE_TIMEOUT)
    slow, quick = RawClient(server), RawClient(server)
    slow.send(b"GET /health HTTP/1.1\r\n")
    quick.request("GET /health HTTP/1.1")
    assert quick.response()[0] == 200
    check_error(slow.response(), 408)


def test_too_many_connections(start):
    server = start(WEBSOCKET_MAX_CONNECTIONS=2)
    clients = [RawClient(server) for _ in range(3)]
    statuses = []
    for client in clients[:2]:
        client.upgrade("/ws/realtime")
        statuses.append(client.response()[0])
    clients[2].upgrade("/ws/realtime")
    assert statuses == [101, 101]
    assert "retry-after" in check_error(clients[2].response(), 503)


def test_a_closed_connection_makes_room(start):
    server = start(WEBSOCKET_MAX_CONNECTIONS=1)
    for _ in range(5):
        client = RawClient(server)
        client.upgrade("/ws/realtime")
        assert client.response()[0] == 101
        client.frame(8, b"\x03\xe8")
        assert client.closing_code() == 1000
        assert client.ended()
        client.close()


def test_disabled(start):
    client = RawClient(start(WEBSOCKET_ENABLED="false"))
    client.upgrade("/ws/realtime")
    assert "retry-after" in check_error(client.response(), 503)


@pytest.mark.parametrize("origin, status", [
    ("https://app.example.org", 101), ("https://other.example.com", 403), (None, 101),
])
def test_origin(start, origin, status):
    client = RawClient(start(WEBSOCKET_ALLOWED_ORIGINS="https://app.example.org"))
    client.upgrade("/ws/realtime", Origin=origin)
    assert client.response()[0] == status


def test_head_byte_by_byte(raw):
    for byte in b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n":
        raw.send(bytes([byte]))
    assert raw.response()[0] == 200


def test_frames_behind_the_handshake(server):
    """A client may send frames in the packet of its handshake."""
    client = RawClient(server)
    head = ("GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    client.send(head.encode() + b"\x81\x82\0\0\0\0hi")
    assert client.response()[0] == 101
    assert client.read_frame() == (1, b"hi")
    client.close()
