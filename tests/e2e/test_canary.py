"""A few new workers serve first, beside all old ones; what fails then has cost nobody else anything."""

import contextlib
import os
import signal

from harness import client, control, library, log
from harness.load import Load


def canaries(hupd, gen=2):
    return hupd.workers(gen)


def workers_ready(lines, gen=2):
    return len({line.worker for line in lines
                if line.gen == gen and line.worker and line.text == log.READY})


def deploy(hupd, version="v2"):
    hupd.library.move_in(library.service(version))
    hupd.hup()
    hupd.wait_for(log.CANARY)


def test_the_others_follow_when_the_canary_has_served_long_enough(make_hupd):
    hupd = make_hupd(workers=3, reload={"canary": {"workers": 1, "hold": "500ms"}}).run()
    with Load(hupd.address()):
        deploy(hupd)
        hupd.wait_reload_done()
    lines = hupd.log.lines()
    switched = next(n for n, line in enumerate(lines) if (line.gen, line.text) == (2, "accepting"))
    assert workers_ready(lines[:switched]) == 1 and workers_ready(lines) == 3
    assert not [line for line in lines[:switched] if line.gen == 1 and "ended" in line.text], \
        "it takes nobody's place"
    hupd.wait_settled(3)
    assert hupd.get().text == "v2\n"
    (held,) = hupd.log.find(log.CANARY)
    assert "1 worker serves beside the old generation, for 500 ms" in held.text


def test_a_canary_that_dies_ends_the_reload_and_the_old_generation_is_as_it_was(make_hupd):
    hupd = make_hupd(workers=2, reload={"canary": {"workers": 1, "hold": "manual"}}).run()
    before = hupd.workers(1)
    deploy(hupd)
    (canary,) = canaries(hupd)
    os.kill(canary.pid, signal.SIGKILL)
    rejected = hupd.wait_rejected()
    assert "worker 1 ended with signal 9" in rejected.text
    hupd.wait_settled(2)
    assert hupd.workers() == before
    assert hupd.get().text == "v1\n"


def test_a_newer_deploy_wins_over_a_canary_that_waits_for_somebody(make_hupd):
    hupd = make_hupd(workers=2, reload={"canary": {"workers": 1, "hold": "manual"}}).run()
    with Load(hupd.address()):
        deploy(hupd)
        hupd.config.write_text(hupd.config.read_text().replace('"manual"', '"100ms"'))
        hupd.library.move_in(library.service("v3"))
        hupd.hup()
        hupd.wait_for(log.RELOAD_DONE)
    (rejected,) = hupd.log.find(log.REJECTED)
    assert rejected.gen == 2 and "another reload was asked for" in rejected.text
    hupd.wait_settled(2)
    assert hupd.get().text == "v3\n"


def test_a_stop_does_not_wait_for_a_canary(make_hupd):
    hupd = make_hupd(workers=2, reload={"canary": {"workers": 1, "hold": "manual"}}).run()
    deploy(hupd)
    assert hupd.stop() == 0


def test_a_canary_may_take_the_time_that_its_own_stall_timeout_gives_it(make_hupd, reconfigure):
    hupd = make_hupd(stall_timeout="1s", kill_timeout="500ms").run()
    reconfigure(hupd, stall_timeout="60s", reload={"canary": {"workers": 1, "hold": "manual"}})
    deploy(hupd)
    (canary,) = canaries(hupd)
    with contextlib.ExitStack() as callers:
        def reached():
            caller = callers.enter_context(client.Connection(hupd.address()))
            return int(caller.get().headers["x-pid"]) == canary.pid and caller
        assert hupd.wait(reached, "the canary serves").get("/sleep?3500").text == "v2\n"
    assert hupd.log.find(log.STALLED) == []
    assert control.command(hupd, "promote").code == 0
