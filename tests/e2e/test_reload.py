"""A reload: no client notices, and afterwards the new code answers."""

import signal

import pytest

from harness import client, library, log
from harness.load import Load
from harness.waiting import elapse

BOTH_SIZES = pytest.mark.parametrize("workers", [1, 4])


def reload_to(hupd, version):
    hupd.library.move_in(library.service(version))
    hupd.reload()


@BOTH_SIZES
def test_no_client_notices_a_reload(make_hupd, workers):
    """Fresh, busy, thinking and slow clients and uploads, on three kinds of listeners."""
    hupd = make_hupd(workers=workers, listen=["127.0.0.1:0", "[::1]:0", "unix:web.sock"]).run()
    with Load(*(hupd.address(number) for number in range(3))) as load:
        for version in ("v2", "v3", "v4", "v5"):
            reload_to(hupd, version)
            assert hupd.get().text == version + "\n"
    assert load.versions() == ["v1", "v2", "v3", "v4", "v5"]
    hupd.wait_settled(workers)


@BOTH_SIZES
@pytest.mark.parametrize("kind, count", [("fresh", 6), ("busy", 4), ("thinking", 20), ("slow", 8),
                                         ("upload", 8)])
def test_no_such_client_notices_a_reload(make_hupd, workers, kind, count):
    """Each kind alone: a failure names its kind."""
    hupd = make_hupd(workers=workers).run()
    with Load(hupd.address(), clients={kind: count}):
        for version in ("v2", "v3"):
            reload_to(hupd, version)
        hupd.wait_settled(workers)


def test_a_request_in_flight_is_finished_by_the_code_that_began_it(hupd):
    with client.Connection(hupd.address()) as slow, client.Connection(hupd.address()) as stream:
        slow.ask("/slow?700")
        stream.ask("/stream?700")
        reload_to(hupd, "v2")
        assert slow.response().text == "v1\n"
        assert stream.response().text == "v1\n" * 10


def test_an_upload_in_flight_is_finished_by_the_code_that_began_it(hupd):
    with client.Connection(hupd.address()) as upload:
        upload.send(b"POST /upload HTTP/1.1\r\nHost: t\r\nContent-Length: 6\r\n\r\nabc")
        hupd.wait(lambda: upload.is_open(), "the upload has begun")
        reload_to(hupd, "v2")
        upload.send(b"def")
        assert upload.response().text in ("v1 6\n", "v2 6\n")


def test_an_idle_connection_lives_on_in_the_new_generation(hupd):
    with client.Connection(hupd.address()) as idle:
        assert not idle.get().closes
        for version in ("v2", "v3", "v4"):
            reload_to(hupd, version)
            answer = idle.get()
            assert (answer.text, answer.closes) == (f"{version}\n", False)
    hupd.wait_settled(2)


def test_old_workers_are_ended_after_drain_timeout_and_that_is_logged(make_hupd):
    hupd = make_hupd(drain_timeout="300ms").run()
    with client.Connection(hupd.address()) as endless:
        endless.ask("/slow?60000")
        endless_pids = {one.pid for one in hupd.workers()}
        reload_to(hupd, "v2")
        hupd.wait_for(log.OVERDUE)
        with pytest.raises(client.Cut):
            endless.response()
    hupd.wait(lambda: not endless_pids & {one.pid for one in hupd.workers()}, "the old ones ended")
    hupd.wait_settled(2)


def test_the_master_stays_the_same_process(hupd):
    before = hupd.pid
    reload_to(hupd, "v2")
    assert hupd.process.poll() is None and hupd.pid == before


def test_reloading_the_same_file_starts_new_workers_all_the_same(hupd):
    before = {one.pid for one in hupd.workers()}
    assert hupd.reload() == 2
    hupd.wait_settled(2)
    assert not before & {one.pid for one in hupd.workers()}


def test_new_workers_accept_only_when_all_are_ready(make_hupd):
    """The second one takes longer to start; until it has, every answer is the old one's."""
    hupd = make_hupd().run()
    hupd.library.move_in(library.bad("SLOW_START_MS=(250*host->worker_number(worker))"))
    since = hupd.log.mark()
    hupd.hup()

    def new_one_answers():
        answer = hupd.get().text
        assert answer in ("v1\n", "bad\n")
        return answer == "bad\n"
    hupd.wait(new_one_answers, "a new one answers")
    # An answer can be new as soon as it is asked for: what was logged by now is what it is held to.
    assert {line.worker for line in hupd.log.find(log.READY, since, gen=2)} >= {1, 2}
    hupd.wait_reload_done(since)
    assert hupd.get().text == "bad\n"


@pytest.mark.parametrize("surge", [1, "50%"])
def test_with_a_small_surge_workers_are_replaced_bit_by_bit(make_hupd, surge):
    hupd = make_hupd(workers=4, reload={"surge": surge}).run()
    most = [0]

    def done():
        most[0] = max(most[0], len(hupd.workers(2)) + len(hupd.workers(1)))
        return hupd.log.find(log.RELOAD_DONE)

    with Load(hupd.address(), clients={"busy": 2, "thinking": 4}):
        hupd.library.move_in(library.service("v2"))
        hupd.hup()
        hupd.wait(done, "the reload is done")
        hupd.wait_settled(4)
    assert hupd.get().text == "v2\n"


