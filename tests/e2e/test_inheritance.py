"""What a worker knows goes to those that follow it: a count to one of them, a cache to all."""

import os
import signal
import threading

import pytest

from harness import callers, client, control, inventory, library, log

TAKING = "taking "


@pytest.fixture
def make_keeper(make_hupd):
    def make(before_ready=False, state=1, **app):
        hupd = make_hupd(version=None, **{"stall_timeout": "60s",
                                          "restart": {"backoff_first": "1ms"}, **app})
        hupd.library.move_in(library.keeper(state, before_ready))
        return hupd.run()
    return make


def each_worker(hupd, target):
    """What every worker answers, by process id."""
    with hupd.connected_to_each(target) as found:
        return {one.pid: found[one.pid][1].text for one in hupd.workers() if one.pid in found}


def total(hupd):
    return sum(int(count) for count in each_worker(hupd, "/count").values())


def count_up(hupd, times):
    for _ in range(times):
        hupd.get("/")


def comes_to(hupd, expected):
    hupd.wait(lambda: total(hupd) == expected, f"the counts come to {expected}")


def comes_to_in(hupd, gen, expected):
    def look():
        answer = hupd.get("/count")
        return (int(answer.headers["x-generation"]), int(answer.text)) == (gen, expected)
    hupd.wait(look, f"generation {gen} has counted {expected}")


def all_know(hupd, *keys):
    def known():
        return all(set(keys) <= set(text.split()) for text in each_worker(hupd, "/cache").values())
    hupd.wait(known, f"each worker knows {keys}")


def legacies(hupd):
    return sum(count for kind, count in inventory.take(hupd).descriptors.items()
               if "hupd-legacy" in kind)


class Busy:
    """Clients that ask without a pause on connections that live, and count the answers."""

    def __init__(self, hupd, clients):
        self.answers = [0] * clients
        self._hupd = hupd
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(clients)]

    def __enter__(self):
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        for one in self._threads:
            one.join()

    def _ask(self, number):
        with client.Connection(self._hupd.address()) as connection:
            while not self._ended.is_set():
                answer = connection.get("/")
                assert answer.status == 200 and not answer.closes
                self.answers[number] += 1


# ---- counts ----

def test_each_request_is_counted_once_through_five_reloads_under_load(make_keeper):
    hupd = make_keeper(workers=3)
    with Busy(hupd, 8) as busy:
        for _ in range(5):
            before = sum(busy.answers)
            hupd.reload()
            hupd.wait(lambda: sum(busy.answers) > before + 100, "they go on")
    hupd.wait_settled(3)
    comes_to(hupd, sum(busy.answers))
    hupd.reload()
    hupd.wait_settled(3)
    comes_to(hupd, sum(busy.answers))


def test_what_is_answered_after_the_drain_has_begun_is_counted(make_keeper):
    hupd = make_keeper(workers=1)
    count_up(hupd, 3)
    file = hupd.directory / "file"
    with client.Connection(hupd.address()) as late:
        late.ask(f"/when?{file}")
        hupd.wait(late.has_arrived, "the request is there")
        hupd.get("/cache")  # and read, since there is one worker
        gen = hupd.reload()
        comes_to_in(hupd, gen, 3)
        file.touch()
        assert int(late.response().headers["x-generation"]) == gen - 1
    hupd.wait_settled(1)
    comes_to(hupd, 4)


def test_counts_survive_upgrades_of_the_master_in_the_middle_of_reloads(make_keeper):
    """What was left and has no heir yet is the next program's to hand on."""
    hupd = make_keeper(workers=4)
    count_up(hupd, 40)
    for _ in range(10):
        done = len(hupd.log.find("upgrade done"))
        hupd.hup()
        hupd.send(signal.SIGUSR2)
        hupd.wait(lambda: len(hupd.log.find("upgrade done")) > done, "it was upgraded")
        assert control.command(hupd, "wait", "--drained").code == 0
    comes_to(hupd, 40)


