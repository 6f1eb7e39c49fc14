"""Several apps in one master: each reloads by itself, all from one reading of the file."""

import os
import threading

import pytest

from harness import client, log
from harness.load import Load

GENTLE = {"fresh": 2, "busy": 2, "thinking": 4, "slow": 2}


def wait_served(hupd, text, app, since=0):
    return hupd.wait_for(text, since, app=app)


def wait_all_done(hupd, apps, since):
    for app in apps:
        wait_served(hupd, log.RELOAD_DONE, app, since)


@pytest.fixture
def two(make_hupd, reconfigure):
    """One that serves [app.web] on address(0) and [app.api] on address(1)."""
    hupd = make_hupd()
    hupd.tables["app.api"] = {"library": hupd.library.path, "listen": ["127.0.0.2:0"], "workers": 1}
    reconfigure(hupd)
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
    """Out of a pipe, which one reading empties: another one would wait for ever."""
    good = two.config.read_text()
    two.config.unlink()
    os.mkfifo(two.config)
    writer = threading.Thread(target=two.config.write_text, args=(good,), daemon=True)
    writer.start()
    since = two.log.mark()
    two.hup()
    wait_all_done(two, ["web", "api"], since)
    writer.join()
    for number in (0, 1):
        assert client.get(two.address(number)).headers["x-generation"] == "2"
