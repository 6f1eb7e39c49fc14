"""A worker is asked whether it is well: before it may serve, and while it does."""

import pytest

from harness import control, library
from harness.load import Load

GENTLE = {"fresh": 1, "busy": 1, "thinking": 3}


def deploy(hupd, reconfigure, **app):
    """v2, which behaves as [app.web.settings] says."""
    hupd.library.move_in(library.prober("v2"))
    reconfigure(hupd, **app)
    return control.command(hupd, "reload")


def rejected(hupd, reconfigure, says, **app):
    """Nobody notices; the deploy learns why."""
    before = hupd.workers()
    with Load(hupd.address(), clients=GENTLE) as load:
        done = deploy(hupd, reconfigure, **app)
    assert done.code == 1, done
    assert says in done.err, done
    assert load.versions() == ["v1"]
    hupd.wait_settled(2)
    assert hupd.workers() == before, "the old generation was touched"


# ---- the application's own probe, before the worker is ready ----

@pytest.mark.parametrize("how, says", [
    ("fail", "probe failed: no disk"),
    ("fail_later", "probe failed: no disk today"),
    ("silent", "probe: no answer within 300ms (probe.timeout)"),
    ("crash", "ended with signal 11 (SIGSEGV) before it was ready"),
])
def test_a_new_version_that_is_not_well_is_rejected(hupd, reconfigure, how, says):
    rejected(hupd, reconfigure, says, settings={"probe": how}, probe={"timeout": "300ms"})


def test_a_probe_that_does_not_return_is_left_to_boot_timeout(hupd, reconfigure):
    rejected(hupd, reconfigure, "not ready after 600 ms (boot_timeout)", boot_timeout="600ms",
             kill_timeout="500ms", settings={"probe": "block"}, probe={"timeout": "100ms"})


@pytest.mark.parametrize("how", ["well", "later"])
def test_a_new_version_that_is_well_serves(hupd, reconfigure, how):
    with Load(hupd.address(), clients=GENTLE):
        done = deploy(hupd, reconfigure, settings={"probe": how})
    assert done.code == 0, done
    assert hupd.get().text == "v2\n"


# ---- a path of the HTTP service, before it is ready ----

@pytest.mark.parametrize("how, says", [
    ("ill", "probe GET /healthz: 503: no database"),
    ("silent", "probe GET /healthz: no answer within 300ms (probe.timeout)"),
    ("throw", "probe GET /healthz: 500: Internal Server Error"),
    ("crash", "ended with signal 11 (SIGSEGV) before it was ready"),
])
def test_a_new_version_whose_path_is_not_well_is_rejected(hupd, reconfigure, how, says):
    rejected(hupd, reconfigure, says, settings={"health": how},
             probe={"path": "/healthz", "timeout": "300ms"})


def test_both_have_to_be_well(hupd, reconfigure):
    rejected(hupd, reconfigure, "probe failed: no disk", settings={"probe": "fail_later"},
             probe="/healthz")
    rejected(hupd, reconfigure, "probe GET /healthz: 503", probe="/healthz",
             settings={"probe": "later", "health": "ill"})
    done = deploy(hupd, reconfigure, settings={"probe": "later"}, probe="/healthz")
    assert done.code == 0, done


def test_a_path_is_for_the_http_height_and_says_so(make_hupd):
    hupd = make_hupd(version=None, probe="/healthz")
    hupd.library.move_in(library.example("chat", old="chat", new="chat"))
    hupd.spawn("run", hupd.config)
    hupd.expected_exit = 2
    assert hupd.wait_exit() == 2
    assert "probe.path is for applications of the http height" in hupd.log.tail()


def test_connections_move_to_a_version_that_is_probed(make_hupd, reconfigure):
    hupd = make_hupd(workers=2, probe="/healthz", version=None)
    hupd.library.move_in(library.prober("v1"))
    hupd.run()
    with Load(hupd.address(), clients=GENTLE) as load:
        for version in ("v2", "v3"):
            hupd.library.move_in(library.prober(version))
            hupd.reload()
    assert load.versions() == ["v1", "v2", "v3"]
    hupd.wait_settled(2)
