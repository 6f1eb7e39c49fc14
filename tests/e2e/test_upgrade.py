"""Another hupd takes the master's place: the same process, its workers and sockets, all it knows."""

import os
import signal
import subprocess

import pytest

from harness import client, control, library, log, proc
from harness.build import PROGRAM
from harness.load import Load
from harness.program import DONE, REFUSED, deploy_other, deploy_program, running, upgrade
from harness.waiting import elapse

# Programs that are no hupd that could take over, and what is said of them.
HANGS = "#include <unistd.h>\nint main() { for (;;) pause(); }\n"
CRASHES = "#include <stdlib.h>\nint main() { abort(); }\n"
SAYS_NOTHING = "int main() { return 0; }\n"
BOASTS = "#include <stdio.h>\nint main() { puts(\"I can take over\"); }\n"


@pytest.fixture
def hupd(make_upgradable):
    return make_upgradable().run()


def pids(hupd):
    return {one.pid for one in hupd.processes()}


# ---- it goes on ----

def test_a_new_program_takes_over_and_no_client_notices(hupd):
    before = pids(hupd)
    with Load(hupd.address()):
        for _ in range(10):
            upgrade(hupd)
    assert pids(hupd) == before, "no process was touched"
    assert hupd.process.poll() is None, "the same process"
    assert len(hupd.log.find(DONE)) == 10
    assert control.status(hupd)["upgrades"] == 10


def test_it_goes_on_though_few_descriptors_are_left_as_it_begins(hupd):
    """Somebody has lowered the limit, which it raises before it opens anything."""
    before = pids(hupd)
    deploy_other(hupd, f"""
#include <sys/resource.h>
#include <unistd.h>
int main(int argc, char** argv) {{
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = 12;
  setrlimit(RLIMIT_NOFILE, &limit);
  return execv("{PROGRAM}", argv);
}}
""")
    hupd.send(signal.SIGUSR2)
    hupd.wait_for(DONE)
    assert pids(hupd) == before and hupd.get().text == "v1\n"


def test_usr2_does_the_same(hupd):
    deploy_program(hupd)
    hupd.send(signal.SIGUSR2)
    hupd.wait_for(DONE)
    assert running(hupd) == str(hupd.program)


def test_what_comes_after_works_as_before(hupd):
    hupd.library.move_in(library.service("v2"))
    hupd.reload()
    with Load(hupd.address()):
        upgrade(hupd)
        assert control.command(hupd, "rollback").code == 0  # with the zygote that was parked
        assert hupd.get().text == "v1\n"
        hupd.library.move_in(library.bad("BAD_CREATE_FAIL"))
        assert control.command(hupd, "reload").code == 1
        hupd.library.move_in(library.service("v3"))
        upgrade(hupd)
        assert control.command(hupd, "reload").code == 0
        assert hupd.get().text == "v3\n"
        hupd.send(signal.SIGTTIN)
        hupd.wait(lambda: len(hupd.workers()) == 3, "one worker more")
    history = control.command(hupd, "history", "--json").lines[0]["reloads"]
    assert [one["outcome"] for one in history] == ["done", "done", "done", "rejected", "done"]
    assert [one["number"] for one in history] == [1, 2, 3, 4, 5]


def test_nothing_leaks(hupd):
    upgrade(hupd)
    hupd.let_each_worker_serve()
    before = len(proc.descriptors(hupd.pid))
    for _ in range(5):
        upgrade(hupd)
    hupd.wait(lambda: len(proc.descriptors(hupd.pid)) == before,
              "as many descriptors as before")


def test_a_child_that_ends_meanwhile_is_not_lost(make_upgradable):
    """Killed in the middle of upgrades: each is missed, reaped and replaced."""
    hupd = make_upgradable(restart={"backoff_cap": "100ms"}).run()
    for number in range(20):
        victim = hupd.workers()[0]
        deploy_program(hupd)
        hupd.send(signal.SIGUSR2)
        elapse(number * 0.003)  # before, while the check runs, at the exec, after it
        os.kill(victim.pid, signal.SIGKILL)
        hupd.wait_for(log.LOST, pid=victim.pid)
        hupd.wait_settled(2)
    assert not [pid for pid in proc.children(hupd.pid) if proc.state(pid) == "Z"]


def test_timers_go_on(make_upgradable):
    """A drain that is under way is cut when its time is over, not when it would be anew."""
    hupd = make_upgradable(drain_timeout="3s").run()
    with client.Connection(hupd.address()) as endless:
        endless.ask("/slow?60000")
        assert hupd.get().text == "v1\n"
        hupd.reload()
        for _ in range(10):
            upgrade(hupd)
            elapse(0.2)
        overdue = hupd.wait_for(log.OVERDUE, deadline=10)
        assert overdue.gen == 1
    hupd.wait_settled(2)


def test_a_client_that_waits_for_a_reload_gets_its_result(hupd):
    hupd.library.move_in(library.bad("SLOW_START_MS=1500"))
    reload = control.start(hupd, "reload", "--json")
    watch = control.start(hupd, "watch", "--json")
    hupd.wait_for(log.RELOAD_STARTED)
    upgrade(hupd)
    done = control.ended(reload)
    assert done.code == 0, done
    assert [line["step"] for line in done.lines[1:-1]][-1] == "done"
    control.command(hupd, "stop")
    assert control.ended(watch).code in (0, 3)


def test_one_that_starts_is_taken_over_too(make_upgradable):
    hupd = make_upgradable(version=None)
    hupd.library.move_in(library.bad("SLOW_START_MS=1500"))
    hupd.spawn("run", hupd.config)
    hupd.wait(lambda: len(hupd.workers()) == 2, "the workers start")
    deploy_program(hupd)
    hupd.send(signal.SIGUSR2)
    hupd.wait_for(DONE)
    hupd.wait_for(log.STARTED)
    assert hupd.get().status == 200


