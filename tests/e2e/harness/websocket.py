"""A WebSocket client (RFC 6455) that can do everything wrong: frames are made and read by hand."""

import asyncio
import base64
import hashlib
import os
import struct

from . import client

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ASK = ("Connection: keep-alive, Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
       f"Sec-WebSocket-Key: {KEY}")


def accept(key):
    digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
    return base64.b64encode(digest).decode()


def frame(opcode, payload=b"", last=True, mask=None):
    """As a client sends it; mask=b"" leaves it out."""
    mask = os.urandom(4) if mask is None else mask
    size = len(payload)
    bit = 0x80 if mask else 0
    head = bytes([opcode | (0x80 if last else 0)])
    if size < 126:
        head += bytes([bit | size])
    elif size < 65536:
        head += struct.pack("!BH", bit | 126, size)
    else:
        head += struct.pack("!BQ", bit | 127, size)
    if mask:
        long = mask * (size // 4 + 1)
        payload = (int.from_bytes(payload, "big") ^ int.from_bytes(long[:size], "big")
                   ).to_bytes(size, "big")
    return head + mask + payload


def message(payload, pieces=1):
    """A str as text, bytes as binary, in so many frames."""
    opcode = TEXT if isinstance(payload, str) else BINARY
    data = payload.encode() if isinstance(payload, str) else payload
    step = max(1, -(-len(data) // pieces))
    parts = [data[at:at + step] for at in range(0, len(data), step)] or [b""]
    return [frame(CONTINUATION if number else opcode, part, number == len(parts) - 1)
            for number, part in enumerate(parts)]


def head_of(data):
    """(opcode, bytes of the head, bytes of the payload) of the server's frame in front, or None."""
    if len(data) < 2:
        return None
    assert data[0] & 0xF0 == 0x80, "a server's frame is whole, without extensions"
    assert not data[1] & 0x80, "a server does not mask"
    short = data[1]
    head = 2 if short < 126 else 4 if short == 126 else 10
    if len(data) < head:
        return None
    size = short if short < 126 else int.from_bytes(data[2:head], "big")
    return data[0] & 0x0F, head, size


def told(opcode, payload):
    """What a frame says: text as str, binary as bytes, a close as (code, reason)."""
    if opcode == TEXT:
        return payload.decode()
    if opcode == CLOSE:
        return (int.from_bytes(payload[:2], "big"), payload[2:].decode()) if payload else ()
    return payload


class Socket(client.Connection):
    """One that waits for what it is told."""

    def __init__(self, address):
        super().__init__(address)
        self.ask("/", headers=ASK)
        answer = self.response(head_only=True)
        assert answer.status == 101, answer
        assert answer.headers["sec-websocket-accept"] == accept(KEY)
        assert answer.headers["upgrade"] == "websocket"
        assert answer.headers["connection"].lower() == "upgrade"

    def say(self, payload, pieces=1):
        self.send(b"".join(message(payload, pieces)))

    def frame(self):
        """(opcode, payload)"""
        while (found := head_of(self._buffer)) is None:
            self._more()
        opcode, head, size = found
        return opcode, self._take(head + size)[head:]

    def hear(self):
        return told(*self.frame())

    def count(self):
        """(messages, generation)"""
        self.say("count")
        return counted(self.hear())

    def end(self):
        """The server's Close, behind which nothing comes; answered as it has to be."""
        opcode, payload = self.frame()
        assert opcode == CLOSE, (opcode, payload[:40])
        try:
            self.send(frame(CLOSE, payload))
        except OSError:
            pass  # it need not wait for that
        assert self.rest() == b""
        return told(opcode, payload)


def counted(text):
    messages, _, generation = text.partition(" messages, generation ")
    return int(messages), int(generation)


class Talker:
    """The same for asyncio, for many at once."""

    async def connect(self, address):
        host, _, port = address.rpartition(":")
        self.reader, self.writer = await asyncio.open_connection(host, int(port))

    async def open(self, address):
        await self.connect(address)
        head = await self.handshake()
        assert head.startswith(b"HTTP/1.1 101 "), head

    async def handshake(self):
        """The head of the answer."""
        self.write(("GET / HTTP/1.1\r\nHost: test\r\n" + "\r\n".join(ASK) + "\r\n\r\n").encode())
        return await self.reader.readuntil(b"\r\n\r\n")

    def write(self, data):
        self.writer.write(data)

    async def hear(self):
        data = await self.reader.readexactly(2)
        data += await self.reader.readexactly({126: 2, 127: 8}.get(data[1], 0))
        opcode, _, size = head_of(data)
        return told(opcode, await self.reader.readexactly(size))
