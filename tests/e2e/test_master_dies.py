"""A master that dies leaves its workers serving; the next one goes on with them."""

import os
import signal
import time

import pytest

from harness import client, control, library, log, proc
from harness.load import Load
from harness.openmetrics import Metrics
from harness.service_manager import ServiceManager
from harness.waiting import PATIENCE, elapse

GOES_ON = "has died: this one goes on with what it had"


@pytest.fixture
def manager(tmp_path):
    made = ServiceManager(tmp_path / "notify")
    yield made
    made.close()


@pytest.fixture
def hupd(make_hupd, manager):
    return manager.run(make_hupd())


def kill_master(hupd):
    hupd.send(signal.SIGKILL)
    hupd.process.wait()


def worker_pids(hupd):
    return {one.pid for one in hupd.workers()}


def die_and_come_back(hupd, manager):
    kill_master(hupd)
    manager.run(hupd)


def test_workers_serve_on_and_are_adopted_and_no_client_notices(hupd, manager):
    before = worker_pids(hupd)
    with Load(hupd.address()):
        for _ in range(5):
            die_and_come_back(hupd, manager)
            elapse(0.1)
    assert worker_pids(hupd) == before, "the same workers, and no others"
    assert len(hupd.log.find(GOES_ON)) == 5
    status = control.status(hupd)["apps"][0]
    assert status["serving"] == 1
    assert {w["pid"] for g in status["generations"] for w in g["workers"]} == before


def test_they_serve_while_there_is_no_master(hupd, manager):
    with Load(hupd.address()):
        kill_master(hupd)
        elapse(1)
        assert hupd.get().text == "v1\n"
        manager.run(hupd)


def test_what_comes_after_works_as_before(hupd, manager):
    hupd.library.move_in(library.service("v2"))
    hupd.reload()
    hupd.wait_settled(2)
    with Load(hupd.address()):
        die_and_come_back(hupd, manager)
        hupd.wait(lambda: control.command(hupd, "rollback").code == 0, "rolled back, from the copy")
        assert hupd.get().text == "v1\n"
        hupd.library.move_in(library.service("v3"))
        assert control.command(hupd, "reload").code == 0
        assert hupd.get().text == "v3\n"
        hupd.library.move_in(library.bad("BAD_CREATE_FAIL"))
        assert control.command(hupd, "reload").code == 1
        die_and_come_back(hupd, manager)
        assert hupd.get().text == "v3\n"
    hupd.wait_settled(2)


def test_a_worker_that_dies_meanwhile_or_afterwards_is_replaced(hupd, manager):
    first, second = hupd.workers()
    kill_master(hupd)
    os.kill(first.pid, signal.SIGKILL)
    manager.run(hupd)
    hupd.wait_settled(2)
    assert second.pid in worker_pids(hupd)
    os.kill(second.pid, signal.SIGKILL)  # an adopted one: no child of this master
    hupd.wait_for(log.LOST, pid=second.pid)
    hupd.wait_settled(2)


def test_all_workers_dead_and_the_address_is_kept(hupd, manager):
    """Who comes meanwhile waits in the queue of the socket that the manager keeps."""
    kill_master(hupd)
    for one in hupd.workers():
        os.kill(one.pid, signal.SIGKILL)
    hupd.wait(lambda: not hupd.workers(), "no worker lives")
    with client.Connection(hupd.address()) as early:
        early.ask("/")
        manager.run(hupd)
        assert early.response().text == "v1\n"
    hupd.wait_settled(2)


def test_a_reload_that_was_under_way_is_rejected_and_what_served_serves(hupd, manager):
    before = worker_pids(hupd)
    hupd.library.move_in(library.bad("SLOW_START_MS=60000"))
    with Load(hupd.address()):
        hupd.hup()
        hupd.wait(lambda: hupd.workers(2), "the new workers start")
        die_and_come_back(hupd, manager)
        hupd.wait_for(log.REJECTED)
        hupd.wait(lambda: not hupd.workers(2), "the new workers are gone")
        assert worker_pids(hupd) == before
        hupd.library.move_in(library.service("v2"))
        hupd.reload()
    hupd.wait_settled(2)


