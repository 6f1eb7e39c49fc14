"""The metrics over HTTP: by a process of hupd's own, which disturbs nobody, whatever befalls it."""

import concurrent.futures
import ctypes
import json
import os
import signal
import socket
import stat
import threading

import pytest
from prometheus_client.openmetrics import parser

from harness import client, control, deaths, log, proc, settings
from harness.client import Connection
from harness.load import Load
from harness.openmetrics import CONTENT_TYPE, Metrics

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="takes root, to become somebody else")
SOMEBODY = 65534
ANYWHERE = "127.0.0.2:0"  # apps have port 0 of another address
AT = "metrics at "
LOST = "the exporter of metrics is lost: "


def write(hupd, **keys):
    """[metrics] with these keys; with none: there is none."""
    hupd.tables.pop("metrics", None)
    if keys:
        hupd.tables["metrics"] = keys
    hupd.config.write_text(settings.toml(hupd.tables))


@pytest.fixture
def serving(make_hupd):
    """A running one that serves metrics."""
    return started(make_hupd())


def started(hupd, listen=ANYWHERE, **keys):
    write(hupd, listen=listen, **keys)
    return hupd.run()


def place(hupd):
    return hupd.log.find(AT)[-1].text[len(AT):]


def app_address(hupd):
    return hupd.address(1)  # the first one is the metrics' own


def exporters(hupd):
    return [pid for pid in proc.children(hupd.pid) if proc.title(pid) == "hupd: exporter"]


def exporter(hupd):
    (pid,) = hupd.wait(lambda: exporters(hupd), "there is an exporter")
    return pid


def scraped(hupd):
    response = client.get(place(hupd), "/metrics")
    assert response.status == 200, response
    return Metrics(response.text)


def is_refused(address):
    try:
        client.connect(address).close()
    except ConnectionRefusedError:
        return True
    return False


# ---- what is served ----

def test_metrics_are_served_as_they_are_at_the_moment(serving):
    address = app_address(serving)
    for served in range(1, 20):
        client.get(address)
        # Who has answered has yet to turn its loop for the count to be seen.
        serving.wait(lambda n=served: scraped(serving).of("hupd_app_requests_total", app="web") == n,
                     "it is counted")
    response = client.get(place(serving), "/metrics")
    assert response.headers["content-type"] == CONTENT_TYPE
    assert list(parser.text_string_to_metric_families(response.text))
    ours = Metrics(control.command(serving, "metrics").out)
    assert list(ours.families) == list(Metrics(response.text).families)


def test_there_is_nothing_but_metrics_and_nobody_can_change_anything(serving):
    with Connection(place(serving)) as connection:
        assert connection.get("/metrics?format=any").status == 200
        assert connection.get("/").status == 404
        assert connection.get("/metrics/more").status == 404
        head = connection.get("/metrics", method="HEAD")
        assert head.status == 200 and int(head.headers["content-length"]) > 1000
        posted = connection.get("/metrics", method="POST", body=b"x")
        assert posted.status == 405 and posted.headers["allow"] == "GET, HEAD"
        assert connection.get("/metrics").status == 200, "and the connection lives on"


def test_many_may_ask_at_once(serving):
    connections = [Connection(place(serving)) for _ in range(40)]
    for one in connections:
        one.ask("/metrics")
        one.ask("/metrics")
    for one in connections:
        assert one.response().status == 200 and one.response().status == 200
        one.close()


def test_a_unix_socket_will_do(make_hupd):
    hupd = make_hupd()
    started(hupd, {"address": f"unix:{hupd.directory}/m.sock", "mode": "0600"})
    assert scraped(hupd).of("hupd_app_workers_wanted", app="web") == 2
    assert (hupd.directory / "m.sock").stat().st_mode & 0o777 == 0o600
    hupd.stop()
    assert not (hupd.directory / "m.sock").exists()


def test_a_master_without_a_control_socket_serves_them_too(make_hupd):
    one, other = make_hupd(master={"control": None}), make_hupd(master={"control": None})
    taken = {"RUNTIME_DIRECTORY": str(one.directory)}
    one.run(variables=taken)
    write(other, listen=ANYWHERE)
    other.run(variables=taken)
    other.wait_for("no control socket: ")
    assert scraped(other).of("hupd_app_workers_serving", app="web") == 2


@ROOT_ONLY
def test_it_runs_as_the_user_it_is_told(make_hupd):
    hupd = started(make_hupd(), user=str(SOMEBODY))
    assert scraped(hupd).of("hupd_app_workers_serving", app="web") == 2
    ids = proc.status((proc.PROC / str(exporter(hupd)) / "status").read_text())
    assert set(ids["Uid"].split()) == {str(SOMEBODY)} and ids["NoNewPrivs"] == "1"
    assert set(ids["Gid"].split()) == {str(SOMEBODY)}


PIDFD_GETFD = 438


