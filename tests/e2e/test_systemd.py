"""The shipped units under a real systemd."""

import re

import pytest

from harness import client, library, log
from harness.load import Load
from harness.machine import Machine, why_not
from harness.service import LIBRARY, UNIT, Service

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

GOES_ON = "has died: this one goes on with what it had"


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    machine = Machine(tmp_path_factory.mktemp("machine"))
    yield machine
    machine.end()


@pytest.fixture
def service(machine):
    service = Service(machine)
    yield service
    service.end()


# ---- start and stop ----

def test_start_returns_when_the_service_serves(service):
    service.start()
    assert service.get().text == "v1\n"
    assert service.is_active()
    assert "web generation 1: 2 workers, version v1" in service.status()


def test_a_start_that_fails_says_so_and_is_not_tried_for_ever(service):
    service.deploy(library.bad("BAD_LOAD_SEGV"))
    assert service.ctl("start", UNIT).code != 0
    service.ctl("stop", UNIT)
    service.machine.write(LIBRARY, "no library")
    assert service.ctl("start", UNIT).code != 0
    (result, code, restarts) = service.machine.show(UNIT, "Result", "ExecMainStatus", "NRestarts")
    assert (result, code) == ("exit-code", "2"), service.log.tail()
    assert service.ctl("is-failed", UNIT).out.strip() == "failed", "trying again does not help"


def test_stop_lets_requests_finish(service):
    service.start()
    with client.Connection(service.address()) as slow:
        slow.ask("/slow?500")
        stopping = service.ctl("stop", "--no-block", UNIT)
        assert stopping.code == 0
        assert slow.response().text == "v1\n"
    service.wait(lambda: service.ctl("is-active", UNIT).out.strip() == "inactive", "it has stopped")
    assert service.machine.show(UNIT, "Result", "ExecMainStatus") == ["success", "0"]
    assert service.processes() == []


def test_restart_starts_it_anew(service):
    service.start()
    before = service.machine.show(UNIT, "MainPID")
    assert service.ctl("restart", UNIT).code == 0
    assert service.machine.show(UNIT, "MainPID") != before
    service.wait(lambda: service.get().text == "v1\n", "it serves")


# ---- reload ----

def test_reload_is_done_when_it_returns(service):
    service.start()
    with Load(service.address(), clients={"fresh": 1, "busy": 1, "thinking": 3}):
        service.deploy(library.service("v2"))
        done = service.ctl("reload", UNIT)
        assert done.code == 0, done
        assert service.get().text == "v2\n"
    assert "web generation 2: 2 workers, version v2" in service.status()


def test_a_rejected_reload_fails_and_the_service_stays_active(service):
    service.start()
    with Load(service.address(), clients={"fresh": 1, "busy": 1, "thinking": 3}):
        service.deploy(library.bad("BAD_START_FAIL"))
        assert service.ctl("reload", UNIT).code != 0
        assert service.is_active()
        assert service.get().text == "v1\n"
    assert "last reload rejected: " in service.status()
    service.deploy(library.service("v3"))
    assert service.ctl("reload", UNIT).code == 0
    assert service.get().text == "v3\n" and "rejected" not in service.status()


# ---- time ----

IMPATIENT = "TimeoutStartSec=2\nTimeoutStopSec=2"


def test_a_slow_start_is_given_its_time(service):
    service.drop_in("time", IMPATIENT)
    service.deploy(library.bad("SLOW_CREATE_MS=4000"))
    service.start()


def test_a_long_drain_is_given_its_time(service):
    service.drop_in("time", IMPATIENT)
    service.start()
    with client.Connection(service.address()) as slow:
        slow.ask("/slow?5000")
        assert service.ctl("stop", "--no-block", UNIT).code == 0
        assert slow.response().text == "v1\n"
    service.wait(lambda: service.ctl("is-active", UNIT).out.strip() == "inactive", "it has stopped")
    assert service.machine.show(UNIT, "Result", "ExecMainStatus") == ["success", "0"]


def test_a_reload_is_given_the_time_of_its_probation(service):
    service.drop_in("time", IMPATIENT)
    service.tables["app.web"]["reload"] = {"probation": {"time": "5s", "crashes": 0}}
    service.configure()
    service.start()
    service.deploy(library.service("v2"))
    done = service.ctl("reload", UNIT)
    assert done.code == 0, f"{done}\n{service.log.tail()}"
    assert service.log.find("probation passed")


# ---- when something goes wrong ----

def is_started_again(service, deadline):
    service.wait(lambda: service.machine.show(UNIT, "NRestarts") == ["1"] and service.is_active(),
                 "it is started again", deadline)


