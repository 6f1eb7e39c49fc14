"""A master that dies leaves its workers serving; the next one goes on with them, whoever has kept
what it needs: a service manager or hupd's own keeper."""

import os
import resource
import signal
import struct

import pytest

from harness import client, control, inventory, library, log, proc
from harness.deaths import (GOES_ON, Keeper, Manager, die_and_come_back, kill_master, worker_pids)
from harness.control import Socket
from harness.load import Load
from harness.openmetrics import Metrics
from harness.waiting import elapse


@pytest.fixture(params=["service manager", "keeper"])
def manager(tmp_path, request):
    made = Keeper() if request.param == "keeper" else Manager(tmp_path / "notify")
    yield made
    made.close()


@pytest.fixture
def hupd(make_hupd, manager):
    return manager.run(make_hupd())


def test_workers_serve_on_and_are_adopted_and_no_client_notices(hupd, manager):
    before = worker_pids(hupd)
    with Load(hupd.address()):
        for _ in range(5):
            die_and_come_back(hupd, manager)
            elapse(0.1)
    assert worker_pids(hupd) == before, "the same workers, and no others"
    assert len(hupd.log.find(GOES_ON)) == 5
    hupd.wait(lambda: control.status(hupd)["keeper_misses"] == 0, "all is kept")
    told = control.status(hupd)
    assert told["keeper"] == manager.kind
    status = told["apps"][0]
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


def take_all_descriptors(pid):
    """There is no number below the limit that is free."""
    taken = {int(number) for number in proc.descriptors(pid)}
    first_free = min(set(range(len(taken) + 1)) - taken)
    _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (first_free, hard))


def test_workers_that_have_used_up_their_descriptors_are_adopted_too(hupd, manager):
    hupd.let_each_worker_serve()
    before = worker_pids(hupd)
    with client.Connection(hupd.address()) as there:
        assert there.get().text == "v1\n"
        for pid in before:
            take_all_descriptors(pid)
        for _ in range(3):
            since = hupd.log.mark()
            die_and_come_back(hupd, manager)
            for pid in before:
                hupd.wait_for("another master leads", since, pid=pid)
        assert there.get().text == "v1\n"
    assert worker_pids(hupd) == before
    assert hupd.stop() == 0, "they do not wait for room that nothing needs"


@pytest.mark.parametrize("takes_over", ["after a death", "at an upgrade"])
def test_one_that_has_no_room_to_take_over_leaves_all_to_the_next(make_hupd, manager, takes_over):
    hupd = make_hupd()
    no_room = hupd.directory / "no-room"
    with_shim = {"LD_PRELOAD": str(library.no_room()), "NO_ROOM": str(no_room)}
    manager.run(hupd, variables=with_shim)
    before = worker_pids(hupd)
    with Load(hupd.address()):
        no_room.touch()
        if takes_over == "at an upgrade":
            hupd.send(signal.SIGUSR2)
        else:
            kill_master(hupd)
            manager.run(hupd, alive=False, variables=with_shim)
        hupd.wait(lambda: hupd.process.poll() is not None, "it gives up")
        assert hupd.process.returncode == 1
        assert "to be tried again by the next start" in hupd.log.tail()
        no_room.unlink()
        manager.run(hupd)
    assert worker_pids(hupd) == before
    assert hupd.stop() == 0


@pytest.mark.parametrize("asked", ["stop", "reload", "status", "wait"])
def test_who_asks_a_dead_master_is_told_at_once(hupd, manager, asked):
    kill_master(hupd)
    refused = control.command(hupd, asked)
    assert refused.code == 3 and "the master has died, and none goes on yet" in refused.err
    manager.run(hupd)
    assert control.command(hupd, asked).code == 0


@pytest.mark.parametrize("asked", ["stop", "reload"])
def test_what_was_asked_of_a_dead_master_is_not_done_by_the_next(hupd, manager, asked):
    """The socket goes on: what comes there waits in its queue."""
    before = worker_pids(hupd)
    kill_master(hupd)
    with Socket(hupd) as gone:
        gone.request(command=asked)
    manager.run(hupd)
    hupd.wait_for(f"'{asked}' is not done")
    assert worker_pids(hupd) == before and hupd.generation() == 1


@pytest.mark.parametrize("slow", ["SLOW_CREATE_MS=1000", "SLOW_START_MS=1000"])
def test_a_first_start_that_was_under_way_is_begun_again(make_hupd, manager, slow):
    hupd = make_hupd()
    hupd.library.move_in(library.bad(slow))
    manager.run(hupd, alive=False)
    hupd.wait(lambda: hupd.processes(), "it boots")
    kill_master(hupd)
    manager.run(hupd)
    hupd.wait(lambda: hupd.generation(), "it serves")
    assert hupd.process.poll() is None
    hupd.wait_settled(2)


