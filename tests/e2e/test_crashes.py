"""Whatever dies is replaced by the same generation, and the master never dies of it."""

import os
import signal

import pytest

from harness import client, library, log, proc
from harness.load import Load
from harness.waiting import elapse


def kill(pid):
    os.kill(pid, signal.SIGKILL)


def wait_replaced(hupd, old, workers=2):
    hupd.wait(lambda: len(hupd.workers()) == workers
              and not set(old) & {one.pid for one in hupd.workers()}, f"{old} are replaced")


def test_no_death_is_missed_when_many_new_workers_die_at_once(make_hupd):
    hupd = make_hupd(workers=48).run()
    hupd.library.move_in(library.bad("BAD_START_EXIT_0"))
    for _ in range(8):
        since = hupd.log.mark()
        hupd.hup()
        hupd.wait_rejected(since)
    assert hupd.stop() == 0
    assert hupd.log.find("does not die") == []


def test_more_workers_than_a_channel_holds_orders_for_start_all_the_same(make_hupd):
    hupd = make_hupd(workers=320).run()
    assert len(hupd.workers()) == 320
    assert hupd.get().text == "v1\n"


def test_a_killed_worker_is_replaced_at_once_by_its_own_generation(hupd):
    hupd.library.move_in(library.service("v2"))  # deployed, but nobody asked for a reload
    victim = hupd.workers()[0]
    kill(victim.pid)
    lost = hupd.wait_for(log.LOST)
    assert (lost.gen, lost.worker, lost.pid) == (1, victim.slot, victim.pid)
    assert "signal 9 (SIGKILL)" in lost.text
    wait_replaced(hupd, [victim.pid])
    assert [one.slot for one in hupd.workers(1)] == [1, 2]
    assert {hupd.get().text for _ in range(10)} == {"v1\n"}


def test_the_other_workers_clients_notice_nothing_of_a_crash(hupd):
    with client.Connection(hupd.address()) as first:
        mine = int(first.get().headers["x-pid"])
        (other,) = [one.pid for one in hupd.workers() if one.pid != mine]
        kill(other)
        wait_replaced(hupd, [other])
        assert first.get().headers["x-pid"] == str(mine)


@pytest.mark.parametrize("how, described", [("/crash", "signal 11 (SIGSEGV)"),
                                            ("/exit?0", "exit code 0"),
                                            ("/exit?3", "exit code 3")])
def test_a_request_that_ends_its_worker_harms_only_itself(hupd, how, described):
    with client.Connection(hupd.address()) as unlucky, pytest.raises(client.Cut):
        unlucky.get(how)
    assert described in hupd.wait_for(log.LOST).text
    hupd.wait_settled(2)
    assert hupd.get().text == "v1\n"


def test_a_crash_loop_backs_off_is_called_degraded_and_ends_when_it_is_mended(make_hupd):
    hupd = make_hupd(workers=1, restart={"backoff_first": "100ms", "backoff_cap": "400ms"}).run()
    for _ in range(4):
        hupd.wait(hupd.workers, "the worker is back")
        since = hupd.log.mark()
        kill(hupd.workers()[0].pid)
        hupd.wait_for(log.LOST, since)
    lost = [line.text for line in hupd.log.find(log.LOST)]
    assert "replaced at once" in lost[0]
    assert all("next attempt in" in text for text in lost[1:])
    degraded = hupd.wait_for(log.DEGRADED)
    assert degraded.level == "error"
    hupd.wait_settled(1)
    assert hupd.get().text == "v1\n"


def test_a_worker_that_can_no_longer_start_does_not_make_a_busy_loop(make_hupd):
    """The first generation's workers start once; later ones find their flag file."""
    hupd = make_hupd(workers=1, restart={"backoff_first": "200ms", "backoff_cap": "2s"},
                     limits={})
    flag = hupd.directory / "broken"
    source = hupd.directory / "fragile.c"
    source.write_text(FRAGILE % flag)
    hupd.library.move_in(library.compiled(source, "-shared"))
    hupd.run()
    flag.write_text("")
    kill(hupd.workers()[0].pid)
    hupd.wait(lambda: len(hupd.log.find(log.LOST)) >= 4, "some attempts were made")
    assert hupd.log.find(log.DEGRADED)
    assert len(hupd.log.find(log.LOST)) < 10
    flag.unlink()
    hupd.wait_settled(1)
    assert hupd.get().text == "v1\n"


FRAGILE = r"""
#include <unistd.h>
#include <hupd/app.h>
static const struct hupd_host* host;
static int create(const struct hupd_host* given, void** app) { host = given; *app = 0; return 0; }
static int start(void* app, struct hupd_worker* worker) {
  (void)app, (void)worker;
  if (access("%s", F_OK) == 0) _exit(9);
  return HUPD_READY;
}
static void on_request(void* app, struct hupd_exchange* exchange, const struct hupd_request* r) {
  (void)app, (void)r;
  const struct hupd_response response = {sizeof response, 200, 0, 0, {"v1\n", 3}};
  host->http_respond(exchange, &response);
}
static const struct hupd_http_ops http = {.size = sizeof http, .request = on_request};
HUPD_EXPORT const struct hupd_app hupd_application = {
    .size = sizeof hupd_application, .abi_version = HUPD_ABI_VERSION, .create = create,
    .start = start, .http = &http};
"""


