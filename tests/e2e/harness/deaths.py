"""Masters that are killed, and what keeps for the next one what they had: a service manager, or
hupd's own keeper."""

import os
import signal

from . import log, proc
from .service_manager import ServiceManager

GOES_ON = "has died: this one goes on with what it had"


class Keeper:
    """hupd's own, which each of its masters starts or finds by itself: run(hupd) as often as it dies."""

    kind = "process"

    def run(self, hupd, alive=True, variables=None):
        since = hupd.log.mark()
        hupd.spawn("run", hupd.config, variables=variables)
        if alive:
            hupd.wait(lambda: self._serves(hupd, since), "it serves")
        return hupd

    def _serves(self, hupd, since):
        assert hupd.process.poll() is None, f"hupd ended with {hupd.process.returncode}"
        return hupd.log.find(GOES_ON, since) or hupd.log.find(log.STARTED, since)

    def kept(self, hupd):
        return len(proc.descriptors(keeper_of(hupd)))

    def close(self):
        pass


class Manager(ServiceManager):
    kind = "service_manager"

    def kept(self, hupd):
        return len(self.stored())


def keepers_of(hupd):
    return [pid for pid, title in hupd.left_processes().items() if title == "hupd: keeper"]


def keeper_of(hupd):
    (pid,) = keepers_of(hupd)
    return pid


def kill_master(hupd):
    hupd.send(signal.SIGKILL)
    hupd.process.wait()


def kill_master_and_keeper(hupd):
    hupd.send(signal.SIGSTOP)  # so that it starts no other one
    keeper = keeper_of(hupd)
    os.kill(keeper, signal.SIGKILL)
    hupd.wait(lambda: not proc.lives(keeper), "its socket is closed")
    kill_master(hupd)


def worker_pids(hupd):
    return {one.pid for one in hupd.workers()}


def die_and_come_back(hupd, manager):
    kill_master(hupd)
    manager.run(hupd)


def restarts_until(hupd, manager, predicate, what):
    """Restart=always."""
    def look():
        if hupd.process.poll() is not None:
            manager.run(hupd, alive=False)
        return predicate()
    hupd.wait(look, what)