def test_a_reload_that_was_under_way_is_rejected_and_what_served_serves(make_hupd, manager):
    """A worker that was born when the master died, and not yet written down, ends at its limit."""
    hupd = manager.run(make_hupd(boot_timeout="5s", kill_timeout="1s"))
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


def test_a_worker_that_hangs_does_not_outlive_the_master_that_has_adopted_it(make_hupd, manager):
    hupd = manager.run(make_hupd(master={"orphan_timeout": "1s"}, stall_timeout="60s",
                                 drain_timeout="300ms", kill_timeout="300ms"))
    die_and_come_back(hupd, manager)
    hupd.expected_exit = -signal.SIGKILL
    with client.Connection(hupd.address()) as stuck:
        stuck.ask("/block-for-good")
        hanging = hupd.wait_for("blocking").pid
        kill_master(hupd)
        assert hanging in hupd.left_processes()
        hupd.wait(lambda: not hupd.left_processes(), "all have left")
    hupd.forget_files()


@pytest.mark.parametrize("how", ["a death", "an upgrade"])
def test_a_log_and_a_pid_file_that_cannot_be_had_end_nobody(make_hupd, manager, how):
    hupd = make_hupd(master={"pid_file": "pids/hupd.pid", "log": {"file": "logs/log"}})
    for name in ("pids", "logs"):
        (hupd.directory / name).mkdir()
    (hupd.directory / "logs" / "log").symlink_to(hupd.log.path)
    manager.run(hupd)
    before = worker_pids(hupd)
    with Load(hupd.address()):
        for name in ("pids", "logs"):
            (hupd.directory / name).rename(hupd.directory / f"{name}-renamed")
        if how == "a death":
            die_and_come_back(hupd, manager)
            hupd.wait_for("going on without a pid file")
        else:
            assert control.command(hupd, "upgrade").code == 0
        hupd.wait_for("going on without it until logs are reopened")
        (hupd.directory / "logs").mkdir()
        hupd.send(signal.SIGUSR1)
        hupd.wait(lambda: (hupd.directory / "logs" / "log").exists(), "the log is reopened")
    assert worker_pids(hupd) == before
    for path in (hupd.directory / "pids-renamed").glob("*"):
        path.unlink()


def test_descriptors_do_not_leak_through_deaths(hupd, manager):
    die_and_come_back(hupd, manager)
    hupd.let_each_worker_serve()
    count = len(proc.descriptors(hupd.pid))
    kept = manager.kept(hupd)
    for _ in range(4):
        die_and_come_back(hupd, manager)
    hupd.wait(lambda: len(proc.descriptors(hupd.pid)) == count, "as many descriptors")
    assert manager.kept(hupd) == kept


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


def write_on_scoreboard(hupd, generation):
    """That this one takes what is handed over."""
    boards = [number for number, target in proc.descriptors(hupd.pid).items()
              if "hupd-scoreboard" in target]
    for number in boards:
        with open(f"/proc/{hupd.pid}/fd/{number}", "r+b", buffering=0) as board:
            board.seek(8)
            board.write(struct.pack("=Q", generation))
    assert boards


def test_connections_go_over_though_a_switch_was_begun_and_not_written_down(hupd, manager):
    """The last that a master did was to say on the scoreboard who takes connections from then on."""
    connections = [client.Connection(hupd.address()) for _ in range(20)]
    for one in connections:
        assert one.get().text == "v1\n"
    write_on_scoreboard(hupd, generation=2)
    die_and_come_back(hupd, manager)
    hupd.send(signal.SIGTTOU)
    hupd.wait_settled(1)
    for one in connections:
        answer = one.get()
        assert answer.text == "v1\n" and not answer.closes
        one.close()


def test_what_was_begun_and_not_written_down_leaves_no_files(hupd, manager):
    """The copy of a deploy that its master began as it died."""
    (own,) = hupd.runtime_dir.glob("master-*")
    before = inventory.take(hupd).files
    partial = own / "web-7" / "partial"
    partial.mkdir(parents=True)
    (partial / "libweb.so").write_bytes(b"half")
    die_and_come_back(hupd, manager)
    assert inventory.take(hupd).files == before
    hupd.library.move_in(library.service("v2"))
    hupd.wait(lambda: control.command(hupd, "reload").code == 0, "reloaded")
    hupd.wait(lambda: control.command(hupd, "rollback").code == 0, "rolled back, from the copy")
    assert hupd.get().text == "v1\n"