def test_a_master_that_is_killed_is_started_again_and_goes_on_with_the_same_workers(service):
    service.start()
    before = service.get().headers["x-pid"]
    with Load(service.address()):
        service.kill("KILL")
        is_started_again(service, 30)
    assert service.log.find(GOES_ON)
    assert not service.log.find(log.LOST)
    assert service.get().headers["x-generation"] == "1"
    service.wait(lambda: service.get().headers["x-pid"] == before, "the same worker serves")
    service.deploy(library.service("v2"))
    assert service.ctl("reload", UNIT).code == 0
    assert service.get().text == "v2\n"
    assert service.ctl("stop", UNIT).code == 0


def test_what_an_application_leaves_running_goes_with_the_stop_though_its_master_has_died(service):
    """KillMode=process leaves it to hupd, and init has it since."""
    service.start()
    assert client.get(service.address(), "/orphan?3600").text == "left one"
    service.kill("KILL")
    is_started_again(service, 30)
    assert service.ctl("stop", UNIT).code == 0
    (line,) = service.log.find("ending what the application left running: ")
    assert "(sleep)" in line.text
    assert not service.processes()


def test_workers_are_not_left_behind_when_the_manager_gives_up(service):
    service.drop_in("once", "Restart=no")
    service.start()
    service.kill("KILL")
    service.wait(lambda: not service.processes(), "workers have left")


def test_a_master_that_hangs_is_found_by_the_watchdog(service):
    service.drop_in("watchdog", "WatchdogSec=2\nTimeoutAbortSec=2")
    service.start()
    with Load(service.address()):
        service.kill("STOP")
        is_started_again(service, 60)
    assert service.log.find(GOES_ON)


# ---- sockets ----

def test_several_named_sockets_are_taken_over(service):
    machine = service.machine
    port = client.free_port()
    machine.write("/etc/systemd/system/hupd@web.socket", f"""[Socket]
ListenStream=127.0.0.1:{port}
FileDescriptorName=web
""")
    machine.write("/etc/systemd/system/hupd@web-admin.socket", """[Socket]
ListenStream=/run/web-admin.sock
FileDescriptorName=admin
Service=hupd@web.service
""")
    service.drop_in("sockets", "Sockets=hupd@web.socket hupd@web-admin.socket")
    service.tables["app.web"]["listen"] = ["systemd:web", "systemd:admin"]
    service.configure()
    assert machine.systemctl("start", "hupd@web.socket", "hupd@web-admin.socket").code == 0
    try:
        assert client.get(f"127.0.0.1:{port}").text == "v1\n", "whoever comes first starts it"
        unix = machine.run("curl", "-s", "--unix-socket", "/run/web-admin.sock", "http://x/")
        assert unix.out == "v1\n", unix
        before = machine.show(UNIT, "MainPID")
        assert service.ctl("restart", UNIT).code == 0, "its sockets stay open meanwhile"
        assert machine.show(UNIT, "MainPID") != before
        assert client.get(f"127.0.0.1:{port}").text == "v1\n"
        unix = machine.run("curl", "-s", "--unix-socket", "/run/web-admin.sock", "http://x/")
        assert unix.out == "v1\n", unix
    finally:
        machine.systemctl("stop", UNIT, "hupd@web.socket", "hupd@web-admin.socket")
        machine.run("rm", "-f", "/etc/systemd/system/hupd@web-admin.socket")


# ---- hardening ----

def test_master_and_workers_are_an_ordinary_users(service):
    service.start()
    users = {service.machine.run("stat", "-c", "%U", f"/proc/{pid}").out.strip()
             for pid in service.machine.run("pgrep", "-f", "^hupd:|/hupd run").out.split()}
    assert users == {"hupd"}


def test_with_the_drop_in_for_root_each_app_has_its_own_user(service):
    service.shipped_drop_in("root")
    service.tables["app.web"]["user"] = "nobody"
    service.configure()
    service.start()
    assert service.get().text == "v1\n"
    assert client.get(service.address(), "/privileges").text == "a user's"
    service.deploy(library.service("v2"))
    assert service.ctl("reload", UNIT).code == 0
    assert service.get().text == "v2\n"


def test_the_exposure_is_2_at_most(service):
    shown = service.machine.run("systemd-analyze", "security", "--no-pager", UNIT).out
    overall = re.search(r"Overall exposure level for \S+: ([\d.]+)", shown)
    assert overall, shown
    assert float(overall[1]) <= 2.0, shown
