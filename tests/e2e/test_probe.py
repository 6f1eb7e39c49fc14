"""A worker is asked whether it is well: before it may serve, and while it does."""

import pytest

from harness import client, control, library, log, proc
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


# ---- while it serves ----

OFTEN = {"path": "/healthz", "interval": "10ms"}


def prober(make_hupd, workers=1, probe=None, **settings):
    hupd = make_hupd(version=None, workers=workers, probe={**OFTEN, **(probe or {})},
                     settings=settings)
    hupd.library.move_in(library.prober("v1"))
    return hupd.run()


def is_probed(hupd, times):
    """So often, and by what is said with a connection that hupd counts."""
    hupd.wait(lambda: int(hupd.get("/probes").text) >= times, f"it was probed {times} times")


@pytest.mark.parametrize("settings, says", [
    ({"ill_after": 5}, "worker 1 is unwell: probe GET /healthz: 503: no database"),
    ({"silent_after": 5},
     "worker 1 is unwell: probe GET /healthz: no answer within 200ms (probe.timeout)"),
    ({"unwell_after": 5}, "worker 1 is unwell: no room"),
])
def test_a_canary_that_is_no_longer_well_is_rejected(make_hupd, reconfigure, settings, says):
    hupd = make_hupd(workers=2).run()
    before = hupd.workers()
    with Load(hupd.address(), clients=GENTLE) as load:
        done = deploy(hupd, reconfigure, settings=settings,
                      probe={**OFTEN, "timeout": "200ms"},
                      reload={"canary": {"workers": 1, "hold": "manual"}})
        assert done.code == 1 and says in done.err, done
        hupd.wait_settled(2)
    assert "v1" in load.versions()
    assert hupd.log.find(log.CANARY), "it was held"
    assert hupd.workers() == before, "the old generation was touched"


def test_outside_a_canary_it_serves_on_and_the_log_says_what_changes(make_hupd):
    hupd = prober(make_hupd, ill_after=2, ill_until=4)
    before = hupd.processes()
    for _ in range(2):
        hupd.get()
    unwell = hupd.wait_for(log.UNWELL, level="warn", worker=1)
    assert unwell.text == "unwell: probe GET /healthz: 503: no database"
    is_probed(hupd, int(hupd.get("/probes").text) + 20)
    assert len(hupd.log.find(log.UNWELL)) == 1, "it is said once"
    for _ in range(2):
        hupd.get()
    hupd.wait_for(log.WELL_AGAIN, level="info", worker=1)
    assert hupd.processes() == before


def test_probes_are_no_requests_and_no_connections(make_hupd):
    hupd = prober(make_hupd)
    with client.Connection(hupd.address()) as mine:
        asked = 0

        def often_enough():
            nonlocal asked
            asked += 1
            return int(mine.get("/probes").text) >= 30
        hupd.wait(often_enough, "it was probed often")

        def seen():
            ((one,),) = [g["workers"] for g in control.status(hupd)["apps"][0]["generations"]]
            return one["connections"], one["requests"]
        hupd.wait(lambda: seen() == (1, asked), "only what is asked over the connection is counted")


def test_a_probe_in_hand_keeps_nobody_from_leaving(make_hupd, reconfigure):
    hupd = prober(make_hupd, silent_after=1, probe={"timeout": "1h"})
    (old,) = hupd.workers()
    hupd.get()
    hupd.wait(lambda: hupd.get("/silent").text == "1", "it is asked and does not answer")
    assert deploy(hupd, reconfigure).code == 0
    hupd.wait(lambda: not proc.lives(old.pid), "it is gone")
    hupd.get()
    assert hupd.stop() == 0


def test_an_interval_of_0_asks_only_before_it_serves(make_hupd):
    hupd = prober(make_hupd, ill_after=1, probe={"interval": "0s"})
    for _ in range(50):
        hupd.get()
    assert hupd.get("/probes").text == "1"
    assert hupd.log.find(log.UNWELL) == []
