"""Clients of apps/mover.cpp, and ways to have their connections wait in the hand-over queue."""

import os
import signal
from dataclasses import dataclass

from . import client, inventory, library, proc


def user_of_its_own():
    """For who counts a user's descriptors in flight: those of "nobody" may be other tests', too."""
    number = str(1_000_000 + os.getpid())
    return {"user": number, "group": number}


@dataclass(frozen=True)
class Answer:
    name: str
    count: int
    version: str
    pid: int


class Caller:
    """One connection, who counts its answers: the application's count must be the same."""

    def __init__(self, address, name):
        self.name = name
        self.connection = client.Connection(address, timeout=30)
        self.sent = self.count = 0
        self.asked("call " + name)

    def send(self, line="who"):
        self.sent += 1
        self.connection.send(line.encode() + b"\n")

    def line(self):
        text = self.connection._until(b"\n")
        line, _, self.connection._buffer = text.partition(b"\n")
        return line.decode()

    def answer(self):
        name, count, version, pid = self.line().split()
        self.count += 1
        assert (name, int(count)) == (self.name, self.count), "a line was lost or answered twice"
        return Answer(name, int(count), version, int(pid))

    def asked(self, line="who"):
        self.send(line)
        return self.answer()

    def is_answered(self):
        return self.connection.has_come()

    def is_lost(self):
        """Asks, unless it waits for an answer already; False when there was one."""
        try:
            if self.sent == self.count:
                self.send()
            self.answer()
            return False
        except (client.Cut, BrokenPipeError, ConnectionResetError):
            return True


def call(hupd, count):
    return [Caller(hupd.address(), f"caller-{n}") for n in range(count)]


def freeze(hupd, processes):
    for one in processes:
        os.kill(one.pid, signal.SIGSTOP)
    hupd.wait(lambda: all(proc.state(one.pid) == "T" for one in processes), "they are stopped")


def thaw(processes):
    for one in processes:
        os.kill(one.pid, signal.SIGCONT)


def switch_and_freeze(hupd, callers, version="v2"):
    """The new generation serves and is stopped before anything has moved; the old one has each
    connection and may now hand it over."""
    for one in callers:
        one.asked("hold")
    if version is not None:
        hupd.library.move_in(library.mover(version))
    frozen = hupd.workers(gen=hupd.reload())
    freeze(hupd, frozen)
    for one in callers:
        one.asked("release")
    return frozen


def all_are_in_the_queue(hupd, frozen):
    """Whoever handed over has nothing left, and who could receive is stopped."""
    def only_they_live():
        return {one.pid for one in hupd.workers()} == {one.pid for one in frozen}
    hupd.wait(only_they_live, "the old workers are gone")


def served_by(hupd, callers, senders):
    """Those whose connections the senders keep since the queue is full: they answer them, and
    nobody answers the others, who ask the same and wait."""
    for one in callers:
        one.send()

    def all_in_their_hands():
        answered = [one for one in callers if one.is_answered()]
        held = sum(inventory.connections(one.pid) for one in senders)
        return answered if len(answered) == held else None
    served = hupd.wait(all_in_their_hands, "the senders answer all that they have")
    for one in served:
        assert one.answer().pid in {sender.pid for sender in senders}
    assert 0 < len(served) < len(callers)
    return served
