"""An address that is taken away: its clients are served to the last, then nobody waits there; and it
can be had again at any time."""

import os
import signal

import pytest

from harness import client, log
from harness.inventory import listening
from harness.load import Load

GENTLE = {"fresh": 2, "busy": 1, "thinking": 4}


def serves(address):
    try:
        client.connect(address, timeout=2).close()
        return True
    except OSError:
        return False


def block_a_worker(hupd):
    """It hears nothing of the master from then on. Returns its connection and its pid."""
    connection = client.Connection(hupd.address(0))
    connection.ask("/block")
    return connection, hupd.wait_for("blocking").pid


def paused(hupd):
    pids = [one.pid for one in hupd.workers()]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    return pids


def go_on(pids):
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


@pytest.fixture
def both(make_hupd):
    """Serves on address(0), which stays, and on address(1)."""
    return make_hupd(listen=["127.0.0.1:0", "127.0.0.2:0"]).run()


def test_an_address_is_taken_back_while_an_old_worker_still_has_it(both, reconfigure):
    stuck, pid = block_a_worker(both)
    with stuck, Load(both.address(0), clients=GENTLE):
        reconfigure(both, listen=["127.0.0.1:0"])
        both.reload()
        reconfigure(both, listen=["127.0.0.1:0", "127.0.0.2:0"])
        both.reload()
        with Load(both.address(1), clients=GENTLE):  # the port that it had, which the kernel chose
            both.reload()
            os.kill(pid, signal.SIGKILL)
            both.wait_settled(2)
    assert client.get(both.address(1)).headers["x-generation"] == "4"


def test_a_unix_socket_that_is_taken_back_is_the_same_file_with_its_new_mode(make_hupd, reconfigure):
    address = {"address": "unix:web.sock", "mode": "0600"}
    hupd = make_hupd(listen=["127.0.0.1:0", address]).run()
    path = hupd.directory / "web.sock"
    before = path.stat().st_ino
    stuck, pid = block_a_worker(hupd)
    with stuck:
        reconfigure(hupd, listen=["127.0.0.1:0"])
        hupd.reload()
        reconfigure(hupd, listen=["127.0.0.1:0", {**address, "mode": "0660"}])
        hupd.reload()
        assert path.stat().st_ino == before and path.stat().st_mode & 0o777 == 0o660
        assert client.get(f"unix:{path}").headers["x-generation"] == "3"
        os.kill(pid, signal.SIGKILL)
        hupd.wait_settled(2)
    assert client.get(f"unix:{path}").headers["x-generation"] == "3"


def test_a_removed_address_refuses_clients_though_old_workers_are_busy(both, reconfigure):
    removed = both.address(1)
    with client.Connection(removed) as slow:
        slow.ask("/slow?60000")
        assert both.get().text == "v1\n"
        reconfigure(both, listen=["127.0.0.1:0"])
        both.reload()
        both.wait(lambda: not serves(removed), "the removed address is closed")
        both.wait(lambda: len(both.workers(gen=1)) == 1, "only the busy one is left")
        os.kill(both.workers(gen=1)[0].pid, signal.SIGKILL)


def test_who_waits_at_a_removed_address_is_answered(both, reconfigure):
    pids = paused(both)
    waiting = [client.Connection(both.address(1)) for _ in range(20)]
    for one in waiting:
        one.ask()
    reconfigure(both, listen=["127.0.0.1:0"])
    both.reload()
    go_on(pids)
    for one in waiting:
        assert one.response().status == 200
        one.close()
    both.wait_settled(2)


def test_who_waits_at_a_stop_is_answered(both):
    pids = paused(both)
    waiting = [client.Connection(both.address(number)) for number in (0, 1) for _ in range(20)]
    for one in waiting:
        one.ask()
    both.send(signal.SIGTERM)
    both.wait_for("stopping gracefully")
    both.wait_for(log.DRAINING)
    go_on(pids)
    for one in waiting:
        assert one.response().text == "v1\n"
        one.close()
    assert both.wait_exit() == 0


def test_who_comes_to_a_service_that_stops_is_refused_and_does_not_wait(both):
    with client.Connection(both.address()) as slow:
        slow.ask("/slow?60000")
        assert both.get().text == "v1\n"
        both.send(signal.SIGTERM)
        both.wait(lambda: not serves(both.address()), "nobody is let in")
        assert both.process.poll() is None, "it still waits for the slow one"
        assert both.stop(signal.SIGINT) == 0


def test_v6_only_cannot_change_while_the_address_is_open(make_hupd, reconfigure):
    hupd = make_hupd(listen=["127.0.0.1:0", "[::1]:0"]).run()
    before = listening(hupd.pid)
    with Load(hupd.address(0), hupd.address(1), clients=GENTLE):
        reconfigure(hupd, listen=["127.0.0.1:0", {"address": "[::1]:0", "v6_only": False}])
        hupd.hup()
        rejected = hupd.wait_rejected()
        assert "listen on [::1]:0: it is open with another v6_only" in rejected.text
        assert "restart" in rejected.text and "in the next" in rejected.text
        assert listening(hupd.pid) == before
    reconfigure(hupd, listen=["127.0.0.1:0"])  # the two steps
    hupd.reload()
    hupd.wait(lambda: len(listening(hupd.pid)) == 1, "the old one is closed")
    reconfigure(hupd, listen=["127.0.0.1:0", {"address": "[::1]:0", "v6_only": False}])
    hupd.reload()
    assert client.get(hupd.address(2)).headers["x-generation"] == "4"
