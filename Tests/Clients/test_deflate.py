"""permessage-deflate (RFC 7692) as clients meet it: what is agreed on, messages, faults, bombs."""

import json
import os
import time
import zlib

import pytest
import secure
from deflate import FORGETFUL, NAME
from helpers import QUICK
from server import SLOWNESS
from test_node import node
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory as Offer
from websockets.sync.client import connect as websockets_connect

OFFERS = [
    (None, None),
    ("x-webkit-deflate-frame", None),
    (NAME, NAME),
    (f"{NAME}; client_max_window_bits", f"{NAME}; client_max_window_bits=12"),
    (f"{NAME}; client_max_window_bits=10", f"{NAME}; client_max_window_bits=10"),
    (f"{NAME}; server_max_window_bits=10", f"{NAME}; server_max_window_bits=10"),
    (f"{NAME}; server_max_window_bits=15", f"{NAME}; server_max_window_bits=12"),
    (f"{NAME}; server_max_window_bits=\"11\"", f"{NAME}; server_max_window_bits=11"),
    (f"{NAME}; server_no_context_takeover", f"{NAME}; server_no_context_takeover"),
    (f"{NAME}; client_no_context_takeover", f"{NAME}; client_no_context_takeover"),
    (FORGETFUL, FORGETFUL),
    (f"{NAME}; server_no_context_takeover; server_max_window_bits=11",
     f"{NAME}; server_no_context_takeover; server_max_window_bits=9"),
    # One that cannot be met, or is none: the next is tried.
    (f"{NAME}; server_max_window_bits=8", None),
    (f"{NAME}; server_max_window_bits=8, {NAME}", NAME),
    (f"{NAME}; server_max_window_bits=09, {NAME}; unknown, {NAME}; client_no_context_takeover",
     f"{NAME}; client_no_context_takeover"),
    (f"{NAME}; server_no_context_takeover; server_no_context_takeover", None),
    (f"{NAME}; client_max_window_bits=16", None),
]


@pytest.mark.parametrize("offer, agreed", OFFERS)
def test_what_is_offered_is_agreed_on(press, open_raw, offer, agreed):
    one = open_raw(press, offer)
    assert one.agreed == agreed
    message = b'{"type":"message","content":"hello"}' * 20
    for _ in range(3):
        if agreed:
            one.press(message)
        else:
            one.frame(1, message)
        assert one.read() == (message, bool(agreed))
    if agreed and not one.forgets:
        assert one.sizes[1] < 20 < one.sizes[0]


@pytest.mark.parametrize("offer", [
    Offer(), Offer(server_no_context_takeover=True), Offer(client_no_context_takeover=True),
    Offer(server_max_window_bits=9), Offer(client_max_window_bits=9),
    Offer(server_no_context_takeover=True, client_no_context_takeover=True,
          server_max_window_bits=9, client_max_window_bits=9)])
def test_websockets_gets_back_what_it_sends(press, offer):
    with websockets_connect(press.url("/echo"), compression=None, extensions=[offer]) as one:
        assert one.protocol.extensions
        for message in ["hello", "", "x" * 500, "ä€𝄞" * 2000, os.urandom(61440), b"",
                        "abc " * 9999, os.urandom(300), json.dumps(dict.fromkeys("abc", "ä"))]:
            for _ in range(3):
                one.send(message)
                assert one.recv(timeout=5) == message
        one.send(["torn in pieces "] * 200)
        assert one.recv(timeout=5) == "torn in pieces " * 200


def test_node_gets_back_what_it_sends(press):
    texts = [json.dumps({"type": "message", "n": n, "data": ["x" * n] * 9}) for n in range(40)]
    for kind in "builtin", "ws":
        heard, = node(kind, [{"url": press.url("/echo"), "send": texts, "receive": len(texts)}])
        assert heard["messages"] == texts and heard["code"] == 1000


def test_over_tls(start, certificate, monkeypatch):
    server = start(**secure.settings(certificate, WEBSOCKET_MAX_MESSAGE_SIZE="64k"))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with websockets_connect(f"wss://127.0.0.1:{secure.secure_port(server)}/echo") as one:
        assert one.protocol.extensions
        for message in "hello " * 100, "hello " * 9000, os.urandom(60000):
            one.send(message)
            assert one.recv(timeout=5) == message


def test_pieces_with_control_frames_between(press, open_raw):
    one = open_raw(press)
    message = b"a message in pieces " * 50
    for step in 1, 2, 7, 30:
        data = one.pressed(message)
        for at in range(0, len(data), step):
            one.frame(1 if at == 0 else 0, data[at:at + step], fin=False, rsv=4 if at == 0 else 0)
            one.frame(9, bytes([step]))
            assert one.read_frame() == (10, bytes([step]))
        one.frame(0)
        assert one.read() == (message, True)


