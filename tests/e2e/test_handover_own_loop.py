"""Applications that serve the sockets by themselves hand their connections over, too."""

import signal

import pytest

from harness import client, library, log
from harness.callers import call


@pytest.fixture
def make_own_loop(make_hupd):
    def make(**app):
        hupd = make_hupd(version=None, drain_timeout="60s", stall_timeout="60s", **app)
        hupd.library.move_in(library.own_loop("v1"))
        return hupd.run()
    return make


def deploy(hupd, version):
    hupd.library.move_in(library.own_loop(version))
    hupd.reload()
    hupd.wait_settled(len(hupd.workers(hupd.generation())))


def test_connections_outlive_reloads_and_are_answered_by_each_new_version(make_own_loop):
    hupd = make_own_loop()
    callers = call(hupd, 100)
    for version in ("v2", "v3", "v1"):
        deploy(hupd, version)
        assert {one.asked().version for one in callers} == {version}
    assert hupd.stop() == 0


def test_half_a_line_goes_along(make_own_loop):
    hupd = make_own_loop()
    (caller,) = call(hupd, 1)
    caller.connection.send(b"call some")
    deploy(hupd, "v2")
    caller.name = "somebody"
    assert caller.asked("body").version == "v2"


def test_whatever_makes_a_worker_retire(make_own_loop):
    hupd = make_own_loop(workers=3, recycle={"requests": 200})
    callers = call(hupd, 30)
    for number, left in ((signal.SIGTTOU, 2), (signal.SIGTTIN, 3), (signal.SIGTTOU, 2)):
        hupd.send(number)
        hupd.wait_settled(left)
        for one in callers:
            one.asked()
    while len(hupd.log.find(log.RELIEVED)) < 3:
        for one in callers:
            one.asked()
    assert hupd.stop() == 0


def test_more_than_the_queue_holds_at_a_time_wait_for_room(make_own_loop):
    hupd = make_own_loop(settings={"state_size": 10_000})
    callers = call(hupd, 200)
    deploy(hupd, "v2")
    assert {one.asked().version for one in callers} == {"v2"}


@pytest.mark.parametrize("settings", [
    {"adopt": "refuse"},           # the next worker does not want it
    {"state_size": 20 << 20}])     # more than handover.max_state: the old one keeps it
def test_who_cannot_go_on_hears_a_goodbye(make_own_loop, settings):
    hupd = make_own_loop(settings=settings)
    callers = call(hupd, 5)
    deploy(hupd, "v2")
    for one in callers:
        assert one.line() == "goodbye"
        with pytest.raises(client.Cut):
            one.line()
    assert hupd.stop() == 0
