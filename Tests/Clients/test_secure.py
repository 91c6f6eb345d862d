"""wss:// and https:// as clients meet them: messages, ends, certificates, handshakes that fail."""

import itertools
import json
import os
import signal
import socket
import ssl
import subprocess
import time

import pytest
from clients import RawClient, WebsocketsClient, check_error
from helpers import until
from secure import (SecureClient, SplitClient, make_certificate, metric, secure_port, settings,
                    trusting)
from server import Server, run_once
from tokens import ADMIN


@pytest.fixture(scope="session", name="safe")
def secure_server(certificate):
    """A server with TLS for every test that needs no settings of its own."""
    with Server(**settings(
            certificate, WEBSOCKET_MAX_MESSAGE_SIZE="1M", WEBSOCKET_MAX_TLS_CONNECTIONS=300,
            WEBSOCKET_WRITE_QUEUE=64)) as running:
        yield running


def test_a_client_of_others_comes_in(safe, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    one = WebsocketsClient(f"wss://127.0.0.1:{secure_port(safe)}/echo")
    for message in "hello", "", "ä€𝄞" * 1000, bytes(range(256)) * 400:
        one.send(message)
        assert one.receive_message() == message
    one.close()


def test_curl_is_answered(safe, certificate):
    ended = subprocess.run(
        ["curl", "-s", "--cacert", str(certificate[0]),
         f"https://127.0.0.1:{secure_port(safe)}/health"],
        capture_output=True, timeout=10, check=True)
    assert json.loads(ended.stdout)["status"] == "healthy"


def test_messages_of_every_size_come_back(safe):
    one = SecureClient(safe).open()
    for size in 0, 1, 125, 126, 4095, 4096, 16383, 16384, 16385, 65535:
        message = os.urandom(size)
        assert one.echoes(message), size
    one.frame(1, b"two ", fin=False)
    one.frame(0, b"fragments")
    assert one.read_frame() == (1, b"two fragments")
    one.close()


def test_records_torn_anywhere_are_put_together(certificate, start):
    server = start(**settings(
        certificate, WEBSOCKET_RECEIVE_SIZE=256, WEBSOCKET_MAX_MESSAGE_SIZE="128k",
        WEBSOCKET_WRITE_QUEUE=200))
    one = SplitClient(server).open()
    for step in 1, 4, 5, 6, 21, 255, 256, 257, 4096, 16384, 16405, 30000:
        one.sizes = itertools.cycle([step, 1, step + 3])
        size = 300 if step < 50 else 40000
        assert one.echoes(os.urandom(size)), step
    # Many records at once.
    one.sizes = iter(lambda: 1 << 20, 0)
    for number in range(300):
        one.frame(2, bytes([number % 256]) * (number % 50))
    for number in range(300):
        assert one.read_frame() == (2, bytes([number % 256]) * (number % 50))
    one.close()


def test_requests_are_answered_and_the_end_is_told(safe):
    one = SecureClient(safe)
    one.request("GET /health HTTP/1.1")
    status, fields, body = one.response()
    assert status == 200 and b'"TLS"' in body
    one.request("GET /nothing HTTP/1.1", Connection="close")
    check_error(one.response(), 404)
    assert one.tls.recv(100) == b""  # close_notify: an end that nobody on the wire can forge
    one.close()


def test_closing_handshake(safe):
    one = SecureClient(safe).open()
    one.frame(8, b"\x03\xe8")
    assert one.closing_code() == 1000
    assert one.tls.recv(100) == b""
    one.close()


def test_versions_and_suites(safe):
    context = trusting()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+CHACHA20:ECDHE+AESGCM")
    one = SecureClient(safe, context)
    assert "CHACHA20" in one.tls.cipher()[0]
    one.close()
    context.set_ciphers("ECDHE+AESGCM")
    one = SecureClient(safe, context)
    assert "GCM" in one.tls.cipher()[0]
    one.close()
    context.set_ciphers("ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        SecureClient(safe, context)


def test_a_session_is_resumed(safe):
    context = trusting()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    one = SecureClient(safe, context).open()
    again = SecureClient(safe, context, session=one.tls.session)
    assert again.tls.session_reused and not one.tls.session_reused
    assert again.open().echoes(b"once more")
    assert metric(safe, "martlet_tls_resumed_total") >= 1
    one.close()
    again.close()


def test_plain_bytes_on_the_port_of_tls_end_their_own_connection_only(safe):
    one = SecureClient(safe).open()
    for data in b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", os.urandom(500), b"\x16\x03\x01\xff\xff":
        stranger = socket.create_connection(("127.0.0.1", secure_port(safe)), 5)
        stranger.sendall(data)
        stranger.shutdown(socket.SHUT_WR)
        try:
            while stranger.recv(1000):
                pass
        except ConnectionError:
            pass
        stranger.close()
        assert one.echoes(data)
    one.close()


def test_tls_on_the_plain_port_is_told_so(safe):
    with pytest.raises((ssl.SSLError, ConnectionError)):
        with socket.create_connection(("127.0.0.1", safe.port), 5) as plain:
            trusting().wrap_socket(plain, server_hostname="127.0.0.1")
    one = SecureClient(safe).open()
    assert one.echoes(b"nobody else notices")
    one.close()


def test_two_hundred_at_once(safe):
    many = [SecureClient(safe).open() for _ in range(200)]
    for number, one in enumerate(many):
        one.frame(1, b"number %d" % number)
    for number, one in enumerate(many):
        assert one.read_frame() == (1, b"number %d" % number)
    for one in many:
        one.close()
    until(lambda: metric(safe, "martlet_tls_connections") == 0)


def test_a_new_certificate_is_for_those_who_come(tmp_path, start):
    one, two = make_certificate(tmp_path, "one.example"), make_certificate(tmp_path, "two.example")
    files = tmp_path / "server.crt", tmp_path / "server.key"

    def put(certificate):
        for source, target in zip(certificate, files):
            target.write_bytes(source.read_bytes())
            target.chmod(0o600)

    put(one)
    server = start(**settings(files))
    old = SecureClient(server, trusting(one)).open()
    put(two)
    server.signal(signal.SIGHUP)
    until(lambda: "reloaded" in server.log)
    new = SecureClient(server, trusting(two)).open()
    assert new.echoes(b"new") and old.echoes(b"old")
    # A key of another certificate changes nothing.
    files[1].write_bytes(one[1].read_bytes())
    server.signal(signal.SIGHUP)
    until(lambda: "the key is not that of the certificate" in server.log)
    assert SecureClient(server, trusting(two)).open().echoes(b"as before")


@pytest.mark.parametrize("mode", ["optional", "required"])
def test_certificates_of_clients(tmp_path, certificate, start, mode):
    authority = make_certificate(tmp_path, "authority")
    good = make_certificate(tmp_path, "device", signer=authority)
    bad = make_certificate(tmp_path, "stranger")
    server = start(**settings(
        certificate, TLS_CLIENT_CA_FILE=authority[0], TLS_CLIENT_AUTH=mode,
        JWT_CLOCK_FLOOR="2020-01-01"))
    assert SecureClient(server, trusting(own=good)).open().echoes(b"known")
    refused = [bad] + ([None] if mode == "required" else [])
    for own in refused:
        # In TLS 1.3 the client has sent its part before it hears of it.
        with pytest.raises((ssl.SSLError, ConnectionError)):
            SecureClient(server, trusting(own=own)).open()
    if mode == "optional":
        assert SecureClient(server).open().echoes(b"without")


def test_authorities_that_are_being_written_let_nobody_in(tmp_path, certificate, start):
    authority = make_certificate(tmp_path, "authority")
    bundle = tmp_path / "bundle.crt"
    whole = authority[0].read_bytes()
    bundle.write_bytes(whole)
    server = start(**settings(
        certificate, TLS_CLIENT_CA_FILE=bundle, TLS_CLIENT_AUTH="required",
        JWT_CLOCK_FLOOR="2020-01-01"))
    good = make_certificate(tmp_path, "device", signer=authority)
    for half in (b"", whole + whole[:300]):
        bundle.write_bytes(half)
        before = server.log.count("not reloaded")
        server.signal(signal.SIGHUP)
        until(lambda: server.log.count("not reloaded") > before)
        with pytest.raises((ssl.SSLError, ConnectionError)):
            SecureClient(server).open()
        assert SecureClient(server, trusting(own=good)).open().echoes(b"known")


def test_one_port_for_both_is_all_tls(certificate, start):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = start(**settings(certificate, WEBSOCKET_PORT=port, WEBSOCKET_TLS_PORT=port))
    assert secure_port(server) == server.port == port
    assert SecureClient(server).open().echoes(b"here")


def check(path, **more):
    """Exit code and output of --check-config."""
    result = run_once("--check-config", settings=settings(path) | more)
    return result.returncode, result.stderr


def test_check_config_says_what_is_wrong(tmp_path, certificate):
    code, words = check(certificate)
    assert (code, words) == (0, "")
    other = make_certificate(tmp_path, "other")
    short = make_certificate(tmp_path, "short", key=("rsa", "rsa_keygen_bits:1024"))
    empty = tmp_path / "empty"
    empty.write_text("nothing\n")
    strange = make_certificate(tmp_path, "strange", key=("ed25519", None))
    authority = make_certificate(tmp_path, "authority")
    signed = make_certificate(tmp_path, "signed", signer=authority)
    chain = tmp_path / "chain.crt"
    chain.write_bytes(authority[0].read_bytes() + signed[0].read_bytes())
    for files, name, reason in [
            (certificate[::-1], "TLS_CERT_FILE", "a private key and no certificate"),
            ((certificate[0], other[0]), "TLS_KEY_FILE", "a certificate and no private key"),
            ((certificate[0], ""), "TLS_CERT_FILE", "no private key, which TLS_KEY_FILE names"),
            (strange, "TLS_CERT_FILE", "RSA, or EC of P-256 and P-384"),
            ((certificate[0], strange[1]), "TLS_KEY_FILE", "nor EC of the curves P-256 and P-384"),
            ((chain, signed[1]), "TLS_CERT_FILE", "the first in it"),
            ((empty, certificate[1]), "TLS_CERT_FILE", "no certificate"),
            ((certificate[0], empty), "TLS_KEY_FILE", "no private key"),
            ((certificate[0], other[1]), "TLS_KEY_FILE", "not that of the certificate"),
            (short, "TLS_KEY_FILE", "2048"),
            ((tmp_path / "none", certificate[1]), "TLS_CERT_FILE", "No such file"),
            (("", certificate[1]), "TLS_KEY_FILE", "TLS_CERT_FILE")]:
        code, words = check(files)
        assert code == 78 and name in words and reason in words, words
    both = tmp_path / "both.pem"
    both.write_bytes(certificate[0].read_bytes() + certificate[1].read_bytes())
    both.chmod(0o644)
    code, words = check((both, ""))
    assert code == 0 and "everyone may read the key" in words


def test_a_certificate_that_ends_soon_is_warned_of(tmp_path, start):
    server = start(**settings(make_certificate(tmp_path, "brief", days=10)))
    assert "certificate ends soon" in server.log
    left = metric(server, "martlet_tls_certificate_expiry_seconds") - time.time()
    assert 9 * 86400 < left < 11 * 86400


def test_cookies_of_a_page_without_tls_are_not_taken(safe):
    """Who sits on the wire can forge a page of http://."""
    port = secure_port(safe)
    for scheme, status in ("https", 200), ("http", 401):
        one = SecureClient(safe)
        one.request("GET /ws/stats HTTP/1.1", Host=f"127.0.0.1:{port}",
                    Origin=f"{scheme}://127.0.0.1:{port}", Cookie=f"token={ADMIN}")
        assert one.response()[0] == status
        one.close()
