"""`hupd metrics`: the format, and that what counts up never goes back, whatever befalls workers."""

import os
import signal

from prometheus_client.openmetrics import parser

from harness import control, library, log
from harness.client import Connection
from harness.load import Load
from harness.openmetrics import Metrics


def text_of(hupd, *arguments):
    done = control.command(hupd, "metrics", *arguments)
    assert done.code == 0, done
    return done.out


def metrics(hupd, *arguments):
    return Metrics(text_of(hupd, *arguments))


def requests(hupd):
    return metrics(hupd).of("hupd_app_requests_total", app="web")


class Watch:
    """Each look at the metrics: no counter of an app or of a generation is below what it was."""

    def __init__(self, hupd):
        self.hupd, self.last = hupd, {}

    def look(self):
        now = metrics(self.hupd)
        for level in ("hupd_app_", "hupd_generation_"):
            for key, value in now.counters(level).items():
                assert value >= self.last.get(key, 0), f"{key} went back"
        missing = {key for key in self.last if key[0].startswith("hupd_app_")} - set(now.samples)
        assert not missing
        self.last = {**self.last, **now.samples}
        return now


def test_the_text_is_what_other_programs_read(hupd):
    for _ in range(3):
        hupd.get()
    hupd.wait(lambda: requests(hupd) == 3, "the last answer is counted, a turn of the loop later")
    families = list(parser.text_string_to_metric_families(text_of(hupd)))
    mine = metrics(hupd)
    assert [family.name for family in families] == list(mine.families)
    (requests_family,) = [one for one in families if one.name == "hupd_app_requests"]
    assert requests_family.type == "counter" and requests_family.documentation
    assert [(one.name, one.labels, one.value) for one in requests_family.samples] == [
        ("hupd_app_requests_total", {"app": "web"}, 3.0)]
    (version,) = mine.all("hupd_info")
    assert dict(version[1])["version"] == control.status(hupd)["hupd"]


def test_an_app_has_what_alerts_are_on(hupd):
    now = metrics(hupd)
    assert now.of("hupd_app_workers_wanted", app="web") == 2
    assert now.of("hupd_app_workers_serving", app="web") == 2
    assert now.of("hupd_app_serving_generation", app="web") == 1
    assert now.of("hupd_app_last_reload_success", app="web") == 1
    assert now.of("hupd_app_reloads_total", app="web", outcome="rejected") == 0
    assert now.of("hupd_app_slots_failing", app="web") == 0
    started = now.of("hupd_start_time_seconds")
    assert metrics(hupd).of("hupd_start_time_seconds") == started, "it does not waver"
    assert started <= now.of("hupd_app_last_reload_timestamp_seconds", app="web") < started + 60


def test_one_app_can_be_asked_for(hupd):
    assert metrics(hupd, "web").of("hupd_app_workers_wanted", app="web") == 2
    assert control.command(hupd, "metrics", "api").code == 3


def test_workers_are_told_apart(hupd):
    held = [Connection(hupd.address()) for _ in range(3)]
    hupd.wait(lambda: metrics(hupd).of("hupd_app_connections", app="web") == 3, "three are open")
    now = metrics(hupd)
    workers = now.all("hupd_worker_connections", app="web", generation="1")
    assert sum(workers.values()) == 3
    assert ({int(dict(labels)["pid"]) for _, labels in workers}
            == {one.pid for one in hupd.workers()})
    assert all(value > 0 for value in now.all("hupd_worker_resident_memory_bytes").values())
    for one in held:
        one.close()


def test_results_of_reloads_are_counted(hupd):
    hupd.reload()
    hupd.library.write(b"broken")
    assert control.command(hupd, "reload").code == 1
    now = metrics(hupd)
    assert now.of("hupd_app_reloads_total", app="web", outcome="done") == 2, "and the start"
    assert now.of("hupd_app_reloads_total", app="web", outcome="rejected") == 1
    assert now.of("hupd_app_last_reload_success", app="web") == 0
    good = hupd.config.read_text()
    hupd.config.write_text(good + "wrokers = 3\n")
    assert control.command(hupd, "reload").code == 2
    assert metrics(hupd).of("hupd_configuration_refused_total") == 1
    hupd.config.write_text(good)
    hupd.library.move_in(library.service("v2"))
    assert control.command(hupd, "reload").code == 0
    assert metrics(hupd).of("hupd_app_last_reload_success", app="web") == 1


def test_every_request_of_workers_that_left_stays_counted(hupd):
    """Exactly: after reloads and scaling, with whom it was that answered long gone."""
    served = 0
    for disturb in (hupd.reload, lambda: hupd.send(signal.SIGTTOU), hupd.reload,
                    lambda: hupd.send(signal.SIGTTIN), hupd.reload):
        for _ in range(20):
            hupd.get()
            served += 1
        disturb()
    hupd.wait_settled(2)
    now = metrics(hupd)
    assert now.of("hupd_app_requests_total", app="web") == served
    # One whose client has closed it may move before that is noticed.
    accepted, again = (now.of(f"hupd_app_connections_{what}_total", app="web")
                       for what in ("accepted", "taken_over"))
    assert accepted - again == served


def test_a_connection_that_moves_is_counted_as_taken_over(hupd):
    held = Connection(hupd.address())
    held.get()
    hupd.reload()
    hupd.wait(lambda: metrics(hupd).of("hupd_app_connections_taken_over_total", app="web") == 1,
              "the new worker has it")
    held.get()
    held.close()


def test_counters_never_go_back_under_load(make_hupd):
    hupd = make_hupd(workers=3).run()
    watch = Watch(hupd)
    with Load(hupd.address(), clients={"fresh": 1, "busy": 2}):
        for number in (signal.SIGHUP, signal.SIGTTOU, signal.SIGTTOU, signal.SIGTTIN, signal.SIGHUP):
            hupd.send(number)
            before = watch.look().of("hupd_app_requests_total", app="web")
            hupd.wait(lambda: watch.look().of("hupd_app_requests_total", app="web") > before + 50,
                      "it is served on")
        control.command(hupd, "wait", "--drained")
        watch.look()
    assert len(metrics(hupd).all("hupd_generation_requests_total")) == 1, "those gone have no series"


def test_what_a_killed_worker_had_counted_is_not_lost(hupd):
    """Nobody has asked before: it is read from the page that it left."""
    for _ in range(2):
        with Connection(hupd.address()) as held:
            for _ in range(20):
                served_by = int(held.get().headers["x-pid"])
            # Each answer but the last one was followed by a turn of the loop, which has counted it.
            os.kill(served_by, signal.SIGKILL)
            hupd.wait_for(log.LOST, pid=served_by)
    now = metrics(hupd)
    assert 38 <= now.of("hupd_app_requests_total", app="web") <= 40
    assert now.of("hupd_app_workers_lost_total", app="web") == 2
    assert 38 <= now.of("hupd_generation_requests_total", app="web", generation="1") <= 40


def test_counters_go_on_where_a_killed_worker_left_them(hupd):
    watch = Watch(hupd)
    for lost in (1, 2, 3):
        hupd.get()
        watch.look()
        os.kill(hupd.workers()[0].pid, signal.SIGKILL)
        hupd.wait(lambda: watch.look().of("hupd_app_workers_lost_total", app="web") == lost,
                  "it is lost")
        hupd.wait_settled(2)
