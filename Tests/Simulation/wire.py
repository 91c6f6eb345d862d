"""A WebSocket and an HTTP client of our own on asyncio: quick, and it shows all that came."""

import asyncio
import json
import struct

from clients import bearer

SECONDS = 5  # that an answer may take
TOO_SLOW = 1013  # the close code after which a client comes again and resumes
HEAD = ("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Authorization: Bearer {}\r\n\r\n")


class Lost(Exception):
    """The connection is gone, or what was waited for did not come."""


class Socket(asyncio.Protocol):
    """One WebSocket; each message goes to `heard` when it comes, and is kept for `until`."""

    def __init__(self, path, token, heard):
        self._head, self._heard = HEAD.format(path, token).encode(), heard
        self._buffer, self._cursor, self._waiter = b"", 0, None
        self._loop = asyncio.get_running_loop()
        self.path, self.messages = path, []
        self.opened, self.gone = self._loop.create_future(), self._loop.create_future()
        self.closing = False  # by us
        self.code = None  # of the server's close frame
        self.not_understood = None  # a message without what it should have

    @classmethod
    async def open(cls, port, path, token, heard=None):
        try:
            _, made = await asyncio.get_running_loop().create_connection(
                lambda: cls(path, token, heard), "127.0.0.1", port)
        except OSError as error:
            raise Lost(f"{path}: {error}") from None
        await asyncio.wait([made.opened, made.gone], timeout=SECONDS,
                           return_when=asyncio.FIRST_COMPLETED)
        if not made.opened.done() or made.opened.result() != 101:
            made.close()
            status = made.opened.result() if made.opened.done() else "no answer"
            raise Lost(f"{path.split('?')[0]}: {status}")
        return made

    def connection_made(self, transport):
        self._transport = transport
        transport.write(self._head)

    def connection_lost(self, exc):
        if not self.gone.done():
            self.gone.set_result(None)
        self._wake()

    def data_received(self, data):
        self._buffer += data
        if not self.opened.done():
            if b"\r\n\r\n" not in self._buffer:
                return
            head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
            status = int(head.split(b" ", 2)[1])
            self.opened.set_result(status)
            if status != 101:
                return
        offset = 0
        while len(self._buffer) - offset >= 2:
            opcode, length = self._buffer[offset] & 15, self._buffer[offset + 1]
            start = offset + 2
            if length > 125:
                size = 2 if length == 126 else 8
                length = int.from_bytes(self._buffer[start:start + size], "big")
                start += size
            if len(self._buffer) < start + length:
                break
            self._frame(opcode, self._buffer[start:start + length])
            offset = start + length
        self._buffer = self._buffer[offset:]
        self._wake()

    def _frame(self, opcode, payload):
        if opcode == 1:
            message = json.loads(payload)
            self.messages.append(message)
            try:
                if self._heard:
                    self._heard(self, message)
            except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
                self.not_understood = f"{type(error).__name__} {error}: {message}"[:400]
        elif opcode == 8:
            self.code = struct.unpack("!H", payload[:2])[0] if payload else 1005
        elif opcode == 9:
            self._send(10, payload)

    def _send(self, opcode, payload):
        """A masked frame; the masking key of zeros makes it quick to build."""
        if len(payload) < 126:
            head = struct.pack("!BB4x", 0x80 | opcode, 0x80 | len(payload))
        else:
            head = struct.pack("!BBH4x", 0x80 | opcode, 0xFE, len(payload))
        self._transport.write(head + payload)

    def say(self, **message):
        self._send(1, json.dumps(message).encode())

    def _wake(self):
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    async def until(self, wanted, seconds=SECONDS):
        """The next message that is wanted (a type, or a condition), those before it passed over."""
        condition = wanted if callable(wanted) else lambda message: message.get("type") == wanted
        ends = self._loop.time() + seconds
        while True:
            while self._cursor < len(self.messages):
                self._cursor += 1
                if condition(self.messages[self._cursor - 1]):
                    return self.messages[self._cursor - 1]
            left = ends - self._loop.time()
            if self.gone.done() or left <= 0:
                why = f"closed with {self.code}" if self.gone.done() else f"nothing in {seconds} s"
                raise Lost(f"{self.path.split('?')[0]}: {why}")
            self._waiter = self._loop.create_future()
            await asyncio.wait([self._waiter], timeout=left)

    async def all_sent(self):
        """Waits for the pong to a ping of ours: what the server sent before has come."""
        self.say(type="ping")
        return await self.until("pong")

    def close(self):
        if not self.closing and not self.gone.done():
            self.closing = True
            self._send(8, b"\x03\xe8")
            self._transport.close()


class Caller:
    """An HTTP connection, kept for as long as the server keeps it."""

    def __init__(self, port):
        self._port, self._streams = port, None

    async def ask(self, line, body=None, token=None):
        """(status, object) of the answer; None when none came, so that nobody knows what it was."""
        try:
            return await asyncio.wait_for(self._ask(line, body, token), SECONDS)
        except (OSError, EOFError, asyncio.TimeoutError, asyncio.LimitOverrunError):
            self.close()
            return None

    async def _ask(self, line, body, token):
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        data = b"" if body is None else body if isinstance(body, bytes) else (
            json.dumps(body).encode())
        fields = {"Host": "localhost", "Content-Length": len(data)} | bearer(token)
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(f"{line} HTTP/1.1\r\n{head}\r\n".encode() + data)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = head.partition("\r\ncontent-length:")[2].split("\r\n", 1)[0]
        answer = await (reader.readexactly(int(length)) if length else self._chunks(reader))
        if "\r\nconnection: close" in head:
            self.close()
        status = int(head.split(" ", 2)[1])
        kind = head.partition("\r\ncontent-type:")[2].split("\r\n", 1)[0]
        return status, json.loads(answer) if "json" in kind else answer.decode()

    async def _chunks(self, reader):
        """A chunked body (RFC 9112 section 7.1)."""
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
        return body

    def close(self):
        if self._streams:
            self._streams[1].close()
        self._streams = None


async def metric(port, token, *names):
    """The values of these series; None for those that are not there."""
    caller = Caller(port)
    answer = await caller.ask("GET /metrics", token=token)
    caller.close()
    if answer is None or answer[0] != 200:
        raise Lost(f"/metrics: {answer and answer[0]}")
    series = dict(line.rsplit(" ", 1) for line in answer[1].splitlines()
                  if line and not line.startswith("#"))
    return [float(series[name]) if name in series else None for name in names]
