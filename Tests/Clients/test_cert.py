"""`martlet cert`: certificates, checked here by OpenSSL and by Python's ssl."""

import hashlib
import os
import re
import socket
import ssl
import stat
import subprocess
import threading
from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from server import command_line, environment, run_once


def make(directory, *names):
    """The paths of a new certificate and its key."""
    made = run_once("cert", *names, "--out", directory)
    assert made.returncode == 0, made.stderr
    first = names[0].replace("*", "_")
    return directory / f"{first}.crt", directory / f"{first}.key"


def openssl(*arguments):
    """What OpenSSL says, which has to go well."""
    ended = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True,
                           timeout=30, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def read(path):
    return x509.load_pem_x509_certificate(path.read_bytes())


def shake_hands(certificate, key, trusted, name):
    """The error of a client that trusts one certificate and asks for a name; None when it is glad.
    """
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=trusted)
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    ours, theirs = socket.socketpair()

    def answer():
        try:
            with server.wrap_socket(theirs, server_side=True) as secure:
                secure.recv(1)
        except (OSError, ssl.SSLError):
            pass

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        with client.wrap_socket(ours, server_hostname=name):
            return None
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    finally:
        ours.close()
        thread.join(10)


def test_the_files(tmp_path):
    """The key is its owner's alone, whatever the umask; both belong together."""
    before = os.umask(0)
    try:
        certificate, key = make(tmp_path, "gateway.local")
    finally:
        os.umask(before)
    assert sorted(os.listdir(tmp_path)) == ["gateway.local.crt", "gateway.local.key"]
    assert stat.S_IMODE(certificate.stat().st_mode) == 0o644
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert openssl("pkey", "-in", key, "-pubout") == openssl("x509", "-in", certificate, "-pubkey",
                                                            "-noout")
    assert "prime256v1" in openssl("ec", "-in", key, "-noout", "-text")


def test_the_umask_hides_no_certificate(tmp_path):
    before = os.umask(0o077)
    try:
        certificate, _ = make(tmp_path, "gateway.local")
    finally:
        os.umask(before)
    assert stat.S_IMODE(certificate.stat().st_mode) == 0o644


def test_what_it_says(tmp_path):
    certificate, _ = make(tmp_path, "gateway.local", "*.example.org", "192.0.2.7", "2001:db8::7")
    text = openssl("x509", "-in", certificate, "-noout", "-text")
    assert "Version: 3" in text and "ecdsa-with-SHA256" in text
    assert "Subject: CN = gateway.local" in text and "Issuer: CN = gateway.local" in text
    assert "Basic Constraints: critical\n                CA:TRUE, pathlen:0" in text
    assert "Key Usage: critical\n                Digital Signature, Certificate Sign\n" in text
    assert "TLS Web Server Authentication\n" in text
    assert ("DNS:gateway.local, DNS:*.example.org, IP Address:192.0.2.7, "
            "IP Address:2001:DB8:0:0:0:0:0:7\n") in text
    openssl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", certificate, certificate)
    serial = read(certificate).serial_number
    assert 0 < serial < 2 ** 127 and serial.bit_length() == 127


def test_serials_differ(tmp_path):
    serials = {read(make(tmp_path, f"host-{number}")[0]).serial_number for number in range(8)}
    assert len(serials) == 8


def test_when_it_is_good(tmp_path):
    """From an hour ago; 825 days in all, or as many as were asked for, the last second included."""
    certificate, _ = make(tmp_path, "gateway.local")
    now = datetime.now(timezone.utc)
    one = read(certificate)
    assert timedelta(minutes=59) < now - one.not_valid_before_utc < timedelta(minutes=62)
    good = one.not_valid_after_utc - one.not_valid_before_utc + timedelta(seconds=1)
    assert good == timedelta(days=825)
    assert run_once("cert", "b", "--days", "1", "--out", tmp_path).returncode == 0
    assert timedelta(hours=22) < read(tmp_path / "b.crt").not_valid_after_utc - now


def test_the_fingerprint_and_what_to_do_next(tmp_path):
    made = run_once("cert", "gateway.local", "--out", tmp_path)
    certificate = tmp_path / "gateway.local.crt"
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.read_text())).hexdigest().upper()
    assert re.search(r"^  ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})$", made.stdout, re.M)[1] \
        .replace(":", "") == digest
    assert f"TLS_CERT_FILE={certificate}\n" in made.stdout
    assert f"TLS_KEY_FILE={tmp_path / 'gateway.local.key'}\n" in made.stdout
    assert f"curl --cacert {certificate} https://gateway.local:8443/health" in made.stdout
    assert "PRIVATE" not in made.stdout + made.stderr


@pytest.mark.parametrize("name", ["gateway.local", "GATEWAY.local", "a.example.org", "192.0.2.7",
                                  "2001:db8::7"])
def test_clients_take_it_for_its_names(tmp_path, name):
    certificate, key = make(tmp_path, "gateway.local", "*.example.org", "192.0.2.7", "2001:db8::7")
    assert shake_hands(certificate, key, certificate, name) is None


@pytest.mark.parametrize("name", ["other.local", "example.org", "a.b.example.org", "192.0.2.8",
                                  "2001:db8::8"])
