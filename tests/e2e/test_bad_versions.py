"""A version that starts well, and then does not serve well: it goes by itself, and whoever was not in a
process that died notices nothing."""

import pytest

from harness import control, library, log
from harness.load import Load

PROBE = {"path": "/healthz", "interval": "20ms", "timeout": "5s"}
OFTEN = {"interval": "20ms", "timeout": "5s"}
STALL = {"stall_timeout": "1s", "kill_timeout": "1s"}
# Each after so many requests: what [app.web] says of it, and what the deploy is told.
DIES = [
    pytest.param({"settings": {"crash_after": 100}}, "signal 11 (SIGSEGV)", id="crashes"),
    pytest.param({"settings": {"deadlock_after": 100}, **STALL}, "no heartbeat (stall_timeout)",
                 id="deadlocks"),
]
IS_UNWELL = [
    pytest.param({"settings": {"ill_after": 100}, "probe": PROBE},
                 "is unwell: probe GET /healthz: 503: no database", id="answers_503"),
    pytest.param({"settings": {"leaked_bytes": 1 << 20, "most_mib": 200, "probe": "memory"},
                  "probe": OFTEN}, "is unwell: probe failed: holds too much memory", id="leaks"),
]
ALL_KINDS = {"fresh": 2, "busy": 1, "thinking": 4, "slow": 2, "upload": 2}


def deploying(hupd, reconfigure, app, **reload):
    """`hupd reload` with v2, which behaves as `app` says."""
    hupd.library.move_in(library.prober("v2"))
    reconfigure(hupd, **app, reload=reload)
    return control.start(hupd, "reload")


# ---- the canary ----

def canary(hupd, reconfigure, app, says, may_lose):
    """Returns the load of those that came while it was held."""
    before = hupd.workers()
    with Load(hupd.address(), clients={"busy": 1, "thinking": 4}) as old:  # they stay where they are
        running = deploying(hupd, reconfigure, app, canary={"workers": 1, "hold": "10m"})
        hupd.wait_for(log.CANARY)
        with Load(hupd.address(), clients=ALL_KINDS, may_lose=may_lose) as young:
            done = control.ended(running, 60)
            hupd.wait_settled(2)
    assert done.code == 1 and says in done.err, done
    assert old.versions() == ["v1"] and hupd.workers() == before, "the old generation was touched"
    assert set(young.versions()) == {"v1", "v2"}
    assert hupd.get().text == "v1\n"
    return young


@pytest.mark.parametrize("app, says", DIES)
def test_a_canary_that_dies_takes_those_along_that_it_had_in_hand_and_nobody_else(
        hupd, reconfigure, app, says):
    young = canary(hupd, reconfigure, app, says, may_lose=True)
    assert 1 <= young.lost() <= hupd.log.died_with(gen=2), hupd.log.tail()


@pytest.mark.parametrize("app, says", IS_UNWELL)
def test_a_canary_that_is_unwell_goes_and_nobody_notices(hupd, reconfigure, app, says):
    canary(hupd, reconfigure, app, says, may_lose=False)
    assert hupd.log.died_with(gen=2) == 0


# ---- on probation ----

def on_probation(hupd, reconfigure, app, says, may_lose):
    """The way there and back under load, which is returned."""
    with Load(hupd.address(), may_lose=may_lose) as load:
        done = control.ended(deploying(hupd, reconfigure, app,
                                       probation={"time": "10m", "crashes": 1}), 60)
        hupd.wait_settled(2)
    assert done.code == 1 and "web: generation 2 is rolled back: " in done.err, done
    assert says in done.err, done
    assert load.versions() == ["v1", "v2"]
    assert hupd.get().text == "v1\n"
    return load


@pytest.mark.parametrize("app, says", DIES)
def test_a_version_on_probation_whose_workers_die_goes_back_and_nobody_else_is_lost(
        hupd, reconfigure, app, says):
    load = on_probation(hupd, reconfigure, app, says, may_lose=True)
    assert 1 <= load.lost() <= hupd.log.died_with(gen=2), hupd.log.tail()


@pytest.mark.parametrize("app, says", IS_UNWELL)
def test_a_version_on_probation_that_is_unwell_goes_back_and_nobody_notices(
        hupd, reconfigure, app, says):
    on_probation(hupd, reconfigure, app, says, may_lose=False)
    assert hupd.log.died_with(gen=2) == 0
