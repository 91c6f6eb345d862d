"""More who want TLS than there is room for, and those who go on with nothing."""

import os
import socket
import ssl
import struct
import time

import pytest
from clients import RawClient
from helpers import until
from secure import (SecureClient, SplitClient, connected, metric, secure_port, settings,
                    trusting)
from server import SLOWNESS


def test_half_a_handshake_times_out(certificate, start):
    server = start(**settings(
        certificate, WEBSOCKET_HANDSHAKE_TIMEOUT="300ms", WEBSOCKET_CLOSE_WAIT="300ms"))
    halves = [socket.create_connection(("127.0.0.1", secure_port(server)), 5) for _ in range(3)]
    halves[1].sendall(b"\x16\x03\x01\x00\x80\x01")
    halves[2].sendall(b"\x16")
    for half in halves:
        assert half.recv(1000) == b""
        half.close()


def failed(server, reason, **options):
    return metric(server, f'martlet_tls_handshakes_failed_total{{reason="{reason}"}}', **options)


def test_who_connects_too_often_is_closed_without_a_handshake(certificate, start):
    elsewhere = {"source": "127.0.0.2"}
    server = start(**settings(
        certificate, WEBSOCKET_CONNECT_RATE=1, WEBSOCKET_CONNECT_BURST=3))
    for _ in range(3):
        SecureClient(server).open().close()
    with connected(server) as one:
        one.settimeout(0.5 * SLOWNESS)
        assert one.recv(100) == b""
    assert metric(server, "martlet_rate_limited_connections_total", **elsewhere) == 1
    assert failed(server, "stalled", **elsewhere) == 0


def test_a_reset_is_no_standstill(certificate, start):
    server = start(**settings(certificate))
    for begin in b"", b"\x16\x03\x01":
        one = connected(server)
        one.sendall(begin)
        time.sleep(0.05)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.close()
    until(lambda: failed(server, "left") == 2)
    assert failed(server, "stalled") == 0


def test_one_more_than_there_are_sessions_is_closed(certificate, start):
    server = start(**settings(certificate, WEBSOCKET_MAX_TLS_CONNECTIONS=2))
    two = [SecureClient(server).open() for _ in range(2)]
    with pytest.raises((ssl.SSLError, ConnectionError)):
        SecureClient(server)
    assert two[0].echoes(b"still here")
    until(lambda: "WEBSOCKET_MAX_TLS_CONNECTIONS" in server.log)
    two[1].close()
    until(lambda: metric(server, "martlet_tls_connections") == 1)
    assert SecureClient(server).open().echoes(b"a place is free")


def test_who_says_nothing_makes_room(certificate, start):
    server = start(**settings(certificate, WEBSOCKET_MAX_TLS_CONNECTIONS=3))
    silent = [socket.create_connection(("127.0.0.1", secure_port(server)), 5) for _ in range(3)]
    time.sleep(1.1 * SLOWNESS)
    for _ in range(3):
        assert SecureClient(server).open().echoes(b"there is room")
    for one in silent:
        one.close()


def test_hellos_that_stand_still_hold_up_nobody_for_long(certificate, start):
    server = start(**settings(
        certificate, WEBSOCKET_MAX_TLS_CONNECTIONS=100, TLS_HANDSHAKES=4))
    hello, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        trusting().wrap_bio(hello, out).do_handshake()
    begin, still = out.read(), []
    for _ in range(60):
        one = socket.create_connection(("127.0.0.1", secure_port(server)), 5)
        one.sendall(begin)
        still.append(one)
    began = time.monotonic()
    assert SecureClient(server).open().echoes(b"it is my turn")
    assert time.monotonic() - began < 4 * SLOWNESS
    for one in still:
        one.close()


def test_a_slow_receiver_is_closed(certificate, start):
    server = start(**settings(
        certificate, WEBSOCKET_WRITE_WAIT="500ms", WEBSOCKET_MAX_MESSAGE_SIZE="64k",
        WEBSOCKET_CLOSE_WAIT="300ms"))
    slow = SecureClient(server, receive_buffer=4096).open()
    other = SecureClient(server).open()
    slow.tls.settimeout(0.3)
    with pytest.raises((TimeoutError, ConnectionError, ssl.SSLError)):
        for _ in range(2000):
            slow.frame(2, bytes(60000))
    assert other.echoes(b"served beside it")
    until(lambda: metric(server, "martlet_slow_receivers_total") >= 1)
    slow.close()


def full(server):
    """A client that reads nothing and to which the server has begun a record that the system does
    not take; the message and how often it was sent."""
    one, message = SplitClient(server, receive_buffer=4096).open(), os.urandom(16000)
    one.frame(2, message)
    time.sleep(0.2 * SLOWNESS)
    record, count = one.unread(), 1
    while True:
        one.frame(2, message)
        count += 1
        ends = time.monotonic() + 0.3 * SLOWNESS
        while one.unread() < count * record:
            if time.monotonic() > ends:
                return one, message, count
            time.sleep(0.002)


def test_who_sends_no_more_still_reads_all(certificate, start):
    """The last record is encrypted while the socket is full: it must not end with the session."""
    server = start(**settings(certificate, WEBSOCKET_MAX_MESSAGE_SIZE="16k"))
    one, message, count = full(server)
    one.end()
    time.sleep(0.1)
    for number in range(count):
        assert one.read_frame() == (2, message), f"{number} of {count}"
    assert one.recv(100) == b""  # close_notify stands behind it
    one.close()


def test_who_sends_no_more_and_does_not_read_is_let_go(certificate, start):
    server = start(**settings(
        certificate, WEBSOCKET_MAX_MESSAGE_SIZE="16k",
        WEBSOCKET_WRITE_WAIT=f"{round(1000 * SLOWNESS)}ms",  # longer than it takes to be full
        WEBSOCKET_CLOSE_WAIT="200ms", WEBSOCKET_MAX_TLS_CONNECTIONS=1))
    one, _, _ = full(server)
    one.end()
    time.sleep(0.1)
    assert metric(server, "martlet_tls_connections") == 1
    until(lambda: metric(server, "martlet_tls_connections") == 0)
    assert SecureClient(server).open().echoes(b"the place is free")
    one.close()


def test_a_flood_of_handshakes_leaves_who_is_in_alone(certificate, start):
    server = start(**settings(certificate, WEBSOCKET_MAX_TLS_CONNECTIONS=700))
    plain, safe = RawClient(server), SecureClient(server).open()
    plain.upgrade("/echo")
    assert plain.response()[0] == 101
    hello, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        trusting().wrap_bio(hello, out).do_handshake()
    flood = []
    begin = out.read()
    for _ in range(500):
        one = socket.create_connection(("127.0.0.1", secure_port(server)), 5)
        one.sendall(begin)
        flood.append(one)
    longest = 0
    for number in range(20):
        began = time.monotonic()
        plain.frame(9, b"%d" % number)
        assert plain.read_frame() == (10, b"%d" % number)
        safe.frame(9, b"%d" % number)
        assert safe.read_frame() == (10, b"%d" % number)
        longest = max(longest, time.monotonic() - began)
    assert longest < 1
    for one in flood:
        one.close()
    assert SecureClient(server).open().echoes(b"and there is room again")
