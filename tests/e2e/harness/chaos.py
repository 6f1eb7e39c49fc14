"""A chaos run: events from a seed under load, and then the question whether all is as it should be."""

import json
import time

from . import control, inventory, library, proc
from .casualties import Casualties, losses
from .chaos_events import Events, plan
from .load import Load
from .waiting import PAUSE, PATIENCE, elapse

WORKERS = 3
APP = {"listen": ["127.0.0.1:0", "[::1]:0"], "workers": WORKERS, "boot_timeout": "2s",
       "kill_timeout": "1s", "drain_timeout": "8s", "stall_timeout": "4s", "rollback": {"keep": 2},
       "restart": {"backoff_first": "10ms", "backoff_cap": "100ms"}}


class Chaos:
    """round(seed) as often as one likes, on the same hupd, which a service manager has started."""

    def __init__(self, hupd, manager, disk=None):
        self.hupd, self.manager, self.disk = hupd, manager, disk
        self.addresses = [hupd.address(number) for number in range(len(APP["listen"]))]
        self.begun = time.monotonic()
        self.before = None

    def say(self, text):
        print(f"chaos {time.monotonic() - self.begun:9.3f} {text}", flush=True)

    def round(self, seed, count):
        self.say(f"seed {seed}, {count} events")
        if self.before is None:
            self.before = self.at_rest()
        since = self.hupd.log.mark()
        casualties = Casualties()
        events = Events(self.hupd, self.manager, casualties, self.disk)
        with Load(*self.addresses, may_lose=True) as load:
            for number, (pause, name, dice) in enumerate(plan(seed, count)):
                self.pass_time(pause)
                assert self.hupd.process.poll() is None, "the master ended by itself"
                self.say(f"{number:4} {name}: {getattr(events, name)(dice)}")
            events.calm_down()
            self.say("all is calm")
            now = self.at_rest()
        self.judge(load, casualties, since)
        self.as_before(now)

    def pass_time(self, seconds):
        """The service manager listens meanwhile."""
        end = time.monotonic() + seconds
        while True:
            self.manager.stored()
            if time.monotonic() >= end:
                return
            elapse(PAUSE)

    # ---- and then ----

    def at_rest(self):
        """What there is after a death and a deploy: by the same way each time, so that it can be
        compared."""
        hupd = self.hupd
        hupd.process.kill()
        hupd.process.wait()
        self.manager.run(hupd)
        for version in ("v8", "v9"):
            hupd.library.move_in(library.service(version))
            hupd.wait(lambda: control.command(hupd, "reload", "--force").code == 0, "deployed", 60)
        hupd.wait_settled(WORKERS, 2 * PATIENCE)
        hupd.let_each_worker_serve()
        assert {hupd.get().text for _ in range(10)} == {"v9\n"}
        (app,) = control.status(hupd)["apps"]
        assert [g["state"] for g in app["generations"]].count("serving") == 1, app
        reloads = control.command(hupd, "history", "--json").lines[0]["reloads"]
        assert not [one for one in reloads if one["outcome"] == "running"], reloads
        return hupd.wait(self.taken, "no child is a zombie")

    def taken(self):
        self.manager.stored()
        if any(proc.state(pid) == "Z" for pid in proc.children(self.hupd.pid)):
            return None
        taken = inventory.take(self.hupd)
        taken.stored = len(self.manager.stored())
        return taken

    def as_before(self, now):
        self.hupd.wait(lambda: self.taken() == self.before,
                       f"all is as it was\nbefore: {self.before}\n   now: {now}")

    def judge(self, load, casualties, since):
        told = losses(self.hupd.log.lines()[since:])
        explained, unexplained = casualties.explain(told)
        requests = sum(one["requests"] for one in load.result["loads"])
        self.say(f"{requests} requests, {load.lost()} lost of {explained} that were in "
                 f"{len(casualties.killed)} killed and {len(casualties.halted)} halted processes")
        assert load.lost() <= explained, json.dumps(load.result, indent=1)
        assert not unexplained, "\n".join(map(str, unexplained))
        assert all(one["answered"] for one in load.result["loads"])
