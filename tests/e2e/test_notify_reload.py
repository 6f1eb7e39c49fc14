"""Type=notify-reload under a systemd that has it: this machine's, else Debian 13's."""

import pytest

from harness import library
from harness.load import Load
from harness.machine import Machine, debian, version, why_not
from harness.service import UNIT, Service

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

FIRST_TO_HAVE_IT = 253
SOME = {"fresh": 1, "busy": 1, "thinking": 3}


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    tree = "/" if version() >= FIRST_TO_HAVE_IT else debian("trixie", "systemd")
    machine = Machine(tmp_path_factory.mktemp("machine"), tree)
    yield machine
    machine.end()


@pytest.fixture
def unconfigured(machine):
    service = Service(machine)
    yield service
    service.end()


@pytest.fixture
def service(unconfigured):
    """With the drop-in that is shipped."""
    unconfigured.shipped_drop_in("notify-reload")
    unconfigured.start()
    assert unconfigured.machine.show(UNIT, "Type") == ["notify-reload"]
    return unconfigured


@pytest.fixture
def by_signal(unconfigured):
    """Without ExecReload=: systemd has the master's word alone."""
    unconfigured.drop_in("type", "Type=notify-reload\nExecReload=")
    return unconfigured.start()


def test_a_reload_is_done_when_it_returns_and_it_is_one(service):
    with Load(service.address(), clients=SOME):
        service.deploy(library.service("v2"))
        done = service.ctl("reload", UNIT)
        assert done.code == 0, done
        assert service.get().text == "v2\n"
    shown = service.ctl("status", UNIT).out
    assert 'Status: "web generation 2: 2 workers, version v2, library ' in shown
    assert service.log.find("reload started", gen=3) == []


def test_a_rejected_reload_fails_and_the_service_stays_active(service):
    with Load(service.address(), clients=SOME):
        service.deploy(library.bad("BAD_CREATE_FAIL"))
        assert service.ctl("reload", UNIT).code != 0
        assert service.machine.show(UNIT, "ActiveState", "SubState") == ["active", "running"]
        assert service.get().text == "v1\n"
    shown = service.ctl("status", UNIT).out
    assert 'Status: "web generation 1: 2 workers, version v1' in shown
    assert "last reload rejected: " in shown and "the table of prices is missing" in shown
    service.deploy(library.service("v2"))
    assert service.ctl("reload", UNIT).code == 0
    assert service.get().text == "v2\n" and "rejected" not in service.status()


def test_a_fault_in_the_configuration_fails_it_too(service):
    service.tables["app.web"]["worker"] = 3
    service.configure()
    assert service.ctl("reload", UNIT).code != 0
    assert service.is_active() and "last reload rejected: " in service.status()


def test_a_reload_that_was_asked_for_during_another_is_waited_for(service):
    service.deploy(library.bad("SLOW_CREATE_MS=1000"))
    service.kill("HUP")
    service.wait(lambda: service.log.find("reload started", gen=2), "a reload is under way")
    service.deploy(library.service("v2"))
    assert service.ctl("reload", UNIT).code == 0
    assert service.get().text == "v2\n"


def test_a_long_reload_is_given_its_time(service):
    service.drop_in("time", "TimeoutStartSec=2")
    service.deploy(library.bad("SLOW_CREATE_MS=4000"))
    done = service.ctl("reload", UNIT)
    assert done.code == 0, f"{done}\n{service.log.tail()}"
    assert service.get().text == "bad\n"


def test_by_signal_alone_it_returns_at_the_end_which_status_tells(by_signal):
    service = by_signal
    service.deploy(library.service("v2"))
    assert service.ctl("reload", UNIT).code == 0
    assert service.get().text == "v2\n"
    service.deploy(library.bad("BAD_CREATE_FAIL"))
    assert service.ctl("reload", UNIT).code == 0, "systemd has no notification that it failed"
    assert service.is_active() and service.get().text == "v2\n"
    assert "last reload rejected: " in service.status()


def test_by_signal_alone_a_long_reload_is_given_its_time(by_signal):
    service = by_signal
    service.drop_in("time", "TimeoutStartSec=2")
    service.deploy(library.bad("SLOW_CREATE_MS=4000"))
    assert service.ctl("reload", UNIT).code == 0
    assert service.get().text == "bad\n"
