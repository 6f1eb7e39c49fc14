"""Every reload has a result that the deploy script sees."""

import signal

import pytest

from harness import control, library, log
from harness.client import Connection

def generations(hupd):
    return {app["app"]: app["serving"] for app in control.status(hupd)["apps"]}


def in_flight(hupd):
    """And its copy is made: what is deployed from now on is the next one's."""
    return any(g["state"] == "booting" and g["hash"]
               for app in control.status(hupd)["apps"] for g in app["generations"])


# ---- done ----

def test_a_good_deploy_exits_0_when_the_new_version_serves(hupd):
    hupd.library.move_in(library.service("v2"))
    done = control.command(hupd, "reload")
    assert done.code == 0, done
    assert hupd.get().text == "v2\n"
    assert hupd.generation() == 2
    for step in ("web 2: started", "web 2: copied", "web 2: loaded", "web 2: ready 2 of 2",
                 "web 2: switched", "web 2: done", "web: generation 2 is done in "):
        assert step in done.out, done
    assert done.err == ""


def test_drained_waits_for_the_old_workers_end(hupd):
    old = {one.pid for one in hupd.workers()}
    done = control.command(hupd, "reload", "--drained")
    assert done.code == 0 and "web 2: drained 2 of 2" in done.out, done
    assert not old & {one.pid for one in hupd.workers()}


def test_json_is_one_line_for_each_step_and_the_result(hupd):
    *steps, result = control.command(hupd, "reload", "--json").lines
    assert [step["step"] for step in steps][0] == "started"
    assert result["type"] == "result" and result["exit_code"] == 0
    (reload,) = result["reloads"]
    assert (reload["app"], reload["generation"], reload["outcome"]) == ("web", 2, "done")
    assert len(reload["hash"]) == 64 and reload["workers"] == 2
    assert 0 <= reload["copied_ms"] <= reload["loaded_ms"] <= reload["ended_ms"]


def test_no_wait_returns_at_once_with_the_generation_to_come(hupd):
    done = control.command(hupd, "reload", "--no-wait", "--json")
    assert done.code == 0
    assert done.lines == [{"version": 1, "type": "accepted",
                           "tickets": [{"app": "web", "generation": 2}]}]
    assert control.command(hupd, "wait").code == 0
    assert hupd.generation() == 2


# ---- rejected ----

# Each kind of bad deploy, by each way to ask for it: test_bad_deploys.py.

def test_a_rejected_app_does_not_touch_the_other_and_the_exit_code_says_so(two):
    two.library.write(b"broken")
    two.api.move_in(library.service("v2"))
    done = control.command(two, "reload")
    assert done.code == 1, done
    assert "web: generation 2 is rejected" in done.err and "api: generation 2 is done" in done.out
    assert generations(two) == {"web": 1, "api": 2}


def test_the_reload_of_one_app_leaves_the_other_alone(two):
    two.api.write(b"broken")
    two.library.move_in(library.service("v2"))
    done = control.command(two, "reload", "web")
    assert done.code == 0, done
    assert generations(two) == {"web": 2, "api": 1}
    assert control.command(two, "reload", "api").code == 1
    assert generations(two) == {"web": 2, "api": 1}


# ---- configuration ----

def test_a_fault_in_the_configuration_exits_2_with_its_place(hupd):
    good = hupd.config.read_text()
    hupd.config.write_text(good + "wrokers = 3\n")
    for words in (["reload"], ["reload", "web"]):
        done = control.command(hupd, *words)
        assert done.code == 2 and f"{hupd.config}:" in done.err and "'wrokers'" in done.err, done
    assert hupd.generation() == 1
    hupd.config.write_text(good)
    assert control.command(hupd, "reload").code == 0


def test_the_reload_of_one_app_takes_its_part_of_the_configuration_alone(two):
    two.tables["app.web"]["workers"] = 3
    two.tables["app.api"]["workers"] = 2
    two.tables["app.new"] = {"library": two.library.path, "listen": ["127.0.0.3:0"], "workers": 1}
    two.write_config()
    assert control.command(two, "reload", "web").code == 0
    wanted = {app["app"]: app["workers"] for app in control.status(two)["apps"]}
    assert wanted == {"web": 3, "api": 1}
    done = control.command(two, "reload", "new")
    assert done.code == 3 and "it has web, api" in done.err, done
    assert control.command(two, "reload").code == 0
    wanted = {app["app"]: app["workers"] for app in control.status(two)["apps"]}
    assert wanted == {"web": 3, "api": 2, "new": 1}


def test_an_app_that_is_gone_from_the_configuration_is_not_reloaded_alone(two):
    del two.tables["app.api"]
    two.write_config()
    done = control.command(two, "reload", "api")
    assert done.code == 2 and "[app.api] is no longer there" in done.err, done
    assert generations(two) == {"web": 1, "api": 1}
    assert control.command(two, "reload").code == 0
    two.wait(lambda: generations(two) == {"web": 2}, "it is gone")


def test_an_app_that_a_reload_adds_and_that_cannot_start_is_a_rejection(hupd):
    hupd.tables["app.new"] = {"library": "/nowhere/libnew.so", "listen": ["127.0.0.3:0"]}
    hupd.write_config()
    done = control.command(hupd, "reload")
    assert done.code == 1 and "new: generation 1 is rejected" in done.err, done
    assert "web: generation 2 is done" in done.out


# ---- who is not there ----

def test_no_master_exits_3(make_hupd):
    hupd = make_hupd()
    done = control.command(hupd, "reload")
    assert done.code == 3 and str(hupd.control) in done.err


