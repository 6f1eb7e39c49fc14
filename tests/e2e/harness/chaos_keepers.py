"""Who keeps what a chaos run's masters had, and starts the next one: a service manager, or hupd's own
keeper and somebody who starts hupd again whenever it has ended."""

import os
import signal
import threading
import time

from . import inventory, proc
from .deaths import GOES_ON, Keeper, Manager, keepers_of
from .waiting import PATIENCE, elapse

AGAIN = 0.1  # seconds after which hupd is started again
DEAD_AT_LAST = 60.0  # seconds in which there is a keeper again, whatever it and its master met


class ServiceManager(Manager):
    name = "systemd"

    def let_it_die(self, hupd):
        """Returns when a master that is killed can be followed by another one."""

    def may_have_given_up(self, _hupd):
        return False

    def holdings(self, _hupd, _workers):
        return len(self.stored())

    def nothing_is_left(self):
        return self.stored() == {}


class OwnKeeper(Keeper):
    """A keeper that is killed together with its master leaves nothing to go on with, so that clients
    lose what cannot be told apart: no event does that. Each other one is followed by a master that
    goes on. One that is started while the keeper stands still may give up, and is started again."""

    name = "hupd"

    def __init__(self):
        self._is_first = True
        self._since, self._begun = 0, 0.0  # of the last start: where its log begins, and when
        self._stands_still = 0
        self._lock = threading.Lock()
        self._woken_at = 0.0

    def run(self, hupd, alive=True):
        self._since, self._begun = hupd.log.mark(), time.monotonic()
        hupd.spawn("run", hupd.config)
        if alive:
            self.see_through(hupd)
        return hupd

    def see_through(self, hupd):
        """That it serves, whoever has to be started again for that."""
        while not self._comes_up(hupd):
            assert self.may_have_given_up(hupd), \
                f"hupd ended with {hupd.process.returncode}\n{hupd.log.tail()}"
            elapse(AGAIN)
            self.run(hupd, alive=False)

    def _comes_up(self, hupd):
        hupd.wait(lambda: hupd.process.poll() is not None or self._serves(hupd, self._since),
                  "it serves or has given up", 2 * PATIENCE)
        if hupd.process.poll() is not None:
            return False
        assert self._is_first or hupd.log.find(GOES_ON, self._since), f"it began anew\n{hupd.log.tail()}"
        self._is_first = False
        return True

    def may_have_given_up(self, hupd):
        return hupd.process.poll() == 1 and self._stood_still(self._begun)

    # ---- what is done to it ----

    def halt(self, pid, seconds):
        """It stands still for so long. Returns what wakes it, to be joined."""
        handle = os.pidfd_open(pid)
        with self._lock:
            self._stands_still += 1
        signal.pidfd_send_signal(handle, signal.SIGSTOP)
        timer = threading.Timer(seconds, self._wake, [handle])
        timer.start()
        return timer

    def _wake(self, handle):
        try:
            signal.pidfd_send_signal(handle, signal.SIGCONT)
        except ProcessLookupError:
            pass
        os.close(handle)
        with self._lock:
            self._stands_still -= 1
            self._woken_at = time.monotonic()

    def _stood_still(self, since):
        with self._lock:
            return self._stands_still > 0 or self._woken_at >= since

    # ---- what it has ----

    def let_it_die(self, hupd):
        hupd.wait(lambda: hupd.process.poll() is not None or self._has_all(hupd),
                  "a keeper has what the next master needs", DEAD_AT_LAST)

    @staticmethod
    def _has_all(hupd):
        """All is told at once: whose keeper has the listeners and the state has the rest, too."""
        for pid in keepers_of(hupd):
            has_state = any("hupd-state" in what for what in proc.descriptors(pid).values())
            if has_state and inventory.listening(hupd.pid) <= inventory.listening(pid):
                return True
        return False

    def holdings(self, hupd, workers):
        """None while there is not exactly one, with what it takes to find its master and so many
        workers: one that was replaced a moment ago is no heavier for what it does not give up."""
        keepers = keepers_of(hupd)
        kinds = inventory.descriptors(keepers[0]) if len(keepers) == 1 else {}
        processes = sum(count for kind, count in kinds.items() if "pidfd" in kind)
        return kinds if processes == 1 + workers else None

    def nothing_is_left(self):
        return True  # it is a process like any other of hupd's
