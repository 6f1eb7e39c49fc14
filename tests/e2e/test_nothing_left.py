"""Nothing is left behind, after any sequence of events."""

import os
import signal

import pytest

from harness import inventory, library, proc
from harness.build import SANITIZED
from harness.load import Load


def settle(hupd, workers):
    hupd.wait_settled(workers)
    hupd.wait(lambda: len(inventory.listening(hupd.pid)) == 2, "two listeners")


def same_as(hupd, before):
    """What ends takes its time: looked at until it is as before."""
    hupd.wait(lambda: inventory.take(hupd) == before,
              f"all is as it was\nbefore: {before}\n   now: {inventory.take(hupd)}")


@pytest.fixture
def tidy(make_hupd):
    hupd = make_hupd(listen=["127.0.0.1:0", "unix:web.sock"], workers=2).run()
    hupd.reload()
    settle(hupd, 2)
    return hupd


def test_after_fifty_reloads_all_is_as_before(tidy):
    before = inventory.take(tidy)
    with Load(tidy.address(), clients={"busy": 1, "thinking": 3}):
        for _ in range(50):
            tidy.reload()
        tidy.wait_settled(2)
    same_as(tidy, before)


def test_after_rejected_reloads_all_is_as_before(tidy):
    before = inventory.take(tidy)
    for bad in ("BAD_LOAD_SEGV", "BAD_CREATE_FAIL", "BAD_START_FAIL", "BAD_START_EXIT_0") * 3:
        tidy.library.move_in(library.bad(bad))
        since = tidy.log.mark()
        tidy.hup()
        tidy.wait_rejected(since)
    tidy.wait_settled(2)
    same_as(tidy, before)


def test_after_crashes_all_is_as_before(make_hupd):
    hupd = make_hupd(listen=["127.0.0.1:0", "unix:web.sock"], workers=2,
                     restart={"backoff_first": "1ms", "backoff_cap": "1ms"}).run()
    settle(hupd, 2)
    before = inventory.take(hupd)
    for _ in range(10):
        victims = [one.pid for one in hupd.processes()]
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        hupd.wait(lambda: len(hupd.processes()) == 3
                  and not set(victims) & {one.pid for one in hupd.processes()}, "all are back")
    same_as(hupd, before)


def test_workers_hold_no_more_descriptors_after_many_connections(tidy):
    def connections():
        return sum(inventory.connections(one.pid) for one in tidy.workers())

    def held():
        return [proc.descriptors(one.pid) for one in tidy.workers()]
    tidy.let_each_worker_serve()
    tidy.wait(lambda: connections() == 0, "what was served is closed")
    before = held()
    with Load(tidy.address(), clients={"fresh": 10, "upload": 4, "slow": 4}):
        tidy.wait(lambda: connections() > 2, "connections are open")
    tidy.wait(lambda: held() == before, f"the descriptors are as before: {before}")


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_after_a_stop_in_mid_storm_nothing_is_left(make_hupd, end):
    hupd = make_hupd(master={"pid_file": "hupd.pid"}, workers=3,
                     listen=["127.0.0.1:0", "unix:web.sock"], kill_timeout="500ms").run()
    hupd.library.move_in(library.bad("SLOW_CREATE_MS=300"))
    for _ in range(3):
        hupd.hup()
        hupd.wait(lambda: len(hupd.zygotes()) > 1, "a reload is going on")
        os.kill(hupd.workers()[0].pid, signal.SIGKILL)
    assert hupd.stop(end) == 0
    assert hupd.left_processes() == {}
    assert hupd.left_files() == []


def test_private_copies_of_old_generations_are_removed(tidy):
    for version in ("v2", "v3", "v4"):
        tidy.library.move_in(library.service(version))
        last = tidy.reload()
    tidy.wait_settled(2)
    tidy.wait(lambda: {path.name for path in tidy.runtime_dir.glob("master-*/web-*")}
              == {f"web-{last - 1}", f"web-{last}"},
              "there is the one that serves, and the one to go back to")


@pytest.mark.slow
@pytest.mark.skipif(SANITIZED, reason="a sanitizer's memory is not the program's")
def test_the_masters_memory_is_flat_over_five_hundred_reloads(make_hupd):
    hupd = make_hupd(version=None, workers=1, master={"log": {"level": "info"}})
    hupd.library.move_in(library.bad("GOOD"))
    hupd.run()
    after = {}
    for number in range(1, 501):
        hupd.reload()
        if number in (100, 500):
            after[number] = proc.resident_kib(hupd.pid)
    assert after[500] - after[100] < 256, f"resident KiB after so many reloads: {after}"
