"""Going back while something else goes on, or goes wrong: each command gets a true result, and what
serves goes on."""

import os
import shutil
import signal

import pytest

from harness import client, control, library, log, proc
from harness.load import Load

GENTLE = {"fresh": 1, "busy": 1, "thinking": 3}


def deploy(hupd, version):
    hupd.library.move_in(library.service(version))
    assert control.command(hupd, "reload", "web", "--no-probation").code == 0


@pytest.fixture
def deployed(make_hupd):
    """Version v2 serves as generation 2; v1 is what there is to go back to."""
    hupd = make_hupd(kill_timeout="500ms").run()
    deploy(hupd, "v2")
    return hupd


def halted(hupd):
    """The parked zygote, stopped: a rollback stays under way until it is told to go on."""
    (parked,) = hupd.wait(hupd.parked, "a zygote is parked")
    os.kill(parked.pid, signal.SIGSTOP)
    hupd.wait(lambda: proc.state(parked.pid) == "T", "it is stopped")
    return parked.pid


def app(hupd, name="web"):
    return next(one for one in control.status(hupd)["apps"] if one["app"] == name)


def wait_in_flight(hupd, number, name="web"):
    hupd.wait(lambda: any(g["generation"] == number and g["state"] == "booting"
                          for g in app(hupd, name)["generations"]), "it is under way")


def result(process):
    """Exit code, generation and outcome of a command with --json."""
    done = control.ended(process)
    last = done.lines[-1]["reloads"][0]
    return done.code, last["generation"], last["outcome"]


def outcomes(hupd):
    reloads = control.command(hupd, "history", "--json").lines[0]["reloads"]
    return [(one["generation"], one["outcome"]) for one in reloads]


def served(hupd):
    """By whoever accepts, asked often enough for each of two workers."""
    (version,) = {hupd.get().text for _ in range(10)}
    return version.rstrip()


# ---- several at once ----

def test_two_rollbacks_at_once_are_one(deployed):
    zygote = halted(deployed)
    first = control.start(deployed, "rollback", "--json")
    wait_in_flight(deployed, 3)
    second = control.start(deployed, "rollback", "--json")
    assert control.command(deployed, "status").code == 0
    os.kill(zygote, signal.SIGCONT)
    assert result(first) == (0, 3, "done")
    assert result(second) in ((0, 3, "done"), (0, 4, "done"))  # 4: it came when that was done
    assert served(deployed) == "v1" if len(outcomes(deployed)) == 3 else "v2"


def test_a_rollback_to_another_version_wins_over_one_that_is_under_way(make_hupd):
    hupd = make_hupd(rollback={"keep": 2}).run()
    deploy(hupd, "v2")
    deploy(hupd, "v3")
    halted(hupd)
    back = control.start(hupd, "rollback", "--json")
    wait_in_flight(hupd, 4)
    done = control.command(hupd, "rollback", "--to", 1)
    assert done.code == 0 and "back to the version of 1" in done.out, done
    assert result(back) == (1, 4, "rejected")
    assert served(hupd) == "v1"


def test_an_abort_ends_a_rollback_and_has_then_done_what_it_was_asked_for(deployed):
    halted(deployed)
    back = control.start(deployed, "rollback", "--json")
    wait_in_flight(deployed, 3)
    done = control.command(deployed, "abort")
    assert done.code == 0 and "generation 3 is rejected: aborted" in done.out, done
    assert result(back) == (1, 3, "rejected")
    assert served(deployed) == "v2"


def test_a_rollback_whose_command_is_killed_is_done_all_the_same(deployed):
    zygote = halted(deployed)
    running = control.start(deployed, "rollback")
    wait_in_flight(deployed, 3)
    running.kill()
    running.wait(10)
    os.kill(zygote, signal.SIGCONT)
    assert control.command(deployed, "wait").code == 0
    assert served(deployed) == "v1"


