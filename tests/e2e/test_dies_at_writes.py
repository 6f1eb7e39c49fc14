"""A master that dies in the moment in which it has written down what it is about to do."""

import signal

import pytest

from conftest import configure
from harness import control, library, log
from harness.load import Load
from harness.service_manager import ServiceManager

CANARY = {"canary": {"workers": 1, "hold": "manual"}}
MOST_WRITES = 60  # of a reload: each story ends when there are no more


@pytest.fixture
def manager(tmp_path):
    made = ServiceManager(tmp_path / "notify")
    yield made
    made.close()


class Dying:
    """A hupd whose master can be told to die at its n-th write."""

    def __init__(self, hupd, manager):
        self.hupd = hupd
        self.manager = manager
        self.armed = hupd.directory / "die"
        self.tries = 0
        self.start()

    def start(self):
        self.armed.unlink(missing_ok=True)
        self.manager.run(self.hupd, variables={"LD_PRELOAD": str(library.die_at_write()),
                                               "DIE_AT_WRITE": str(self.armed)})

    def at(self, nth):
        self.tries += 1
        self.armed.write_text(str(nth))

    def has_died(self):
        if self.hupd.process.poll() is None:
            return False
        assert self.hupd.process.returncode == -signal.SIGKILL
        return True

    def dies_or_ends(self):
        """Whether it has died before the reload had ended."""
        waits = control.start(self.hupd, "wait")
        self.hupd.wait(lambda: self.has_died() or waits.poll() is not None, "it dies, or ends")
        self.armed.unlink()  # too late
        waits.kill()
        waits.communicate()
        still = control.start(self.hupd, "status")
        self.hupd.wait(lambda: self.has_died() or still.poll() is not None, "it has died, or not")
        still.kill()
        still.communicate()
        return self.has_died()


def good(hupd, number):
    hupd.library.move_in(library.service(f"v{number + 2}"))


def bad(hupd, number):
    hupd.library.move_in(library.bad("BAD_CREATE_FAIL"))


def nothing(hupd):
    pass


def aborts_the_canary(hupd):
    control.start(hupd, "abort").communicate()


def promotes_the_canary(hupd):
    control.start(hupd, "promote").communicate()


KINDS = {
    "good": ({}, good, nothing),
    "one by one": ({"workers": 3, "reload": {"surge": 1}}, good, nothing),
    "bad": ({}, bad, nothing),
    "a canary that is aborted": ({"reload": CANARY}, good, aborts_the_canary),
    "a canary that is promoted": ({"reload": CANARY}, good, promotes_the_canary),
}


def is_at_rest(hupd):
    generations = control.status(hupd)["apps"][0]["generations"]
    return [one["state"] for one in generations] == ["serving"]


def outcomes(hupd):
    (history,) = control.command(hupd, "history", "--json").lines
    return {one["generation"]: one["outcome"] for one in history["reloads"]}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_decided_is_done_or_is_told_to_have_failed(make_hupd, manager, kind):
    app, deploy, then = KINDS[kind]
    hupd = make_hupd(**{"rollback": {"keep": 0}, **app})
    dying = Dying(hupd, manager)
    deaths = 0
    while deaths == dying.tries:
        deploy(hupd, deaths)
        with Load(hupd.address(), clients={"busy": 1, "fresh": 1}):
            if then is nothing:
                dying.at(deaths + 1)
                hupd.hup()
            else:
                seen = len(hupd.log.find(log.CANARY))
                hupd.hup()
                hupd.wait(lambda: len(hupd.log.find(log.CANARY)) > seen, "a canary serves")
                dying.at(deaths + 1)
                then(hupd)
            if dying.dies_or_ends():
                deaths += 1
                dying.start()
            assert control.command(hupd, "wait").code in (0, 1)
            hupd.wait(lambda: is_at_rest(hupd), "at rest")
        told = outcomes(hupd)
        serving = control.status(hupd)["apps"][0]["serving"]
        assert told[serving] == "done"
        assert max(told) == serving or told[max(told)] == "rejected", told
        assert set(told.values()) <= {"done", "rejected"}, told
    assert 1 < deaths < MOST_WRITES
    hupd.wait_settled(app.get("workers", 2))
    if then is nothing:
        hupd.library.move_in(library.service("v1"))
        hupd.reload()
