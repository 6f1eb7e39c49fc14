"""What happens at the limits of the hand-over: a full queue, a receiver without descriptors, states
that are too large, messages that are no parcels, and the end of the service in the middle of it."""

import os
import select
import signal

import pytest

from harness import callers, client, inventory, library, log, proc
from harness.build import BUILD
from harness.callers import call
from harness.waiting import elapse

REFUSED = "refused from the hand-over queue: "
TOO_LARGE = "a connection is too large to be handed over"
TOO_LARGE_HERE = "a connection that was handed over is ended: its state and unread bytes are more "
PATIENT = {"stall_timeout": "60s", "drain_timeout": "60s",  # beyond the patience of any story
           "connection": {"idle_timeout": "0s"}}


@pytest.fixture
def make_mover(make_hupd):
    def make(**app):
        hupd = make_hupd(version=None, **{**PATIENT, **app})
        hupd.library.move_in(library.mover("v1"))
        return hupd.run()
    return make


# ---- limits ----

def test_when_the_queue_is_full_the_old_worker_serves_on_until_there_is_room(make_mover):
    """Clients in the queue wait for an answer as long as nobody takes them; all others see
    nothing."""
    hupd = make_mover(workers=1)
    (sender,) = hupd.workers()
    moving = call(hupd, 700)
    frozen = callers.switch_and_freeze(hupd, moving)
    served = callers.served_by(hupd, moving, [sender])
    for one in served:
        assert one.asked().version == "v1"
    callers.thaw(frozen)
    for one in moving:
        if one not in served:
            assert one.answer().version == "v2"
    hupd.wait_settled(1)
    assert {one.asked().version for one in moving} == {"v2"}


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root to become a user whom it limits")
def test_descriptors_in_flight_are_limited_as_a_full_queue_is(make_mover):
    """unix(7): of one user's, as many as RLIMIT_NOFILE says may be on their way."""
    hupd = make_mover(workers=3, limits={"nofile": 100}, **callers.user_of_its_own())
    senders = hupd.workers()
    moving = call(hupd, 130)
    frozen = callers.switch_and_freeze(hupd, moving)
    served = callers.served_by(hupd, moving, senders)
    callers.thaw(frozen)
    for one in moving:
        if one not in served:
            assert one.answer().version == "v2"
    hupd.wait_settled(3)
    assert {one.asked().version for one in moving} == {"v2"}


def test_a_receiver_out_of_descriptors_leaves_the_others_in_the_queue(make_mover, reconfigure):
    """Clients beyond its limit wait for an answer until there is room; nobody is lost."""
    hupd = make_mover(workers=1)
    waiting = call(hupd, 150)
    reconfigure(hupd, limits={"nofile": 64})
    hupd.reload()
    hupd.wait_settled(1)  # what does not fit is in the queue
    (receiver,) = hupd.workers()
    for one in waiting:
        one.send()
    while waiting:
        ready = select.select([one.connection.sock for one in waiting], [], [], 10)[0]
        assert ready, f"{len(waiting)} of them are not answered"
        assert inventory.connections(receiver.pid) < 64
        for one in [one for one in waiting if one.connection.sock in ready]:
            one.answer()
            one.connection.close()
            waiting.remove(one)
    assert hupd.log.find(log.LOST) == []
    assert hupd.log.find(REFUSED) == []


def test_a_connection_whose_state_is_too_large_gets_the_old_versions_goodbye(make_mover):
    """The client sees the goodbye and an orderly end; the log says why, once for each worker."""
    hupd = make_mover(workers=1, settings={"state_size": 1024 * 1024},
                      handover={"max_state": "64KiB"})
    large = call(hupd, 3)
    hupd.reload()
    for one in large:
        assert one.connection.rest() == b"goodbye\n"
    hupd.wait(lambda: len(hupd.log.find(TOO_LARGE, level="warn")) == 1, "it is said")
    hupd.wait_settled(1)


def test_a_connection_whose_state_is_too_large_for_the_new_version_gets_its_goodbye(make_mover,
                                                                                    reconfigure):
    hupd = make_mover(workers=1, settings={"state_size": 1024 * 1024})
    large = call(hupd, 3)
    reconfigure(hupd, handover={"max_state": "64KiB"})
    hupd.reload()
    for one in large:
        assert one.connection.rest() == b"refused\n"
    hupd.wait(lambda: len(hupd.log.find(TOO_LARGE_HERE, level="warn")) == 3, "each is said")
    hupd.wait_settled(1)


