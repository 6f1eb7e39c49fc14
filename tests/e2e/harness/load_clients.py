"""The clients of load.py: asyncio, closed loop, a result in the shape of hupd-torture's."""

import asyncio
import json
import sys
import time

from .load_account import Account, Ends, Failure
from .load_websockets import WebSockets

THINK = 0.3
UPLOAD_PIECES, UPLOAD_PIECE = 8, 4096
DEPTH = 4  # requests in flight of those that pipeline


class Connection(Ends):
    def __init__(self, address):
        super().__init__()
        self.address = address
        self.answers = 0

    async def open(self):
        try:
            if self.address.startswith("unix:"):
                opened = asyncio.open_unix_connection(self.address[5:])
            else:
                host, _, port = self.address.rpartition(":")
                opened = asyncio.open_connection(host.strip("[]"), int(port))
            self.reader, self.writer = await opened
            self.note(self.writer)
        except ConnectionResetError:
            raise Failure("connect_reset") from None
        except OSError as error:
            raise Failure("connect_refused") from error
        return self

    def close(self):
        self.writer.close()

    async def ask(self, head, pieces=(), pause=0.0):
        try:
            self.writer.write(head)
            for piece in pieces:
                await asyncio.sleep(pause)
                self.writer.write(piece)
                await self.writer.drain()
        except OSError as error:
            raise Failure(self._named(error, False)) from None

    async def answer(self, tail=b""):
        """Returns (version, whether the server closes). `tail`: what follows the version, if anything."""
        begun = False
        try:
            raw = await self.reader.readuntil(b"\r\n\r\n")
            begun = True
            headers = {k.lower(): v.strip() for k, _, v in
                       (line.partition(":") for line in raw.decode("latin-1").split("\r\n")[1:])}
            body = await self.reader.readexactly(int(headers["content-length"]))
        except (asyncio.IncompleteReadError, OSError) as error:
            raise Failure(self._named(error, begun)) from None
        if b" 200 " not in raw[:16]:
            raise Failure("wrong_status")
        version = headers.get("x-version", "")
        if not version or not body.startswith(version.encode()):
            raise Failure("wrong_body")
        if tail and body not in (f"{version}\n".encode(), version.encode() + tail):
            raise Failure("wrong_body")
        self.answers += 1
        return version, headers.get("connection", "").lower() == "close"

    def _named(self, error, begun):
        cut = isinstance(error, asyncio.IncompleteReadError)
        if begun or (cut and error.partial):
            return "response_cut" if cut else "reset_within_response"
        if self.answers > 0:
            return "keep_alive_race"
        return "closed_without_response" if cut else "reset_before_response"


class Load(Account):
    """One kind of client, several of it."""

    async def request(self, connection, head, depth, tail=b"", **body):
        """So many at once; True when the server closes, which may leave some of them to be asked again."""
        self.count["requests"] += depth
        for number in range(depth):
            began = time.monotonic()
            if number == 0:
                await connection.ask(head * depth, **body)
            version, closes = await connection.answer(tail)
            self.answered(began)
            self.run.saw(version)
            if closes:
                self.count["polite_closes"] += 1
                self.count["requests"] -= depth - number - 1
                return True
        return False

    async def within_patience(self, what, name):
        try:
            return await asyncio.wait_for(what, self.run.patience)
        except asyncio.TimeoutError:
            raise Failure(name) from None

    async def client(self, number, head, think=0.0, fresh=False, depth=1, **body):
        connection = None
        last = False
        while not last:
            last = self.run.stop.is_set()  # each asks once more behind the end of the story
            try:
                if connection is not None and connection.reader.at_eof():
                    self.idle_close(connection)
                    connection.close()
                    connection = None
                if connection is None:
                    young = Connection(self.address(number, self.run.addresses))
                    connection = await self.within_patience(young.open(), "connect_timeout")
                asking = self.request(connection, head, depth, **body)
                if await self.within_patience(asking, "timed_out") or fresh:
                    connection.close()
                    connection = None
            except Failure as failure:
                self.failed(failure, connection)
                if connection is not None:
                    connection.close()
                    connection = None
                # It is counted already, and a story without failures has failed. The pause only
                # keeps the clients from asking a service that is down in a busy loop, which would
                # take the time that it needs to come back.
                await asyncio.sleep(0.05)
            self.run.answered(self.name, number)
            if think:
                await asyncio.wait([self.run.stopping], timeout=think)
        if connection is not None:
            connection.close()


def head(target, method="GET", *more):
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: load", *more, "", ""]).encode()


KINDS = {
    "fresh": dict(head=head("/"), fresh=True, think=0.01),
    "busy": dict(head=head("/"), think=0.0),
    "thinking": dict(head=head("/"), think=THINK),
    "pipelining": dict(head=head("/"), think=0.005, depth=DEPTH),
    "slow": dict(head=head("/slow?300")),
    "upload": dict(
        head=head("/upload", "POST", f"Content-Length: {UPLOAD_PIECES * UPLOAD_PIECE}"),
        pieces=[b"u" * UPLOAD_PIECE] * UPLOAD_PIECES, pause=0.04,
        tail=f" {UPLOAD_PIECES * UPLOAD_PIECE}\n".encode()),
    "websocket": {},
}


class Run:
    def __init__(self, plan):
        self.addresses, self.sockets = plan["addresses"], plan["sockets"]
        self.patience = plan["patience"]
        self.stop = asyncio.Event()
        self.stopping = asyncio.ensure_future(self.stop.wait())
        self.begun = time.monotonic()
        self.versions = []
        self.waiting = {(kind, n) for kind, count in plan["clients"].items() for n in range(count)}
        self.loads = {kind: (WebSockets if kind == "websocket" else Load)(kind, self)
                      for kind in plan["clients"]}
        self.clients = [self.loads[kind].client(n, **KINDS[kind]) for kind, n in self.waiting]

    def age(self):
        return time.monotonic() - self.begun

    def saw(self, version):
        if version not in self.versions:
            self.versions.append(version)

    def answered(self, kind, number):
        if self.waiting:
            self.waiting.discard((kind, number))
            if not self.waiting:
                print("every client was answered", flush=True)


async def main():
    run = Run(json.loads(sys.argv[1]))
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, run.stop.set)  # the end of input is the end of the load
    await asyncio.gather(*run.clients)
    loop.remove_reader(sys.stdin)
    print(json.dumps({"loads": [load.report() for load in run.loads.values()],
                      "versions": run.versions}))


if __name__ == "__main__":
    asyncio.run(main())
