"""An authority made for one run, its certificates, and servers that show them."""

import socket
import subprocess
import time

from server import UNLIMITED, Server, ServerError

KEYS = {"ecdsa": ("ec", "ec_paramgen_curve:P-256"), "rsa": ("rsa", "rsa_keygen_bits:2048")}
NAME = "localhost"
START_SECONDS = 10


def openssl(*arguments, text=None):
    """What OpenSSL prints on either output, whatever it thinks of it."""
    ended = subprocess.run(["openssl", *map(str, arguments)], input=text or "", text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                           errors="replace", check=False)
    return ended.stdout


class Authority:
    """One that vouches for this machine's loopback; `certificate` is what clients trust."""

    def __init__(self, directory):
        self._directory = directory
        self.certificate, self._key = directory / "authority.crt", directory / "authority.key"
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 90,
                "-subj", "/O=Martlet/CN=An authority for tests", "-keyout", self._key,
                "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", self.certificate)

    def identity(self, kind):
        """Paths of a certificate with its chain and of its key: "ecdsa" or "rsa"."""
        made, key, request, extensions = (
            self._directory / f"{kind}.{part}" for part in ("crt", "key", "csr", "ext"))
        extensions.write_text(
            f"subjectAltName=DNS:{NAME},IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\n"
            "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
            "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
        algorithm, option = KEYS[kind]
        openssl("req", "-new", "-newkey", algorithm, "-pkeyopt", option, "-nodes",
                "-subj", f"/CN={NAME}", "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key,
                "-CAcreateserial", "-days", 90, "-extfile", extensions, "-out", made)
        return made, key


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class SecureServer(Server):
    """A server with an identity; `secure_port` is where it speaks TLS."""

    def __init__(self, identity, **settings):
        certificate, key = identity
        self.secure_port = free_port()
        # The scanners open hundreds of connections, and leave many half open.
        super().__init__(**(UNLIMITED | {
            "TLS_CERT_FILE": certificate, "TLS_KEY_FILE": key,
            "WEBSOCKET_TLS_PORT": self.secure_port, "WEBSOCKET_CONNECT_RATE": 0,
            "WEBSOCKET_HANDSHAKE_TIMEOUT": "5s"} | settings))
        self._await_tls()

    def _await_tls(self):
        ends = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.secure_port), 1).close()
                return
            except OSError as error:
                if time.monotonic() > ends:
                    self.kill()
                    raise ServerError(f"no TLS on {self.secure_port}:\n{self.log}") from error
                time.sleep(0.05)

    @property
    def address(self):
        return f"127.0.0.1:{self.secure_port}"

    def secure_url(self, path):
        return f"wss://{self.address}{path}"
