"""Two WebSocket clients that are not ours, behind one small face, an HTTP one, and a raw socket."""

import asyncio
import base64
import http.client
import json
import os
import socket
import struct

import aiohttp
import yarl
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect as websockets_connect

from server import SLOWNESS

SECONDS = 5 * SLOWNESS  # that an answer may take


class Closed(Exception):
    """The server closed the connection with `code`."""

    def __init__(self, code, reason=""):
        super().__init__(f"closed with {code} {reason}")
        self.code = code


class Refused(Exception):
    """The server answered the opening handshake with `status`."""

    def __init__(self, status):
        super().__init__(f"refused with {status}")
        self.status = status


def bearer(token, headers=None):
    """Header fields with this token among them, where there is one."""
    return (headers or {}) | ({"Authorization": f"Bearer {token}"} if token else {})


class Client:
    """What the tests use of either client: JSON objects, bytes, and the closing code.

    Each opens a URL with a token in its Authorization header, with header fields, an origin and
    subprotocols; the one that the server selected is in `protocol`.
    """

    def say(self, **message):
        self.send(json.dumps(message))

    def ask(self, **message):
        self.say(**message)
        return self.receive()

    def receive(self):
        message = self.receive_message()
        return json.loads(message) if isinstance(message, str) else message

    def until(self, kind):
        """The next message of this type, once those before it have been read."""
        while True:
            message = self.receive()
            if message["type"] == kind:
                return message

    def waiting(self):
        """What the server sent before the pong to a ping of ours."""
        self.say(type="ping")
        messages = []
        while (message := self.receive())["type"] != "pong":
            messages.append(message)
        return messages

    def closing_code(self):
        """The code the server closes with, once what it sent before has been read."""
        try:
            while True:
                self.receive_message()
        except Closed as closed:
            return closed.code


class WebsocketsClient(Client):
    """The `websockets` package, on a thread."""

    def __init__(self, url, token=None, headers=None, origin=None, protocols=None):
        try:
            self._connection = websockets_connect(
                url, additional_headers=bearer(token, headers), origin=origin,
                subprotocols=protocols, open_timeout=SECONDS, close_timeout=SECONDS,
                max_queue=None)
            self._socket = self._connection.__enter__()
        except InvalidStatus as refusal:
            raise Refused(refusal.response.status_code) from None
        self.protocol = self._socket.subprotocol

    def send(self, message):
        self._socket.send(message)

    def receive_message(self):
        try:
            return self._socket.recv(timeout=SECONDS)
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 1006
            raise Closed(code, closed.rcvd.reason if closed.rcvd else "") from None

    def close(self):
        self._connection.__exit__(None, None, None)


class AiohttpClient(Client):
    """The `aiohttp` package, on an event loop of its own."""

    def __init__(self, url, token=None, headers=None, origin=None, protocols=()):
        self._loop = asyncio.new_event_loop()
        self._session = self._run(self._open())
        try:
            self._socket = self._run(self._session.ws_connect(
                yarl.URL(url, encoded=True), headers=bearer(token, headers), origin=origin,
                protocols=protocols or ()))
        except aiohttp.WSServerHandshakeError as refusal:
            self._run(self._session.close())
            self._loop.close()
            raise Refused(refusal.status) from None
        self.protocol = self._socket.protocol

    async def _open(self):
        return aiohttp.ClientSession()

    def _run(self, work):
        return self._loop.run_until_complete(asyncio.wait_for(work, SECONDS))

    def send(self, message):
        send = self._socket.send_str if isinstance(message, str) else self._socket.send_bytes
        self._run(send(message))

    def receive_message(self):
        message = self._run(self._socket.receive())
        if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            return message.data
        # The frame's own code: `close_code` is 1006 where the server's FIN was quicker than its
        # answer, as it may be when the server fails a connection (RFC 6455 section 7.1.7).
        code = message.data if message.type == aiohttp.WSMsgType.CLOSE else self._socket.close_code
        raise Closed(code, message.extra or "")

    def close(self):
        if not self._loop.is_closed():
            self._run(self._socket.close())
            self._run(self._session.close())
            self._loop.close()