def test_a_canary_and_a_probation_go_on(make_upgradable):
    hupd = make_upgradable(reload={"canary": {"workers": 1, "hold": "1s"},
                                   "probation": {"time": "1s"}}).run()
    hupd.library.move_in(library.service("v2"))
    reload = control.start(hupd, "reload")
    hupd.wait_for(log.CANARY)
    upgrade(hupd)
    hupd.wait_for(log.ON_PROBATION)
    upgrade(hupd)
    assert control.ended(reload).code == 0
    assert hupd.get().text == "v2\n"


def test_many_workers_and_reloads_meanwhile(make_upgradable):
    hupd = make_upgradable(workers=40).run()
    with Load(hupd.address()):
        for _ in range(5):
            hupd.hup()
            deploy_program(hupd)
            hupd.send(signal.SIGUSR2)
            assert control.command(hupd, "wait", "--drained", deadline=40).code == 0
    hupd.wait(lambda: len(hupd.log.find(DONE)) >= 1, "it was upgraded")
    hupd.wait_settled(40)


def test_the_pid_file_the_socket_and_a_unix_listener_stay(make_upgradable):
    hupd = make_upgradable()
    hupd.tables["master"]["pid_file"] = hupd.directory / "hupd.pid"
    hupd.tables["app.web"]["listen"] = [f"unix:{hupd.directory}/web.sock"]
    hupd.write_config()
    hupd.run()
    upgrade(hupd)
    assert int((hupd.directory / "hupd.pid").read_text()) == hupd.pid
    assert hupd.get().text == "v1\n"
    second = subprocess.run([str(PROGRAM), "run", str(hupd.config)], capture_output=True, text=True)
    assert second.returncode == 2 and "another hupd holds it" in second.stderr
    assert hupd.stop() == 0  # and leaves no file: the fixture looks


def test_the_configuration_on_disk_does_not_matter(hupd):
    """It is what a reload reads; an upgrade goes on with what serves."""
    whole = hupd.config.read_text()
    hupd.config.write_text("this is not TOML")
    upgrade(hupd)
    assert hupd.get().text == "v1\n"
    hupd.config.write_text(whole)
    hupd.reload()


def test_the_metrics_exporter_stays(make_upgradable):
    hupd = make_upgradable()
    hupd.tables["metrics"] = {"listen": "127.0.0.2:0"}
    hupd.write_config()
    hupd.run()
    at = hupd.wait_for("metrics at ").text[len("metrics at "):]
    before = client.get(at, "/metrics").text
    children = set(proc.children(hupd.pid))
    upgrade(hupd)
    after = client.get(at, "/metrics").text
    assert "hupd_app_workers_serving" in before and "hupd_app_workers_serving" in after
    assert set(proc.children(hupd.pid)) == children


# ---- it is refused, and this master goes on ----

@pytest.mark.parametrize("source, why", [
    (CRASHES, "signal 6 (SIGABRT)"),
    (SAYS_NOTHING, "it is no hupd that can take over"),
    (BOASTS, "it is no hupd that can take over"),
    (HANGS, "did not answer in 10 s"),
], ids=["crashes", "says_nothing", "boasts", "hangs"])
def test_a_program_that_cannot_take_over_is_refused(hupd, source, why):
    before = pids(hupd)
    deploy_other(hupd, source)
    with Load(hupd.address()):
        done = control.command(hupd, "upgrade", deadline=30)
    assert done.code == 1 and why in done.err, done
    assert why in hupd.wait_for(REFUSED).text
    assert pids(hupd) == before
    upgrade(hupd)


def test_a_file_that_is_missing_or_no_program_is_refused(hupd):
    hupd.program.unlink()
    missing = control.command(hupd, "upgrade")
    assert missing.code == 1 and "No such file" in missing.err, missing
    hupd.program.write_text("not a program")
    forbidden = control.command(hupd, "upgrade")
    assert forbidden.code == 1 and "Permission denied" in forbidden.err, forbidden
    hupd.program.chmod(0o755)
    nonsense = control.command(hupd, "upgrade")
    assert nonsense.code == 1 and "Exec format error" in nonsense.err, nonsense
    upgrade(hupd)
    told = control.status(hupd)
    assert (told["upgrades"], told["upgrades_refused"]) == (1, 3)


def test_an_upgrade_while_it_stops_is_refused(hupd):
    with client.Connection(hupd.address()) as slow:
        slow.ask("/slow?500")
        assert hupd.get().text == "v1\n"
        hupd.send(signal.SIGTERM)
        hupd.wait_for("stopping gracefully")
        done = control.command(hupd, "upgrade")
        assert done.code == 1 and "stopping" in done.err, done
        assert slow.response().text == "v1\n"
    assert hupd.wait_exit() == 0


def test_the_check_by_hand_says_what_is_wrong(tmp_path):
    state = tmp_path / "state"
    for text, why in (("", "not the state of a master"), ('{"format": 99}', "format 99"),
                      ('{"format": 1, "wire": 77}', "version 77")):
        state.write_text(text)
        with state.open() as file:
            done = subprocess.run([str(PROGRAM), "--takeover-check"], stdin=file,
                                  capture_output=True, text=True)
        assert done.returncode == 1 and why in done.stderr, done


def test_a_master_that_does_not_answer_is_not_waited_for_without_end(hupd):
    hupd.send(signal.SIGSTOP)
    try:
        late = control.command(hupd, "upgrade", "--timeout", "300ms")
    finally:
        hupd.send(signal.SIGCONT)
    assert late.code == 4 and "goes on" not in late.err, late
    hupd.wait_for("'upgrade' is not done")
    assert control.command(hupd, "upgrade").code == 0
