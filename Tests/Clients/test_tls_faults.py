"""Bytes that are no TLS, or TLS that is broken: who sends them is closed, and nobody else hears."""

import random
import socket
import ssl
import struct
import subprocess
import time

import pytest
from authority import NAME, Authority, SecureServer
from websockets.sync.client import connect

TIMEOUT = 2  # seconds of WEBSOCKET_HANDSHAKE_TIMEOUT
SLACK = 2
GROWTH = 2 << 20  # bytes that the server may have more in the end than at first
CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, DATA, HEARTBEAT = range(20, 25)


@pytest.fixture(scope="module", name="authority")
def one_authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module", name="secure")
def secure_server(authority):
    """One server for all of this, whose memory is judged in the end."""
    settings = {"WEBSOCKET_HANDSHAKE_TIMEOUT": f"{TIMEOUT}s", "TLS_HANDSHAKES": 4,
                "WEBSOCKET_MAX_TLS_CONNECTIONS": 64}
    with SecureServer(authority.identity("ecdsa"), **settings) as server:
        server.trust = ssl.create_default_context(cafile=authority.certificate)
        # In TLS 1.3 all looks like data from outside.
        server.trust.maximum_version = ssl.TLSVersion.TLSv1_2
        for _ in range(10):
            greet(server)
        before = server.resident()
        yield server
        assert server.resident() < before + GROWTH


@pytest.fixture(autouse=True)
def others_notice_nothing(secure):
    """Somebody talks all the time, and newcomers come in before and after."""
    with connect(secure.secure_url("/echo"), ssl=secure.trust) as bystander:
        yield
        bystander.send("still there?")
        assert bystander.recv(timeout=5) == "still there?"
    greet(secure)


def greet(server):
    with connect(server.secure_url("/echo"), ssl=server.trust) as one:
        one.send("hello")
        assert one.recv(timeout=5) == "hello"


def opened(server):
    return socket.create_connection(("127.0.0.1", server.secure_port), 5)


def send(sock, data):
    """Whether all of it went before the server closed."""
    try:
        sock.sendall(data)
        return True
    except OSError:
        return False


def answer(sock, seconds=TIMEOUT + SLACK):
    """What the server sends until it closes, which it has to."""
    taken, ends = b"", time.monotonic() + seconds
    while True:
        sock.settimeout(max(0.01, ends - time.monotonic()))
        try:
            part = sock.recv(65536)
        except TimeoutError:
            pytest.fail(f"not closed after {seconds} s")
        except OSError:
            return taken
        if not part:
            return taken
        taken += part


def tried(server, data, seconds=TIMEOUT + SLACK):
    """The answer to these bytes alone."""
    with opened(server) as sock:
        send(sock, data)
        return answer(sock, seconds)


def record(kind, content, version=0x0303, length=None):
    return struct.pack(">BHH", kind, version, len(content) if length is None else length) + content


def hello(server):
    """The first record of a client that is in order."""
    outgoing = ssl.MemoryBIO()
    client = server.trust.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=NAME)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def secure_socket(server):
    """A TLS connection, and the socket below it."""
    below = opened(server)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = server.trust.wrap_bio(incoming, outgoing, server_hostname=NAME)
    while True:
        try:
            client.do_handshake()
        except ssl.SSLWantReadError:
            below.sendall(outgoing.read())
            incoming.write(below.recv(65536))
            continue
        below.sendall(outgoing.read())
        return client, below, outgoing


# What is no TLS.

def test_random_bytes(secure):
    dice = random.Random(1)
    for _ in range(60):
        tried(secure, dice.randbytes(dice.randrange(5, 5000)))


def test_plain_http(secure):
    assert b"101" not in tried(secure, b"GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n")


def test_nothing_at_all(secure):
    """Whoever says nothing, or only the start of something, has the time of a handshake."""
    sockets = [opened(secure) for _ in range(40)]
    began = time.monotonic()
    for number, sock in enumerate(sockets):
        send(sock, hello(secure)[:number])
    for sock in sockets:
        with sock:
            answer(sock, max(0.1, began + TIMEOUT + SLACK - time.monotonic()))


# The first record.

def test_a_hello_cut_anywhere(secure):
    """A client that leaves in the middle of its hello is gone, whichever byte was the last."""
    whole = hello(secure)
    for length in range(len(whole)):
        with opened(secure) as sock:
            send(sock, whole[:length])
            sock.shutdown(socket.SHUT_WR)
            answer(sock, SLACK)


def test_a_hello_byte_by_byte(secure):
    """It is in order, if slow: the server answers it."""
    with opened(secure) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in hello(secure):
            sock.sendall(bytes((byte,)))
        sock.settimeout(5)
        assert sock.recv(1) == bytes((HANDSHAKE,))


def test_a_hello_in_records_of_one_byte(secure):
    """TLS allows it (RFC 5246, section 6.2.1); mbedTLS before 3.6 does not take it."""
    pieces = b"".join(record(HANDSHAKE, bytes((byte,)), 0x0301) for byte in hello(secure)[5:])
    with opened(secure) as sock:
        send(sock, pieces)
        sock.settimeout(TIMEOUT + SLACK)
        try:
            sock.recv(1)
        except ConnectionError:
            pass  # refused


def test_a_hello_with_any_byte_wrong(secure):
    whole, dice = hello(secure), random.Random(2)
    for place in range(len(whole)):
        wrong = bytearray(whole)
        wrong[place] ^= dice.randrange(1, 256)
        with opened(secure) as sock:
            send(sock, wrong)
            sock.shutdown(socket.SHUT_WR)
            answer(sock, SLACK)