def test_a_reload_that_is_asked_for_during_a_rollback_follows_it(deployed):
    zygote = halted(deployed)
    back = control.start(deployed, "rollback", "--json")
    wait_in_flight(deployed, 3)
    deployed.library.move_in(library.service("v3"))
    forth = control.start(deployed, "reload", "--json")
    forth_too = control.start(deployed, "reload", "--json")
    deployed.hup()
    os.kill(zygote, signal.SIGCONT)
    assert result(back) == (0, 3, "done")
    for one in (forth, forth_too):
        code, generation, outcome = result(one)
        assert (code, outcome) == (0, "done") and generation >= 4
    assert control.command(deployed, "wait").code == 0
    assert served(deployed) == "v3"
    assert control.command(deployed, "rollback").code == 0


def test_a_rollback_during_a_deploy_that_hangs_ends_it_and_each_is_told_so(deployed):
    deployed.library.move_in(library.bad("BAD_CREATE_HANG"))
    deploying = control.start(deployed, "reload", "--json")
    wait_in_flight(deployed, 3)
    with Load(deployed.address(), clients=GENTLE) as load:
        assert control.command(deployed, "rollback").code == 0
        assert result(deploying) == (1, 3, "rejected")
    assert load.versions() == ["v2"], "it is the deploy that was taken back"
    assert control.command(deployed, "rollback").code == 0
    assert served(deployed) == "v1"


def test_one_app_goes_back_while_the_other_one_reloads(two):
    deploy(two, "v2")
    two.api.move_in(library.bad("BAD_CREATE_HANG"))
    two.tables["app.api"]["kill_timeout"] = "500ms"
    two.write_config()
    api = control.start(two, "reload", "api", "--json")
    wait_in_flight(two, 2, "api")
    web = two.address(0)
    with Load(web, two.address(1), clients={"fresh": 2, "busy": 2, "thinking": 4}):
        for version in ("v1", "v2", "v1"):
            assert control.command(two, "rollback", "web").code == 0
            assert client.get(web).text == f"{version}\n"
        assert app(two, "api")["serving"] == 1
        wait_in_flight(two, 2, "api")
        assert control.command(two, "abort", "api").code == 0
    assert result(api) == (1, 2, "rejected")


def test_a_rollback_waits_for_no_drain_and_cuts_nobody(make_hupd):
    hupd = make_hupd(reload={"max_draining": 1}, drain_timeout="60s").run()
    with client.Connection(hupd.address()) as first, client.Connection(hupd.address()) as second:
        first.ask("/slow?3000")
        hupd.wait(lambda: sum(w["connections"] for g in app(hupd)["generations"]
                              for w in g["workers"]) == 2, "it is in hand")
        deploy(hupd, "v2")
        second.ask("/slow?2000")
        assert served(hupd) == "v2"
        for version in ("v1", "v2", "v1"):
            assert control.command(hupd, "rollback").code == 0
            assert served(hupd) == version
        assert not first.has_come(), "it was answered before the last rollback: make it slower"
        assert first.response().text == "v1\n"
        assert second.response().text == "v2\n"


# ---- what is parked is no longer what it was ----

def test_a_parked_zygote_that_does_not_answer_is_found_out_and_the_copy_serves(make_hupd):
    hupd = make_hupd(boot_timeout="1s", kill_timeout="500ms").run()
    deploy(hupd, "v2")
    zygote = halted(hupd)
    with Load(hupd.address(), clients=GENTLE) as load:
        done = control.command(hupd, "rollback")
        assert done.code == 1 and "boot_timeout" in done.err, done
        hupd.wait(lambda: not proc.lives(zygote), "it is killed")
        hupd.wait_settled(2)
    assert load.versions() == ["v2"]
    done = control.command(hupd, "rollback")
    assert done.code == 0, done
    assert served(hupd) == "v1"


def copy_of(hupd, generation):
    (directory,) = hupd.runtime_dir.glob(f"master-*/web-{generation}")
    return directory


def test_a_copy_that_somebody_deleted_is_not_needed_while_its_zygote_lives(deployed):
    shutil.rmtree(copy_of(deployed, 1))
    assert control.command(deployed, "rollback").code == 0
    assert served(deployed) == "v1"


