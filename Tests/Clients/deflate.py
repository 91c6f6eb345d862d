"""A client whose compression is its own: it sends what no proper client would."""

import re
import zlib

from clients import RawClient, http_request
from tokens import ADMIN

NAME = "permessage-deflate"
FORGETFUL = f"{NAME}; server_no_context_takeover; client_no_context_takeover"


class Deflated(RawClient):
    """A raw client whose zlib is its own; `agreed` is what the server said, None for nothing."""

    def __init__(self, server, offer=NAME, path="/echo"):
        super().__init__(server)
        self.upgrade(path, Sec_WebSocket_Extensions=offer)
        status, fields, _ = self.response()
        assert status == 101
        self.agreed = fields.get("sec-websocket-extensions")
        self.forgets = "server_no_context_takeover" in (self.agreed or "")
        self.remembers = self.agreed and "client_no_context_takeover" not in self.agreed
        self.window = int((re.findall(r"client_max_window_bits=(\d+)", self.agreed or "")
                           or [15])[0])
        self.deflater, self.inflater = None, None
        self.sizes = []

    def pressed(self, message):
        if not (self.deflater and self.remembers):
            self.deflater = zlib.compressobj(wbits=-max(9, self.window))
        data = self.deflater.compress(message) + self.deflater.flush(zlib.Z_SYNC_FLUSH)
        assert data.endswith(b"\0\0\xff\xff")
        return data[:-4]

    def press(self, message, opcode=1):
        self.frame(opcode, self.pressed(message), rsv=4)

    def read(self):
        """(message, whether it was compressed); the sizes on the way are kept."""
        head = self._take(2)
        self._buffer = head + self._buffer
        opcode, payload = self.read_frame()
        self.sizes.append(len(payload))
        assert opcode in (1, 2), (opcode, payload)
        if not head[0] & 0x40:
            return payload, False
        if self.forgets or not self.inflater:
            self.inflater = zlib.decompressobj(wbits=-15)
        return self.inflater.decompress(payload + b"\0\0\xff\xff"), True


def pool(server):
    """How full DEFLATE_MEMORY is, as the metrics say."""
    text = http_request(server, "GET /metrics", token=ADMIN)[2].decode()
    values = re.findall(r'martlet_pool_(\w+)\{pool="deflate_bytes"\} (\d+)', text)
    return {name.replace("_", ""): int(value) for name, value in values}