def test_no_such_app_exits_3_and_nothing_is_reloaded(hupd):
    done = control.command(hupd, "reload", "web", "nope")
    assert done.code == 3 and "'nope'" in done.err and "web" in done.err
    assert hupd.generation() == 1


def test_wrong_usage_exits_2(hupd):
    assert control.command(hupd, "reload", "--frob").code == 2


# ---- slow ones ----

@pytest.fixture
def stuck(make_hupd):
    """Its next generation boots for ever, or until boot_timeout."""
    hupd = make_hupd(boot_timeout="4s", kill_timeout="500ms").run()
    hupd.library.move_in(library.bad("BAD_CREATE_HANG"))
    return hupd


def test_timeout_exits_4_and_leaves_the_reload_alone(stuck):
    done = control.command(stuck, "reload", "--timeout", "200ms")
    assert done.code == 4 and "hupd wait" in done.err, done
    assert in_flight(stuck)
    done = control.command(stuck, "wait")
    assert done.code == 1 and "boot_timeout" in done.err, done


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_client_that_is_killed_leaves_the_reload_alone(stuck, number):
    client = control.start(stuck, "reload")
    stuck.wait(lambda: in_flight(stuck), "it is under way")
    stuck.library.move_in(library.service("v2"))
    client.send_signal(number)
    client.wait(10)
    assert control.command(stuck, "wait").code == 1
    assert [one["outcome"] for one in control.command(stuck, "history", "--json").lines[0]["reloads"]
            ] == ["done", "rejected"]


def test_each_of_two_at_once_gets_the_result_of_its_own(stuck):
    """The second comes while the first boots, with another library in place: one more follows."""
    first = control.start(stuck, "reload", "--json")
    stuck.wait(lambda: in_flight(stuck), "it is under way")
    stuck.library.move_in(library.service("v2"))
    second = control.start(stuck, "reload", "--json")
    third = control.start(stuck, "reload", "--json")
    first, second, third = map(control.ended, (first, second, third))
    assert [one.code for one in (first, second, third)] == [1, 0, 0], (first, second, third)
    assert [one.lines[-1]["reloads"][0]["generation"] for one in (first, second, third)] == [2, 3, 3]


def test_a_hup_in_between_does_not_change_whose_result_it_is(stuck):
    first = control.start(stuck, "reload", "--json")
    stuck.wait(lambda: in_flight(stuck), "it is under way")
    stuck.library.move_in(library.service("v2"))
    stuck.hup()
    assert control.command(stuck, "wait").code == 0, "the last one's, which the signal asked for"
    first = control.ended(first)
    assert first.code == 1 and first.lines[-1]["reloads"][0]["generation"] == 2
    assert stuck.generation() == 3


def test_a_stop_ends_the_wait_for_a_reload(stuck):
    client = control.start(stuck, "reload")
    stuck.wait(lambda: in_flight(stuck), "it is under way")
    assert control.command(stuck, "stop").code == 0
    done = control.ended(client)
    assert done.code == 1 and "stop requested" in done.err, done
    assert stuck.wait_exit() == 0


def test_a_reload_that_is_held_back_says_so_and_is_waited_for(make_hupd):
    hupd = make_hupd(drain_timeout="2s", reload={"max_draining": 1})
    hupd.run()
    busy = Connection(hupd.address())
    busy.send(b"GET /slow?60000 HTTP/1.1\r\nHost: a\r\n\r\n")
    hupd.wait(lambda: sum(w["connections"] for g in control.status(hupd)["apps"][0]["generations"]
                          for w in g["workers"]) == 1, "it is in hand")
    assert control.command(hupd, "reload").code == 0
    done = control.command(hupd, "reload")
    assert done.code == 0 and "max_draining" in done.out, done
    assert hupd.generation() == 3
    busy.close()


# ---- by the signal ----

def test_a_signal_leaves_the_same_result_for_wait_and_status(hupd):
    hupd.library.write(b"broken")
    hupd.hup()
    done = control.command(hupd, "wait")
    assert done.code == 1 and "not a shared library" in done.err, done
    hupd.library.move_in(library.service("v2"))
    for _ in range(10):  # each time at once: a wait must not overtake the signal before it
        hupd.hup()
        generation = control.command(hupd, "wait", "--json").lines[-1]["reloads"][0]["generation"]
        assert generation == hupd.generation()
    assert hupd.generation() == 12


def test_a_signal_with_a_fault_in_the_configuration_is_told_by_wait(hupd):
    good = hupd.config.read_text()
    hupd.config.write_text(good + "wrokers = 3\n")
    hupd.hup()
    done = control.command(hupd, "wait")
    assert done.code == 2 and "'wrokers'" in done.err, done


# ---- scale, stop, logs-reopen ----

def test_scale_changes_the_workers_of_one_app(two):
    assert control.command(two, "scale", "web", "4").code == 0
    two.wait(lambda: len([w for w in two.workers() if w.slot]) == 5, "four and one")
    assert {app["app"]: app["workers"] for app in control.status(two)["apps"]} == {"web": 4, "api": 1}
    assert control.command(two, "scale", "nope", "4").code == 3


def test_stop_returns_when_the_master_is_gone(hupd):
    done = control.command(hupd, "stop")
    assert done.code == 0, done
    hupd.wait_exit(2)
    assert control.command(hupd, "stop").code == 3


def test_logs_reopen_is_usr1(hupd):
    assert control.command(hupd, "logs-reopen").code == 0
    hupd.wait_for(log.LOG_REOPENED)
