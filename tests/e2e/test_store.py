"""What is in the service manager's store when a master dies, and what is not."""

import collections
import os
import signal
import time

import pytest

from harness import client, library, log
from harness.deaths import Manager, die_and_come_back, kill_master, restarts_until, worker_pids
from harness.load import Load
from harness.waiting import PATIENCE, elapse


@pytest.fixture
def manager(tmp_path):
    made = Manager(tmp_path / "notify")
    yield made
    made.close()


@pytest.fixture
def hupd(make_hupd, manager):
    return manager.run(make_hupd())


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


def test_with_nobody_to_keep_their_channels_they_drain_at_once(make_hupd, manager):
    hupd = manager.run(make_hupd())
    hupd.expected_exit = -signal.SIGKILL
    kill_master(hupd)
    for name in list(manager.stored()):
        manager._forget(name)
    hupd.wait(lambda: not hupd.left_processes(), "all have left")
    hupd.forget_files()


def kept_of_workers(manager):
    """By kind: a worker that leaves closes its channel first, the rest goes when it has ended."""
    kinds = (name.rpartition("-")[0] for name in manager.stored())
    return {kind: count for kind, count in collections.Counter(kinds).items()
            if kind in ("hupd.channel", "hupd.output", "hupd.pidfd")}


def test_workers_that_it_does_not_know_leave_and_are_not_kept(make_hupd, manager):
    hupd = manager.run(make_hupd(boot_timeout="3s", kill_timeout="1s"))
    die_and_come_back(hupd, manager)
    hupd.reload()
    hupd.wait_settled(2)
    two = {"hupd.channel": 2, "hupd.output": 2, "hupd.pidfd": 2}
    hupd.wait(lambda: kept_of_workers(manager) == two, "the workers before are forgotten")
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