def test_a_hello_of_16_kilobytes(secure):
    """Extensions that nobody knows fill it."""
    dice = random.Random(3)
    extensions = b"".join(
        struct.pack(">HH", 0x4000 + number, 500) + dice.randbytes(500) for number in range(32))
    for size in (len(extensions), 0, 3):
        body = (b"\x03\x03" + dice.randbytes(32) + b"\0" + struct.pack(">HH", 2, 0xC02B) + b"\1\0"
                + struct.pack(">H", size) + extensions)
        message = b"\1" + len(body).to_bytes(3, "big") + body
        with opened(secure) as sock:
            send(sock, record(HANDSHAKE, message, 0x0301))
            sock.shutdown(socket.SHUT_WR)
            answer(sock, SLACK)


def test_a_hello_that_lies_about_its_length(secure):
    whole = hello(secure)
    for length in (0, 1, 0xFFFF, 0xFFFFFF):
        tried(secure, whole[:6] + length.to_bytes(3, "big") + whole[9:])


@pytest.mark.parametrize("kind", [CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, DATA, HEARTBEAT, 0, 255])
@pytest.mark.parametrize("length", [16385, 16384 + 2048, 18433, 65535])
def test_records_that_are_too_long(secure, kind, length):
    tried(secure, record(kind, bytes(length), length=length))


@pytest.mark.parametrize("kind", [CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, DATA, HEARTBEAT])
def test_empty_records_by_the_thousand(secure, kind):
    tried(secure, record(kind, b"") * 5000)


@pytest.mark.parametrize("content", [b"\1\0", b"\2\50", b"\1\144", b"\0\0", b"\1", b"\2\0\0"])
def test_alerts_instead_of_a_hello(secure, content):
    tried(secure, record(ALERT, content) * 1000)


def test_messages_out_of_turn(secure):
    """A key exchange, a finish, or a hello of a server, to begin with."""
    for kind in (0, 2, 11, 12, 14, 15, 16, 20, 24):
        tried(secure, record(HANDSHAKE, bytes((kind, 0, 0, 4)) + bytes(4)))
    tried(secure, hello(secure) + record(CHANGE_CIPHER_SPEC, b"\1") + record(HANDSHAKE, bytes(40)))
    tried(secure, hello(secure) * 3)
    tried(secure, hello(secure) + record(DATA, b"GET / HTTP/1.1\r\n\r\n"))


def test_a_heartbeat_bleeds_nothing(secure):
    """Before the handshake, in it, and after it: 16384 bytes are asked for, and one was sent."""
    bait = record(HEARTBEAT, b"\1\x40\0x")
    assert len(tried(secure, bait)) < 100
    assert HEARTBEAT not in {part[0] for part in records(tried(secure, hello(secure) + bait))}
    _, below, _ = secure_socket(secure)
    with below:
        send(below, bait)
        assert len(answer(below, SLACK)) < 400


def records(data):
    """The records of a stream."""
    while len(data) >= 5:
        length = 5 + struct.unpack(">H", data[3:5])[0]
        yield data[:length]
        data = data[length:]


# Behind the handshake.

@pytest.mark.parametrize("bad", [
    record(DATA, bytes(40)), record(DATA, b""), record(DATA, bytes(16385), length=16385),
    record(HANDSHAKE, bytes(40)), record(CHANGE_CIPHER_SPEC, b"\1"), record(ALERT, b"\2\50"),
    record(99, bytes(40)), bytes(100), b"GET / HTTP/1.1\r\n\r\n",
], ids=["forged", "empty", "long", "handshake", "cipher", "alert", "unknown", "zeros", "plain"])
def test_bad_records_end_an_open_connection(secure, bad):
    _, below, _ = secure_socket(secure)
    with below:
        send(below, bad)
        answer(below, SLACK)


def test_a_record_with_a_wrong_bit(secure):
    for place in (0, 1, 3, 5, 12, -1):
        client, below, outgoing = secure_socket(secure)
        with below:
            client.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            wrong = bytearray(outgoing.read())
            wrong[place] ^= 0x01
            send(below, wrong)
            # The stream stops where it broke: an alert at most comes of it.
            assert DATA not in {part[0] for part in records(answer(below))}


def test_no_handshake_in_the_old_one(secure):
    """A line that is an R alone asks s_client for one; the server refuses or ends it."""
    with subprocess.Popen(
            ["openssl", "s_client", "-connect", secure.address, "-tls1_2", "-servername", NAME],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        for _ in range(3):
            time.sleep(0.5)
            try:
                process.stdin.write(b"R\n")
                process.stdin.flush()
            except OSError:
                break  # it was ended
        said = process.communicate(timeout=TIMEOUT + SLACK + 5)[0]
    assert b"RENEGOTIATING" in said
    # Another handshake would show the certificate again.
    assert b"depth=" not in said.split(b"RENEGOTIATING", 1)[1]


def test_those_who_leave_in_the_middle(secure):
    """Without close_notify, with half a record, with a reset."""
    for number in range(60):
        client, below, outgoing = secure_socket(secure)
        client.write(b"GET /echo HTTP/1.1\r\n")
        data = outgoing.read()
        send(below, data[:number % len(data)])
        if number % 2:
            below.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        below.close()


def test_more_than_there_is_room_for(secure):
    """Whoever comes when all places are taken is closed; as soon as there is room they get in."""
    sockets = [opened(secure) for _ in range(100)]
    for sock in sockets:
        with sock:
            answer(sock)
