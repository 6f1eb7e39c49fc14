"""hupd among other processes: as PID 1, beside another hupd, and when it is killed itself."""

import os
import signal

import pytest

from harness import client, control, hupd_process, library, log, proc
from harness.waiting import wait_until

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="takes root to make a pid namespace")


ALONE = {"orphan_timeout": "0s"}  # nobody is to come after a death


def test_workers_leave_by_themselves_when_the_master_is_killed(make_hupd):
    hupd = make_hupd(master=ALONE).run()
    with client.Connection(hupd.address()) as slow:
        slow.ask("/slow?400")
        assert hupd.get().text == "v1\n"
        hupd.send(signal.SIGKILL)
        assert slow.response().text == "v1\n", "a request in hand is finished all the same"
    hupd.expected_exit = -signal.SIGKILL
    hupd.wait_exit()
    hupd.wait(lambda: not hupd.left_processes(), "zygote and workers have left")
    hupd.forget_files()


def test_workers_that_are_stuck_do_not_outlive_a_killed_master_for_long(make_hupd):
    hupd = make_hupd(master=ALONE, drain_timeout="300ms", kill_timeout="300ms").run()
    with client.Connection(hupd.address()) as endless:
        endless.ask("/slow?60000")
        assert hupd.get().text == "v1\n"
        hupd.send(signal.SIGKILL)
        hupd.expected_exit = -signal.SIGKILL
        hupd.wait_exit()
        hupd.wait(lambda: not hupd.left_processes(), "zygote and workers have left")
    hupd.forget_files()


def test_what_a_killed_master_left_is_tidied_up_by_the_next(make_hupd):
    hupd = make_hupd(listen=["127.0.0.1:0", "unix:web.sock"], master=ALONE,
                     workers=1).run()
    left = list(hupd.runtime_dir.glob("master-*"))
    assert left
    hupd.send(signal.SIGKILL)
    hupd.wait_exit()
    hupd.wait(lambda: not hupd.left_processes(), "zygote and workers have left")
    since = hupd.log.mark()
    hupd.spawn("run", hupd.config)
    hupd.wait_for(log.STARTED, since, alive=True)
    assert client.get(f"unix:{hupd.directory}/web.sock").text == "v1\n"
    assert not any(path.exists() for path in left)


def test_a_pid_file_is_written_and_removed(make_hupd):
    hupd = make_hupd(master={"pid_file": "hupd.pid"}).run()
    assert int((hupd.directory / "hupd.pid").read_text()) == hupd.pid
    hupd.reload()
    assert int((hupd.directory / "hupd.pid").read_text()) == hupd.pid
    hupd.stop()
    assert not (hupd.directory / "hupd.pid").exists()


def test_a_second_master_with_the_same_pid_file_is_refused(make_hupd):
    first = make_hupd(master={"pid_file": "hupd.pid"}).run()
    file = first.directory / "hupd.pid"
    second = make_hupd(master={"pid_file": file})
    second.spawn("run", second.config)
    second.expected_exit = 2
    assert second.wait_exit() == 2
    assert f"pid file {file}" in second.log.tail() and f"pid {first.pid}" in second.log.tail()
    assert int(file.read_text()) == first.pid
    assert first.get().text == "v1\n"


def test_a_pid_file_that_a_dead_master_left_is_taken_over(make_hupd):
    hupd = make_hupd(master={"pid_file": "hupd.pid"})
    (hupd.directory / "hupd.pid").write_text("999999\n")
    hupd.run()
    assert int((hupd.directory / "hupd.pid").read_text()) == hupd.pid


def beside(make_hupd, one, version):
    """Another one, with the same runtime directory."""
    return make_hupd(version, master={"runtime_dir": one.runtime_dir})


def test_two_masters_side_by_side_leave_each_other_alone(make_hupd):
    one = make_hupd("one").run()
    other = beside(make_hupd, one, "other").run()
    one.reload()
    other.reload()
    other.stop()
    assert one.get().text == "one\n"
    one.wait_settled(2)


def test_a_master_removes_what_a_killed_one_left_and_nothing_that_is_in_use(make_hupd):
    dead = make_hupd("dead", master=ALONE).run()
    living = beside(make_hupd, dead, "v1").run()
    living.library.move_in(library.service("v2"))
    living.reload()
    (of_dead,) = dead.runtime_dir.glob(f"master-{dead.pid}*")
    (of_living,) = dead.runtime_dir.glob(f"master-{living.pid}*")
    with client.Connection(dead.address()) as slow:
        slow.ask("/slow?1500")
        assert dead.get().text == "dead\n", "what was sent before is in hand"
        dead.send(signal.SIGKILL)
        dead.expected_exit = -signal.SIGKILL
        dead.wait_exit()
        young = beside(make_hupd, dead, "young").run()
        assert not of_dead.exists()
        assert slow.response().text == "dead\n", "what its worker has loaded is mapped"
    assert sorted(path.name.rpartition("-")[0] for path in of_living.glob("web-*")) == ["web", "web"]
    assert control.command(living, "rollback").code == 0
    assert (living.get().text, young.get().text) == ("v1\n", "young\n")
    dead.wait(lambda: not dead.left_processes(), "its workers have left")
    for one in (young, living):
        one.stop()
    assert list(dead.runtime_dir.iterdir()) == []
    dead.forget_files()  # its control socket: the next master at that place removes it


def test_orphans_of_the_application_are_reaped_and_ignored(hupd):
    assert hupd.get("/orphan?0").text == "left one"
    hupd.wait(lambda: not zombies(hupd.pid), "nothing is left unreaped")
    hupd.wait_settled(2)
    assert hupd.log.find(log.LOST) == []


def zombies(parent):
    return [pid for pid in proc.children(parent) if proc.state(pid) == "Z"]


AS_PID_1 = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]


@ROOT
def test_it_works_as_pid_1_and_reaps_what_it_does_not_know(make_hupd):
    hupd = make_hupd()
    hupd.run(prefix=AS_PID_1)
    (init,) = proc.children(hupd.pid)
    os.kill(init, signal.SIGHUP)
    hupd.wait_reload_done()
    assert hupd.get("/orphan?0").text == "left one"
    assert hupd.get("/orphan?0.3").text == "left one"
    hupd.wait(lambda: "sleep" in str(hupd.left_processes()), "the second orphan is there")
    hupd.wait(lambda: "sleep" not in str(hupd.left_processes()), "the second orphan has ended")
    wait_until(lambda: not zombies(init), "both were reaped")
    assert hupd.log.find(log.LOST) == []
    assert hupd.get("/orphan?3600").text == "left one"
    os.kill(init, signal.SIGTERM)
    assert hupd.wait_exit() == 0
    assert "(sleep)" in hupd.wait_for("ending what the application left running").text


@ROOT
def test_a_program_replaced_on_disk_does_not_matter_to_the_running_one(make_hupd, tmp_path):
    """Zygotes are the master's own program, not what is in its place by now."""
    program = tmp_path / "hupd-copy"
    program.write_bytes(hupd_process.PROGRAM.read_bytes())
    program.chmod(0o755)
    hupd = make_hupd()
    original, hupd_process.PROGRAM = hupd_process.PROGRAM, program
    try:
        hupd.run()
    finally:
        hupd_process.PROGRAM = original
    program.unlink()
    program.write_text("#!/bin/false\n")
    hupd.reload()
    assert hupd.get().headers["x-generation"] == "2"
