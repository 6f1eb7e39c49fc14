"""The clients of load.py: asyncio, closed loop, a result in the shape of hupd-torture's.

A failure is what a client could see: refused, reset, cut, late, wrong. `Connection: close` on a whole
response is polite and no failure; an idle connection that ends without it is counted by itself.
"""

import asyncio
import collections
import json
import sys
import time

TIMEOUT = 10.0
THINK = 0.3
UPLOAD_PIECES, UPLOAD_PIECE = 8, 4096


class Failure(Exception):
    pass


class Connection:
    def __init__(self, address):
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
        except ConnectionResetError:
            raise Failure("connect_reset") from None
        except OSError as error:
            raise Failure("connect_refused") from error
        return self

    def close(self):
        self.writer.close()

    async def ask(self, head, pieces=(), pause=0.0):
        """Returns (version, whether the server closes)."""
        begun = False
        try:
            self.writer.write(head)
            for piece in pieces:
                await asyncio.sleep(pause)
                self.writer.write(piece)
                await self.writer.drain()
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
        self.answers += 1
        return version, headers.get("connection", "").lower() == "close"

    def _named(self, error, begun):
        cut = isinstance(error, asyncio.IncompleteReadError)
        if begun or (cut and error.partial):
            return "response_cut" if cut else "reset_within_response"
        if self.answers > 0:
            return "keep_alive_race"
        return "closed_without_response" if cut else "reset_before_response"


class Load:
    """One kind of client, several of it."""

    def __init__(self, name, run):
        self.name, self.run = name, run
        self.count = collections.Counter()
        self.failures = collections.Counter()
        self.samples = []
        self.slowest = 0.0

    async def request(self, connection, head, **body):
        self.count["requests"] += 1
        began = time.monotonic()
        try:
            version, closes = await asyncio.wait_for(connection.ask(head, **body), TIMEOUT)
        except asyncio.TimeoutError:
            raise Failure("timed_out") from None
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.count["answered"] += 1
        self.run.saw(version)
        if closes:
            self.count["polite_closes"] += 1
        return closes

    def failed(self, failure):
        name = str(failure)
        self.failures[name] += 1
        if len(self.samples) < 5:
            self.samples.append({"at_s": round(self.run.age(), 3), "failure": name,
                                 "detail": repr(failure.__cause__)})

    async def client(self, number, head, think=0.0, fresh=False, **body):
        connection = None
        last = False
        while not last:
            last = self.run.stop.is_set()  # each asks once more behind the end of the story
            try:
                if connection is not None and connection.reader.at_eof():
                    self.count["idle_closes"] += 1
                    connection.close()
                    connection = None
                if connection is None:
                    self.count["connections"] += 1
                    address = self.run.addresses[number % len(self.run.addresses)]
                    connection = await asyncio.wait_for(Connection(address).open(), TIMEOUT)
                if await self.request(connection, head, **body) or fresh:
                    connection.close()
                    connection = None
            except (Failure, asyncio.TimeoutError) as failure:
                self.failed(failure if isinstance(failure, Failure) else Failure("connect_timeout"))
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

    def report(self):
        return {"load": self.name, "requests": self.count["requests"],
                "answered": self.count["answered"], "failed": sum(self.failures.values()),
                "failures": self.failures, "samples": self.samples,
                "connections": self.count["connections"],
                "polite_closes": self.count["polite_closes"],
                "idle_closes": self.count["idle_closes"],
                "slowest_ms": round(self.slowest * 1000, 1)}


def head(target, method="GET", *more):
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: load", *more, "", ""]).encode()


KINDS = {
    "fresh": dict(head=head("/"), fresh=True, think=0.01),
    "busy": dict(head=head("/"), think=0.0),
    "thinking": dict(head=head("/"), think=THINK),
    "slow": dict(head=head("/slow?300")),
    "upload": dict(
        head=head("/upload", "POST", f"Content-Length: {UPLOAD_PIECES * UPLOAD_PIECE}"),
        pieces=[b"u" * UPLOAD_PIECE] * UPLOAD_PIECES, pause=0.04),
}


class Run:
    def __init__(self, plan):
        self.addresses = plan["addresses"]
        self.stop = asyncio.Event()
        self.stopping = asyncio.ensure_future(self.stop.wait())
        self.begun = time.monotonic()
        self.versions = []
        self.waiting = {(kind, n) for kind, count in plan["clients"].items() for n in range(count)}
        self.loads = {kind: Load(kind, self) for kind in plan["clients"]}
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


asyncio.run(main())