FAULTS = {
    "without an agreement": (None, [(1, b"\xf2\x48\xcd\xc9\xc9\x07\x00", True, 4)], 1002),
    "on a ping": (NAME, [(9, b"", True, 4)], 1002),
    "on a continuation": (NAME, [(1, b"\xf2", False, 4), (0, b"\x48", True, 4)], 1002),
    "on the rest of a plain message": (NAME, [(1, b"a", False, 0), (0, b"\x48", True, 4)], 1002),
    "RSV2": (NAME, [(1, b"a", True, 2)], 1002),
    "RSV3 beside it": (NAME, [(1, b"a", True, 5)], 1002),
    "a block of no kind": (NAME, [(1, b"\x06", True, 4)], 1007),
    "not whole": (NAME, [(2, b"\xf2\x48", True, 4)], 1007),
    "nothing": (NAME, [(2, b"", True, 4)], 1007),
    "what was never sent": (NAME, [(1, b"\xf2\x00\x11\x00\x00", True, 4)], 1007),
    "no UTF-8": (NAME, [(1, b"\x00\x01\x00\xfe\xff\xff\x00", True, 4)], 1007),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_has_its_code(press, open_raw, name):
    offer, frames, code = FAULTS[name]
    one = open_raw(press, offer)
    for opcode, payload, fin, rsv in frames:
        one.frame(opcode, payload, fin=fin, rsv=rsv)
    assert one.closing_code() == code


def test_a_stream_may_end_within_a_message(press, open_raw):
    """BFINAL (section 7.2.3.4), with and without the empty block behind it."""
    one = open_raw(press)
    for payload in b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", b"\xf3\x48\xcd\xc9\xc9\x07\x00":
        one.frame(1, payload, rsv=4)
        assert one.read() == (b"Hello", False)


def bomb(size):
    """A message of one byte over and over, a thousandth as long."""
    deflater = zlib.compressobj(9, wbits=-15)
    data = b"".join(deflater.compress(b"a" * 65536) for _ in range(size // 65536))
    return (data + deflater.flush(zlib.Z_SYNC_FLUSH))[:-4]


def test_inflating_stops_at_the_largest_message(press, open_raw):
    limit = 61440
    one = open_raw(press)
    one.press(b"a" * limit)
    assert one.read() == (b"a" * limit, True)
    one.press(b"a" * (limit + 1))
    assert one.closing_code() == 1009
    # One that cannot be compressed gets longer on its way, and is as long as any other.
    one = open_raw(press)
    noise = os.urandom(limit)
    assert len(one.pressed(noise)) > limit
    one = open_raw(press)
    one.press(noise, opcode=2)
    assert one.read() == (noise, False)
    one.press(noise + b"a", opcode=2)
    assert one.closing_code() == 1009


def test_bombs_take_neither_memory_nor_anybodys_turn(press, open_raw):
    bystander = open_raw(press)
    data = bomb(60 << 20)
    assert len(data) < 65000
    resident = press.resident()
    slowest = 0
    for _ in range(30):
        one = open_raw(press)
        one.frame(1, data, rsv=4)
        began = time.monotonic()
        bystander.press(b"hello " * 20)
        assert bystander.read() == (b"hello " * 20, True)
        slowest = max(slowest, time.monotonic() - began)
        assert one.closing_code() == 1009
        one.close()
    assert slowest < 0.5 * SLOWNESS
    assert press.is_emulated or press.resident() < resident + (1 << 20)


def test_rates_count_what_came(start, open_raw):
    server = start(**QUICK | {"WEBSOCKET_MAX_MESSAGE_SIZE": "64k", "WEBSOCKET_BYTE_RATE": 1000,
                              "WEBSOCKET_BYTE_BURST": 2000, "WEBSOCKET_RATE_GRACE": "0s"})
    one = open_raw(server, FORGETFUL)
    for _ in range(10):  # 600 kB of messages, less than 1 kB of frames
        one.press(b"a" * 60000)
        assert one.read() == (b"a" * 60000, True)
    for _ in range(40):
        one.press(os.urandom(3000), opcode=2)
    assert one.closing_code() == 1008


def test_step_sessions_are_compressed_too(press, open_raw):
    one = open_raw(press, NAME, "/ws/realtime")
    assert one.read()[0].startswith(b'{"event":"session_started"') or one.sizes
    sample = json.dumps({"accel_x": 0, "accel_y": 0, "accel_z": 9.8,
                         "gyro_x": 0, "gyro_y": 0, "gyro_z": 0}).encode()
    answers = []
    for _ in range(5):
        one.press(sample)
        answers.append(one.read())
    assert all(compressed for _, compressed in answers)
    assert {json.loads(message)["type"] for message, _ in answers} == {"step_detection"}
    assert one.sizes[-1] < len(answers[-1][0]) / 3
