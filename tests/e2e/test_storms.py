"""Operators who do everything at once, from a seed: no client notices, every command gets a result, and
afterwards all is as it should be."""

import os
import random
import signal

import pytest

from harness import control, library, proc
from harness.load import Load
from harness.waiting import elapse

STEPS = 40
BAD = ["BAD_CREATE_FAIL", "BAD_CREATE_HANG", "BAD_START_FAIL", "BAD_START_PENDING", "BAD_START_SEGV"]
APP = {"workers": 3, "boot_timeout": "1500ms", "kill_timeout": "300ms", "drain_timeout": "5s",
       "rollback": {"keep": 2}, "restart": {"backoff_first": "10ms", "backoff_cap": "100ms"}}


class Storm:
    def __init__(self, hupd, reconfigure, seed, kills):
        self.hupd, self.reconfigure = hupd, reconfigure
        self.random = random.Random(seed)
        self.running = []
        self.halted = set()
        self.ways = [self.hup, self.ask, self.ask, self.ask, self.back, self.back, self.back,
                     self.scale, self.good, self.good, self.bad, self.policy, self.kill_zygote,
                     self.halt_zygote, self.go_on, self.pause, self.pause]
        self.ways += [self.kill_worker] * kills

    def step(self):
        self.random.choice(self.ways)()

    # ---- what operators do ----

    def start(self, *words):
        self.running.append((words, control.start(self.hupd, *words)))

    def hup(self):
        self.hupd.hup()

    def ask(self):
        self.start(*self.random.choice([("reload",), ("reload", "--force"), ("promote",), ("abort",)]))

    def back(self):
        self.start("rollback")

    def scale(self):
        self.start("scale", "web", self.random.randint(1, 4))

    def good(self):
        self.hupd.library.move_in(library.service(f"v{self.random.randint(1, 5)}"))

    def bad(self):
        self.hupd.library.move_in(library.bad(self.random.choice(BAD)))

    def policy(self):
        either = lambda **keys: self.random.choice([{}, keys])  # noqa: E731
        hold = self.random.choice(["manual", "200ms"])
        self.reconfigure(self.hupd, reload={
            "max_draining": self.random.randint(1, 4), **either(surge="34%"),
            **either(canary={"workers": 1, "hold": hold}),
            **either(probation={"time": "400ms", "crashes": 1})})

    # ---- what happens ----

    def signal_one(self, processes, number):
        for one in processes and [self.random.choice(processes)]:
            if proc.lives(one.pid):
                os.kill(one.pid, number)
                return one.pid

    def kill_zygote(self):
        self.signal_one(self.hupd.parked() + self.hupd.zygotes(), signal.SIGKILL)

    def kill_worker(self):
        self.signal_one(self.hupd.workers(), signal.SIGKILL)

    def halt_zygote(self):
        self.halted.add(self.signal_one(self.hupd.parked(), signal.SIGSTOP))

    def go_on(self):
        for pid in self.halted - {None}:
            if proc.lives(pid):
                os.kill(pid, signal.SIGCONT)
        self.halted.clear()

    def pause(self):
        elapse(self.random.random() * 0.3)

    # ---- and then ----

    def calm_down(self):
        self.go_on()

        def all_have_a_result():
            control.command(self.hupd, "promote")  # a canary that is held for somebody
            return all(one.poll() is not None for _, one in self.running)
        self.hupd.wait(all_have_a_result, "each command gets its result", 60)
        for words, one in self.running:
            done = control.ended(one)
            assert done.code in (0, 1, 2), (words, done)  # 2: it read a file half written


@pytest.mark.parametrize("kills", [0, 1], ids=["nobody_dies", "workers_die"])
@pytest.mark.parametrize("seed", range(int(os.environ.get("HUPD_STORMS", 3))))
def test_after_a_storm_all_is_well(make_hupd, reconfigure, seed, kills):
    hupd = make_hupd(**APP).run()
    storm = Storm(hupd, reconfigure, seed, kills)
    with Load(hupd.address(), clients={"fresh": 1, "busy": 1, "thinking": 4, "slow": 1},
              may_lose=bool(kills)) as load:
        for _ in range(STEPS):
            storm.step()
        storm.calm_down()
        reconfigure(hupd, reload={})
        hupd.library.move_in(library.service("v9"))
        done = control.command(hupd, "reload", "--force", deadline=60)
        assert done.code == 0, done
        hupd.wait_settled(3)
        assert {hupd.get().text for _ in range(10)} == {"v9\n"}
    assert load.lost() <= hupd.log.died_with(), "only what died with its worker"
    (app,) = control.status(hupd)["apps"]
    assert [g["state"] for g in app["generations"]].count("serving") == 1
    reloads = control.command(hupd, "history", "--json").lines[0]["reloads"]
    assert not [one for one in reloads if one["outcome"] == "running"]
    copies = [path.name for path in hupd.runtime_dir.glob("master-*/web-*")]
    assert len(copies) <= 3, f"the one that serves and two to go back to: {copies}"