def test_a_drain_that_was_under_way_goes_on(make_hupd, manager):
    hupd = manager.run(make_hupd(drain_timeout="2s"))
    with client.Connection(hupd.address()) as slow, client.Connection(hupd.address()) as endless:
        slow.ask("/slow?1000")
        endless.ask("/slow?60000")
        assert hupd.get().text == "v1\n"
        hupd.reload()
        die_and_come_back(hupd, manager)
        assert slow.response().text == "v1\n"
        hupd.wait_for(log.OVERDUE)
    hupd.wait_settled(2)


@pytest.mark.parametrize("round", range(3))
def test_killed_at_any_moment_of_reloads(make_hupd, manager, round):
    hupd = manager.run(make_hupd(workers=3))
    with Load(hupd.address()):
        for number in range(12):
            hupd.library.move_in(library.service(f"v{number % 2 + 2}"))
            hupd.hup()
            elapse((number * 3 + round) * 0.001)
            die_and_come_back(hupd, manager)
    hupd.wait(lambda: len(control.status(hupd)["apps"][0]["generations"]) <= 2, "at rest")
    hupd.reload()
    hupd.wait_settled(3)


def wait_until_it_keeps(manager, name, since):
    """At once: what follows takes less than a pause between two looks."""
    end = time.monotonic() + PATIENCE
    while not any(one.get("FDNAME", "").startswith(name) for one in manager.messages[since:]):
        assert time.monotonic() < end, f"{name} is not kept"
        manager.stored()


@pytest.mark.parametrize("kept", ["hupd.state-0", "hupd.state-1", "hupd.control-0"])
def test_killed_while_it_takes_up_what_was_left(hupd, manager, kept):
    """At no moment is there nothing to go on with."""
    before = worker_pids(hupd)
    with Load(hupd.address()):
        for _ in range(10):
            kill_master(hupd)
            since = manager.mark()
            manager.run(hupd, alive=False)
            wait_until_it_keeps(manager, kept, since)
        die_and_come_back(hupd, manager)
    assert worker_pids(hupd) == before


def restarts_until(hupd, manager, predicate, what):
    """Restart=always."""
    def look():
        manager.stored()
        if hupd.process.poll() is not None:
            manager.run(hupd, alive=False)
        return predicate()
    hupd.wait(look, what)


@pytest.mark.parametrize("kept", ["hupd.listener-", "hupd.control-"])
def test_killed_before_there_was_anything_to_go_on_with(make_hupd, manager, kept):
    """What is in the store is in nobody's way."""
    hupd = make_hupd(listen=["unix:web.sock"])
    manager.run(hupd, alive=False)
    wait_until_it_keeps(manager, kept, 0)
    kill_master(hupd)
    restarts_until(hupd, manager, lambda: hupd.log.find(log.STARTED), "it serves")
    assert hupd.get().text == "v1\n"


def test_with_an_unreadable_state_it_begins_anew(make_hupd, manager):
    """At the same address, though workers still have it, and though the manager is slow to close
    what it forgets: a directory that somebody has locked would be left behind."""
    port = client.free_port()
    hupd = manager.run(make_hupd(listen=[f"127.0.0.1:{port}"]))
    before = worker_pids(hupd)
    kill_master(hupd)
    late = os.dup(manager.stored()["hupd.runtime-dir-0"])
    try:
        for name in [one for one in manager.stored() if one.startswith("hupd.state-")]:
            manager._forget(name)
        restarts_until(hupd, manager, lambda: len(hupd.log.find(log.STARTED)) == 2, "it serves")
        hupd.wait(lambda: not before & worker_pids(hupd), "those of before have left")
        hupd.wait_settled(2)
        assert hupd.get().text == "v1\n"
        assert len(list(hupd.runtime_dir.iterdir())) == 1
    finally:
        os.close(late)


