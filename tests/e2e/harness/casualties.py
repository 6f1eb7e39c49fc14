"""What a run does to processes itself, and which connections each of them had then: what clients may
miss, connection by connection.

Whoever is to be killed is stopped first, so that what it holds is looked at while it cannot change.
"""

import contextlib
import os
import select
import signal
import threading
import time
from dataclasses import dataclass, field

from . import inventory, log, proc
from .load_account import UNAVAILABLE
from .waiting import wait_until

# Who was halted and is ended for it ends in its sleep or, by what waits for it, as it wakes. By so many
# seconds later, on a slow machine, it has ended of something else or not at all.
IN_ITS_SLEEP = 5.0
OVERSLEPT = (log.STALLED, log.OVERDUE, "cut ")  # what hupd says of those that it ends or cuts for it


@dataclass
class Casualty:
    pid: int
    at: float  # of CLOCK_MONOTONIC, after it was stopped and before it was killed
    held: frozenset  # of connections, as inventory.connected() has them
    is_killed: bool  # or halted
    awake: threading.Event = field(default_factory=threading.Event, repr=False)
    has_ended: bool = False

    def had(self, lost):
        """A port may come again: what was lost before, or begun later, is something else."""
        return (lost["how"] != UNAVAILABLE and (lost["server"], lost["client"]) in self.held
                and lost["opened"] <= self.at <= lost["ended"])


@dataclass
class Famine:
    """Of one worker's descriptors: it may answer that it is unavailable, and no more than that."""
    begun: float
    over: float = float("inf")

    def had(self, lost):
        return (lost["how"] == UNAVAILABLE
                and lost["opened"] <= self.over and self.begun <= lost["ended"])


class Casualties:
    def __init__(self):
        self.all = []
        self._famines = []
        self._sleeps = []
        self._at_its_end = threading.Lock()  # nobody wakes one that is looked at before it is killed

    def killed(self):
        return [one for one in self.all if one.is_killed]

    def halted(self):
        return [one for one in self.all if not one.is_killed]

    # ---- what is done ----

    def kill(self, pid):
        """kill -9; how many connections it had, or None when there is nobody any more."""
        with self._at_its_end:
            one = self._stop(pid, is_killed=True)
            if one is None:
                return None
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # while it was looked at
            return len(one.held)

    def halt(self, pid, seconds):
        """It stands still for so long. None when there is nobody, or it does already."""
        if any(one.pid == pid for one in self.all) or not proc.lives(pid):
            return None
        handle = os.pidfd_open(pid)
        one = self._stop(pid, is_killed=False)
        if one is None:
            os.close(handle)
            return None
        sleep = threading.Thread(target=self._sleep, args=(one, handle, seconds))
        self._sleeps.append(sleep)
        sleep.start()
        return len(one.held)

    def starve(self):
        """Just before somebody's descriptors are taken away."""
        self._famines.append(Famine(time.monotonic()))

    def end_famines(self):
        """Just after all have been given back."""
        for one in self._famines:
            one.over = min(one.over, time.monotonic())

    def wait_all_awake(self):
        for one in self.halted():
            one.awake.wait()

    def _stop(self, pid, is_killed):
        at, sockets, table = time.monotonic(), inventory.socket_inodes(pid), inventory.connected()
        try:
            os.kill(pid, signal.SIGSTOP)
        except ProcessLookupError:
            return None
        wait_until(lambda: proc.state(pid) in ("T", "") or not proc.lives(pid), "it is stopped")
        stopped, now = inventory.socket_inodes(pid), time.monotonic()
        is_there = proc.state(pid) == "T"
        if is_there:
            at, sockets = now, stopped
        table.update(inventory.connected())
        one = Casualty(pid, at, frozenset(table[inode] for inode in sockets if inode in table),
                       is_killed and is_there)
        self.all.append(one)
        if is_there:
            return one
        # It was about to end; or hupd has ended it for this, on a machine so slow that it was not
        # seen standing still.
        one.has_ended = True
        one.awake.set()
        return None

    def _sleep(self, one, handle, seconds):
        end = select.poll()  # takes any number
        end.register(handle, select.POLLIN)
        if not end.poll(seconds * 1000):
            with self._at_its_end, contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGCONT)
        one.awake.set()
        one.has_ended = bool(end.poll(IN_ITS_SLEEP * 1000))
        os.close(handle)

    # ---- what is to be expected of it ----

    def unexplained(self, lost, lines):
        """Of these connections, by load_account, and these lines of the log: those that were in no
        process that was killed, nor in one that hupd ended since it was halted, nor too many for one
        that was starved."""
        for sleep in self._sleeps:
            sleep.join()
        overslept = {line.pid for line in lines if any(text in line.text for text in OVERSLEPT)}
        dead = self.killed() + [one for one in self.halted()
                                if one.has_ended and one.pid in overslept]
        return ([one for one in lost if not any(each.had(one) for each in dead + self._famines)],
                [line for line in losses(lines) if line.pid not in {one.pid for one in dead}])


def losses(lines):
    """Those lines that tell of connections that somebody lost, or of somebody who was; without those
    of workers that never came to be, which have no pid, and of those that drained on their own."""
    def tells(text):
        if text.startswith(log.LEFT_BY_ITSELF):
            return False
        return text.startswith(log.LOST) or log.OVERDUE in text or text.startswith("cut ")
    return [line for line in lines if line.pid is not None and tells(line.text)]
