"""Many connections at rest travel together, a batch in one message. Whatever fails then costs no more
than when each goes alone."""

import itertools
import os
import resource
import signal
import time

import pytest

from harness import callers, client, inventory, log

PATIENT = {"stall_timeout": "60s", "drain_timeout": "60s",  # beyond the patience of any story
           "restart": {"backoff_first": "1ms"}}
MANY = 500  # in batches the queue holds so many; alone, about half of them
REFUSED = "refused from the hand-over queue: "


@pytest.fixture(autouse=True)
def many_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def uploads(hupd, count):
    """Requests that an application has in hand: their connections move when they are answered."""
    begun = [client.Connection(hupd.address(), timeout=30) for _ in range(count)]
    for one in begun:
        one.send(b"POST /upload HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nx")
    hupd.wait(lambda: sum(inventory.connections(one.pid) for one in hupd.workers()) == count,
              "all are accepted")
    return begun


def come_to_rest_together(hupd, senders, connections):
    """They are answered by the old generation, all in one turn of it; who could receive is stopped."""
    frozen = hupd.workers(gen=hupd.reload())
    callers.freeze(hupd, [*frozen, *senders])
    for one in connections:
        one.send(b"x")
    hupd.wait(lambda: all(one.has_arrived() for one in connections), "all that was sent is there")
    callers.thaw(senders)
    for one in connections:
        assert one.response().text == "v1 2\n"
    return frozen


def in_the_queue(make_hupd, count, **app):
    """Connections of a generation that is gone, and the one that has yet to take them, stopped."""
    hupd = make_hupd(workers=1, **PATIENT, **app).run()
    (sender,) = hupd.workers()
    connections = uploads(hupd, count)
    (receiver,) = come_to_rest_together(hupd, [sender], connections)
    callers.all_are_in_the_queue(hupd, [receiver])
    return hupd, receiver, connections


def is_lost(connection):
    """Of one that has asked."""
    try:
        assert not connection.response().closes
        return False
    except client.Cut:
        return True


def kill(hupd, process):
    os.kill(process.pid, signal.SIGKILL)
    hupd.wait(lambda: process.pid not in {one.pid for one in hupd.workers()}, "it is gone")


def test_a_receiver_that_is_killed_takes_no_batch_with_it_that_waits_in_the_queue(make_hupd):
    hupd, receiver, waiting = in_the_queue(make_hupd, MANY)
    for one in waiting:
        one.ask()
    kill(hupd, receiver)
    assert not any(is_lost(one) for one in waiting)


def test_a_receiver_that_is_killed_loses_the_batches_in_its_hand_and_nothing_else(make_hupd):
    """Between two batches it is kept busy by requests; what it holds then is what it has taken."""
    hupd, receiver, moving = in_the_queue(make_hupd, MANY)
    for one in moving:
        one.ask("/sleep?5")
    callers.thaw([receiver])
    hupd.wait(lambda: inventory.connections(receiver.pid) > 0, "some are in its hand")
    callers.freeze(hupd, [receiver])
    in_hand = inventory.connections(receiver.pid)
    answered = {one for one in moving if one.has_come()}
    kill(hupd, receiver)
    lost = [one for one in moving if one not in answered and is_lost(one)]
    for one in answered:
        assert one.response().status == 200  # and then it ends: it was one of those in hand
    assert len(lost) + len(answered) == in_hand < MANY


def test_a_sender_that_is_killed_takes_no_batch_with_it_that_waits_in_the_queue(make_hupd):
    """Those that found no room are in its hand."""
    hupd = make_hupd(workers=1, **PATIENT).run()
    (sender,) = hupd.workers()
    moving = uploads(hupd, 4 * MANY)
    frozen = come_to_rest_together(hupd, [sender], moving)
    for one in moving:
        one.ask()
    served = served_by(hupd, moving, [sender])
    kill(hupd, sender)
    callers.thaw(frozen)
    assert not any(is_lost(one) for one in moving if one not in served)