def test_and_for_no_other(tmp_path, name):
    certificate, key = make(tmp_path, "gateway.local", "*.example.org", "192.0.2.7", "2001:db8::7")
    assert "match" in shake_hands(certificate, key, certificate, name)


def test_who_does_not_know_it_refuses_it(tmp_path):
    certificate, key = make(tmp_path, "gateway.local")
    other, _ = make(tmp_path, "other.local")
    assert "self-signed" in shake_hands(certificate, key, other, "gateway.local")


def signed_by(directory, authority, authority_key, alternative):
    """A certificate for a name that another one vouches for."""
    key, request, made = (directory / f"leaf.{kind}" for kind in ("key", "csr", "crt"))
    words = directory / "leaf.ext"
    words.write_text(f"subjectAltName={alternative}\nbasicConstraints=CA:FALSE\n"
                     "authorityKeyIdentifier=keyid\n")
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", key, "-out", request, "-subj", "/O=a leaf")
    openssl("x509", "-req", "-in", request, "-CA", authority, "-CAkey", authority_key, "-days",
            "1", "-extfile", words, "-out", made)
    return made, key


def test_its_key_vouches_for_its_names_alone(tmp_path):
    """Whoever steals the key of a board is nobody else on that account."""
    host, host_key = make(tmp_path, "gateway.local")
    there, there_key = make(tmp_path, "192.0.2.7")
    for authority, key, name, alternative, good in [
            (host, host_key, "gateway.local", "DNS:gateway.local", True),
            (host, host_key, "bank.example", "DNS:bank.example", False),
            (host, host_key, "192.0.2.7", "IP:192.0.2.7", False),
            (there, there_key, "192.0.2.7", "IP:192.0.2.7", True),
            (there, there_key, "192.0.2.8", "IP:192.0.2.8", False),
            (there, there_key, "bank.example", "DNS:bank.example", False)]:
        made, made_key = signed_by(tmp_path, authority, key, alternative)
        fault = shake_hands(made, made_key, authority, name)
        assert fault is None if good else "subtree" in fault, (name, fault)


@pytest.mark.parametrize("there", ["gateway.local.crt", "gateway.local.key"])
def test_files_that_are_there_stay(tmp_path, there):
    (tmp_path / there).write_text("mine")
    made = run_once("cert", "gateway.local", "--out", tmp_path)
    assert made.returncode == 64 and made.stdout == ""
    assert str(tmp_path / there) in made.stderr
    assert os.listdir(tmp_path) == [there] and (tmp_path / there).read_text() == "mine"


def test_a_wildcard_names_no_file(tmp_path):
    make(tmp_path, "*.example.org")
    assert sorted(os.listdir(tmp_path)) == ["_.example.org.crt", "_.example.org.key"]


def test_the_longest_names_have_files(tmp_path):
    for length in 251, 252, 253:
        name = ("a." * 127)[:length - 1] + "b"
        made = run_once("cert", name, "--out", tmp_path / str(length))
        assert made.returncode == 71 and "No such file" in made.stderr
        (tmp_path / str(length)).mkdir()
        made = run_once("cert", name, "--out", tmp_path / str(length))
        assert made.returncode == 0, made.stderr
        certificate, key = sorted((tmp_path / str(length)).iterdir())
        assert shake_hands(certificate, key, certificate, name) is None
        assert f"TLS_CERT_FILE={certificate}\n" in made.stdout


@pytest.mark.parametrize("arguments", [["cert", "a"], ["cert", "--help"], ["token", "--help"],
                                       ["--help"], ["--version"], ["--memory-plan"]])
def test_an_output_that_takes_nothing_is_said(tmp_path, arguments):
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            command_line() + arguments, env=environment({}), stdout=full, stderr=subprocess.PIPE,
            text=True, timeout=30, check=False, cwd=tmp_path)
    assert ended.returncode == 71
    assert "cannot write to standard output: No space left on device" in ended.stderr


@pytest.mark.parametrize("arguments", [
    [], [""], ["--days", "1"], ["a", "--days"], ["a", "--days", "0"], ["a", "--days", "36501"],
    ["a", "--days", "1x"], ["a", "--out"], ["a", "--out", ""], ["a", "--what"], ["-a"], ["a b"],
    ["a\x1b[2J"], ["a" * 64], ["a." * 127], ["*"], ["a.*.example.org"], ["10.0.0.256"],
    [f"host-{number}" for number in range(17)],
])
def test_bad_arguments_are_told(tmp_path, arguments):
    made = run_once("cert", "--out", tmp_path, *arguments)
    assert made.returncode == 64 and made.stdout == ""
    assert made.stderr.startswith("martlet cert: ") and "\x1b" not in made.stderr
    assert os.listdir(tmp_path) == []


def test_a_directory_has_to_be_there(tmp_path):
    made = run_once("cert", "a", "--out", tmp_path / "none")
    assert made.returncode == 71 and "No such file" in made.stderr


def test_settings_that_are_wrong_do_not_matter(tmp_path):
    """It makes what they may be missing."""
    made = run_once("cert", "a", "--out", tmp_path, settings={"WEBSOCKET_PORT": "x"})
    assert made.returncode == 0


def test_help():
    made = run_once("cert", "--help")
    assert made.returncode == 0 and "--out" in made.stdout
