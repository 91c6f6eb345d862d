"""Bodies of requests (RFC 9112 sections 6 and 7), by the broadcast's."""

import json

import pytest
from clients import RawClient, check_error, http_request
from tokens import ADMIN, SECRET

BODY = b'{"type":"note"}'
NOT_DELIVERED = {"delivered": 0}


@pytest.fixture(name="raw")
def raw_client(gate):
    client = RawClient(gate)
    yield client
    client.close()


def post(raw, **headers):
    raw.request("POST /ws/broadcast?user_id=nobody HTTP/1.1", Authorization=f"Bearer {ADMIN}",
                **headers)


def delivered(response):
    return response[0] == 200 and json.loads(response[2]) == NOT_DELIVERED


def chunked(*chunks, extension=b"", trailers=b""):
    return b"".join(b"%x%s\r\n%s\r\n" % (len(chunk), extension, chunk)
                    for chunk in chunks) + b"0\r\n" + trailers + b"\r\n"


SINGLE = [BODY[low:low + 1] for low in range(len(BODY))]
CHUNKED = {
    "one chunk": chunked(BODY), "a chunk a byte": chunked(*SINGLE),
    "extensions": chunked(BODY[:3], BODY[3:], extension=b';a="b;c";d'),
    "trailers": chunked(BODY, trailers=b"X-Sum: 1\r\nX-More: 2\r\n"),
    "leading zeros and capitals": b"00000F\r\n" + BODY + b"\r\n0\r\n\r\n",
}


def test_body_with_a_length(raw):
    post(raw, Content_Length=len(BODY))
    raw.send(BODY)
    assert delivered(raw.response())


def test_body_byte_by_byte(raw):
    post(raw, Content_Length=len(BODY))
    for byte in SINGLE:
        raw.send(byte)
    assert delivered(raw.response())


@pytest.mark.parametrize("name", CHUNKED)
@pytest.mark.parametrize("slowly", [False, True])
def test_chunked_body(raw, name, slowly):
    post(raw, Transfer_Encoding="chunked")
    size = 1 if slowly else 1000
    for low in range(0, len(CHUNKED[name]), size):
        raw.send(CHUNKED[name][low:low + size])
    assert delivered(raw.response())


@pytest.mark.parametrize("body", [
    b"x\r\n", b"-1\r\n", b"\r\n", b"fffffffffffffffff\r\n", b"0x5\r\n", b"3\r\nabcd\r\n",
    b"3\nabc\n", b"5 \r\nab", b"0\r\nbad trailer\r\n\r\n",
])
def test_malformed_chunks(raw, body):
    post(raw, Transfer_Encoding="chunked")
    raw.send(body)
    response = raw.response()
    check_error(response, 413 if body.startswith(b"fff") and response[0] == 413 else 400)


def test_expect_continue(raw):
    """RFC 9110 section 10.1.1: told to go on, then the answer."""
    post(raw, Content_Length=len(BODY), Expect="100-continue")
    assert raw.response()[0] == 100
    raw.send(BODY)
    assert delivered(raw.response())


def test_expect_continue_of_too_much(raw):
    post(raw, Content_Length=1_000_000, Expect="100-continue")
    check_error(raw.response(), 413)


def test_expect_continue_without_a_right(raw):
    """Who may not send a body is not asked for it."""
    raw.request("POST /ws/broadcast HTTP/1.1", Content_Length=len(BODY), Expect="100-continue")
    check_error(raw.response(), 401)


def test_expect_something_else(raw):
    post(raw, Content_Length=len(BODY), Expect="200-ok")
    raw.send(BODY)
    assert raw.response()[0] in (200, 417)


def test_body_that_is_announced_too_large(raw):
    post(raw, Content_Length=4097)
    check_error(raw.response(), 413)


def test_chunked_body_that_grows_too_large(raw):
    post(raw, Transfer_Encoding="chunked")
    for _ in range(5):
        raw.send(b"400\r\n" + b" " * 1024 + b"\r\n")
    check_error(raw.response(), 413)


@pytest.mark.parametrize("trailers", [b"X: " + b"a" * 20_000, b"X: y\r\n" * 2000])
def test_trailers_that_never_end(raw, trailers):
    post(raw, Transfer_Encoding="chunked")
    try:
        raw.send(chunked(BODY)[:-2] + trailers)
        status = raw.response()[0]
    except ConnectionError:
        status = 400  # ended while we were sending
    assert status in (400, 413, 431)


def test_largest_body(raw):
    post(raw, Content_Length=4096)
    raw.send(BODY.ljust(4096))
    assert delivered(raw.response())


def test_max_body_size(start):
    server = start(JWT_SECRET=SECRET, WEBSOCKET_MAX_BODY_SIZE="1k")
    for size, status in [(1024, 200), (1025, 413)]:
        assert http_request(server, "POST /ws/broadcast", BODY.ljust(size), ADMIN)[0] == status


@pytest.mark.parametrize("part", [b"", b'{"type"'])
@pytest.mark.parametrize("way", [{"Content_Length": 100}, {"Transfer_Encoding": "chunked"}])
def test_slow_body(start, part, way):
    raw = RawClient(start(JWT_SECRET=SECRET, WEBSOCKET_HANDSHAKE_TIMEOUT="1s"))
    post(raw, **way)
    raw.send(b"40\r\n" + part if "Transfer_Encoding" in way else part)
    check_error(raw.response(), 408)
    assert raw.ended()
    raw.close()


def test_a_lost_body_broadcasts_nothing(own, connect):
    client = connect(own, "/ws")
    for _ in range(20):
        raw = RawClient(own)
        raw.request("POST /ws/broadcast HTTP/1.1", Authorization=f"Bearer {ADMIN}",
                    Content_Length=100)
        raw.send(BODY)
        raw.close()
    assert client.waiting() == []
    assert json.loads(http_request(own, "POST /ws/broadcast", BODY, ADMIN)[2]) == {"delivered": 1}


def test_a_request_behind_a_body(gate, raw):
    """A connection is kept (RFC 9112 section 9.3), unless the answer says that it is not."""
    for _ in range(3):
        post(raw, Content_Length=len(BODY))
        raw.send(BODY)
        response = raw.response()
        assert delivered(response)
        if response[1].get("connection", "").lower() == "close":
            assert raw.ended()
            raw = RawClient(gate)
