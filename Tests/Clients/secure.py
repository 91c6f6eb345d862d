"""TLS for tests: certificates by the openssl program, servers that have one, and a raw client."""

import re
import socket
import ssl
import subprocess
import time
from pathlib import Path

from clients import SECONDS, RawClient
from helpers import QUICK, until
from tokens import ADMIN

SECURE = re.compile(r"listening\b.*?(?:[\d\]]:|port\"?[:=])(\d+)\"?.*\bwss\b")


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=SECONDS * 4)


def make_certificate(folder, name, days=90, signer=None, key=("ec", "ec_paramgen_curve:P-256")):
    """(certificate, key) as paths: signed by itself, or with the (certificate, key) of `signer`."""
    paths = folder / f"{name}.crt", folder / f"{name}.key"
    algorithm, option = key
    options = ["-pkeyopt", option] if option else []
    sign = ["-CA", str(signer[0]), "-CAkey", str(signer[1])] if signer else []
    openssl("req", "-x509", "-newkey", algorithm, *options, "-nodes", "-subj",
            f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-days", str(days),
            *sign, "-out", str(paths[0]), "-keyout", str(paths[1]))
    paths[1].chmod(0o600)
    return paths


def settings(certificate, **more):
    """What a server with TLS on a free port is started with."""
    return QUICK | {"TLS_CERT_FILE": certificate[0], "TLS_KEY_FILE": certificate[1],
                    "WEBSOCKET_TLS_PORT": 0} | more


def secure_port(server):
    """Where the server listens for TLS: it says so behind the plain port."""
    until(lambda: SECURE.search(server.log))
    return int(SECURE.search(server.log)[1])


def trusting(certificate=None, own=None):
    """A client's context: trusts this certificate, or any, and may have one of its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if certificate:
        context.load_verify_locations(certificate[0])
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if own:
        context.load_cert_chain(*own)
    return context


def connected(server, receive_buffer=None):
    """A TCP connection to the port of TLS, which may take little before it is read."""
    plain = socket.socket()
    plain.settimeout(SECONDS)
    if receive_buffer:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    plain.connect(("127.0.0.1", secure_port(server)))
    return plain


class SecureClient(RawClient):
    """A raw client whose bytes are encrypted; `tls` is the socket with its facts."""

    # pylint: disable=super-init-not-called
    def __init__(self, server, context=None, session=None, receive_buffer=None):
        self._socket = self.tls = (context or trusting()).wrap_socket(
            connected(server, receive_buffer), server_hostname="127.0.0.1", session=session)
        self._buffer = b""

    def open(self, path="/echo"):
        """Opens a WebSocket connection."""
        self.upgrade(path)
        assert self.response()[0] == 101
        return self

    def echoes(self, message):
        """Whether one binary message comes back as it was."""
        self.frame(2, message)
        return self.read_frame() == (2, message)


class SplitClient(SecureClient):
    """Encrypts in memory, so that a test says which bytes go out when."""

    def __init__(self, server, context=None, receive_buffer=None):
        self._plain = connected(server, receive_buffer)
        self._plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._socket = self
        self._tls = (context or trusting()).wrap_bio(
            self._in, self._out, server_hostname="127.0.0.1")
        self._buffer = b""
        self.sizes = iter(lambda: 1 << 20, 0)
        self._try(self._tls.do_handshake)

    def _try(self, work):
        while True:
            try:
                result = work()
                self.flush()
                return result
            except ssl.SSLWantReadError:
                self.flush()
                data = self._plain.recv(65536)
                if not data:
                    raise ConnectionError("the server ended the connection") from None
                self._in.write(data)

    def flush(self):
        """Sends what is encrypted, in pieces of the sizes that come next."""
        data = self._out.read()
        while data:
            size = next(self.sizes)
            self._plain.sendall(data[:size])
            data = data[size:]
            time.sleep(0.001 if data else 0)

    def end(self):
        """Sends no more, and may still read."""
        self._plain.shutdown(socket.SHUT_WR)

    def unread(self):
        """Bytes that the server has given to the system and nobody has read, on either side."""
        port, count = f":{self._plain.getsockname()[1]:04X}", 0
        for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
            _, here, there, _, queues = line.split()[:5]
            sent, received = (int(queue, 16) for queue in queues.split(":"))
            count += received * here.endswith(port) + sent * there.endswith(port)
        return count

    def sendall(self, data):
        self._tls.write(data)
        self.flush()

    def recv(self, size):
        return self._try(lambda: self._tls.read(size))

    def close(self):
        self._plain.close()


def metric(server, name, source="127.0.0.1"):
    """The value of one of the server's metrics, by its name and labels, asked for from there."""
    raw = RawClient(server, source)
    raw.request("GET /metrics HTTP/1.1", Authorization=f"Bearer {ADMIN}")
    text = raw.response()[2].decode()
    raw.close()
    return next(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                if line.startswith(name + " "))
