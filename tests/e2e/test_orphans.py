"""Who outlives whom: workers a master that was killed, and an application's processes their worker."""

import os
import signal

import pytest

from harness import client, library, log
from harness.waiting import elapse

USERS = ["", pytest.param("nobody", marks=pytest.mark.skipif(
    os.geteuid() != 0, reason="takes root to become another user"))]


# ---- a master that was killed, and no other one is to come ----

ALONE = {"orphan_timeout": "0s"}


def kill_master(hupd):
    hupd.expected_exit = -signal.SIGKILL
    hupd.send(signal.SIGKILL)
    hupd.wait_exit()


def nothing_lives(hupd):
    hupd.wait(lambda: not hupd.left_processes(), "zygote and workers have ended")
    hupd.forget_files()


@pytest.mark.parametrize("user", USERS)
def test_a_worker_that_hangs_does_not_outlive_its_master_and_a_healthy_one_finishes(make_hupd,
                                                                                   user):
    hupd = make_hupd(master=ALONE, user=user, drain_timeout="1500ms", kill_timeout="300ms").run()
    with client.Connection(hupd.address()) as stuck:
        stuck.ask("/block-for-good")
        hanging = hupd.wait_for("blocking").pid
        with client.Connection(hupd.address()) as slow:
            slow.ask("/slow?700")
            assert hupd.get().text == "v1\n"
            kill_master(hupd)
            assert hanging in hupd.left_processes()
            assert slow.response().text == "v1\n"
        nothing_lives(hupd)


def test_a_worker_that_hangs_in_its_last_callback_does_not_outlive_its_master(make_hupd):
    hupd = make_hupd(master=ALONE, version=None, drain_timeout="300ms", kill_timeout="100ms")
    hupd.library.move_in(library.bad("BAD_STOP_HANG"))
    hupd.run()
    kill_master(hupd)
    nothing_lives(hupd)


# ---- what an application leaves running ----

ENDING = "ending what the application left running: "
KILLING = "killing what the application left running: "


def left(hupd, name):
    return [pid for pid, title in hupd.left_processes().items() if title.startswith(name)]


def test_an_orphan_of_the_application_is_left_alone_until_the_stop_and_ended_then(hupd):
    assert hupd.get("/orphan?3600").text == "left one"
    (orphan,) = hupd.wait(lambda: left(hupd, "sleep"), "the orphan is there")
    hupd.reload()
    hupd.wait_settled(2)
    assert left(hupd, "sleep") == [orphan]
    assert hupd.stop() == 0
    assert hupd.left_processes() == {}
    (line,) = hupd.log.find(ENDING)
    assert line.text == f"{ENDING}{orphan} (sleep)"


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_orphans_that_do_not_heed_term_are_killed_with_all_their_children(make_hupd, end):
    hupd = make_hupd(kill_timeout="300ms").run()
    before = set(hupd.left_processes())
    assert hupd.get("/detach").text == "left two"
    hupd.wait(lambda: len(set(hupd.left_processes()) - before) == 2, "both are there")
    assert hupd.stop(end) == 0
    assert hupd.left_processes() == {}
    assert hupd.log.find(KILLING)


def test_a_master_that_gets_no_time_meanwhile_kills_them_all_the_same(make_hupd):
    hupd = make_hupd(kill_timeout="300ms").run()
    before = set(hupd.left_processes())
    assert hupd.get("/detach").text == "left two"
    hupd.wait(lambda: len(set(hupd.left_processes()) - before) == 2, "both are there")
    hupd.send(signal.SIGTERM)
    hupd.wait_for(ENDING)
    hupd.send(signal.SIGSTOP)
    elapse(1)  # by when it would have killed them, and given up those that do not die
    hupd.send(signal.SIGCONT)
    assert hupd.wait_exit() == 0
    assert hupd.left_processes() == {}


def test_a_first_start_that_fails_leaves_no_orphan_either(make_hupd):
    hupd = make_hupd(version=None, kill_timeout="300ms")
    hupd.library.move_in(library.bad("CREATE_LEAVES_AN_ORPHAN", "BAD_CREATE_FAIL"))
    hupd.spawn("run", hupd.config)
    hupd.expected_exit = 1
    assert hupd.wait_exit() == 1
    assert hupd.log.find(ENDING)
    assert hupd.left_processes() == {}


def test_children_that_the_master_did_not_start_are_left_alone(make_hupd):
    """As by a script that ends with `exec hupd run`."""
    hupd = make_hupd().run(prefix=["sh", "-c", 'sleep 3600 & exec "$@"', "sh"])
    (helper,) = left(hupd, "sleep")
    assert hupd.stop() == 0
    assert list(hupd.left_processes()) == [helper]
    assert hupd.log.find(ENDING) == []
    os.kill(helper, signal.SIGKILL)
