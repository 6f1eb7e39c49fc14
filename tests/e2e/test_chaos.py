"""All at once, from a seed: whatever dies, stands still, is full or is wrong, clients lose only what was
in a process that the run itself killed, and afterwards all is as before.

HUPD_CHAOS_SEED replays a run's events in their order; HUPD_CHAOS_SECONDS makes it last, and
HUPD_CHAOS_KEEPER says who keeps what masters leave (packaging/chaos).
"""

import contextlib
import os
import random
import shutil
import signal
import time

import pytest

from harness import chaos, chaos_keepers, client, full_disk, inventory, library, log, proc
from harness.build import BUILD, PROGRAM
from harness.chaos_events import plan
from harness.casualties import Casualties, Casualty
from harness.deaths import GOES_ON, keeper_of, kill_master_and_keeper
from harness.load import Load
from harness.load_account import UNAVAILABLE
from harness.rotated_log import RotatedLog
from harness.waiting import elapse

pytestmark = pytest.mark.slow
EVENTS = int(os.environ.get("HUPD_CHAOS_EVENTS", 100))
SECONDS = float(os.environ.get("HUPD_CHAOS_SECONDS", 0))
KEEP_LOG = os.environ.get("HUPD_CHAOS_LOG")  # where hupd's own log goes, all of it
# Among the other tests the plan is always the same one; packaging/chaos looks for others.
SEED = int(os.environ.get("HUPD_CHAOS_SEED") or (random.randrange(1_000_000) if SECONDS else 1))
KEEPERS = [os.environ.get("HUPD_CHAOS_KEEPER")] if os.environ.get("HUPD_CHAOS_KEEPER") else ["systemd", "hupd"]


