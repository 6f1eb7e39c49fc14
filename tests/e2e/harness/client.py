"""A small HTTP/1.1 client that hides nothing: no retry, no redirect, every end of a connection shown."""

import fcntl
import json
import select
import socket
import termios
from dataclasses import dataclass, field

TIMEOUT = 10.0


class Cut(AssertionError):
    """The connection ended within a response, or before it."""


@dataclass
class Response:
    status: int
    headers: dict  # names in lower case; the last of a name
    body: bytes
    raw_head: bytes = field(repr=False, default=b"")

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def closes(self):
        return self.headers.get("connection", "").lower() == "close"


def free_port():
    """Nobody had it a moment ago."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def connect(address, timeout=TIMEOUT):
    """`address` as the log writes it: 127.0.0.1:8080, [::1]:8080 or unix:/path."""
    if address.startswith("unix:"):
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(timeout)
        sock.connect(address[5:])
        return sock
    host, _, port = address.rpartition(":")
    sock = socket.create_connection((host.strip("[]"), int(port)), timeout)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


class Connection:
    def __init__(self, address, timeout=TIMEOUT):
        self.sock = connect(address, timeout)
        self._buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def ask(self, target="/", method="GET", headers=(), body=None):
        head = [f"{method} {target} HTTP/1.1", "Host: test", *headers]
        if body is not None:
            head.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join(head).encode() + b"\r\n\r\n" + (body or b""))

    def get(self, target="/", **how):
        self.ask(target, **how)
        return self.response(head_only=how.get("method") == "HEAD")

    def response(self, head_only=False):
        head, _, self._buffer = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip()
                   for name, _, value in (line.partition(":") for line in lines[1:])}
        status = int(lines[0].split()[1])
        body = b"" if head_only or status in (204, 304) else self._body(headers)
        return Response(status, headers, body, head)

    def _body(self, headers):
        if headers.get("transfer-encoding") == "chunked":
            return self._chunks()
        if "content-length" in headers:
            return self._take(int(headers["content-length"]))
        return self.rest()

    def _chunks(self):
        body = b""
        while True:
            line, _, self._buffer = self._until(b"\r\n").partition(b"\r\n")
            size = int(line, 16)
            body += self._take(size)
            self._take(2)
            if size == 0:
                return body

    def _take(self, size):
        while len(self._buffer) < size:
            self._more()
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def _until(self, mark):
        while mark not in self._buffer:
            self._more()
        return self._buffer

    def _more(self):
        try:
            new = self.sock.recv(65536)
        except ConnectionResetError:
            raise Cut(f"reset after {self._buffer!r}") from None
        if not new:
            raise Cut(f"closed after {self._buffer!r}")
        self._buffer += new

    def rest(self):
        """What comes until the peer closes, which it has to do."""
        data, self._buffer = self._buffer, b""
        while new := self.sock.recv(65536):
            data += new
        return data

    def has_arrived(self):
        """All that was sent is at the other side, read or not."""
        return fcntl.ioctl(self.sock, termios.TIOCOUTQ, b"1234") == bytes(4)

    def has_come(self):
        """Something, an end too."""
        look = select.poll()  # takes any number
        look.register(self.sock, select.POLLIN)
        return bool(self._buffer or look.poll(0))

    def is_open(self):
        """Nothing has come, not even an end."""
        self.sock.setblocking(False)
        try:
            return self.sock.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        finally:
            self.sock.settimeout(TIMEOUT)


def get(address, target="/", **how):
    """On a connection of its own."""
    with Connection(address) as connection:
        return connection.get(target, headers=("Connection: close",), **how)
