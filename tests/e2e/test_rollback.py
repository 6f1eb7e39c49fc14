"""Back to the version before: at once, whatever has become of its file, and nobody notices."""

import os
import signal

import pytest

from harness import control, library, log
from harness.client import Connection
from harness.load import Load


@pytest.fixture
def deployed(make_hupd):
    """Version v2 serves; v1 is what there is to go back to."""
    hupd = make_hupd().run()
    deploy(hupd, "v2")
    return hupd


def deploy(hupd, version):
    hupd.library.move_in(library.service(version))
    hupd.reload()
    hupd.wait_settled(2)


def rollback(hupd, *flags):
    return control.command(hupd, "rollback", *flags)


def generation(hupd, number):
    (app,) = control.status(hupd)["apps"]
    return next((g for g in app["generations"] if g["generation"] == number), None)


def test_rollback_brings_the_version_before_back(deployed):
    done = rollback(deployed)
    assert done.code == 0, done
    assert "web: generation 3 is done in" in done.out and "back to the version of 1" in done.out
    assert deployed.get().text == "v1\n"
    deployed.wait_settled(2)
    (app,) = control.status(deployed)["apps"]
    assert [(g["generation"], g["state"], g["app_version"]) for g in app["generations"]] == [
        (2, "parked", "v2"), (3, "serving", "v1")]
    assert app["last_reload"]["source"] == 1


def test_the_parked_zygote_is_the_one_that_serves_again(deployed):
    (parked,) = deployed.parked()
    assert rollback(deployed).code == 0
    (zygote,) = deployed.zygotes()
    assert (zygote.pid, zygote.gen) == (parked.pid, 3), "it bears its new number"


def test_twenty_times_back_and_forth_and_no_client_notices(deployed):
    with Load(deployed.address()) as load:
        for turn in range(20):
            assert rollback(deployed).code == 0
            assert deployed.get().text == ("v1\n", "v2\n")[turn % 2]
    deployed.wait_settled(2)
    assert deployed.get().headers["x-generation"] == "22"
    assert set(load.versions()) >= {"v1", "v2"}


def test_no_file_is_needed(deployed):
    deployed.library.remove()
    assert rollback(deployed).code == 0
    assert deployed.get().text == "v1\n"
    deployed.wait_settled(2)  # those that drain still are not killed: they may have ended by then
    for worker in deployed.workers():
        os.kill(worker.pid, signal.SIGKILL)
    deployed.wait_settled(2)
    assert deployed.get().text == "v1\n", "what is respawned is the same version"


def test_without_its_zygote_it_comes_from_the_private_copy(deployed):
    (parked,) = deployed.parked()
    os.kill(parked.pid, signal.SIGKILL)
    deployed.wait(lambda: not deployed.parked(), "it is gone")
    deployed.library.remove()
    assert rollback(deployed).code == 0
    assert deployed.get().text == "v1\n"


def test_as_many_versions_are_kept_as_are_to_be(make_hupd):
    hupd = make_hupd(rollback={"keep": 3}).run()
    for number in range(2, 7):
        deploy(hupd, f"v{number}")
    (app,) = control.status(hupd)["apps"]
    assert [g["app_version"] for g in app["generations"]] == ["v3", "v4", "v5", "v6"]
    assert [g["zygote"] for g in app["generations"][:2]] == ["none", "none"], \
        "the youngest alone stays loaded"
    done = rollback(hupd, "--to", 3)
    assert done.code == 0, done
    assert hupd.get().text == "v3\n"


def test_a_version_that_is_not_kept_is_refused_by_name(deployed):
    deploy(deployed, "v3")
    done = rollback(deployed, "--to", 1)
    assert done.code == 1
    assert "generation 1 is not kept; kept are: 2" in done.err
    assert deployed.get().text == "v3\n"


def test_at_first_there_is_nothing_to_go_back_to(hupd):
    done = rollback(hupd)
    assert done.code == 1 and "no version from before is kept" in done.err, done
    assert hupd.get().text == "v1\n"


def test_with_keep_0_nothing_is_left_of_an_old_version(make_hupd):
    hupd = make_hupd(rollback={"keep": 0}).run()
    deploy(hupd, "v2")
    hupd.wait(lambda: {path.name for path in hupd.runtime_dir.glob("master-*/web-*")} == {"web-2"},
              "its copy is gone")
    assert hupd.parked() == []


def test_a_zygote_need_not_be_parked(make_hupd):
    hupd = make_hupd(rollback={"parked": False}).run()
    deploy(hupd, "v2")
    hupd.wait(lambda: not hupd.parked(), "it leaves")
    hupd.library.remove()
    assert rollback(hupd).code == 0
    assert hupd.get().text == "v1\n"


def test_connections_move_back_as_they_moved_forth(deployed):
    with Connection(deployed.address()) as connection:
        assert connection.get().text == "v2\n"
        assert rollback(deployed).code == 0
        assert connection.get().text == "v1\n"
        assert rollback(deployed).code == 0
        assert connection.get().text == "v2\n"


def test_a_rollback_takes_back_the_deploy_that_is_under_way(make_hupd):
    hupd = make_hupd(reload={"canary": {"workers": 1, "hold": "manual"}}).run()
    hupd.library.move_in(library.service("v2"))
    deploying = control.start(hupd, "reload")
    hupd.wait_for(log.CANARY)
    done = rollback(hupd)
    assert done.code == 0 and "generation 2 is rejected: a rollback was asked for" in done.out, done
    assert control.ended(deploying).code == 1
    assert hupd.get().text == "v1\n"


