"""What clients of one kind met: counted, and every connection that ended under their hands by itself.

A failure is what a client could see: refused, reset, cut, late, wrong. `Connection: close` on a whole
response is polite and no failure; an idle connection that ends without it is counted apart.
"""

import collections
import time

from . import inventory

UNAVAILABLE = "answered 503"  # a WebSocket takes a descriptor more than the request for it


class Failure(Exception):
    pass


class Account:
    """`run` has the addresses, the patience, and hears who was answered with what."""

    def __init__(self, name, run):
        self.name, self.run = name, run
        self.count = collections.Counter()
        self.failures = collections.Counter()
        self.samples = []
        self.lost = []
        self.slowest = 0.0

    def address(self, number, addresses):
        self.count["connections"] += 1
        return addresses[number % len(addresses)]

    def answered(self, began):
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.count["answered"] += 1

    def failed(self, failure, connection=None):
        name = str(failure)
        self.failures[name] += 1
        if len(self.samples) < 5:
            detail = repr(failure.__cause__)
            if name == "timed_out" and connection is not None:
                detail = inventory.whereabouts(*connection.ends)
            self.samples.append({"at_s": round(self.run.age(), 3), "failure": name,
                                 "detail": detail})
        self._ended(connection, name)

    def idle_close(self, connection):
        self.count["idle_closes"] += 1
        self._ended(connection, "idle_close")

    def _ended(self, connection, how):
        """Which connection, and when it lived: by these it is found again in whom it died with. Times
        are of CLOCK_MONOTONIC, the same in all processes."""
        server, client = connection.ends if connection is not None else ("", "")
        self.lost.append({"load": self.name, "how": how, "server": server, "client": client,
                          "opened": connection and connection.opened, "ended": time.monotonic()})

    def report(self):
        return {"load": self.name, "requests": self.count["requests"],
                "answered": self.count["answered"], "failed": sum(self.failures.values()),
                "failures": self.failures, "samples": self.samples, "lost": self.lost,
                "connections": self.count["connections"],
                "polite_closes": self.count["polite_closes"],
                "idle_closes": self.count["idle_closes"],
                "slowest_ms": round(self.slowest * 1000, 1)}


class Ends:
    """What `lost` has to know of a connection: made before it is opened."""

    def __init__(self):
        self.opened = time.monotonic()
        self.ends = ("", "")

    def note(self, writer):
        """The server's address and its own; not to be had any more once it has ended."""
        ends = (writer.get_extra_info("peername"), writer.get_extra_info("sockname"))
        if all(isinstance(end, tuple) for end in ends):  # unix sockets have none
            self.ends = tuple(f"[{end[0]}]:{end[1]}" if ":" in end[0] else f"{end[0]}:{end[1]}"
                              for end in ends)