@pytest.mark.parametrize("first, then", [(4, 1), (1, 4)])
def test_counts_survive_a_change_of_the_number_of_workers(make_keeper, reconfigure, first, then):
    hupd = make_keeper(workers=first)
    count_up(hupd, 40)
    comes_to(hupd, 40)
    reconfigure(hupd, workers=then)
    hupd.reload()
    hupd.wait_settled(then)
    comes_to(hupd, 40)


def test_counts_survive_a_reload_in_batches(make_keeper):
    hupd = make_keeper(workers=3, reload={"surge": 1})
    count_up(hupd, 30)
    hupd.get("/put?x")
    hupd.reload()
    hupd.wait_settled(3)
    comes_to(hupd, 30)
    all_know(hupd, "x")


def test_a_worker_that_goes_alone_leaves_its_count_to_another(make_keeper):
    hupd = make_keeper(workers=3)
    count_up(hupd, 30)
    for left in (2, 1):
        hupd.send(signal.SIGTTOU)
        hupd.wait_settled(left)
        comes_to(hupd, 30)
    hupd.wait(lambda: legacies(hupd) == 0, "the master keeps nothing of it")


def test_a_worker_that_is_sent_a_signal_leaves_its_count_to_its_successor(make_keeper):
    hupd = make_keeper(workers=1)
    count_up(hupd, 10)
    for _ in range(2):
        old = hupd.workers()[0]
        os.kill(old.pid, signal.SIGTERM)
        hupd.wait(lambda: old.pid not in {one.pid for one in hupd.workers()}, "it is gone")
        hupd.wait_settled(1)
        comes_to(hupd, 10)
    hupd.wait(lambda: legacies(hupd) == 0, "the master keeps nothing of it")


def test_a_worker_that_is_recycled_leaves_its_count_to_its_relief(make_keeper):
    hupd = make_keeper(workers=2, recycle={"requests": 50})
    with Busy(hupd, 4) as busy:
        hupd.wait(lambda: len(hupd.log.find("worn: ")) >= 6, "some have gone")
    hupd.wait_settled(2)
    # To be asked wears them, too, so that one may go while they are asked: asked again then.
    comes_to(hupd, sum(busy.answers))


def test_each_request_is_counted_once_whatever_makes_workers_retire(make_keeper):
    hupd = make_keeper(workers=2)
    with Busy(hupd, 6) as busy:
        workers = 2
        for change in (1, 0, 1, -1, 0, -1, 1, 0, -1, 1):
            before = sum(busy.answers)
            if change == 0:
                hupd.reload()
                workers = 2
            else:
                hupd.send(signal.SIGTTIN if change > 0 else signal.SIGTTOU)
                workers += change
            hupd.wait(lambda: sum(busy.answers) > before + 100, "they go on")
    hupd.wait_settled(workers)
    comes_to(hupd, sum(busy.answers))


def test_an_heir_that_is_killed_with_it_in_hand_is_followed_by_another(make_keeper):
    hupd = make_keeper(workers=2)
    first, second = sorted(hupd.workers(), key=lambda one: one.slot)
    with hupd.connected_to_each("/cache") as found:
        for pid, times in (first.pid, 3), (second.pid, 5):
            for _ in range(times):
                found[pid][0].get("/")
            found[pid][0].get("/put?x")
    callers.freeze(hupd, [first])
    hupd.send(signal.SIGTTOU)
    hupd.wait(lambda: [one.pid for one in hupd.workers()] == [first.pid], "the second is gone")
    hupd.wait(lambda: legacies(hupd) == 2, "most was sent to the first, and the rest waits")
    os.kill(first.pid, signal.SIGKILL)
    hupd.wait(lambda: {one.slot for one in hupd.workers() if one.pid != first.pid} == {1},
              "the first is replaced")
    comes_to(hupd, 5)
    all_know(hupd, "x")
    hupd.wait(lambda: legacies(hupd) == 0, "both are taken")