def questions_of(pid):
    """A copy of the socket by which an exporter asks its master."""
    pidfd = os.pidfd_open(pid)
    try:
        for number in proc.descriptors(pid):
            fd = ctypes.CDLL(None, use_errno=True).syscall(PIDFD_GETFD, pidfd, number, 0)
            assert fd >= 0, os.strerror(ctypes.get_errno())
            if not stat.S_ISSOCK(os.fstat(fd).st_mode):
                os.close(fd)
                continue
            one = socket.socket(fileno=fd)
            listens = one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if (one.family, one.type, listens) == (socket.AF_UNIX, socket.SOCK_STREAM, 0):
                return one
            one.close()
    finally:
        os.close(pidfd)
    raise AssertionError("it has none")


@ROOT_ONLY
def test_it_may_ask_and_change_nothing(serving):
    """Also when it is somebody else's by then: what comes from it may only ask."""
    assert scraped(serving)
    os.kill(exporter(serving), signal.SIGSTOP)
    with questions_of(exporter(serving)) as stolen, stolen.makefile("rb") as replies:
        stolen.settimeout(20)
        for command, answer in (("stop", "error"), ("reload", "error"), ("logs-reopen", "error"),
                                ("history", "history")):
            stolen.sendall(json.dumps({"version": 1, "command": command}).encode() + b"\n")
            reply = json.loads(replies.readline())
            assert reply["type"] == answer, reply
            assert reply.get("error") in (None, "permission")
    assert serving.generation() == 1


# ---- its life ----

def test_one_that_is_killed_comes_back_and_nobody_who_asks_is_refused(serving):
    with Load(app_address(serving), clients={"fresh": 1, "busy": 1}):
        for _ in range(3):
            since, killed = serving.log.mark(), exporter(serving)
            os.kill(killed, signal.SIGKILL)
            assert scraped(serving).of("hupd_app_workers_lost_total", app="web") == 0
            assert exporter(serving) != killed
            told = serving.wait_for(LOST, since)
            assert told.level == "warn" and "signal 9 (SIGKILL)" in told.text
    assert serving.generation() == 1


def test_one_that_keeps_ending_is_started_ever_more_slowly(serving):
    for times, delay in enumerate((100, 200, 400), 1):
        os.kill(exporter(serving), signal.SIGKILL)
        serving.wait(lambda n=times: len(serving.log.find(LOST)) == n, "it is lost")
        assert f"started again in {delay} ms" in serving.log.find(LOST)[-1].text
    assert scraped(serving)


def test_its_comings_and_goings_leave_nothing_in_the_master(serving):
    def held():
        return len(proc.descriptors(serving.pid))
    serving.reload()  # from here on there is one to go back to
    serving.wait_settled(2)
    assert scraped(serving)
    before = held()
    for killed in range(3):
        os.kill(exporter(serving), signal.SIGKILL)
        serving.wait(lambda n=killed: len(serving.log.find(LOST)) == n + 1, "it is lost")
        assert scraped(serving)
    serving.wait(lambda: held() == before, "the master has what it had")
    write(serving)
    serving.reload()
    write(serving, listen=ANYWHERE)
    serving.reload()
    assert scraped(serving)
    serving.wait(lambda: held() == before, "and again")


def test_it_leaves_with_a_master_that_is_killed_and_comes_with_the_next(serving):
    pid = exporter(serving)
    assert scraped(serving)
    deaths.kill_master(serving)
    serving.wait(lambda: not proc.lives(pid), "it has left")
    deaths.Keeper().run(serving)
    assert scraped(serving)


def test_a_stuck_one_is_nobodys_trouble_and_does_not_outlive_the_stop(serving):
    pid = exporter(serving)
    os.kill(pid, signal.SIGSTOP)
    waiting = [Connection(place(serving)) for _ in range(5)]
    for one in waiting:
        one.ask("/metrics")
    assert control.command(serving, "reload").code == 0
    assert control.status(serving)["pid"] == serving.pid
    assert serving.stop() == 0
    assert not proc.lives(pid)
    for one in waiting:
        one.close()