def test_a_version_that_is_named_is_gone_back_to_in_mid_deploy_as_well(make_hupd):
    hupd = make_hupd(rollback={"keep": 2}).run()
    deploy(hupd, "v2")
    deploy(hupd, "v3")
    hupd.tables["app.web"]["reload"] = {"canary": {"workers": 1, "hold": "manual"}}
    hupd.write_config()
    hupd.library.move_in(library.service("v4"))
    deploying = control.start(hupd, "reload")
    hupd.wait_for(log.CANARY)
    done = rollback(hupd, "--to", 3)
    assert done.code == 1 and "generation 3 is not kept; kept are: 1, 2" in done.err, "it serves"
    done = rollback(hupd, "--to", 1)
    assert done.code == 0 and "generation 5 is done" in done.out, done
    assert control.ended(deploying).code == 1
    assert hupd.get().text == "v1\n"


def test_a_rollback_that_is_rejected_can_be_tried_again(make_hupd):
    """Its address was given to somebody else meanwhile."""
    hupd = make_hupd(listen=["127.0.0.1:0", "unix:first.sock"]).run()
    hupd.tables["app.web"]["listen"] = ["127.0.0.1:0"]
    hupd.write_config()
    deploy(hupd, "v2")
    place = hupd.directory / "first.sock"
    hupd.wait(lambda: not place.exists(), "its listener is gone")
    place.mkdir()
    done = rollback(hupd)
    assert done.code == 1 and "first.sock" in done.err, done
    assert hupd.get().text == "v2\n"
    place.rmdir()
    assert rollback(hupd).code == 0
    assert hupd.get().text == "v1\n" and place.exists()


def test_a_reload_of_the_same_version_is_no_new_one_to_go_back_to(deployed):
    deployed.reload()
    assert rollback(deployed).code == 0
    assert deployed.get().text == "v1\n"


def test_which_app_has_to_be_said_when_there_are_two(two):
    done = rollback(two)
    assert done.code == 2 and "which app" in done.err
    two.library.move_in(library.service("v2"))
    assert control.command(two, "reload").code == 0
    assert rollback(two, "web").code == 0
    served = {app["app"]: app["serving"] for app in control.status(two)["apps"]}
    assert served == {"web": 3, "api": 2}


def test_history_tells_it_from_a_deploy(deployed):
    rollback(deployed)
    last = control.command(deployed, "history", "--json").lines[0]["reloads"][-1]
    assert (last["generation"], last["source"], last["outcome"]) == (3, 1, "done")
    assert "went back" in control.command(deployed, "history").out


def test_a_reload_after_a_rollback_deploys_what_is_there_now(deployed):
    rollback(deployed)
    deploy(deployed, "v3")
    assert deployed.get().text == "v3\n"
    assert rollback(deployed).code == 0
    assert deployed.get().text == "v1\n", "what served before"


# ---- canary by hand ----

def test_promote_lets_the_others_follow(make_hupd):
    hupd = make_hupd(reload={"canary": {"workers": 1, "hold": "manual"}}).run()
    hupd.library.move_in(library.service("v2"))
    deploying = control.start(hupd, "reload")
    hupd.wait_for(log.CANARY)
    done = control.command(hupd, "promote")
    assert done.code == 0 and "generation 2 is done" in done.out, done
    assert control.ended(deploying).code == 0
    assert hupd.get().text == "v2\n"


def test_abort_ends_it(make_hupd):
    hupd = make_hupd(reload={"canary": {"workers": 1, "hold": "manual"}}).run()
    hupd.library.move_in(library.service("v2"))
    deploying = control.start(hupd, "reload")
    hupd.wait_for(log.CANARY)
    done = control.command(hupd, "abort")
    assert done.code == 0 and "generation 2 is rejected: aborted" in done.out, done
    ended = control.ended(deploying)
    assert ended.code == 1 and "aborted" in ended.err
    assert hupd.get().text == "v1\n"


@pytest.mark.parametrize("command", ["promote", "abort"])
def test_without_a_reload_in_flight_there_is_nothing_to(hupd, command):
    done = control.command(hupd, command)
    assert done.code == 1 and "web has no" in done.err, done


# ---- what has changed ----

def test_changed_reloads_what_has_changed_and_nothing_else(two):
    two.library.move_in(library.service("v2"))
    done = control.command(two, "reload", "--changed")
    assert done.code == 0, done
    assert "api: nothing has changed" in done.out and "web: generation 2 is done" in done.out
    served = {app["app"]: app["serving"] for app in control.status(two)["apps"]}
    assert served == {"web": 2, "api": 1}
    assert two.log.find(log.REJECTED) == []


def test_changed_takes_a_change_of_the_configuration(two):
    two.tables["app.api"]["workers"] = 2
    two.write_config()
    done = control.command(two, "reload", "--changed")
    assert done.code == 0 and "web: nothing has changed" in done.out, done
    two.wait(lambda: len([w for w in two.workers() if w.gen == 2]) == 2, "two workers of api")


def test_a_hup_beside_it_reloads_all_the_same(hupd):
    """The trigger that asks for more counts, whatever the order."""
    done = control.command(hupd, "reload", "--changed", "--no-wait")
    assert done.code == 0
    hupd.reload()
    assert hupd.generation() >= 2