def http_request(server, line, body=None, token=None, source="127.0.0.1", **headers):
    """(status, headers with names in lower case, body) of one request by Python's own client.

    A `body` that is neither bytes nor text goes out as JSON; `source` is the address to come from.
    """
    if body is not None and not isinstance(body, (bytes, str)):
        body = json.dumps(body)
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.port, SECONDS, source_address=(source, 0))
    try:
        connection.request(*line.split(" ", 1), body=body, headers=bearer(token, fields))
        answer = connection.getresponse()
        return (answer.status, {name.lower(): value for name, value in answer.getheaders()},
                answer.read())
    finally:
        connection.close()


def check_error(response, status):
    """The answer is an error of this status, with the body that section 2 describes."""
    assert response[0] == status, response
    assert response[1]["content-type"].startswith("application/json")
    body = json.loads(response[2])
    assert set(body) == {"error", "message"}
    assert all(isinstance(text, str) and text for text in body.values())
    return response[1]


class RawClient:
    """A TCP connection that sends exactly these bytes: for what no proper client would send."""

    def __init__(self, server, source="127.0.0.1", receive_buffer=None):
        self._socket = socket.socket()
        self._socket.settimeout(SECONDS)
        if receive_buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.bind((source, 0))
        self._socket.connect(("127.0.0.1", server.port))
        self._buffer = b""

    def send(self, data):
        self._socket.sendall(data)

    def fill(self, data, pause=0.3, limit=16 << 20):
        """Sends the same again and again until nothing goes for so long, or the server ends it."""
        self._socket.settimeout(pause)
        try:
            for _ in range(limit // len(data)):
                self._socket.sendall(data)
        except OSError:
            pass
        finally:
            self._socket.settimeout(SECONDS)

    def request(self, line, **headers):
        """Sends a request head; a header whose value is None is left out."""
        fields = {"Host": "localhost"} | {
            name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items()
                       if value is not None)
        self.send(f"{line}\r\n{head}\r\n".encode("latin-1"))

    def upgrade(self, path, **changes):
        key = base64.b64encode(os.urandom(16)).decode()
        self.request(f"GET {path} HTTP/1.1", **({
            "Connection": "Upgrade", "Upgrade": "websocket",
            "Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": key} | changes))

    def response(self):
        """(status, headers with names in lower case, body)."""
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip()
                   for name, value in (line.split(":", 1) for line in lines)}
        length = int(headers.get("content-length", 0))
        if headers.get("transfer-encoding") == "chunked":
            body = b"".join(iter(self._chunk, b""))
        else:
            body = self._take(length)
        return int(first.split()[1]), headers, body

    def _chunk(self):
        """The next chunk of a body, empty at its end (RFC 9112 section 7.1)."""
        while b"\r\n" not in self._buffer:
            self._more()
        size, self._buffer = self._buffer.split(b"\r\n", 1)
        return self._take(int(size, 16) + 2)[:-2]

    def frame(self, opcode, payload=b"", fin=True, rsv=0, masked=True):
        """Sends one frame, under a masking key unless told otherwise."""
        first = (0x80 if fin else 0) | rsv << 4 | opcode
        mask_bit = 0x80 if masked else 0
        if len(payload) < 126:
            head = struct.pack("!BB", first, mask_bit | len(payload))
        else:
            head = struct.pack("!BBH", first, mask_bit | 126, len(payload))
        key = os.urandom(4)
        if masked:
            payload = bytes(byte ^ key[n % 4] for n, byte in enumerate(payload))
        self.send(head + (key if masked else b"") + payload)

    def read_frame(self):
        """(opcode, payload) of the next frame, or None when the server ended the connection."""
        try:
            head = self._take(2)
            length = head[1] & 0x7F
            if length == 126:
                length = struct.unpack("!H", self._take(2))[0]
            elif length == 127:
                length = struct.unpack("!Q", self._take(8))[0]
            return head[0] & 0x0F, self._take(length)
        except ConnectionError:
            return None

    def closing_code(self):
        """The code of the server's close frame; 1006 when the connection ended without one."""
        while frame := self.read_frame():
            if frame[0] == 8:
                return struct.unpack("!H", frame[1][:2])[0] if frame[1] else 1005
        return 1006

    def ended(self):
        """Whether the server ends the TCP connection, rather than wait for us."""
        try:
            while self._socket.recv(65536):
                pass
            return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def _take(self, count):
        while len(self._buffer) < count:
            self._more()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _more(self):
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("the server ended the connection")
        self._buffer += data

    def close(self):
        self._socket.close()