def test_who_never_reads_holds_up_nobody(serving):
    greedy = client.connect(place(serving))
    greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    greedy.setblocking(False)
    sent = 0
    try:
        while sent < 64 * 1024 * 1024:
            sent += greedy.send(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n" * 100)
    except BlockingIOError:
        pass
    assert sent < 64 * 1024 * 1024
    assert scraped(serving).of("hupd_app_workers_serving", app="web") == 2
    assert control.command(serving, "reload").code == 0
    assert proc.resident_kib(exporter(serving)) < 100 * 1024
    greedy.close()


def test_without_an_answer_of_the_master_there_is_one_for_who_asks(serving):
    exporter(serving)
    assert scraped(serving)
    with Connection(place(serving), timeout=30) as connection:
        serving.send(signal.SIGSTOP)
        try:
            connection.ask("/metrics")
            assert connection.response().status == 503
        finally:
            serving.send(signal.SIGCONT)
        assert connection.get("/metrics").status == 200


# ---- reloads ----

def test_a_reload_adds_changes_and_removes_it(hupd):
    one, other = f"unix:{hupd.directory}/one.sock", f"unix:{hupd.directory}/other.sock"
    with Load(hupd.address(), clients={"fresh": 1, "busy": 1, "thinking": 4}):
        assert not exporters(hupd)
        write(hupd, listen=one)
        assert control.command(hupd, "reload").code == 0
        pid = exporter(hupd)
        assert scraped(hupd).of("hupd_app_serving_generation", app="web") == 2

        assert control.command(hupd, "reload").code == 0
        assert exporter(hupd) == pid, "nothing has changed for it"
        assert control.command(hupd, "reload", "web").code == 0
        assert exporter(hupd) == pid

        write(hupd, listen=[one, other, ANYWHERE])
        assert control.command(hupd, "reload").code == 0
        for address in (one, other, place(hupd)):
            assert Metrics(client.get(address, "/metrics").text)
        hupd.wait(lambda: exporters(hupd) and exporter(hupd) != pid, "another one serves")
        last = place(hupd)

        write(hupd)
        assert control.command(hupd, "reload").code == 0
        hupd.wait(lambda: not exporters(hupd), "it is gone")
        hupd.wait(lambda: is_refused(last), "nobody listens")
        assert not list(hupd.directory.glob("o*.sock"))
    assert hupd.generation() == 6


def test_nobody_who_asks_notices_that_another_one_takes_its_place(hupd):
    one, other = f"unix:{hupd.directory}/one.sock", f"unix:{hupd.directory}/other.sock"
    ended, asked = threading.Event(), [0] * 4

    def ask(number):
        while not ended.is_set():
            assert Metrics(client.get(one, "/metrics").text)
            asked[number] += 1

    write(hupd, listen=one)
    assert control.command(hupd, "reload").code == 0
    with concurrent.futures.ThreadPoolExecutor(len(asked)) as pool:
        asking = [pool.submit(ask, number) for number in range(len(asked))]
        try:
            for turn in range(10):
                pid, before = exporter(hupd), sum(asked)
                write(hupd, listen=[one] if turn % 2 else [one, other])
                assert control.command(hupd, "reload").code == 0
                hupd.wait(lambda: exporters(hupd) and exporter(hupd) != pid, "another one serves")
                hupd.wait(lambda: sum(asked) > before + 8 or any(each.done() for each in asking),
                          "they ask on")
        finally:
            ended.set()
        for each in asking:
            each.result()


def test_an_address_in_use_rejects_the_reload_and_nothing_has_changed(serving):
    before, pid = place(serving), exporter(serving)
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        for address in (taken, app_address(serving)):
            write(serving, listen=address)
            refused = control.command(serving, "reload")
            assert refused.code == 2 and f"metrics: listen on {address}: " in refused.err, refused
    assert place(serving) == before and exporter(serving) == pid
    assert scraped(serving).of("hupd_configuration_refused_total") == 2
    assert serving.generation() == 1


def test_an_app_can_take_over_its_address_and_the_other_way_round(make_hupd):
    hupd = make_hupd()
    shared = f"unix:{hupd.directory}/shared.sock"
    started(hupd, shared)
    assert Metrics(client.get(shared, "/metrics").text)
    hupd.tables["app.web"]["listen"] = [ANYWHERE, shared]
    write(hupd)
    assert control.command(hupd, "reload").code == 0
    assert "x-pid" in client.get(shared).headers

    hupd.tables["app.web"]["listen"] = [ANYWHERE]
    write(hupd, listen=shared)
    refused = control.command(hupd, "reload")
    assert refused.code == 2 and "metrics: listen on" in refused.err, "not both in one step"
    assert "x-pid" in client.get(shared).headers
    write(hupd)
    assert control.command(hupd, "reload", "--drained").code == 0
    write(hupd, listen=shared)
    hupd.wait(lambda: control.command(hupd, "reload").code == 0, "the address is free")
    assert Metrics(client.get(shared, "/metrics").text)


def test_a_start_with_an_address_in_use_says_so_and_ends(make_hupd):
    hupd = make_hupd()
    hupd.expected_exit = 2
    with socket.create_server(("127.0.0.1", 0)) as other:
        write(hupd, listen=f"127.0.0.1:{other.getsockname()[1]}")
        hupd.spawn("run", hupd.config)
        assert hupd.wait_exit() == 2
    assert "metrics: listen on 127.0.0.1:" in hupd.log.tail()
    assert not hupd.log.find(log.STARTED)


def test_what_is_no_address_is_a_fault_with_its_place(hupd):
    write(hupd, listen="localhost:9100")
    checked = control.command(hupd, "reload")
    assert checked.code == 2 and "metrics.listen" in checked.err, checked
