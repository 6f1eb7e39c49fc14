"""Who outlives whom: workers a master that was killed, and an application's processes their worker."""

import os
import signal

import pytest

from harness import client, library, log

USERS = ["", pytest.param("nobody", marks=pytest.mark.skipif(
    os.geteuid() != 0, reason="takes root to become another user"))]


# ---- a master that was killed ----

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
    hupd = make_hupd(user=user, drain_timeout="1500ms", kill_timeout="300ms").run()
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
    hupd = make_hupd(version=None, drain_timeout="300ms", kill_timeout="100ms")
    hupd.library.move_in(library.bad("BAD_STOP_HANG"))
    hupd.run()
    kill_master(hupd)
    nothing_lives(hupd)
