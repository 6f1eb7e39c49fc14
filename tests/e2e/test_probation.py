"""What fails soon after the switch goes back by itself, and is known for it."""

import os
import signal

import pytest

from harness import client, control, library, log
from harness.load import Load

PROBATION = {"time": "60s", "crashes": 2}


@pytest.fixture
def hupd(make_hupd):
    return make_hupd(reload={"probation": PROBATION}).run()


def deploying(hupd, version="v2", *flags):
    """`hupd reload` with that version, which is on probation now."""
    hupd.library.move_in(library.service(version))
    since = hupd.log.mark()
    running = control.start(hupd, "reload", *flags)
    hupd.wait_for(log.ON_PROBATION, since)
    return running


def crash(hupd, times):
    for _ in range(times):
        victim = hupd.workers(hupd.generation())[0].pid
        os.kill(victim, signal.SIGSEGV)
        hupd.wait(lambda: victim not in {one.pid for one in hupd.workers()}, "it is gone")
        hupd.wait(lambda: hupd.log.find(log.PROBATION_FAILED) or len(hupd.workers()) == 2,
                  "it is replaced")


def fails(hupd):
    running = deploying(hupd)
    crash(hupd, 3)
    return control.ended(running)


def test_a_version_that_keeps_crashing_goes_back_by_itself(hupd):
    done = fails(hupd)
    assert done.code == 1
    assert "web: generation 2 is rolled back: it lost 3 workers on probation" in done.err, done
    assert "the version from before serves again, as generation 3" in done.err
    assert hupd.get().text == "v1\n"
    hupd.wait_settled(2)
    hupd.wait(lambda: [g["app_version"] for g in control.status(hupd)["apps"][0]["generations"]]
              == ["v1"], "the bad one is not kept")


def test_a_hup_leaves_the_same_result_for_those_who_wait(hupd):
    hupd.library.move_in(library.service("v2"))
    hupd.hup()
    hupd.wait_for(log.ON_PROBATION)
    waiting = control.start(hupd, "wait")
    crash(hupd, 3)
    done = control.ended(waiting)
    assert done.code == 1 and "generation 2 is rolled back: it lost 3 workers" in done.err, done
    assert control.command(hupd, "wait").code == 1, "until something else was asked for"
    (app,) = control.status(hupd)["apps"]
    assert app["last_reload"]["outcome"] == "rolled_back"
    shown = control.command(hupd, "metrics").out
    assert 'hupd_app_last_reload_success{app="web"} 0' in shown
    reloads = control.command(hupd, "history", "--json").lines[0]["reloads"]
    assert [r["outcome"] for r in reloads] == ["done", "rolled_back", "done"]


def test_nobody_notices_the_way_back(hupd):
    """But for those whose worker was killed, which the load does not visit."""
    running = deploying(hupd)
    crash(hupd, 2)
    with Load(hupd.address(), clients={"fresh": 1}):
        pass
    hupd.wait_settled(2)
    victim, other = hupd.workers()
    os.kill(victim.pid, signal.SIGSTOP)  # whoever comes is served by the other one
    try:
        hupd.wait(lambda: int(hupd.get().headers["x-pid"]) == other.pid, "the other one serves")
        with Load(hupd.address(), clients={"busy": 2, "thinking": 4}):
            os.kill(victim.pid, signal.SIGKILL)
            assert control.ended(running).code == 1
    finally:
        if victim.pid in {one.pid for one in hupd.workers()}:
            os.kill(victim.pid, signal.SIGCONT)
    assert hupd.get().text == "v1\n"


def test_what_it_forgives_is_forgiven(make_hupd):
    hupd = make_hupd(reload={"probation": {"time": "1500ms", "crashes": 2}}).run()
    running = deploying(hupd)
    crash(hupd, 2)
    done = control.ended(running)
    assert done.code == 0 and "web 2: probation passed" in done.out, done
    crash(hupd, 2)
    hupd.wait_settled(2)
    assert hupd.get().text == "v2\n", "afterwards crashes are replaced, as ever"


def test_the_same_library_is_refused_from_then_on_until_somebody_insists(hupd):
    fails(hupd)
    again = control.command(hupd, "reload")
    assert again.code == 1, again
    assert "has failed its probation before: it lost 3 workers" in again.err
    assert "hupd reload --force" in again.err
    assert hupd.get().text == "v1\n"
    forced = control.command(hupd, "reload", "--force", "--no-probation")
    assert forced.code == 0, forced
    assert hupd.get().text == "v2\n"


def test_a_mended_library_is_another_one(hupd):
    fails(hupd)
    hupd.library.move_in(library.service("v3"))
    done = control.command(hupd, "reload", "--no-probation")
    assert done.code == 0, done
    assert hupd.get().text == "v3\n"


def test_other_settings_are_another_deploy(hupd):
    fails(hupd)
    hupd.tables["app.web"]["environment"] = {"DATABASE": "there now"}
    hupd.write_config()
    done = control.command(hupd, "reload", "--no-probation")
    assert done.code == 0, done


def test_a_fixed_deploy_during_probation_is_not_gone_back_from(hupd):
    running = deploying(hupd)
    crash(hupd, 1)
    hupd.library.move_in(library.service("v3"))
    assert control.command(hupd, "reload", "--no-probation").code == 0
    assert control.ended(running).code == 0, "it was done, and was replaced before it failed"
    crash(hupd, 3)
    hupd.wait(lambda: hupd.get().text == "v1\n", "the last one that has proved itself is back")


def test_a_rollback_by_hand_ends_the_probation(hupd):
    running = deploying(hupd)
    assert control.command(hupd, "rollback").code == 0
    done = control.ended(running)
    assert done.code == 1 and "rolled back: a rollback was asked for" in done.err, done
    assert hupd.get().text == "v1\n"


def test_status_tells_of_a_probation(hupd):
    running = deploying(hupd, "v2", "--no-probation")
    assert control.ended(running).code == 0, "who does not want to wait need not"
    (app,) = control.status(hupd)["apps"]
    young = app["generations"][-1]
    assert 0 < young["probation_left_ms"] <= 60_000
    assert app["last_reload"]["probation"] is True


def test_a_zygote_that_is_stuck_does_not_keep_the_old_version_away(make_hupd):
    hupd = make_hupd(reload={"probation": PROBATION}, boot_timeout="2s").run()
    running = deploying(hupd)
    (parked,) = hupd.parked()
    os.kill(parked.pid, signal.SIGSTOP)
    crash(hupd, 3)
    done = control.ended(running)
    assert done.code == 1 and "rolled back" in done.err, done
    assert hupd.get().text == "v1\n", "the second way back was made from the copy"


def test_who_waits_is_answered_however_many_reloads_come_between(make_hupd):
    """The history keeps fifty; not without the one that somebody waits for."""
    hupd = make_hupd(reload={"probation": {"time": "4s", "crashes": 3}}).run()
    running = deploying(hupd)
    hupd.library.path.write_text("no library")
    for _ in range(55):
        assert control.command(hupd, "reload").code == 1
    done = control.ended(running)
    assert done.code == 0 and "web 2: probation passed" in done.out, done
    (app,) = control.status(hupd)["apps"]
    (serving,) = [g for g in app["generations"] if g["state"] == "serving"]
    assert serving["age_ms"] > 3000, "what is known of it stays known"


def test_the_first_version_has_nothing_to_go_back_to(hupd):
    assert hupd.log.find(log.ON_PROBATION) == []
    crash(hupd, 4)
    hupd.wait_settled(2)
    assert hupd.get().text == "v1\n"
