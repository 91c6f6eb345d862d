"""Two WebSocket clients that are not ours, behind one small face, and a raw socket."""

import asyncio
import base64
import json
import os
import socket
import struct

import aiohttp
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect as websockets_connect

SECONDS = 5  # that an answer may take


class Closed(Exception):
    """The server closed the connection with `code`."""

    def __init__(self, code, reason=""):
        super().__init__(f"closed with {code} {reason}")
        self.code = code


class Client:
    """What the tests use of either client: JSON objects, bytes, and the closing code."""

    def say(self, **message):
        self.send(json.dumps(message))

    def ask(self, **message):
        self.say(**message)
        return self.receive()

    def receive(self):
        message = self.receive_message()
        return json.loads(message) if isinstance(message, str) else message

    def closing_code(self):
        """The code the server closes with, once what it sent before has been read."""
        try:
            while True:
                self.receive_message()
        except Closed as closed:
            return closed.code


class WebsocketsClient(Client):
    """The `websockets` package, on a thread."""

    def __init__(self, url):
        self._connection = websockets_connect(url, open_timeout=SECONDS, close_timeout=SECONDS)
        self._socket = self._connection.__enter__()

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

    def __init__(self, url):
        self._loop = asyncio.new_event_loop()
        self._session = self._run(self._open())
        self._socket = self._run(self._session.ws_connect(url))

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
        raise Closed(self._socket.close_code, message.extra or "")

    def close(self):
        if not self._loop.is_closed():
            self._run(self._socket.close())
            self._run(self._session.close())
            self._loop.close()


class RawClient:
    """A TCP connection that sends exactly these bytes: for what no proper client would send."""

    def __init__(self, server):
        self._socket = socket.create_connection(("127.0.0.1", server.port), SECONDS)
        self._buffer = b""

    def send(self, data):
        self._socket.sendall(data)

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
        while len(self._buffer) < length:
            self._more()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return int(first.split()[1]), headers, body

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