def keep(log):
    with open(KEEP_LOG, "a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in log.raw())


def make_manager(name, directory):
    if name == "systemd":
        return chaos_keepers.ServiceManager(directory / "notify")
    return chaos_keepers.OwnKeeper()


@pytest.fixture(params=KEEPERS)
def run(make_hupd, tmp_path, request):
    hupd = make_hupd(**chaos.WEB)
    deployed = {"web": hupd.library, "ws": library.Deployed(hupd.directory / "libws.so")}
    deployed["ws"].move_in(BUILD / "libwebsocket.so")
    hupd.tables["app.ws"] = {"library": deployed["ws"].path, **chaos.WS}
    hupd.log = RotatedLog(hupd.directory / "log")
    hupd.program = hupd.directory / "bin" / "hupd"
    hupd.program.parent.mkdir()
    shutil.copy(PROGRAM, hupd.program)
    hupd.tables["master"]["log"] = {"file": hupd.log.path}
    hupd.write_config()
    with contextlib.ExitStack() as undo:
        manager = undo.enter_context(contextlib.closing(make_manager(request.param, tmp_path)))
        disk = None
        if full_disk.can_be_had():
            disk = undo.enter_context(contextlib.closing(full_disk.SmallDisk(hupd.runtime_dir)))
        if KEEP_LOG:
            undo.callback(keep, hupd.log)
        undo.callback(hupd.kill_all)
        manager.run(hupd)
        yield chaos.Chaos(hupd, deployed, manager, disk)
        hupd.kill_all()
        hupd.forget_files()  # the story has looked at them, and at this:
        hupd.expected_exit = hupd.process.returncode


def test_nobody_loses_what_the_run_did_not_kill(run):
    end = time.monotonic() + SECONDS / len(KEEPERS)
    seed = SEED
    while True:
        run.round(seed, EVENTS)
        seed += 1
        if time.monotonic() >= end:
            break
    assert run.hupd.stop() == 0
    assert run.hupd.left_processes() == {}
    assert run.hupd.left_files() == []
    assert run.manager.nothing_is_left()


@pytest.mark.parametrize("kind", KEEPERS)
def test_a_seed_means_the_same_events_in_the_same_order(kind):
    def events(seed):
        return [(pause, name, dice.random())
                for pause, name, dice in plan(seed, EVENTS, chaos.EVENTS[kind].WEIGHTS)]
    assert events(SEED) == events(SEED) != events(SEED + 1)


# ---- that it would find it ----

def end_by_itself(hupd, pid):
    """That worker, by a request of its own."""
    with contextlib.ExitStack() as held:  # the others too: who has more stands back
        def find():
            one = held.enter_context(client.Connection(hupd.address()))
            return one if int(one.get().headers["x-pid"]) == pid else None
        hupd.wait(find, "somebody is with that worker").ask("/exit?3")
        hupd.wait_for(log.LOST, pid=pid)


@contextlib.contextmanager
def load_on_two(hupd, clients, **how):
    """A load, and two workers that have some of it. Who accepts is by chance: it may take several."""
    for _ in range(20):
        with Load(hupd.address(), clients={"thinking": clients}, may_lose=True, **how) as load:
            hupd.wait(lambda: sum(connections(hupd).values()) == clients, "all are there")
            having = [pid for pid, count in connections(hupd).items() if count]
            if len(having) >= 2:
                yield load, having[0], having[1]
                return
    raise AssertionError("one worker has them all, each time")


def connections(hupd):
    return {one.pid: inventory.connections(one.pid) for one in hupd.workers()}


def test_what_was_in_a_process_that_ended_by_itself_is_not_explained(make_hupd):
    hupd = make_hupd(workers=3).run()
    casualties = Casualties()
    with load_on_two(hupd, 24) as (load, killed, other):
        assert casualties.kill(killed) > 0
        end_by_itself(hupd, other)
    lost = load.lost_connections()
    unexplained, lines = casualties.unexplained(lost, hupd.log.lines())
    assert {line.pid for line in lines} == {other}
    assert 0 < len(unexplained) < len(lost)
    of_killed = casualties.all[0].held
    assert all((one["server"], one["client"]) not in of_killed for one in unexplained)


def test_nobody_wakes_who_is_looked_at_before_it_is_killed(make_hupd, monkeypatch):
    """What it took up then, nobody would have seen."""
    hupd = make_hupd(workers=2).run()
    casualties, states = Casualties(), []
    pid = hupd.workers()[0].pid
    connected = inventory.connected

    def looks_long():
        elapse(0.5)
        states.append(proc.state(pid))
        return connected()
    assert casualties.halt(pid, 0.3) is not None
    monkeypatch.setattr(inventory, "connected", looks_long)
    assert casualties.kill(pid) is not None
    assert states[-1] == "T"


@pytest.mark.parametrize("opened, ended, how, is_explained", [
    (9, 11, "keep_alive_race", True), (11, 12, "keep_alive_race", False),
    (8, 9, "keep_alive_race", False), (9, 11, UNAVAILABLE, False)])
def test_a_port_that_comes_again_is_something_else(opened, ended, how, is_explained):
    one = Casualty(pid=1, at=10, held=frozenset({("server", "client")}), is_killed=True)
    lost = {"server": "server", "client": "client", "opened": opened, "ended": ended, "how": how}
    assert one.had(lost) == is_explained
    assert not one.had({**lost, "client": "another"})


def test_a_worker_that_was_halted_explains_what_hupd_ended_for_it_and_nothing_else(make_hupd):
    hupd = make_hupd(workers=2, stall_timeout="3s", kill_timeout="1s").run()
    casualties = Casualties()
    with load_on_two(hupd, 12, patience=60) as (load, stalled, other):
        casualties.halt(stalled, 60)
        hupd.wait_for(log.LOST, pid=stalled)
        casualties.halt(other, 0.1)
        casualties.wait_all_awake()
        end_by_itself(hupd, other)
    unexplained, lines = casualties.unexplained(load.lost_connections(), hupd.log.lines())
    assert {line.pid for line in lines} == {other}
    assert 0 < len(unexplained) < len(load.lost_connections())


def test_a_master_that_begins_anew_where_it_should_go_on_is_not_explained(make_hupd):
    keeper = chaos_keepers.OwnKeeper()
    hupd = keeper.run(make_hupd())
    kill_master_and_keeper(hupd)
    with pytest.raises(AssertionError, match="it began anew"):
        keeper.run(hupd)


def test_a_start_that_gives_up_is_explained_by_a_keeper_that_stands_still_and_nothing_else(make_hupd):
    keeper = chaos_keepers.OwnKeeper()
    hupd = keeper.run(make_hupd())
    hupd.send(signal.SIGKILL)
    hupd.process.wait()
    good = hupd.config.read_text()
    hupd.config.write_text(good + "nonsense")
    with pytest.raises(AssertionError, match="hupd ended with"):
        keeper.run(hupd)
    hupd.config.write_text(good)
    awake = keeper.halt(keeper_of(hupd), 600)
    keeper.run(hupd, alive=False)
    assert hupd.wait_exit() == 1 and keeper.may_have_given_up(hupd)
    awake.cancel()
    awake.function(*awake.args)
    keeper.see_through(hupd)
    assert hupd.log.find(GOES_ON)
