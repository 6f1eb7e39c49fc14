"""What each signal to the master does."""

import os
import signal

import pytest

from harness import client, library, log, proc
from harness.load import Load


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT])
def test_term_and_quit_finish_what_is_in_hand(hupd, number):
    with client.Connection(hupd.address()) as slow, client.Connection(hupd.address()) as stream, \
            client.Connection(hupd.address()) as upload:
        slow.ask("/slow?600")
        stream.ask("/stream?600")
        upload.send(b"POST /upload HTTP/1.1\r\nHost: t\r\nContent-Length: 6\r\n\r\nabc")
        assert hupd.get().text == "v1\n"  # so those three were accepted before
        hupd.send(number)
        hupd.wait_for("stopping gracefully")
        upload.send(b"def")
        assert upload.response().text == "v1 6\n"
        assert slow.response().text == "v1\n"
        assert stream.response().text == "v1\n" * 10
    assert hupd.wait_exit() == 0
    hupd.wait_for(log.STOPPED)


def test_a_graceful_stop_ends_by_drain_timeout(make_hupd):
    hupd = make_hupd(drain_timeout="300ms").run()
    with client.Connection(hupd.address()) as endless:
        endless.ask("/slow?60000")
        assert hupd.get().text == "v1\n"
        hupd.send(signal.SIGTERM)
        assert hupd.wait_exit() == 0


@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGTERM, signal.SIGTERM],
                                     [signal.SIGTERM, signal.SIGINT]],
                         ids=["INT", "TERM_TERM", "TERM_INT"])
def test_a_quick_stop_waits_for_nobody(hupd, signals):
    with client.Connection(hupd.address()) as endless:
        endless.ask("/slow?60000")
        assert hupd.get().text == "v1\n"
        hupd.send(signals[0])
        hupd.wait_for("stopping")
        for number in signals[1:]:
            hupd.send(number)
        assert hupd.wait_exit() == 0


def test_a_stop_ends_a_worker_that_is_stuck(make_hupd):
    hupd = make_hupd(drain_timeout="200ms", kill_timeout="200ms").run()
    with client.Connection(hupd.address()) as stuck:
        stuck.ask("/block-for-good")
        hupd.wait_for("blocking")
        assert hupd.stop() == 0


def test_usr1_opens_a_renamed_log_anew(make_hupd):
    hupd = make_hupd(master={"log": {"file": "hupd.log"}})
    file = hupd.directory / "hupd.log"
    hupd.log = log.Log(file)
    hupd.spawn("run", hupd.config)
    hupd.wait_for(log.STARTED, alive=True)
    file.rename(hupd.directory / "hupd.log.1")
    hupd.send(signal.SIGUSR1)
    hupd.log = log.Log(file)
    hupd.wait_for(log.LOG_REOPENED)
    hupd.reload()
    assert log.RELOAD_DONE not in (hupd.directory / "hupd.log.1").read_text()


def test_ttin_and_ttou_make_one_worker_more_or_fewer(hupd):
    with Load(hupd.address()):
        hupd.send(signal.SIGTTIN)
        hupd.wait_settled(3)
        hupd.send(signal.SIGTTIN)
        hupd.wait_settled(4)
        for left in (3, 2, 1):
            hupd.send(signal.SIGTTOU)
            hupd.wait_settled(left)
    assert [one.slot for one in hupd.workers()] == [1]


def test_a_reload_brings_the_configured_number_of_workers_back(hupd):
    hupd.send(signal.SIGTTIN)
    hupd.wait_settled(3)
    hupd.reload()
    hupd.wait_settled(2)


def test_winch_drains_the_workers_and_hup_brings_them_back(hupd):
    with client.Connection(hupd.address()) as slow:
        slow.ask("/slow?500")
        assert hupd.get().text == "v1\n"
        hupd.send(signal.SIGWINCH)
        assert slow.response().text == "v1\n"
    hupd.wait(lambda: not hupd.workers(), "all workers are drained")
    assert hupd.process.poll() is None
    hupd.reload()
    hupd.wait_settled(2)
    assert hupd.get().headers["x-generation"] == "2"


@pytest.mark.parametrize("slow", ["SLOW_CREATE_MS=60000", "SLOW_START_MS=60000"])
def test_term_in_the_middle_of_a_reload_stops_all_of_it(make_hupd, slow):
    hupd = make_hupd(kill_timeout="1h").run()
    hupd.library.move_in(library.bad(slow))
    hupd.hup()
    hupd.wait(lambda: hupd.processes()[0].gen == 2, "the new generation starts")
    if "START" in slow:
        hupd.wait(lambda: hupd.workers(2), "its workers start")
    assert hupd.stop() == 0
    assert hupd.left_processes() == {}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("hang", ["BAD_LOAD_HANG", "BAD_CREATE_HANG", "BAD_START_HANG"])
def test_a_stop_waits_for_no_start_that_hangs(make_hupd, hang, number):
    """Nobody is served yet, so nothing is lost: kill_timeout is for those who can be asked."""
    hupd = make_hupd(version=None, boot_timeout="1h", kill_timeout="1h")
    hupd.library.move_in(library.bad(hang))
    hupd.spawn("run", hupd.config)
    hupd.wait(hupd.zygotes, "the zygote loads")
    if "START" in hang:
        hupd.wait(lambda: len(hupd.workers()) == 2, "the workers start")
    assert hupd.stop(number) == 0
    assert hupd.left_processes() == {}


def test_hup_while_stopping_changes_nothing(hupd):
    with client.Connection(hupd.address()) as slow:
        slow.ask("/slow?500")
        assert hupd.get().text == "v1\n"
        hupd.send(signal.SIGTERM)
        hupd.wait_for("stopping gracefully")
        hupd.hup()
        assert slow.response().text == "v1\n"
    assert hupd.wait_exit() == 0
    assert hupd.log.find(log.RELOAD_STARTED) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_that_is_sent_a_signal_to_go_is_replaced_and_its_clients_notice_nothing(
        make_hupd, workers, number):
    """As somebody does who wants just this one renewed."""
    hupd = make_hupd(workers=workers).run()
    with client.Connection(hupd.address()) as mine:
        victim = int(mine.get().headers["x-pid"])
        os.kill(victim, number)
        hupd.wait(lambda: not proc.lives(victim), "it has ended")
        after = mine.get()
        assert (after.text, after.closes) == ("v1\n", False)
    hupd.wait_settled(workers)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGUSR1])
def test_a_signal_to_the_whole_group_reaches_the_service_only_through_the_master(make_hupd, number):
    """As a terminal and some service managers send them."""
    hupd = make_hupd()
    hupd.run(start_new_session=True)
    before = hupd.workers()
    os.killpg(hupd.pid, number)
    if number == signal.SIGINT:
        assert hupd.wait_exit() == 0
        return
    hupd.wait_for(log.RELOAD_DONE if number == signal.SIGHUP else "reopened")
    assert hupd.log.find(log.LOST) == []
    hupd.wait_settled(2)
    assert (hupd.workers() == before) == (number == signal.SIGUSR1)


def test_terms_until_the_very_end_do_not_change_how_it_ends(make_hupd):
    """A service manager, or somebody impatient, may send one more at any moment."""
    for _ in range(5):
        hupd = make_hupd().run()
        while hupd.process.poll() is None:
            hupd.process.send_signal(signal.SIGTERM)
        assert hupd.process.returncode == 0