def test_with_copy_and_zygote_gone_the_reason_says_so_and_what_serves_goes_on(deployed):
    shutil.rmtree(copy_of(deployed, 1))
    (parked,) = deployed.parked()
    os.kill(parked.pid, signal.SIGKILL)
    deployed.wait(lambda: not deployed.parked(), "it is gone")
    with Load(deployed.address(), clients=GENTLE) as load:
        for _ in range(2):
            done = control.command(deployed, "rollback")
            assert done.code == 1, done
            assert f"load {deployed.library.path}: its private copy is gone" in done.err, done
        deployed.wait_settled(2)
    assert load.versions() == ["v2"]
    deploy(deployed, "v3")
    assert control.command(deployed, "rollback").code == 0
    assert served(deployed) == "v2"


# ---- with a probation ----

PROBATION = {"time": "10m", "crashes": 1}


@pytest.fixture
def trying(make_hupd):
    """Version v2 serves on probation; the zygote of v1 is stopped."""
    hupd = make_hupd(boot_timeout="5s", kill_timeout="500ms", reload={"probation": PROBATION}).run()
    deploy(hupd, "v2")
    hupd.zygote = halted(hupd)
    return hupd


def fail_probation(hupd):
    while not hupd.log.find(log.PROBATION_FAILED):
        victim = hupd.wait(lambda: hupd.workers(2), "one of v2's is there")[0]
        os.kill(victim.pid, signal.SIGSEGV)
        hupd.wait(lambda: victim not in hupd.workers(), "it is gone")


def test_a_probation_that_fails_during_a_rollback_by_hand_begins_no_second_one(trying):
    back = control.start(trying, "rollback", "--json")
    wait_in_flight(trying, 3)
    fail_probation(trying)
    os.kill(trying.zygote, signal.SIGCONT)
    assert result(back) == (0, 3, "done")
    assert control.command(trying, "wait").code == 0
    trying.wait_settled(2)
    assert served(trying) == "v1"
    assert outcomes(trying) == [(1, "done"), (2, "rolled_back"), (3, "done")]


def test_when_that_rollback_comes_to_nothing_another_one_follows(trying):
    back = control.start(trying, "rollback", "--json")
    wait_in_flight(trying, 3)
    fail_probation(trying)
    assert result(back) == (1, 3, "rejected"), "its zygote does not answer"
    trying.wait_for(log.RELOAD_DONE, gen=4)
    trying.wait_settled(2)
    assert served(trying) == "v1"
    assert outcomes(trying) == [(1, "done"), (2, "rolled_back"), (3, "rejected"), (4, "done")]


def test_a_wait_lasts_as_long_as_the_probation_unless_it_need_not(make_hupd):
    hupd = make_hupd(reload={"probation": {"time": "1500ms", "crashes": 1}}).run()
    hupd.library.move_in(library.service("v2"))
    hupd.hup()
    assert control.command(hupd, "wait", "--no-probation").code == 0
    assert not hupd.log.find("probation passed")
    assert control.command(hupd, "wait").code == 0
    assert hupd.log.find("probation passed", gen=2)


def test_a_stop_ends_a_rollback_that_is_under_way(trying):
    back = control.start(trying, "rollback")
    wait_in_flight(trying, 3)
    assert trying.stop() == 0
    assert control.ended(back).code == 1


# ---- somebody cleans up what is in use ----

def test_a_runtime_directory_that_somebody_deleted_does_not_end_deploying(deployed):
    shutil.rmtree(deployed.runtime_dir)
    for version in ("v3", "v4"):
        deploy(deployed, version)
        assert served(deployed) == version
    assert control.command(deployed, "rollback").code == 0
    assert served(deployed) == "v3"


def test_a_zygote_that_cannot_come_back_says_why_until_the_next_deploy(deployed):
    shutil.rmtree(copy_of(deployed, 2))
    (zygote,) = deployed.zygotes()
    os.kill(zygote.pid, signal.SIGKILL)
    deployed.wait_for("its private copy is gone", gen=2, level="error")
    assert served(deployed) == "v2", "its workers serve on"
    deploy(deployed, "v3")
    deployed.wait_settled(2)