def served_by(hupd, moving, senders):
    """Those whose connections the senders keep since the queue is full: they answer them."""
    def all_in_their_hands():
        answered = [one for one in moving if one.has_come()]
        held = sum(inventory.connections(one.pid) for one in senders)
        return answered if len(answered) == held else None
    served = hupd.wait(all_in_their_hands, "the senders answer all that they have")
    assert 0 < len(served) < len(moving)
    for one in served:
        assert not one.response().closes
    return set(served)


def test_when_the_queue_is_full_of_batches_the_old_worker_serves_on_until_there_is_room(make_hupd):
    hupd = make_hupd(workers=1, **PATIENT).run()
    (sender,) = hupd.workers()
    moving = uploads(hupd, 4 * MANY)
    frozen = come_to_rest_together(hupd, [sender], moving)
    for one in moving:
        one.ask()
    served = served_by(hupd, moving, [sender])
    callers.thaw(frozen)
    assert not any(is_lost(one) for one in moving if one not in served)
    hupd.wait_settled(1)
    pids = {int(one.get().headers["x-pid"]) for one in moving}
    assert pids == {one.pid for one in frozen}


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root to become a user whom it limits")
def test_descriptors_in_flight_are_limited_in_batches_too(make_hupd):
    """unix(7): of one user's, as many as RLIMIT_NOFILE says may be on their way."""
    hupd = make_hupd(workers=2, limits={"nofile": 150}, **callers.user_of_its_own(), **PATIENT).run()
    senders = hupd.workers()
    moving = uploads(hupd, 180)
    frozen = come_to_rest_together(hupd, senders, moving)
    for one in moving:
        one.ask()
    served = served_by(hupd, moving, senders)
    callers.thaw(frozen)
    assert not any(is_lost(one) for one in moving if one not in served)
    hupd.wait_settled(2)
    assert hupd.log.find(log.LOST) == []
    assert hupd.log.find(REFUSED) == []


def test_a_receiver_out_of_descriptors_leaves_batches_in_the_queue(make_hupd, reconfigure):
    """Clients beyond its limit wait for an answer until there is room; nobody is lost."""
    hupd = make_hupd(workers=1, **PATIENT).run()
    waiting = [client.Connection(hupd.address(), timeout=30) for _ in range(400)]
    for one in waiting:
        one.get()
    reconfigure(hupd, limits={"nofile": 64})
    hupd.reload()
    hupd.wait_settled(1)  # what does not fit is in the queue
    (receiver,) = hupd.workers()
    for one in waiting:
        one.ask()
    while waiting:
        ready = hupd.wait(lambda: [one for one in waiting if one.has_come()], "some are answered")
        assert inventory.connections(receiver.pid) < 64
        for one in ready:
            assert not is_lost(one)
            one.close()
            waiting.remove(one)
    assert hupd.log.find(log.LOST) == []
    assert hupd.log.find(REFUSED) == []


def test_nobody_is_cut_while_there_is_no_room(make_hupd):
    """WINCH, and more connections than the queue holds: the old worker keeps the rest, however long."""
    hupd = make_hupd(workers=1, drain_timeout="300ms", kill_timeout="100ms").run()
    connections = [client.Connection(hupd.address()) for _ in range(4 * MANY)]
    for one in connections:
        one.get()
    (old,) = hupd.workers()
    hupd.send(signal.SIGWINCH)
    hupd.wait(lambda: 0 < inventory.connections(old.pid) < 4 * MANY, "the queue is full")
    until = time.monotonic() + 1.5  # several drain_timeouts
    for one in itertools.cycle(connections[-10:]):
        if time.monotonic() > until:
            break
        one.get()
    assert old in hupd.workers()
    hupd.reload()
    for one in connections:
        answer = one.get()
        assert answer.status == 200 and not answer.closes
    hupd.wait_settled(1)
    assert hupd.log.find(log.OVERDUE) == []
    assert hupd.stop() == 0