def test_a_later_batch_that_fails_gives_the_places_back_and_no_client_notices(make_hupd,
                                                                              reconfigure):
    """Two new workers serve by the time when the third one fails to start."""
    hupd = make_hupd(workers=4, reload={"surge": 1}).run()
    hupd.library.move_in(library.service("v2"))
    reconfigure(hupd, settings={"worker_that_fails": 3})
    with Load(hupd.address()) as load:
        hupd.hup()
        rejected = hupd.wait_rejected()
        hupd.wait_settled(4)
        assert {one.gen for one in hupd.processes()} == {1}
        assert hupd.get().text == "v1\n"
    assert load.versions()[0] == "v1"
    assert hupd.log.find("accepting", gen=2), "the new ones did serve"
    assert hupd.log.find(log.REJECTED) == [rejected]
    assert "worker 3: start failed with -1: this worker was to fail" in rejected.text
    assert hupd.log.find(log.LOST) == [] and hupd.log.find(log.RELOAD_DONE) == []
    assert [line.worker for line in hupd.log.find(log.READY, gen=2, level="info")][:2] == [1, 2]


def test_thirty_hups_in_a_second_end_on_the_last_deploy(hupd):
    """They are 0 to 25 ms apart; those that come during a reload make one more, not thirty."""
    versions = [f"v{number}" for number in range(2, 32)]
    libraries = [library.service(version) for version in versions]
    with Load(hupd.address(), clients={"fresh": 2, "busy": 1, "thinking": 6}):
        for number, one in enumerate(libraries):
            hupd.library.move_in(one)
            hupd.hup()
            elapse(((number * 7) % 26) / 1000)
        hupd.wait(lambda: hupd.get().text == "v31\n", "the last deploy answers")
        hupd.wait_settled(2)
    assert hupd.get().text == "v31\n"
    assert hupd.log.find(log.REJECTED) == []


def test_a_hup_during_a_reload_makes_exactly_one_more(make_hupd):
    hupd = make_hupd().run()
    hupd.library.move_in(library.bad("SLOW_CREATE_MS=400"))
    hupd.hup()
    hupd.wait_for(log.RELOAD_STARTED)
    for _ in range(5):
        hupd.hup()
    hupd.wait_for(log.RELOAD_DONE, gen=3)
    hupd.wait_settled(2)
    assert [line.gen for line in hupd.log.find(log.RELOAD_STARTED)] == [2, 3]


def test_a_storm_of_reloads_with_slow_drains_waits_and_no_client_is_cut(make_hupd):
    hupd = make_hupd(workers=1, reload={"max_draining": 2}).run()
    uploads = []
    for _ in range(2):
        upload = client.Connection(hupd.address())
        uploads.append(upload)
        upload.send(b"POST /upload HTTP/1.1\r\nHost: t\r\nContent-Length: 6\r\n\r\nabc")
        assert hupd.get().text == "v1\n"  # so it was accepted before
        hupd.reload()
    for _ in range(3):
        hupd.hup()
    waits = hupd.wait_for(log.RELOAD_WAITS)
    assert "generation 1" in waits.text
    assert hupd.get().headers["x-generation"] == "3"
    assert len(hupd.log.find(log.RELOAD_STARTED)) == 2
    for upload in uploads:
        upload.send(b"def")
        assert upload.response().text == "v1 6\n"
        upload.close()
    hupd.wait_for(log.RELOAD_DONE, gen=4)
    hupd.wait_settled(1)
    assert [line.gen for line in hupd.log.find(log.RELOAD_STARTED)] == [2, 3, 4]


def test_a_reload_that_waits_begins_when_drain_timeout_has_ended_the_old_ones(make_hupd):
    hupd = make_hupd(workers=1, drain_timeout="700ms", reload={"max_draining": 1}).run()
    with client.Connection(hupd.address()) as endless:
        endless.ask("/slow?60000")
        assert hupd.get().text == "v1\n"
        hupd.reload()
        reload_to(hupd, "v3")
    assert hupd.log.find(log.RELOAD_WAITS) and hupd.log.find(log.OVERDUE)
    assert hupd.get().text == "v3\n"


def test_a_hup_while_the_first_generation_starts_is_not_lost(make_hupd):
    hupd = make_hupd(version=None)
    hupd.library.move_in(library.bad("SLOW_CREATE_MS=500"))
    hupd.spawn("run", hupd.config)
    hupd.wait_for(log.LISTENING)
    hupd.wait(hupd.zygotes, "the zygote loads")
    hupd.library.move_in(library.service("v2"))
    hupd.hup()
    hupd.wait(lambda: hupd.generation() == 2, "the second generation serves")
    assert hupd.get().text == "v2\n"


def test_processes_are_named_for_those_who_look_at_ps(hupd):
    hupd.reload()
    hupd.wait_settled(2)
    titles = sorted(hupd.left_processes().values())
    assert titles[-4:] == ["hupd: worker web/2/1", "hupd: worker web/2/2", "hupd: zygote web/1",
                           "hupd: zygote web/2"]


def test_stop_while_idle_connections_are_open_is_quick(hupd):
    with client.Connection(hupd.address()) as idle:
        idle.get()
        hupd.send(signal.SIGTERM)
        assert hupd.wait_exit() == 0
