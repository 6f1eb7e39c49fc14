"""No deploy takes the service down: each bad one is refused, with the reason, and nobody notices."""

import os
import signal

import pytest

from harness import client, control, library, log
from harness.bad_deploys import BAD_DEPLOYS
from harness.load import Load

EACH = pytest.mark.parametrize("bad", BAD_DEPLOYS, ids=str)
# Starting threads while loading is what preload = false is for.
BAD_WITHOUT_PRELOAD = [bad for bad in BAD_DEPLOYS if "preload = false" not in bad.says]
GENTLE = {"fresh": 1, "busy": 1, "thinking": 3, "slow": 1, "upload": 1}
BOTH = {"fresh": 2, "busy": 2, "thinking": 4}  # half of each at either app


# ---- each, by each way to ask for it, in a master with two apps ----

def by_signal(hupd):
    hupd.hup()
    return control.command(hupd, "wait")


WAYS = [by_signal, lambda hupd: control.command(hupd, "reload"),
        lambda hupd: control.command(hupd, "reload", "web")]


def app(hupd, name):
    return next(one for one in control.status(hupd)["apps"] if one["app"] == name)


def serving(hupd, name):
    """Its generation, and its workers by their pids."""
    one = app(hupd, name)
    (generation,) = [g for g in one["generations"] if g["generation"] == one["serving"]]
    return one["serving"], {worker["pid"] for worker in generation["workers"]}


def deploy_badly(hupd, bad, ask):
    """It is refused, with the reason; returns what the command said."""
    hupd.tables["app.web"].update(bad.app)
    hupd.write_config()
    bad.deploy(hupd.library)
    since = hupd.log.mark()
    done = ask(hupd)
    assert done.code == 1, done
    rejected = hupd.wait_for(log.REJECTED, since, app="web", level="error")
    last = app(hupd, "web")["last_reload"]
    assert (last["outcome"], last["generation"]) == ("rejected", rejected.gen)
    assert last["reason"] in done.err, done
    assert f"web: generation {rejected.gen} is rejected: " in done.err, done
    known = "\n".join([last["reason"], *last.get("output", [])])
    for text in bad.says + (str(hupd.library.path),):
        assert text in rejected.text and text in known
    assert "master-" not in rejected.text, "the private copy is nobody's business"
    return done


def mend(hupd, bad, version, ask):
    for key in bad.app:
        hupd.tables["app.web"].pop(key)
    hupd.write_config()
    hupd.library.move_in(library.service(version))
    done = ask(hupd)
    assert done.code == 0, done


def kill_one(hupd):
    """And it comes back, as what it was."""
    generation, before = serving(hupd, "web")
    victim = min(before)
    os.kill(victim, signal.SIGKILL)

    def came_back():
        now, workers = serving(hupd, "web")
        assert now == generation
        return victim not in workers and len(workers) == 2
    hupd.wait(came_back, "it is replaced")


@EACH
def test_at_a_reload_nobody_notices_and_the_old_version_serves_on_at_both_apps(two, bad):
    addresses = [two.address(0), two.address(1)]  # as the configuration names them
    version = "v1"
    for number, ask in enumerate(WAYS, 2):
        web, api = serving(two, "web"), serving(two, "api")
        with Load(*addresses, clients=BOTH) as load:
            done = deploy_badly(two, bad, ask)
            two.wait(lambda: serving(two, "web") == web, "its workers were not touched")
        assert set(load.versions()) == {version, "v1"}, "api has v1"
        if ask is WAYS[-1]:
            assert serving(two, "api") == api, "it was not asked for"
        else:
            assert serving(two, "api")[0] == api[0] + 1, "each app is a transaction of its own"
            assert f"api: generation {api[0] + 1} is done" in done.out, done
        kill_one(two)
        assert client.get(addresses[0]).text == f"{version}\n"
        version = f"v{number}"
        with Load(*addresses, clients=BOTH):
            mend(two, bad, version, ask)
            assert client.get(addresses[0]).text == f"{version}\n"


@pytest.mark.parametrize("bad, preload", [*((bad, True) for bad in BAD_DEPLOYS),
                                          *((bad, False) for bad in BAD_WITHOUT_PRELOAD)], ids=str)
def test_at_the_first_start_it_is_a_clear_error_and_an_exit_code_that_tells_whose(make_hupd, bad,
                                                                                  preload):
    hupd = make_hupd(version=None, preload=preload, **bad.app)
    bad.deploy(hupd.library)
    hupd.spawn("run", hupd.config)
    hupd.expected_exit = bad.exit_code
    assert hupd.wait_exit() == bad.exit_code, hupd.log.tail()
    (failed,) = hupd.log.find(log.START_FAILED)
    for text in bad.says + (str(hupd.library.path),):
        assert text in failed.text


@pytest.mark.parametrize("bad", BAD_WITHOUT_PRELOAD, ids=str)
def test_without_preload_the_old_generation_serves_on_as_well(make_hupd, bad):
    hupd = make_hupd(preload=False, **bad.app).run()
    bad.deploy(hupd.library)
    hupd.hup()
    rejected = hupd.wait_rejected()
    for text in bad.says + (str(hupd.library.path),):
        assert text in rejected.text
    assert hupd.get().text == "v1\n"
    hupd.wait_settled(2)


def test_a_fixed_deploy_after_a_broken_one_is_served(hupd):
    with Load(hupd.address(), clients=GENTLE) as load:
        for number, bad in enumerate(("BAD_LOAD_SEGV", "BAD_CREATE_FAIL", "BAD_START_EXIT_0")):
            hupd.library.move_in(library.bad(bad))
            since = hupd.log.mark()
            hupd.hup()
            hupd.wait_rejected(since)
            hupd.library.move_in(library.service(f"v{number + 2}"))
            hupd.reload()
            assert hupd.get().text == f"v{number + 2}\n"
    assert load.versions() == ["v1", "v2", "v3", "v4"]


def test_a_worker_that_dies_after_a_rejected_deploy_comes_back_as_the_old_code(hupd):
    hupd.library.move_in(library.bad("BAD_CREATE_FAIL"))
    hupd.hup()
    hupd.wait_rejected()
    killed = {one.pid for one in hupd.workers()}
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    hupd.wait(lambda: len(hupd.workers()) == 2 and not killed & {w.pid for w in hupd.workers()},
              "both are replaced")
    assert hupd.get().text == "v1\n"
    assert hupd.get().headers["x-generation"] == "1"


@pytest.mark.parametrize("slow", ["SLOW_CREATE_MS=700", "SLOW_START_MS=700"])
def test_a_slow_start_within_the_timeout_works(make_hupd, slow):
    hupd = make_hupd(boot_timeout="10s").run()
    hupd.library.move_in(library.bad(slow))
    hupd.reload()
    assert hupd.get().text == "bad\n"


def test_a_deploy_that_hangs_does_not_hold_up_the_next_one_for_longer_than_its_timeout(make_hupd):
    hupd = make_hupd(boot_timeout="600ms", kill_timeout="300ms").run()
    hupd.library.move_in(library.bad("BAD_LOAD_HANG"))
    hupd.hup()
    hupd.wait_for("load: about to hang")
    hupd.library.move_in(library.service("v3"))
    hupd.hup()
    hupd.wait_rejected()
    hupd.wait_for(log.RELOAD_DONE, gen=3)
    assert hupd.get().text == "v3\n"


def test_the_last_lines_of_the_failed_one_are_in_the_reason(hupd):
    hupd.library.move_in(library.bad("BAD_CREATE_ABORT"))
    hupd.hup()
    assert 'create: about to abort' in hupd.wait_rejected().text