def test_a_half_collected_request_that_is_too_large_for_the_new_version_is_answered(make_hupd,
                                                                                    reconfigure):
    """503 with `Connection: close`, and an orderly end."""
    hupd = make_hupd(version=None, workers=1, **PATIENT)
    hupd.library.move_in(BUILD / "libhello.so")  # is shown no request before all of it is here
    hupd.run()
    with client.Connection(hupd.address()) as half:
        half.send(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 200000\r\n\r\n"
                  + b"x" * 100_000)
        (worker,) = hupd.workers()
        hupd.wait(lambda: inventory.connections(worker.pid) == 1 and half.has_arrived()
                  and inventory.unread(worker.pid) == 0, "the half is collected")
        reconfigure(hupd, handover={"max_state": "64KiB"})
        hupd.reload()
        half.send(b"x" * 100_000)
        response = half.response()
        assert response.status == 503 and response.closes
        assert half.rest() == b""


def test_a_large_state_travels_beside_the_message(make_mover):
    hupd = make_mover(settings={"state_size": 1024 * 1024})
    large = call(hupd, 10)
    hupd.library.move_in(library.mover("v2"))
    hupd.reload()
    hupd.wait_settled(2)
    assert {one.asked().version for one in large} == {"v2"}


# ---- what is no parcel ----

def queue_inodes(hupd):
    """Both ends of the queue: the only sockets that two workers and the master have in common and
    that are no listeners."""
    def sockets(pid):
        return {name[8:-1] for name in proc.descriptors(pid).values() if name.startswith("socket:")}
    shared = sockets(hupd.pid)
    for one in hupd.workers():
        shared &= sockets(one.pid)
    with open("/proc/net/unix", encoding="ascii", errors="replace") as table:
        seqpackets = {line.split()[6] for line in table if line.split()[4] == "0005"}
    return shared & seqpackets


@pytest.mark.parametrize("kind", ["another_version", "half_a_header", "noise_with_a_file",
                                  "a_parcel_with_a_file", "noise", "nothing"])
def test_what_is_no_parcel_is_refused_and_harms_nobody(make_mover, kind):
    """An application that writes to the queue: no client sees anything of it."""
    hupd = make_mover()
    moving = call(hupd, 10)
    inodes = queue_inodes(hupd)
    assert len(inodes) == 2
    for inode in inodes:  # of one end nobody reads
        for _ in range(5):
            moving[0].asked(f"throw {kind} {inode}")
    hupd.wait(lambda: len(hupd.log.find(REFUSED, level="error")) == 5, "each is refused")
    if kind == "another_version":
        assert hupd.log.find("a parcel of version 99, this hupd takes version 2")
    for version in ("v2", "v3"):
        hupd.library.move_in(library.mover(version))
        hupd.reload()
        hupd.wait_settled(2)
        assert {one.asked().version for one in moving} == {version}
    assert hupd.log.find(log.LOST) == []


# ---- nobody to receive, and the end ----

@pytest.mark.parametrize("back", [signal.SIGHUP, signal.SIGTTIN])
def test_connections_wait_in_the_queue_while_there_are_no_workers(make_mover, back):
    """WINCH: the client waits for its answer until workers are wanted again."""
    hupd = make_mover()
    waiting = call(hupd, 40)
    hupd.send(signal.SIGWINCH)
    hupd.wait(lambda: not hupd.workers(), "no worker is left")
    for one in waiting:
        one.send()
    hupd.send(back)
    for one in waiting:
        one.answer()


def uploads(hupd, count):
    """Requests that an application has in hand: their connections move when they are answered."""
    begun = [client.Connection(hupd.address()) for _ in range(count)]
    for one in begun:
        one.send(b"POST /upload HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nx")
    return begun


def served_then_queued(hupd, begun):
    """Their uploads are answered by the old generation, and then they wait for the new one, which
    is stopped."""
    frozen = hupd.workers(gen=hupd.reload())
    callers.freeze(hupd, frozen)
    for one in begun:
        one.send(b"x")
        assert one.response().text == "v1 2\n"
    return frozen


