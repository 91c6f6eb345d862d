"""Connections that speak in bursts: quick enough for a million messages. Standard library only."""

import json
import select
import socket
import struct

SECONDS = 20
HEAD = ("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{}\r\n")


class Fault(Exception):
    """The server answered otherwise, or not at all."""


def frame(payload, opcode=1):
    """One masked frame (RFC 6455 section 5.2); the key of zeros leaves the payload readable."""
    if len(payload) < 126:
        return struct.pack("!BB4x", 0x80 | opcode, 0x80 | len(payload)) + payload
    return struct.pack("!BBH4x", 0x80 | opcode, 0xFE, len(payload)) + payload


def text(**message):
    return frame(json.dumps(message).encode())


def connect(port):
    one = socket.create_connection(("127.0.0.1", port), SECONDS)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return one


class Talker:
    """One WebSocket connection."""

    def __init__(self, port, path, token=None, fields=""):
        self.socket = connect(port)
        self.buffer = b""
        fields += f"Authorization: Bearer {token}\r\n" if token else ""
        self.send(HEAD.format(path, fields).encode())
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise Fault(f"no upgrade on {path}: {head.decode()}")

    def send(self, data):
        self.socket.sendall(data)

    def fill(self):
        data = self.socket.recv(1 << 18)
        if not data:
            raise Fault("the server ended a connection")
        self.buffer += data

    def receive(self):
        """The payload of the next data frame."""
        while True:
            buffer = self.buffer
            if len(buffer) >= 2:
                size, head = buffer[1], 2
                if size == 126 and len(buffer) >= 4:
                    size, head = struct.unpack_from("!H", buffer, 2)[0], 4
                if size != 126 or head == 4:
                    end = head + size
                    if len(buffer) >= end:
                        self.buffer = buffer[end:]
                        if buffer[0] & 0x08 == 0:
                            return buffer[head:end]
                        if buffer[0] & 0x0F == 8:
                            raise Fault(f"closed: {buffer[head:end]!r}")
                        if buffer[0] & 0x0F == 9:
                            self.send(frame(buffer[head:end], 10))
                        continue
            self.fill()

    def await_type(self, kind, count=1):
        """Takes messages until so many of this type came; the last of them."""
        marker, payload = f'"type":"{kind}"'.encode(), b""
        while count > 0:
            payload = self.receive()
            if marker in payload:
                count -= 1
            elif b'"type":"error"' in payload:
                raise Fault(payload.decode())
        return payload

    def settle(self):
        """Until nothing comes for a moment."""
        while select.select([self.socket], [], [], 0.2)[0]:
            self.fill()
        self.buffer = b""

    def close(self):
        self.socket.close()


def ask(port, line, body=b"", token=None):
    """Sends one request; `answered` takes its answer."""
    one = connect(port)
    method, path = line.split(" ", 1)
    fields = f"Authorization: Bearer {token}\r\n" if token else ""
    one.sendall(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{fields}"
                f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return one


def answered(one, status):
    """The body; the connection is closed."""
    data = b""
    while part := one.recv(1 << 16):
        data += part
    one.close()
    if f" {status} ".encode() not in data.split(b"\r\n")[0]:
        raise Fault(f"not {status}: {data.decode()}")
    return data.split(b"\r\n\r\n", 1)[1]