def test_counts_wait_while_there_are_no_workers(make_keeper):
    hupd = make_keeper(workers=2)
    count_up(hupd, 20)
    hupd.send(signal.SIGWINCH)
    hupd.wait(lambda: not hupd.workers(), "all workers are gone")
    hupd.send(signal.SIGTTIN)
    hupd.wait_settled(1)
    comes_to(hupd, 20)


# ---- a cache ----

@pytest.mark.parametrize("before_ready", [False, True])
def test_every_new_worker_gets_the_cache_of_each_old_one(make_keeper, before_ready):
    hupd = make_keeper(before_ready, workers=3)
    keys = set()

    def each_has_one():
        pid = hupd.get("/cache").headers["x-pid"]
        answer = hupd.get(f"/put?{pid}")
        keys.add(answer.headers["x-pid"] + "-" + pid)
        return len({key.partition("-")[0] for key in keys}) == 3
    hupd.wait(each_has_one, "each worker has a key")
    stored = {key.partition("-")[2] for key in keys}
    hupd.reload()
    hupd.wait_settled(3)
    all_know(hupd, *stored)


@pytest.mark.parametrize("preload", [True, False])
def test_new_workers_have_the_cache_before_they_are_ready(make_keeper, preload):
    hupd = make_keeper(before_ready=True, workers=2, preload=preload)

    def all_have_it():
        hupd.get("/put?x")
        return all(each_worker(hupd, "/cache").values())
    hupd.wait(all_have_it, "both have it")
    since = hupd.log.mark()
    gen = hupd.reload()
    for worker in (1, 2):
        texts = [line.text for line in hupd.log.lines()[since:]
                 if (line.gen, line.worker) == (gen, worker)]
        before = texts[:texts.index(log.READY)]
        assert len([text for text in before if text.startswith(TAKING)]) == 2
    assert all("x" in text for text in each_worker(hupd, "/cache").values())
    hupd.wait_settled(2)


def test_counts_are_exact_also_when_the_cache_comes_first(make_keeper):
    hupd = make_keeper(before_ready=True, workers=2)
    with Busy(hupd, 4) as busy:
        for _ in range(3):
            hupd.reload()
    hupd.wait_settled(2)
    comes_to(hupd, sum(busy.answers))


@pytest.mark.parametrize("before_ready", [False, True])
def test_a_worker_that_is_born_later_gets_the_cache(make_keeper, before_ready):
    hupd = make_keeper(before_ready, workers=2)
    hupd.get("/put?x")
    hupd.reload()
    hupd.wait_settled(2)
    all_know(hupd, "x")
    victim = hupd.workers()[0]
    os.kill(victim.pid, signal.SIGKILL)
    hupd.wait(lambda: victim.pid not in {one.pid for one in hupd.workers()}, "it is gone")
    hupd.wait_settled(2)
    all_know(hupd, "x")
    hupd.send(signal.SIGTTIN)
    hupd.wait_settled(3)
    all_know(hupd, "x")


# ---- what is left is refused ----

@pytest.mark.parametrize("how, reason", [
    ("refuse", "take_state failed with -1: no use for it (what worker 1 of generation 1 left, "
               "version 1)"),
    ("crash", "signal 11"),
    ("hang", "not ready after")])
def test_a_deploy_that_cannot_take_it_is_rejected(make_keeper, reconfigure, how, reason):
    hupd = make_keeper(before_ready=True, workers=1, boot_timeout="4s", kill_timeout="1s")
    count_up(hupd, 5)
    hupd.get("/put?x")
    reconfigure(hupd, settings={"take": how})
    since = hupd.log.mark()
    hupd.hup()
    assert reason in hupd.wait_rejected(since).text
    hupd.wait_settled(1)
    assert total(hupd) == 5
    hupd.wait(lambda: legacies(hupd) == 0, "what was left for it is thrown away")
    reconfigure(hupd, settings={})
    hupd.reload()
    all_know(hupd, "x")
    comes_to(hupd, 5)