def test_a_stop_answers_requests_of_connections_that_wait_in_the_queue(make_hupd):
    """With `Connection: close`; a client that asked nothing sees an orderly end."""
    hupd = make_hupd(**PATIENT).run()
    waiting = uploads(hupd, 40)
    frozen = served_then_queued(hupd, waiting)
    callers.all_are_in_the_queue(hupd, frozen)
    asking, idle = waiting[:20], waiting[20:]
    for one in asking:
        one.ask()
    hupd.send(signal.SIGTERM)
    hupd.wait_for("stopping gracefully")
    callers.thaw(frozen)
    for one in asking:
        response = one.response()
        assert response.text == "v1\n" and response.closes
    for one in idle:
        assert one.rest() == b""
    assert hupd.wait_exit() == 0


def test_a_stop_while_the_queue_is_full_answers_what_is_asked(make_hupd):
    hupd = make_hupd(workers=1, **PATIENT).run()
    waiting = uploads(hupd, 500)
    frozen = served_then_queued(hupd, waiting)
    for one in waiting:
        one.ask()
    hupd.send(signal.SIGTERM)
    hupd.wait_for("stopping gracefully")
    callers.thaw(frozen)
    for one in waiting:
        assert one.response().text == "v1\n"
    assert hupd.wait_exit() == 0


def test_a_stop_answers_more_than_the_last_worker_has_descriptors_for(make_hupd, reconfigure):
    """One after the other, as others close; nobody is lost."""
    hupd = make_hupd(workers=1, **PATIENT).run()
    waiting = uploads(hupd, 150)
    reconfigure(hupd, limits={"nofile": 64})
    frozen = served_then_queued(hupd, waiting)
    callers.all_are_in_the_queue(hupd, frozen)
    for one in waiting:
        one.ask()
    hupd.send(signal.SIGTERM)
    hupd.wait_for("stopping gracefully")
    callers.thaw(frozen)
    while waiting:
        ready = select.select([one.sock for one in waiting], [], [], 10)[0]
        assert ready, f"{len(waiting)} of them are not answered"
        for one in [one for one in waiting if one.sock in ready]:
            assert one.response().text == "v1\n"
            one.close()
            waiting.remove(one)
    assert hupd.wait_exit() == 0


def test_at_a_stop_nobody_leaves_while_another_may_still_hand_over(make_hupd):
    hupd = make_hupd(workers=1, **PATIENT).run()
    (upload,) = uploads(hupd, 1)
    sender = hupd.workers()
    callers.freeze(hupd, sender)
    (receiver,) = hupd.workers(gen=hupd.reload())
    hupd.send(signal.SIGTERM)
    hupd.wait_for(log.DRAINING, gen=receiver.gen)
    elapse(0.5)  # for one that leaves too early to do so
    assert receiver in hupd.workers()
    callers.thaw(sender)
    upload.send(b"x")
    assert upload.response().text == "v1 2\n"
    assert hupd.wait_exit() == 0


def test_a_worker_that_leaves_by_itself_serves_the_queue_when_it_is_the_last_at_a_stop(make_hupd):
    """Its clients see answers; it was sent a signal, and nobody else is left."""
    hupd = make_hupd(workers=1, **PATIENT).run()
    (leaving,) = hupd.workers()
    (upload,) = uploads(hupd, 1)
    hupd.wait(lambda: inventory.connections(leaving.pid) == 1 and upload.has_arrived()
              and inventory.unread(leaving.pid) == 0, "the upload is in its hands")
    os.kill(leaving.pid, signal.SIGTERM)
    hupd.wait(lambda: len(hupd.log.find(log.READY)) == 2, "it is replaced")
    waiting = [client.Connection(hupd.address()) for _ in range(10)]
    for one in waiting:
        one.get()
    hupd.send(signal.SIGWINCH)
    hupd.wait(lambda: hupd.workers() == [leaving], "the other one has handed over")
    for one in waiting:
        one.ask()
    hupd.send(signal.SIGTERM)
    for one in waiting:
        assert one.response().text == "v1\n"
    upload.send(b"x")
    assert upload.response().text == "v1 2\n"
    assert hupd.wait_exit() == 0


def test_a_process_that_keeps_copies_of_the_queue_delays_no_stop(make_hupd):
    """An application's own, detached, deaf to SIGTERM, with a copy of all that its worker had."""
    hupd = make_hupd(kill_timeout="300ms", **PATIENT).run()
    assert hupd.get("/detach").text == "left two"
    hupd.reload()
    with client.Connection(hupd.address()) as slow:
        slow.ask("/slow?300")
        hupd.send(signal.SIGTERM)
        assert slow.response().text == "v1\n"
    assert hupd.wait_exit() == 0
    assert hupd.left_processes() == {}
