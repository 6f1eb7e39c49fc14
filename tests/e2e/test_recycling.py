"""Workers that have served long enough are relieved, and no client notices."""

from harness import client, library, load, log, proc


def pids(hupd):
    return {worker.pid for worker in hupd.workers()}


def test_workers_are_relieved_after_so_many_requests_and_nobody_notices(make_hupd):
    hupd = make_hupd(workers=2, recycle={"requests": 500}).run()
    with load.Load(hupd.address()):
        hupd.wait(lambda: len(hupd.log.find(log.RELIEVED)) >= 20, "20 were relieved")
    hupd.wait_settled(2)
    assert hupd.log.find(log.LOST) == []
    assert hupd.stop() == 0


def test_a_worn_worker_that_serves_alone_goes_when_its_relief_accepts(make_hupd):
    hupd = make_hupd(workers=1, recycle={"requests": 10, "jitter": "0%"}).run()
    (first,) = pids(hupd)
    with client.Connection(hupd.address()) as mine:
        for _ in range(10):
            assert int(mine.get().headers["x-pid"]) == first
        hupd.wait(lambda: not proc.lives(first), "it is gone")
        answer = mine.get()
        assert answer.status == 200 and not answer.closes
        assert int(answer.headers["x-pid"]) in pids(hupd)
    (worn,) = hupd.log.find(log.WORN)
    assert "10 requests served (recycle.requests)" in worn.text


def test_age_and_memory_are_limits_too(make_hupd):
    for limits, words in (({"age": "1s"}, "(recycle.age)"),
                          ({"memory": "1MiB"}, "(recycle.memory)")):
        hupd = make_hupd(workers=2, recycle=limits).run()
        before = pids(hupd)
        hupd.wait(lambda: not before & pids(hupd), "all were relieved")
        assert all(words in line.text for line in hupd.log.find(log.WORN))
        assert hupd.stop() == 0


def test_a_reload_in_between_replaces_everybody_by_the_new_code(make_hupd):
    hupd = make_hupd(workers=2, recycle={"requests": 200}).run()
    with load.Load(hupd.address()):
        for version in range(2, 7):
            since = hupd.log.mark()
            hupd.wait(lambda: hupd.log.find(log.RELIEVED, since), "one was relieved")
            hupd.library.move_in(library.service(f"v{version}"))
            hupd.reload()
    hupd.wait_settled(2)
    assert hupd.stop() == 0
