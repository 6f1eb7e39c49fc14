"""The harness can fail: what it is to find, it finds."""

import os
import shlex
import signal
import subprocess

import pytest

import conftest
from harness import inventory, log
from harness.build import SANITIZED, environment, take_reports
from harness.hupd_process import MARK
from harness.load import Load
from harness.waiting import Overdue, wait_until


@pytest.mark.parametrize("kind", ["fresh", "busy", "thinking", "slow", "upload"])
def test_clients_of_each_kind_see_a_service_that_is_cut(hupd, kind):
    with pytest.raises(AssertionError, match="failed|idle"):
        with Load(hupd.address(), clients={kind: 4}):
            hupd.stop(signal.SIGINT)


def test_clients_see_a_worker_that_is_killed(make_hupd):
    hupd = make_hupd(workers=1).run()
    with pytest.raises(AssertionError, match="response|race|idle"):
        with Load(hupd.address(), clients={"busy": 2, "slow": 4}):
            os.kill(hupd.workers()[0].pid, signal.SIGKILL)
            hupd.wait_for(log.LOST)


def test_a_process_that_is_left_behind_is_found(make_hupd):
    hupd = make_hupd().run()
    with subprocess.Popen(["sleep", "60"], env={**os.environ, MARK: hupd.mark}) as left:
        hupd.wait(lambda: left.pid in hupd.left_processes(), "it is seen")
        assert hupd.stop() == 0
        assert list(hupd.left_processes()) == [left.pid]
        left.kill()


def test_a_file_that_is_left_behind_is_found(make_hupd):
    hupd = make_hupd(listen=["127.0.0.1:0", "unix:web.sock"]).run()
    assert {path.name for path in hupd.left_files()} >= {"web.sock"}
    left = hupd.runtime_dir / "left"
    left.touch()
    with pytest.raises(AssertionError, match="left behind"):
        conftest.end_well(hupd)
    left.unlink()


def test_a_wrong_exit_code_is_found(hupd):
    hupd.expected_exit = 3
    with pytest.raises(AssertionError):
        conftest.end_well(hupd)
    hupd.expected_exit = 0


def test_an_inventory_tells_a_worker_a_listener_and_a_descriptor_more(make_hupd, reconfigure):
    hupd = make_hupd().run()
    before = inventory.take(hupd)
    reconfigure(hupd, workers=3, listen=["127.0.0.1:0", "127.0.0.2:0"])
    hupd.reload()
    hupd.wait_settled(3)
    after = inventory.take(hupd)
    assert after.processes != before.processes
    assert after.sockets > before.sockets
    assert after.descriptors.total() > before.descriptors.total()


if SANITIZED:  # what is skipped counts as a failure in some runs
    def test_what_a_sanitizer_finds_in_any_process_is_found(story_dir):
        source = story_dir / "faulty.c"
        source.write_text("#include <stdlib.h>\nint main(int argc, char** argv) { free(argv + argc); }\n")
        subprocess.run([*shlex.split(os.environ.get("CC") or "cc"), "-fsanitize=address", source,
                        "-o", story_dir / "faulty"], check=True)
        assert subprocess.run([story_dir / "faulty"], env=environment()).returncode != 0
        reports = take_reports()
        assert len(reports) == 1 and "bad-free" in reports[0]
        assert take_reports() == []


def test_what_a_sanitizer_says_in_the_log_is_found(hupd):
    with open(hupd.log.path, "a") as file:
        file.write("app=web gen=1 worker=1 out: x.cpp:3:5: runtime error: signed integer overflow\n")
    with pytest.raises(AssertionError, match="sanitizer"):
        conftest.end_well(hupd)
    hupd.log.path.write_text("")
    hupd.log = log.Log(hupd.log.path)


def test_a_wait_ends_at_its_deadline_and_says_what_is_known():
    with pytest.raises(Overdue, match="pigs fly\nthe log"):
        wait_until(lambda: False, "pigs fly", deadline=0.05, explain=lambda: "the log")


@pytest.mark.parametrize("raw", ["", "2026-11-22 info  app=web ready", "something else"])
def test_a_line_of_another_shape_is_no_line(raw):
    assert log.parse(raw) is None
    whole = log.parse("2026-11-22T20:00:00.123Z info  app=web gen=5 worker=3 pid=812 ready")
    assert whole == log.Line("info", "ready", "web", 5, 3, 812)
