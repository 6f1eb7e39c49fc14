"""What the service manager is told."""

import os
import signal
import socket
import time

import pytest

from harness import client, control, library, log, proc
from harness.notify_socket import NotifySocket
from harness.waiting import wait_until


@pytest.fixture
def manager(tmp_path):
    made = NotifySocket(tmp_path / "notify")
    yield made
    made.close()


def run(hupd, manager, **variables):
    return hupd.run(variables={"NOTIFY_SOCKET": str(manager.path), **variables})


def microseconds():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


def test_ready_comes_when_it_serves_with_a_status(make_hupd, manager):
    run(make_hupd(), manager)
    ready = manager.wait_for("READY", "1")
    assert "generation 1" in ready["STATUS"] and "2 workers" in ready["STATUS"]


def test_ready_does_not_come_before_the_application_is_ready(make_hupd, manager):
    hupd = make_hupd(version=None)
    hupd.library.move_in(library.bad("SLOW_START_MS=500"))
    hupd.spawn("run", hupd.config, variables={"NOTIFY_SOCKET": str(manager.path)})
    hupd.wait(hupd.workers, "workers start")
    assert not any("READY" in one for one in manager.messages[:manager.mark()])
    manager.wait_for("READY", "1")
    assert hupd.get().text == "bad\n"


def test_a_reload_is_told_with_its_time_and_its_end(make_hupd, manager):
    hupd = run(make_hupd(), manager)
    manager.wait_for("READY", "1")
    since, before = manager.mark(), microseconds()
    hupd.reload()
    reloading = manager.wait_for("RELOADING", "1", since)
    assert before <= int(reloading["MONOTONIC_USEC"]) <= microseconds()
    assert "generation 2" in manager.wait_for("READY", "1", since)["STATUS"]


def test_a_rejected_reload_is_over_too_and_its_reason_is_the_status(make_hupd, manager):
    hupd = run(make_hupd(), manager)
    since = manager.mark()
    hupd.library.move_in(library.bad("BAD_CREATE_FAIL"))
    hupd.hup()
    hupd.wait_rejected()
    manager.wait_for("RELOADING", "1", since)
    ready = manager.wait_for("READY", "1", since)
    assert "generation 1" in ready["STATUS"]
    assert "the table of prices is missing" in ready["STATUS"]


def test_a_fault_in_the_configuration_ends_a_reload_too(make_hupd, manager, reconfigure):
    hupd = run(make_hupd(), manager)
    since = manager.mark()
    reconfigure(hupd, worker=3)
    hupd.hup()
    assert "MONOTONIC_USEC" in manager.wait_for("RELOADING", "1", since)
    status = manager.wait_for("READY", "1", since)["STATUS"]
    assert "generation 1" in status and "last reload rejected: " in status


def test_a_reload_asked_for_during_another_is_told_at_once_and_both_end_together(make_hupd, manager):
    hupd = run(make_hupd(), manager)
    since = manager.mark()
    hupd.library.move_in(library.bad("SLOW_CREATE_MS=1000"))
    hupd.hup()
    hupd.wait_for("reload started", gen=2)
    asked = microseconds()
    hupd.hup()
    hupd.wait_for(log.RELOAD_DONE, gen=3)
    manager.wait_for("READY", "1", since)
    told = [one for one in manager.messages[since:] if "RELOADING" in one or "READY" in one]
    reloading, ready = told[:-1], told[-1]
    assert len(reloading) == 2 and "generation 3" in ready["STATUS"], told
    first, second = (int(one["MONOTONIC_USEC"]) for one in reloading)
    assert first < asked <= second


@pytest.mark.parametrize("asked", [("reload",), ("reload", "--changed"), ("reload", "web"), ("rollback",)])
def test_what_a_command_asks_for_is_told_as_well(make_hupd, manager, asked):
    hupd = run(make_hupd(), manager)
    since = manager.mark()
    hupd.library.move_in(library.service("v2"))
    hupd.reload()
    manager.wait_for("READY", "1", since)
    since = manager.mark()
    assert control.command(hupd, *asked).code == 0
    assert "MONOTONIC_USEC" in manager.wait_for("RELOADING", "1", since)
    manager.wait_for("READY", "1", since)


def test_a_failed_start_is_told(make_hupd, manager):
    hupd = make_hupd(version=None)
    hupd.library.move_in(library.bad("BAD_CREATE_FAIL"))
    hupd.spawn("run", hupd.config, variables={"NOTIFY_SOCKET": str(manager.path)})
    hupd.expected_exit = 1
    assert hupd.wait_exit() == 1
    assert "the table of prices is missing" in manager.wait_for("STATUS")["STATUS"]
    assert not any("READY" in one for one in manager.messages)


def test_stopping_is_told_at_once(make_hupd, manager):
    hupd = run(make_hupd(), manager)
    with client.Connection(hupd.address()) as slow:
        slow.ask("/slow?1000")
        assert hupd.get().text == "v1\n"
        hupd.send(signal.SIGTERM)
        manager.wait_for("STOPPING", "1")
        assert slow.response().text == "v1\n"
    assert hupd.wait_exit() == 0


def test_the_watchdog_is_fed(make_hupd, manager):
    hupd = run(make_hupd(), manager, WATCHDOG_USEC="400000")
    since = manager.mark()
    for _ in range(3):
        manager.wait_for("WATCHDOG", "1", since)
        since = manager.mark()
    hupd.send(signal.SIGSTOP)
    hupd.send(signal.SIGCONT)


def test_another_process_watchdog_is_not_ours(make_hupd, manager):
    hupd = run(make_hupd(), manager, WATCHDOG_USEC="20000", WATCHDOG_PID=str(os.getpid()))
    hupd.reload()
    manager.mark()
    assert not any("WATCHDOG" in one for one in manager.messages)


def test_a_worker_inherits_nothing_of_the_service_manager(make_hupd, manager):
    hupd = run(make_hupd(environment={"X": "y"}), manager, WATCHDOG_USEC="30000000")
    for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"):
        assert hupd.get(f"/environment?{name}").text == "(not set)"
        for one in hupd.processes():
            assert name not in proc.environment(one.pid)


def test_an_abstract_socket_is_spoken_to_as_well(make_hupd):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        name = f"hupd-e2e-{os.getpid()}"
        manager.bind("\0" + name)
        manager.settimeout(10)
        hupd = make_hupd().run(variables={"NOTIFY_SOCKET": "@" + name})
        wait_until(lambda: b"READY=1" in manager.recv(4096), "it is told that it is ready")
        assert hupd.log.find(log.STARTED)
