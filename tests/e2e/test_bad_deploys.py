"""No deploy takes the service down: each bad one is refused, with the reason, and nobody notices."""

import os
import signal

import pytest

from harness import library, log
from harness.bad_deploys import BAD_DEPLOYS
from harness.load import Load

EACH = pytest.mark.parametrize("bad", BAD_DEPLOYS, ids=str)
GENTLE = {"fresh": 1, "busy": 1, "thinking": 3, "slow": 1, "upload": 1}


@EACH
def test_at_a_reload_the_old_generation_serves_on(make_hupd, bad):
    hupd = make_hupd(**bad.app).run()
    before = hupd.processes()
    with Load(hupd.address(), clients=GENTLE) as load:
        bad.deploy(hupd.library)
        hupd.hup()
        rejected = hupd.wait_rejected()
        hupd.wait_settled(2)
    assert load.versions() == ["v1"]
    assert hupd.processes() == before, "the old generation was touched"
    assert rejected.level == "error" and rejected.gen == 2
    for text in bad.says + (str(hupd.library.path),):
        assert text in rejected.text
    assert "master-" not in rejected.text, "the private copy is nobody's business"


@EACH
@pytest.mark.parametrize("preload", [True, False])
def test_at_the_first_start_it_is_a_clear_error_and_an_exit_code_that_tells_whose(make_hupd, bad,
                                                                                  preload):
    if not preload and "preload = false" in bad.says:
        pytest.skip("starting threads while loading is what preload = false is for")
    hupd = make_hupd(version=None, preload=preload, **bad.app)
    bad.deploy(hupd.library)
    hupd.spawn("run", hupd.config)
    hupd.expected_exit = bad.exit_code
    assert hupd.wait_exit() == bad.exit_code, hupd.log.tail()
    (failed,) = hupd.log.find(log.START_FAILED)
    for text in bad.says + (str(hupd.library.path),):
        assert text in failed.text


@EACH
def test_without_preload_the_old_generation_serves_on_as_well(make_hupd, bad):
    if "preload = false" in bad.says:
        pytest.skip("starting threads while loading is what preload = false is for")
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
