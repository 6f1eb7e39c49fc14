"""Several apps in one master: each reloads by itself, all from one reading of the file."""

import ctypes
import os
import signal
import struct

import pytest

from harness import client, inventory, library, log, settings
from harness.inventory import listening
from harness.load import Load
from harness.notify_socket import NotifySocket

IN_CLOSE_NOWRITE, IN_OPEN = 0x10, 0x20  # inotify(7)
GENTLE = {"fresh": 2, "busy": 2, "thinking": 4, "slow": 2}


def wait_served(hupd, text, app, since=0):
    return hupd.wait_for(text, since, app=app)


def wait_all_done(hupd, apps, since):
    for app in apps:
        wait_served(hupd, log.RELOAD_DONE, app, since)


@pytest.fixture
def two(make_hupd):
    """One that serves [app.web] on address(0) and [app.api] on address(1)."""
    hupd = make_hupd()
    hupd.tables["app.api"] = {"library": hupd.library.path, "listen": ["127.0.0.2:0"], "workers": 1}
    write(hupd)
    hupd.run()
    wait_served(hupd, log.STARTED, "web")
    wait_served(hupd, log.STARTED, "api")
    return hupd


# ---- one file, one reading ----

def test_a_fault_in_the_file_rejects_the_reload_of_every_app_in_one_line(two):
    good = two.config.read_text()
    with Load(two.address(0), two.address(1), clients=GENTLE):
        two.config.write_text(good + "wrokers = 3\n")
        two.hup()
        rejected = two.wait_rejected()
        assert rejected.app is None and rejected.level == "error"
        assert f"configuration: {two.config}:" in rejected.text and "'wrokers'" in rejected.text
        two.config.write_text(good)
        since = two.log.mark()
        two.hup()
        wait_all_done(two, ["web", "api"], since)
    assert two.log.find(log.REJECTED) == [rejected]


def test_the_file_is_read_once_for_all_apps(two):
    """So that one that changes meanwhile is the same for all of them."""
    libc = ctypes.CDLL(None)
    watch = libc.inotify_init1(os.O_CLOEXEC)
    assert libc.inotify_add_watch(watch, bytes(two.config), IN_OPEN | IN_CLOSE_NOWRITE) == 1
    since = two.log.mark()
    two.hup()
    wait_all_done(two, ["web", "api"], since)
    with open(watch, "rb", buffering=0) as events:
        seen = [mask for _, mask, _, _ in struct.iter_unpack("iIII", events.read(4096))]
    assert seen == [IN_OPEN, IN_CLOSE_NOWRITE]
    for number in (0, 1):
        assert client.get(two.address(number)).headers["x-generation"] == "2"


# ---- one comes ----

def add_api(hupd, version="api", **keys):
    """Adds [app.api] to the file; returns its library."""
    deployed = library.Deployed(hupd.directory / "libapi.so")
    deployed.move_in(version if hasattr(version, "suffix") else library.service(version))
    hupd.tables["app.api"] = {"library": deployed.path, "listen": ["127.0.0.2:0"], "workers": 1,
                              **keys}
    write(hupd)
    return deployed


def remove(hupd, app):
    keys = hupd.tables.pop(f"app.{app}")
    write(hupd)
    return keys


def write(hupd):
    hupd.config.write_text(settings.toml(hupd.tables))


def test_a_new_app_starts_at_a_reload_and_reloads_like_any_other(hupd):
    with Load(hupd.address(), clients=GENTLE):
        deployed = add_api(hupd)
        hupd.hup()
        started = wait_served(hupd, log.STARTED, "api")
        assert started.gen == 1
        hupd.wait_reload_done()
        with Load(hupd.address(1), clients=GENTLE) as load:
            deployed.move_in(library.service("api2"))
            since = hupd.log.mark()
            hupd.hup()
            wait_all_done(hupd, ["web", "api"], since)
            hupd.wait(lambda: client.get(hupd.address(1)).text == "api2\n", "the new one answers")
    assert load.versions() == ["api", "api2"]


def test_a_new_app_that_cannot_start_harms_nobody_and_is_tried_again(hupd):
    with Load(hupd.address(), clients=GENTLE):
        deployed = add_api(hupd, library.bad("BAD_CREATE_FAIL"))
        before = listening(hupd.pid)
        hupd.hup()
        failed = wait_served(hupd, log.START_FAILED, "api")
        assert failed.level == "error" and "the table of prices is missing" in failed.text
        assert "the next reload tries again" in failed.text
        hupd.wait_reload_done()
        hupd.wait_settled(2)
        hupd.wait(lambda: listening(hupd.pid) == before, "what it listened on is closed")
        deployed.move_in(library.service("api"))
        since = hupd.log.mark()
        hupd.hup()
        assert wait_served(hupd, log.STARTED, "api", since).gen == 2
        hupd.wait_reload_done(since)
    assert hupd.get().headers["x-generation"] == "3"


def test_a_new_app_whose_address_is_taken_is_tried_again(hupd):
    add_api(hupd, listen=["unix:api.sock"])
    (hupd.directory / "api.sock").write_text("precious")
    hupd.hup()
    assert "not a socket" in wait_served(hupd, log.START_FAILED, "api").text
    hupd.wait_reload_done()
    (hupd.directory / "api.sock").unlink()
    hupd.hup()
    wait_served(hupd, log.STARTED, "api")
    assert client.get(f"unix:{hupd.directory}/api.sock").text == "api\n"


# ---- one goes ----