def test_the_zygote_that_serves_may_die_and_nobody_notices(hupd):
    with Load(hupd.address()) as load:
        hupd.library.move_in(library.service("v2"))  # must not be what comes back
        zygote, workers = hupd.zygotes()[0].pid, hupd.workers()
        kill(zygote)
        hupd.wait(lambda: [one.pid for one in hupd.zygotes()] not in ([], [zygote]),
                  "the zygote is replaced")
        assert hupd.workers() == workers
    victim = hupd.workers()[0].pid
    kill(victim)
    wait_replaced(hupd, [victim])
    assert {hupd.get().text for _ in range(10)} == {"v1\n"}
    assert load.versions() == ["v1"]


def test_a_worker_and_its_zygote_may_die_together(hupd):
    victims = [one.pid for one in hupd.processes()]
    for pid in victims:
        kill(pid)
    hupd.wait(lambda: len(hupd.processes()) == 3
              and not set(victims) & {one.pid for one in hupd.processes()}, "all are replaced")
    assert hupd.get().text == "v1\n"


def test_a_killed_new_zygote_rejects_the_reload(hupd):
    hupd.library.move_in(library.bad("SLOW_CREATE_MS=3000"))
    with Load(hupd.address()) as load:
        hupd.hup()
        hupd.wait(lambda: hupd.zygotes()[0].gen == 2, "the new zygote loads")
        kill(hupd.zygotes()[0].pid)
        assert "signal 9 (SIGKILL)" in hupd.wait_rejected().text
        hupd.wait_settled(2)
    assert load.versions() == ["v1"]


def test_a_killed_new_worker_in_mid_reload_rejects_it_or_is_replaced(hupd):
    hupd.library.move_in(library.bad("SLOW_START_MS=3000"))
    with Load(hupd.address()) as load:
        hupd.hup()
        hupd.wait(lambda: hupd.workers(2), "a new worker starts")
        kill(hupd.workers(2)[0].pid)
        assert "SIGKILL" in hupd.wait_rejected().text
        hupd.wait_settled(2)
    assert load.versions() == ["v1"]


def test_the_old_zygote_dies_in_mid_reload_and_the_reload_is_done_all_the_same(hupd):
    hupd.library.move_in(library.bad("SLOW_CREATE_MS=500"))
    hupd.hup()
    hupd.wait(lambda: hupd.zygotes()[0].gen == 2, "the new zygote loads")
    kill(hupd.zygotes()[-1].pid)
    hupd.wait_reload_done()
    hupd.wait_settled(2)
    assert hupd.get().text == "bad\n"


def test_an_old_worker_dies_in_mid_reload_and_comes_back_old_or_not_at_all(hupd):
    hupd.library.move_in(library.bad("SLOW_CREATE_MS=700"))
    hupd.hup()
    hupd.wait(lambda: hupd.zygotes()[0].gen == 2, "the new zygote loads")
    kill(hupd.workers(1)[0].pid)
    assert hupd.get().text == "v1\n"
    hupd.wait_reload_done()
    hupd.wait_settled(2)


STALL = {"stall_timeout": "1s", "kill_timeout": "500ms"}


@pytest.mark.parametrize("path", ["/block", "/block-for-good"])
def test_a_stalled_worker_gets_sigabrt_then_sigkill_and_is_replaced(make_hupd, path):
    hupd = make_hupd(**STALL).run()
    with client.Connection(hupd.address()) as stuck:
        stuck.ask(path)
        stalled = hupd.wait_for(log.STALLED)
        hupd.wait_for("got SIGABRT", pid=stalled.pid)
        assert "no heartbeat" in hupd.wait_for(log.LOST, pid=stalled.pid).text
    wait_replaced(hupd, [stalled.pid])
    assert hupd.get().text == "v1\n"


def test_other_clients_are_served_while_a_worker_is_stuck(make_hupd):
    hupd = make_hupd(workers=2, stall_timeout="20s").run()
    with client.Connection(hupd.address()) as stuck:
        stuck.ask("/block")
        hupd.wait_for("blocking")
        for _ in range(50):
            assert hupd.get().text == "v1\n"
        hupd.stop(signal.SIGINT)


def test_a_master_that_was_stopped_for_longer_than_stall_timeout_harms_no_worker(make_hupd):
    hupd = make_hupd(**STALL).run()
    before = hupd.workers()
    with Load(hupd.address(), clients={"fresh": 1, "busy": 1, "thinking": 3}):
        hupd.send(signal.SIGSTOP)
        hupd.wait(lambda: proc.state(hupd.pid) == "T", "the master is stopped")
        elapse(2.5)
        hupd.send(signal.SIGCONT)
        elapse(1.5)  # a wrong verdict would come with the next look
    assert hupd.workers() == before
    assert hupd.log.find(log.STALLED) == []


def test_a_machine_that_stood_still_harms_no_worker(make_hupd):
    """Master and workers stop together, as in a suspend or a container that is paused."""
    hupd = make_hupd(**STALL).run()
    before = hupd.processes()
    everyone = [hupd.pid] + [one.pid for one in before]
    for pid in everyone:
        os.kill(pid, signal.SIGSTOP)
    elapse(2.5)
    for pid in everyone:
        os.kill(pid, signal.SIGCONT)
    elapse(1.5)
    assert hupd.processes() == before
    assert hupd.get().text == "v1\n"
