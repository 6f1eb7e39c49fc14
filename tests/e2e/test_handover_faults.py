"""Whatever fails while living connections move: nobody loses one but a process that was killed.

What clients see is said in each story: nothing, a goodbye, or (whose process was killed) an end.
"""

import os
import signal

import pytest

from harness import callers, library, log
from harness.callers import call


@pytest.fixture
def make_mover(make_hupd):
    def make(**app):
        hupd = make_hupd(version=None, **{
            "stall_timeout": "60s", "drain_timeout": "60s",  # beyond the patience of any story
            "connection": {"idle_timeout": "0s"}, "restart": {"backoff_first": "1ms"}, **app})
        hupd.library.move_in(library.mover("v1"))
        return hupd.run()
    return make


def adopted(hupd, pid):
    """Names of those that this process began to adopt."""
    return [line.text.split()[-1] for line in hupd.log.find("adopting ", pid=pid)]


def kill(hupd, process):
    os.kill(process.pid, signal.SIGKILL)
    hupd.wait(lambda: process.pid not in {one.pid for one in hupd.workers()}, "it is gone")


# ---- processes that are killed ----

def test_a_receiver_that_is_killed_takes_none_with_it_that_wait_in_the_queue(make_mover):
    """The client of a connection that waits sees nothing; that of one in hand sees its end."""
    hupd = make_mover()
    waiting = call(hupd, 40)
    frozen = callers.switch_and_freeze(hupd, waiting)
    callers.all_are_in_the_queue(hupd, frozen)
    for one in waiting:
        one.send()
    kill(hupd, frozen[0])
    callers.thaw(frozen[1:])
    assert {one.answer().version for one in waiting} == {"v2"}
    assert all(one.asked().version == "v2" for one in waiting)


def test_a_receiver_that_is_killed_loses_what_it_has_in_hand_and_nothing_else(make_mover):
    hupd = make_mover(settings={"adopt": "slow"})
    moving = call(hupd, 60)
    frozen = callers.switch_and_freeze(hupd, moving)
    callers.all_are_in_the_queue(hupd, frozen)
    victim = frozen[0]
    callers.thaw(frozen)
    hupd.wait(lambda: len(adopted(hupd, victim.pid)) > 3, "some are in its hand")
    kill(hupd, victim)
    lost = [one.name for one in moving if one.is_lost()]
    in_hand = adopted(hupd, victim.pid)
    assert lost and set(in_hand) - set(lost) == set()
    # One may have been taken from the queue, and the line that says so not yet written.
    assert len(set(lost) - set(in_hand)) <= 1
    assert len(lost) < len(moving)


def test_a_sender_that_is_killed_takes_none_with_it_that_wait_in_the_queue(make_mover):
    """More than the queue holds, so that the sender has some in hand: their clients see an end."""
    hupd = make_mover(workers=1)
    (sender,) = hupd.workers()
    moving = call(hupd, 700)
    frozen = callers.switch_and_freeze(hupd, moving)
    served = callers.served_by(hupd, moving, [sender])
    kill(hupd, sender)
    callers.thaw(frozen)
    lost = [one for one in moving if one.is_lost()]
    assert lost == served


# ---- new versions that do it badly ----

def test_connections_that_the_new_version_refuses_end_with_its_goodbye(make_mover, reconfigure):
    """The client sees the new version's goodbye, and then an orderly end."""
    hupd = make_mover()
    moving = call(hupd, 20)
    reconfigure(hupd, settings={"adopt": "refuse"})
    hupd.reload()
    for one in moving:
        assert one.connection.rest() == b"refused\n"
    hupd.wait_settled(2)
    assert call(hupd, 1)[0].asked().version == "v1"
    assert hupd.log.find(log.LOST) == []


def test_a_connection_whose_adoption_crashes_is_not_given_to_a_second_worker(make_mover,
                                                                             reconfigure):
    """Its client and those of the process that crashed see an end; all others see nothing."""
    hupd = make_mover()
    moving = call(hupd, 40)
    reconfigure(hupd, settings={"adopt": "crash", "victim": "caller-20"})
    frozen = callers.switch_and_freeze(hupd, moving)
    callers.all_are_in_the_queue(hupd, frozen)
    callers.thaw(frozen)
    crashed = hupd.wait_for(log.LOST)
    lost = {one.name for one in moving if one.is_lost()}
    assert "caller-20" in lost
    assert lost == set(adopted(hupd, crashed.pid))
    assert len(hupd.log.find(log.LOST)) == 1


def test_a_deploy_that_no_connection_survives_is_no_outage(make_mover, reconfigure):
    """Clients that were there see an end, at the most two workers' deaths later; new ones are served,
    and so are all after the deploy is mended."""
    hupd = make_mover(workers=1)
    moving = call(hupd, 40)
    reconfigure(hupd, settings={"adopt": "crash", "victim": "all"})
    hupd.reload()
    hupd.wait_for("its workers die of connections that are handed over")
    hupd.wait(lambda: all(one.is_lost() for one in moving), "all have been told")
    hupd.wait(lambda: len(hupd.log.find(log.LOST)) == 2, "two have died of it")
    later = call(hupd, 10)
    assert all(one.asked().version == "v1" for one in later)


def test_workers_that_retire_do_not_adopt_from_each_other(make_mover, reconfigure):
    """What is broken is the version that goes: it would take down what the one that comes mends."""
    hupd = make_mover(workers=4, settings={"adopt": "crash", "victim": "all"})
    moving = call(hupd, 100)
    reconfigure(hupd, settings={})
    hupd.reload()
    hupd.wait_settled(4)
    assert all(one.asked().version == "v1" for one in moving)
    assert hupd.log.find(log.LOST) == []


def test_connections_that_are_adopted_slowly_wait_and_are_all_served(make_mover, reconfigure):
    """The client sees nothing but a late answer."""
    hupd = make_mover()
    moving = call(hupd, 40)
    reconfigure(hupd, settings={"adopt": "slow"})
    hupd.hup()
    for _ in range(3):
        for one in moving:
            one.asked()
    hupd.wait_settled(2)
    assert hupd.log.find(log.LOST) == []
