"""A worker whose code was taken over does no harm to the master, nor to its siblings by way of it."""

import contextlib
import os
import subprocess
import threading
import time

import pytest

from harness import control, inventory, library, log, proc
from harness.build import SANITIZED
from harness.client import Connection

RESPONSIVE = 15.0  # seconds for an answer; a master that waits, waits for ever or for a minute
MOST_GROWTH_KIB = 64 * 1024
WORKERS = 3

# Broken rules of the channel: the worker is killed, and replaced.
CRIMES = ["garbage", "empty", "truncated", "long", "unknown", "born", "victim", "fork_failed",
          "copied", "order", "descriptors", "own_channel", "epolls", "flood", "failing", "linger"]
# Lies that the rules allow: nobody believes them.
LIES = ["ready_again", "took", "awaits", "left", "left_copy", "worn_out", "leaving", "scoreboard"]


@pytest.fixture
def victim():
    """Somebody who has nothing to do with it."""
    process = subprocess.Popen(["sleep", "600"])
    yield process
    assert process.poll() is None, "a signal reached a process that is none of hupd's"
    process.kill()
    process.wait()


@pytest.fixture
def hostile(make_hupd, victim):
    hupd = make_hupd(workers=WORKERS, drain_timeout="1s", kill_timeout="1s", stall_timeout="2s",
                     restart={"backoff_first": "10ms", "backoff_cap": "50ms"},
                     environment={"HOSTILE_VICTIM": str(victim.pid)},
                     **({"user": "nobody"} if os.geteuid() == 0 else {}))
    hupd.library.move_in(library.hostile())
    return hupd.run()


@contextlib.contextmanager
def served_by_each(hupd):
    """A connection to each worker, by pid."""
    lines = {}
    with contextlib.ExitStack() as stack:
        def another():
            line = stack.enter_context(Connection(hupd.address()))
            pid = int(line.get().headers["x-pid"])
            lines.setdefault(pid, line)
            return len(lines) == WORKERS
        hupd.wait(another, "a connection to each worker")
        yield lines


@contextlib.contextmanager
def asked_all_the_while(lines):
    """No request fails on these, and the master answers: how long it took at most."""
    faults, over = [], threading.Event()

    def ask():
        while not over.is_set():
            for line in lines:
                try:
                    assert line.get().status == 200
                except Exception as fault:  # whatever it is: the test tells
                    faults.append(fault)
                    return
            time.sleep(0.005)
    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    assert not faults, faults


def expect_answer(hupd):
    begun = time.monotonic()
    status = control.status(hupd)
    assert time.monotonic() - begun < RESPONSIVE
    return status


def held(hupd):
    return inventory.take(hupd).descriptors


def is_whole_again(hupd, without=()):
    workers = {one.pid for one in hupd.workers()}
    return len(workers) == WORKERS and not workers & set(without)


def attack(hupd, name, how="attack"):
    """One worker turns, and is asked no more: its pid."""
    before, memory = held(hupd), proc.resident_kib(hupd.pid)
    with served_by_each(hupd) as lines:
        evil, line = lines.popitem()
        with asked_all_the_while(lines.values()):
            line.ask(f"/{how}?{name}")
            expect_answer(hupd)
            yield evil
            expect_answer(hupd)
    hupd.wait(lambda: is_whole_again(hupd), "all workers are there")
    hupd.wait(lambda: held(hupd) == before,
              f"it holds what it held\nbefore: {before}\n   now: {held(hupd)}")
    if not SANITIZED:
        assert proc.resident_kib(hupd.pid) - memory < MOST_GROWTH_KIB
    hupd.library.move_in(library.service("good"))
    hupd.reload()
    assert hupd.get().text == "good\n"
    hupd.wait_settled(WORKERS)


attack = contextlib.contextmanager(attack)


@pytest.mark.parametrize("name", CRIMES)
def test_who_breaks_the_rules_of_its_channel_is_killed_and_replaced(hostile, name):
    with attack(hostile, name) as evil:
        killed = ["its channel is closed, and it is killed: "]
        if name == "failing":  # who says that it has failed has kill_timeout to go, too
            killed.append("signal 9 (SIGKILL)")
        line = hostile.wait(lambda: [line for text in killed for line in hostile.log.find(text, pid=evil)],
                            "it is killed")[0]
        assert line.worker
        hostile.wait(lambda: is_whole_again(hostile, [evil]), "another one has its place")


@pytest.mark.parametrize("name", LIES)
def test_lies_are_not_believed(hostile, name):
    since = hostile.log.mark()
    with attack(hostile, name, "attack-and-go-on"):
        for _ in range(3):
            expect_answer(hostile)
    assert not hostile.log.find("its channel is closed", since)
    assert len(hostile.log.find("", since)) < 100, "what comes again and again is told of once"


@pytest.mark.parametrize("name", ["close", "close_all"])
def test_who_closes_its_channel_and_lives_on_is_killed_in_time(hostile, name):
    with attack(hostile, name) as evil:
        hostile.wait(lambda: not proc.lives(evil), "it is dead")
        hostile.wait(lambda: is_whole_again(hostile, [evil]), "another one has its place")


def test_who_closes_its_channel_and_serves_on_is_killed_in_time(hostile):
    with attack(hostile, "close", "attack-and-go-on") as evil:
        hostile.wait_for("it has closed its channel and lives on: it is killed", pid=evil)
        hostile.wait(lambda: is_whole_again(hostile, [evil]), "another one has its place")


def test_endless_output_without_lines_keeps_nobody_from_anything(hostile):
    with attack(hostile, "chatter"):
        for _ in range(5):
            expect_answer(hostile)


def test_who_never_reads_its_orders_is_not_waited_for(hostile):
    with attack(hostile, "took") as evil:  # and then it does nothing more
        hostile.wait(lambda: is_whole_again(hostile, [evil]), "another one has its place")


@pytest.mark.parametrize("name", [
    "names_the_master", "names_process_1", "names_a_stranger", "names_another_than_it_has",
    "names_itself", "names_nobody", "has_no_pidfd", "copies_again", "speaks_for_a_worker", "floods",
    "sends_garbage", "sends_descriptors"])
def test_a_zygote_that_lies_is_killed_and_its_deploy_rejected(hostile, name):
    before = held(hostile)
    hostile.library.move_in(library.hostile(name))
    since = hostile.log.mark()
    with served_by_each(hostile) as lines, asked_all_the_while(lines.values()):
        hostile.hup()
        hostile.wait_for("its channel is closed, and it is killed: ", since)
        hostile.wait_rejected(since)
        expect_answer(hostile)
    assert hostile.process.poll() is None
    hostile.wait(lambda: held(hostile) == before, "it holds what it held")
    hostile.library.move_in(library.service("good"))
    hostile.reload()
    assert hostile.get().text == "good\n"


def test_a_link_in_the_place_of_a_socket_does_not_open_another_file(make_hupd):
    """The directory of a unix listener may be the workers' to write."""
    hupd = make_hupd(listen=["unix:web.sock"]).run()
    secret = hupd.directory / "secret"
    secret.write_text("secret")
    secret.chmod(0o600)
    path = hupd.directory / "web.sock"
    os.rename(path, hupd.directory / "aside")
    path.symlink_to(secret)
    since = hupd.log.mark()
    hupd.hup()
    hupd.wait_for(log.RELOAD_DONE, since)
    assert secret.stat().st_mode & 0o777 == 0o600
    path.unlink()
    os.rename(hupd.directory / "aside", path)