def test_an_app_that_is_taken_away_finishes_what_it_has_in_hand(two):
    with Load(two.address(0), clients=GENTLE):
        with client.Connection(two.address(1)) as idle, client.Connection(two.address(1)) as slow:
            idle.get()
            slow.ask("/slow?700")
            assert client.get(two.address(1)).text == "v1\n"
            remove(two, "api")
            two.hup()
            two.wait_for("no longer in the configuration: stopping", app="api")
            two.wait(lambda: len(listening(two.pid)) == 1, "nobody is let in any more")
            assert slow.response().text == "v1\n"
            assert idle.get().closes
        two.wait_reload_done()
        two.wait_settled(2)
    two.wait(lambda: {path.name for path in two.runtime_dir.glob("master-*/*-*")}
             == {"web-1", "web-2"}, "its private copy is gone")
    assert not two.log.find(log.REJECTED)


def test_apps_that_come_and_go_leave_nothing(hupd):
    hupd.let_each_worker_serve()
    hupd.reload()
    hupd.wait_settled(2)
    before = inventory.take(hupd)
    for times in range(1, 6):
        since = hupd.log.mark()
        add_api(hupd)
        hupd.hup()
        assert wait_served(hupd, log.STARTED, "api", since).gen == times
        hupd.wait_reload_done(since)
        remove(hupd, "api")
        hupd.reload()
    hupd.wait(lambda: inventory.take(hupd) == before, f"{inventory.take(hupd)} is {before}")


def test_an_app_is_taken_back_while_it_still_drains(two):
    with client.Connection(two.address(1)) as slow:
        slow.ask("/slow?60000")
        assert client.get(two.address(1)).text == "v1\n"
        keys = remove(two, "api")
        two.reload()
        two.wait_for("no longer in the configuration: stopping", app="api")
        two.tables["app.api"] = keys
        write(two)
        since = two.log.mark()
        two.hup()
        assert wait_served(two, log.STARTED, "api", since).gen == 2
        address = two.log.find(log.LISTENING)[-1].text[len(log.LISTENING):]
        assert client.get(address).headers["x-generation"] == "2"
        (old,) = [one for one in two.workers(gen=1) if one.pid in pids_of(two, "api")]
        os.kill(old.pid, signal.SIGKILL)
    assert client.get(address).headers["x-generation"] == "2"


def pids_of(hupd, app):
    return {line.pid for line in hupd.log.find(log.READY, app=app)}


def test_a_stop_waits_for_an_app_that_drains_because_it_was_taken_away(two):
    with client.Connection(two.address(1)) as slow:
        slow.ask("/slow?700")
        assert client.get(two.address(1)).text == "v1\n"
        remove(two, "api")
        two.hup()
        two.wait_for(log.DRAINING, app="api")
        two.send(signal.SIGTERM)
        assert slow.response().text == "v1\n"
    assert two.wait_exit() == 0


def test_the_last_app_may_go_when_another_comes(hupd):
    add_api(hupd, library.bad("BAD_CREATE_FAIL"))
    keys = remove(hupd, "web")
    hupd.hup()
    wait_served(hupd, log.START_FAILED, "api")
    hupd.wait(lambda: not hupd.processes(), "no app is left")
    hupd.tables["app.web"] = keys
    write(hupd)
    since = hupd.log.mark()
    hupd.hup()
    assert wait_served(hupd, log.STARTED, "web", since).gen == 2


# ---- one takes over from another ----

@pytest.mark.parametrize("broken", [False, True], ids=["at once", "at the second attempt"])
def test_no_client_notices_that_an_app_has_another_name(hupd, broken):
    with Load(hupd.address()) as load:
        keys = remove(hupd, "web")
        deployed = library.Deployed(hupd.directory / "libwww.so")
        deployed.move_in(library.bad("BAD_CREATE_FAIL") if broken else library.service("www"))
        hupd.tables["app.www"] = {**keys, "library": deployed.path}
        write(hupd)
        hupd.hup()
        hupd.wait_for("no longer in the configuration: stops when [app.www] serves 127.0.0.1:0",
                      app="web")
        if broken:
            wait_served(hupd, log.START_FAILED, "www")
            assert hupd.get().text == "v1\n"
            deployed.move_in(library.service("www"))
            hupd.hup()
        wait_served(hupd, log.STARTED, "www")
        hupd.wait_for("no longer in the configuration: stopping", app="web")
        hupd.wait(lambda: hupd.get().text == "www\n", "the new one answers")
        hupd.wait(lambda: len(hupd.workers()) == 2, "the old one is gone")
    assert load.versions() == ["v1", "www"]


# ---- what the service manager is told ----

def test_a_reload_is_over_when_every_app_has_a_result(make_hupd, tmp_path):
    manager = NotifySocket(tmp_path / "notify")
    hupd = make_hupd().run(variables={"NOTIFY_SOCKET": str(manager.path)})
    manager.wait_for("READY", "1")
    for make, result in [("SLOW_START_MS=700", log.STARTED), ("BAD_CREATE_FAIL", log.START_FAILED)]:
        since = manager.mark()
        add_api(hupd, library.bad(make))
        hupd.hup()
        manager.wait_for("READY", "1", since)
        assert wait_served(hupd, result, "api")
        told = [next(iter(one)) for one in manager.messages[since:]]
        told = [key for key in told if not key.startswith("FDSTORE")]
        assert told[0] == "RELOADING" and told.count("RELOADING") == 1
        assert told[-1] == "READY" and told.count("READY") == 1
        remove(hupd, "api")
        since = manager.mark()
        hupd.hup()
        manager.wait_for("READY", "1", since)
    manager.close()
