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
