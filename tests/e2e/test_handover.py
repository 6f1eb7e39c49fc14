"""Living connections go where the work is done, whatever makes a worker retire."""

import signal

from harness import client


def holders(connections):
    """How many of the connections each worker answers on, by process id."""
    found = {}
    for one in connections:
        answer = one.get()
        assert not answer.closes
        pid = int(answer.headers["x-pid"])
        found[pid] = found.get(pid, 0) + 1
    return found


def connect(hupd, count):
    connections = [client.Connection(hupd.address()) for _ in range(count)]
    holders(connections)
    return connections


def close(connections):
    for one in connections:
        one.close()


def test_one_worker_fewer_closes_nothing(make_hupd):
    hupd = make_hupd(workers=3).run()
    connections = connect(hupd, 30)
    for left in (2, 1):
        hupd.send(signal.SIGTTOU)
        hupd.wait_settled(left)
        assert sum(holders(connections).values()) == 30
    close(connections)


def test_connections_wait_while_there_are_no_workers(make_hupd):
    hupd = make_hupd(workers=2).run()
    connections = connect(hupd, 20)
    hupd.send(signal.SIGWINCH)
    hupd.wait(lambda: not hupd.workers(), "all workers are gone")
    for one in connections:
        one.ask()
    hupd.reload()
    for one in connections:
        answer = one.response()
        assert answer.status == 200 and not answer.closes
    close(connections)


def test_a_new_worker_gets_its_share_of_those_that_live(make_hupd):
    hupd = make_hupd(workers=1, handover={"balance": 1000}).run()
    connections = connect(hupd, 40)
    hupd.send(signal.SIGTTIN)
    hupd.wait_settled(2)

    def is_even():
        held = holders(connections).values()
        return len(held) == 2 and min(held) >= 15
    hupd.wait(is_even, "both hold their share")
    assert hupd.stop() == 0
    close(connections)


def test_none_is_given_away_unless_asked_for(make_hupd):
    hupd = make_hupd(workers=1).run()
    connections = connect(hupd, 10)
    hupd.send(signal.SIGTTIN)
    hupd.wait_settled(2)
    assert list(holders(connections).values()) == [10]
    close(connections)
