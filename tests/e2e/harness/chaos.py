"""A chaos run: events from a seed under load, and then the question whether all is as it should be."""

import time

from . import control, inventory, library, proc, websocket
from .casualties import Casualties
from .chaos_events import Events, plan, versions_of
from .chaos_keeper_events import KeeperEvents
from .load import ALL, Load, Torture
from .waiting import PATIENCE, elapse

WORKERS = {"web": 3, "ws": 2}
ALIKE = {"boot_timeout": "2s", "kill_timeout": "1s", "drain_timeout": "8s", "stall_timeout": "4s",
         "rollback": {"keep": 2}, "restart": {"backoff_first": "10ms", "backoff_cap": "100ms"}}
WEB = {"listen": ["127.0.0.1:0", "[::1]:0"], "workers": WORKERS["web"], **ALIKE}
WS = {"listen": ["127.0.0.2:0"], "workers": WORKERS["ws"], **ALIKE}
CALM = ("v8", "v9")  # versions that no event deploys
EVENTS = {"systemd": Events, "hupd": KeeperEvents}  # by who keeps what a master had
LONG = 20.0  # seconds for an answer: more than one that stands still may take, on a slow machine


class Chaos:
    """round(seed) as often as one likes, on the same hupd, which `manager`, of chaos_keepers, has started: with
    the apps web, of versions of the stories' service, and ws, of the example with WebSockets."""

    def __init__(self, hupd, deployed, manager, disk=None):
        self.hupd, self.deployed, self.manager, self.disk = hupd, deployed, manager, disk
        self.addresses = [hupd.address(number) for number in range(len(WEB["listen"]))]
        self.sockets = [hupd.address(len(self.addresses))]
        self.begun = time.monotonic()
        self.before = None

    def say(self, text):
        print(f"chaos {time.monotonic() - self.begun:9.3f} {text}", flush=True)

    def round(self, seed, count):
        self.say(f"seed {seed}, keeper {self.manager.name}, {count} events")
        try:
            self.play(seed, count)
        except BaseException:
            self.say(f"ended by a fault: packaging/chaos --seed {seed} --keeper "
                     f"{self.manager.name} --seconds 0 replays it")
            raise

    def play(self, seed, count):
        if self.before is None:
            self.before = self.at_rest()
        since = self.hupd.log.mark()
        casualties = Casualties()
        events = EVENTS[self.manager.name](self.hupd, self.deployed, self.manager, casualties, self.disk)
        torture = Torture(*self.addresses, patience=LONG)
        with torture, Load(*self.addresses, clients=ALL, sockets=self.sockets, may_lose=True,
                           patience=LONG) as load:
            for number, (pause, name, dice) in enumerate(plan(seed, count, events.WEIGHTS)):
                elapse(pause)
                assert self.hupd.process.poll() is None, "the master ended by itself"
                self.say(f"{number:4} {name}: {getattr(events, name)(dice)}")
            events.calm_down()
            self.say("all is calm")
            now = self.at_rest()
        self.judge(load, torture, casualties, since)
        self.as_before(now)

    # ---- and then ----

    def at_rest(self):
        """What there is after a death and a deploy: by the same way each time, so that it can be
        compared."""
        hupd = self.hupd
        self.manager.let_it_die(hupd)
        hupd.process.kill()
        hupd.process.wait()
        self.manager.run(hupd)
        for web, ws in zip(CALM, versions_of("ws")):
            self.deployed["web"].move_in(library.service(web))
            self.deployed["ws"].move_in(ws)
            hupd.wait(lambda: control.command(hupd, "reload", "--force").code == 0, "deployed", 60)
        hupd.wait(self.settled, "each app has its workers, of one generation", 2 * PATIENCE)
        self.let_each_worker_serve()
        assert {hupd.get().text for _ in range(10)} == {f"{CALM[-1]}\n"}
        with websocket.Socket(self.sockets[0]) as socket:
            assert socket.count() == (1, hupd.generation("ws"))
        for app in control.status(hupd)["apps"]:
            assert [g["state"] for g in app["generations"]].count("serving") == 1, app
        for app in control.command(hupd, "history", "--json").lines:
            reloads = app["reloads"]
            assert not [one for one in reloads if one["outcome"] == "running"], reloads
        return hupd.wait(self.taken, "no child is a zombie, and what is kept is what there is")

    def settled(self):
        there = self.hupd.processes()
        for app, workers in WORKERS.items():
            gens = [one.gen for one in there if one.app == app]
            if gens != [self.hupd.generation(app)] * (workers + 1):  # the zygote too
                return False
        return len(there) == sum(WORKERS.values()) + 2 and len(self.hupd.parked()) <= 2

    def let_each_worker_serve(self):
        """What a worker opens with its first connection, it keeps: not to be taken for a leak."""
        workers = {one.pid for one in self.hupd.workers() if one.app == "web"}
        served = set()

        def everyone_has():
            served.add(int(self.hupd.get().headers["x-pid"]))
            return served >= workers
        self.hupd.wait(everyone_has, "each worker has served somebody")

    def taken(self):
        holdings = self.manager.holdings(self.hupd, sum(WORKERS.values()))
        if holdings is None or any(proc.state(pid) == "Z" for pid in proc.children(self.hupd.pid)):
            return None
        taken = inventory.take(self.hupd)
        taken.holdings = holdings
        return taken

    def as_before(self, now):
        self.hupd.wait(lambda: self.taken() == self.before,
                       f"all is as it was\nbefore: {self.before}\n   now: {now}")

    def judge(self, load, torture, casualties, since):
        lost = load.lost_connections() + torture.lost_connections()
        connections, lines = casualties.unexplained(lost, self.hupd.log.lines()[since:])
        loads = load.result["loads"] + [{**one, "load": f"torture's {one['load']}"}
                                        for one in torture.result["loads"]]
        self.say(f"{sum(one['requests'] for one in loads)} requests, {len(lost)} connections lost, "
                 f"{len(connections)} of them not with one of {len(casualties.killed())} killed and "
                 f"{len(casualties.halted())} halted processes")
        self.say("of " + ", ".join(f"{one['requests']} {one['load']} {len(one['lost'])}"
                                   for one in loads))
        assert not connections, "\n".join(map(str, connections + casualties.all))
        assert not lines, "\n".join(map(str, lines))
        assert all(one["answered"] for one in loads)