def test_on_arrival_a_refusal_is_logged_and_the_worker_starts_empty(make_keeper):
    hupd = make_keeper(workers=2)
    hupd.get("/put?x")
    hupd.library.move_in(library.keeper(state=2))
    hupd.reload()
    line = hupd.wait_for("take_state failed with -1: state of version 1 (what worker ")
    assert line.level == "warn"
    hupd.wait_settled(2)
    assert set(each_worker(hupd, "/cache").values()) == {""}
    assert hupd.log.find(log.LOST) == []
    hupd.library.move_in(library.keeper(state=1))
    hupd.reload()
    hupd.wait_settled(2)


def test_a_cache_that_kills_who_takes_it_is_no_outage(make_keeper, reconfigure):
    hupd = make_keeper(workers=2)
    reconfigure(hupd, settings={"take": "crash"})
    hupd.get("/put?x")
    hupd.reload()
    hupd.wait_for("nobody else gets that")

    def serves():
        pids = {one.pid for one in hupd.workers()}
        return len(pids) == 2 and {int(hupd.get().headers["x-pid"]) for _ in range(8)} == pids
    hupd.wait(lambda: len(hupd.log.find("nobody else gets that")) >= 2, "two have died of it")
    hupd.wait_settled(2)
    hupd.wait(serves, "both serve")


# ---- who leaves it fails ----

@pytest.mark.parametrize("how, told", [("hang", "it does not answer"), ("die", "it ended")])
def test_a_worker_that_fails_to_leave_anything_holds_no_deploy_up(make_keeper, reconfigure, how,
                                                                  told):
    hupd = make_keeper(workers=1, settings={"leave": how}, boot_timeout="6s", drain_timeout="1s",
                       kill_timeout="1s")
    reconfigure(hupd, settings={})
    hupd.library.move_in(library.keeper(before_ready=True))
    since = hupd.log.mark()
    hupd.reload()
    assert hupd.log.find(told, since)
    hupd.wait_settled(1)
    assert hupd.get().status == 200


@pytest.mark.parametrize("before_ready", [False, True])
def test_ten_megabytes_are_left_whole(make_keeper, before_ready):
    size = 10 << 20
    hupd = make_keeper(before_ready, workers=2, settings={"leave": "size", "size": size})
    gen = hupd.reload()
    hupd.wait(lambda: len(hupd.log.find(f"{TAKING}{size} bytes of worker", gen=gen)) == 4,
              "each of two takes what each of two left")
    hupd.wait_settled(2)


def test_more_than_may_be_is_not_left_and_says_so(make_keeper):
    hupd = make_keeper(workers=1, handover={"max_state": "64KiB"},
                       settings={"leave": "size", "size": (64 << 10) + 1})
    gen = hupd.reload()
    line = hupd.wait_for("nothing is left to others: 65537 bytes are more than the 65536 that may "
                         "be (handover.max_state)")
    assert line.gen == gen - 1
    hupd.wait_settled(1)
    assert hupd.log.find(TAKING) == []


# ---- nothing is left behind ----

@pytest.mark.parametrize("before_ready", [False, True])
def test_after_twenty_reloads_the_master_holds_what_it_held_after_one(make_keeper, before_ready):
    hupd = make_keeper(before_ready, workers=2)
    hupd.reload()
    hupd.wait_settled(2)
    hupd.wait(lambda: legacies(hupd) in (2, 4), "what the two old ones left to the two new ones")
    before = inventory.take(hupd)
    for _ in range(20):
        hupd.reload()
    hupd.wait_settled(2)
    hupd.wait(lambda: inventory.take(hupd) == before,
              f"all is as it was\nbefore: {before}\n   now: {inventory.take(hupd)}")


def test_a_stop_asks_for_nothing(make_keeper):
    hupd = make_keeper(workers=2, settings={"leave": "size", "size": 1 << 30})
    assert hupd.stop() == 0
    assert hupd.log.find("nothing is left to others") == []