def test_what_cannot_be_gone_on_with_is_no_fault_of_the_configuration(hupd, manager):
    """Exit code 2 would be the end: the unit is not started again after it."""
    kill_master(hupd)
    manager.stored()
    manager._forget("hupd.runtime-dir-0")
    manager.run(hupd, alive=False)
    assert hupd.wait_exit() == 1
    restarts_until(hupd, manager, lambda: len(hupd.log.find(log.STARTED)) == 2, "it begins anew")
    hupd.wait_settled(2)


def test_an_orderly_stop_leaves_nothing_in_the_store(hupd, manager):
    assert manager.stored()
    assert hupd.stop() == 0
    assert manager.stored() == {}


def test_workers_without_a_master_for_long_drain_and_leave(make_hupd, manager):
    hupd = manager.run(make_hupd(master={"orphan_timeout": "1s"}))
    hupd.expected_exit = -signal.SIGKILL
    with client.Connection(hupd.address()) as slow:
        slow.ask("/slow?2000")
        assert hupd.get().text == "v1\n"
        kill_master(hupd)
        assert slow.response().text == "v1\n", "what is in hand is finished"
    hupd.wait(lambda: not hupd.left_processes(), "all have left")
    hupd.forget_files()


def test_with_nobody_to_keep_their_channels_they_drain_at_once(make_hupd, manager):
    hupd = manager.run(make_hupd())
    hupd.expected_exit = -signal.SIGKILL
    kill_master(hupd)
    for name in list(manager.stored()):
        manager._forget(name)
    hupd.wait(lambda: not hupd.left_processes(), "all have left")
    hupd.forget_files()


def test_descriptors_do_not_leak_through_deaths(hupd, manager):
    die_and_come_back(hupd, manager)
    hupd.let_each_worker_serve()
    count = len(proc.descriptors(hupd.pid))
    kept = len(manager.stored())
    for _ in range(4):
        die_and_come_back(hupd, manager)
    hupd.wait(lambda: len(proc.descriptors(hupd.pid)) == count, "as many descriptors")
    assert len(manager.stored()) == kept


def test_an_upgrade_after_a_death_and_a_death_after_an_upgrade(hupd, manager):
    before = worker_pids(hupd)
    with Load(hupd.address()):
        die_and_come_back(hupd, manager)
        assert control.command(hupd, "upgrade").code == 0
        die_and_come_back(hupd, manager)
        assert control.command(hupd, "upgrade").code == 0
    assert worker_pids(hupd) == before
    told = control.status(hupd)
    assert (told["deaths"], told["upgrades"], told["upgrades_refused"]) == (2, 2, 0)
    assert f"started again at {told['revived']}" in control.command(hupd, "status").out
    assert Metrics(control.command(hupd, "metrics").out).of("hupd_master_deaths_total") == 2


def channels(manager):
    return sum(name.startswith("hupd.channel-") for name in manager.stored())


def test_workers_that_it_does_not_know_leave_and_are_not_kept(make_hupd, manager):
    hupd = manager.run(make_hupd(boot_timeout="3s", kill_timeout="1s"))
    die_and_come_back(hupd, manager)
    hupd.reload()
    hupd.wait_settled(2)
    hupd.wait(lambda: channels(manager) == 2, "the workers before are forgotten")
    kept = len(manager.stored())
    hupd.library.move_in(library.bad("SLOW_START_MS=60000"))
    for number in range(4):
        since = manager.mark()
        hupd.hup()
        wait_until_it_keeps(manager, "hupd.channel-", since)
        elapse(number * 0.001)
        die_and_come_back(hupd, manager)
        hupd.wait(lambda: len(hupd.workers()) == 2 and len(manager.stored()) == kept,
                  f"two workers, {kept} descriptors")
