"""Bad clients are answered or closed in time; other clients notice nothing."""

import select
import socket
import struct

import pytest

from harness import client, log, proc
from harness.load import Load
from harness.waiting import elapse, wait_until

SHORT = {"header_timeout": "500ms", "body_timeout": "500ms", "idle_timeout": "1500ms",
         "write_timeout": "500ms"}
GOOD = {"fresh": 1, "busy": 1, "thinking": 3, "slow": 1, "upload": 1}


@pytest.fixture
def strict(make_hupd):
    return make_hupd(http={**SHORT, "max_body": "1KiB", "max_header": "2KiB", "max_target": "1KiB"},
                     connection={"linger_timeout": "500ms"}).run()


BAD_REQUESTS = {
    "rubbish": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "no_version": (b"GET /\r\n\r\n", 400),
    "other_version": (b"GET / HTTP/3.7\r\nHost: a\r\n\r\n", 505),
    "no_host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two_hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    "space_in_a_name": (b"GET / HTTP/1.1\r\nHost: a\r\nX y : z\r\n\r\n", 400),
    "folded_header": (b"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n", 400),
    "bare_control": (b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 400),
    "length_and_chunked": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                           b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "two_lengths": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                    400),
    "negative_length": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\n", 400),
    "length_too_long": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
                        400),
    "unknown_coding": (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: rot13\r\n\r\n", 501),
    "bad_chunk": (b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    "body_too_large": (b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n", 413),
    "chunked_body_too_large": (b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                               b"7d0\r\n" + b"x" * 2000 + b"\r\n0\r\n\r\n", 413),
    "target_too_long": (b"GET /" + b"a" * 1100 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    "headers_too_large": (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 3000 + b"\r\n\r\n", 431),
    "too_many_headers": (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 150 + b"\r\n", 431),
}


@pytest.mark.parametrize("request_bytes, status", BAD_REQUESTS.values(), ids=BAD_REQUESTS)
def test_a_bad_request_is_answered_with_its_status_and_closed(strict, request_bytes, status):
    with client.Connection(strict.address()) as bad, client.Connection(strict.address()) as good:
        good.get()
        bad.send(request_bytes)
        response = bad.response()
        assert response.status == status
        assert response.closes
        assert bad.rest() == b"", "nothing is taken for a second request"
        assert good.get().text == "v1\n"
    assert strict.log.find(log.LOST) == []


def test_no_request_is_smuggled_behind_another(strict):
    """What follows a body that was refused is not read as a request."""
    smuggled = b"GET /crash HTTP/1.1\r\nHost: a\r\n\r\n"
    with client.Connection(strict.address()) as bad:
        bad.send(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n"
                 b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % len(smuggled) + smuggled)
        assert bad.response().status == 400
        assert bad.rest() == b""
    assert strict.get().text == "v1\n"
    assert strict.log.find(log.LOST) == []


def drip(connection, data, limit=200):
    """One byte at a time, more often than any timeout, until the server has had enough."""
    for byte in data[:limit]:
        if not connection.is_open():
            return
        try:
            connection.send(bytes([byte]))
        except (BrokenPipeError, ConnectionResetError):
            return
        elapse(0.1)
    raise AssertionError("the server let itself be dripped on for ever")


def test_a_head_that_comes_byte_by_byte_is_ended_by_header_timeout(strict):
    with client.Connection(strict.address()) as slow:
        drip(slow, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 200)
        assert slow.response().status == 408


def test_a_body_that_stops_coming_is_ended_by_body_timeout(strict):
    with client.Connection(strict.address()) as slow:
        slow.send(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
        assert slow.response().status == 408


def test_a_connection_that_asks_nothing_is_closed_by_a_timeout(strict):
    with client.Connection(strict.address()) as silent:
        assert silent.rest() == b""
    with client.Connection(strict.address()) as idle:
        assert idle.get().text == "v1\n"
        assert idle.rest() == b"", "an idle connection ends without another word"


def test_a_client_that_does_not_read_is_ended_by_write_timeout(strict):
    with client.Connection(strict.address()) as deaf:
        deaf.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.ask("/big?50000000")
        strict.wait(lambda: not connected(strict, deaf), "the server gave up")
    assert strict.get().text == "v1\n"


def connected(hupd, connection):
    """Whether a worker still holds the other end of this connection."""
    port = "%04X" % connection.sock.getsockname()[1]
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table]
    return any(row[2].endswith(":" + port) and row[3] == "01" for row in rows[1:])


def reset(connection):
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


VANISHING = {
    "before_asking": b"",
    "within_the_head": b"GET / HT",
    "within_the_body": b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab",
    "before_the_answer": b"GET /slow?200 HTTP/1.1\r\nHost: a\r\n\r\n",
    "within_the_answer": b"GET /stream?200 HTTP/1.1\r\nHost: a\r\n\r\n",
    "with_a_large_answer_on_the_way": b"GET /big?20000000 HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("end", [client.Connection.close, reset], ids=["closed", "reset"])
@pytest.mark.parametrize("sent", VANISHING.values(), ids=VANISHING)
def test_clients_that_vanish_leave_nothing_behind(strict, sent, end):
    strict.let_each_worker_serve()
    before = descriptors(strict)
    for _ in range(20):
        bad = client.Connection(strict.address())
        bad.send(sent)
        end(bad)
    wait_until(lambda: descriptors(strict) <= before, "their descriptors are closed",
               explain=strict.log.tail)
    assert strict.get().text == "v1\n"
    assert strict.log.find(log.LOST) == []


def descriptors(hupd):
    return sum(len(proc.descriptors(one.pid)) for one in hupd.workers())


def test_good_clients_notice_nothing_of_bad_ones(strict):
    with Load(strict.address(), clients=GOOD):
        for data, _ in BAD_REQUESTS.values():
            with client.Connection(strict.address()) as bad:
                bad.send(data)
                assert bad.response().closes
        for sent in VANISHING.values():
            bad = client.Connection(strict.address())
            bad.send(sent)
            reset(bad)
    assert strict.log.find(log.LOST) == []


def test_a_worker_that_ran_out_of_descriptors_loses_no_client_that_waits(make_hupd):
    """More connections than it may hold: those beyond wait in the queue, and are served in turn."""
    hupd = make_hupd(workers=1, limits={"nofile": 64}).run()
    held = [client.Connection(hupd.address()) for _ in range(100)]
    for one in held:
        one.ask()
    served = answered(held)
    assert 0 < len(served) < 100
    while held:  # whoever is answered makes room for those that wait
        for one in served:
            one.close()
            held.remove(one)
        served = hupd.wait(lambda: answered(held) if held else [None], "more are answered")
    assert hupd.log.find(log.LOST) == []


def answered(connections):
    """Those of them that are, once no more become so."""
    done, waiting = [], {one.sock: one for one in connections}
    while ready := select.select(list(waiting), [], [], 0.5)[0]:
        done += [waiting.pop(sock) for sock in ready]
    assert all(one.response().text == "v1\n" for one in done)
    return done


# ---- what good clients may do ----

def test_requests_may_be_pipelined(hupd):
    with client.Connection(hupd.address()) as connection:
        for path in ("/slow?100", "/", "/echo", "/stream?50"):
            connection.ask(path)
        texts = [connection.response().text for _ in range(4)]
    assert texts == ["v1\n", "v1\n", "", "v1\n" * 10]


def test_head_has_the_length_and_no_body(hupd):
    with client.Connection(hupd.address()) as connection:
        connection.ask("/", method="HEAD")
        assert connection.response(head_only=True).headers["content-length"] == "3"
        assert connection.get().text == "v1\n"


def test_bodies_come_by_length_and_in_chunks(hupd):
    with client.Connection(hupd.address()) as connection:
        assert connection.get("/echo", method="POST", body=b"by length").text == "by length"
        connection.send(b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        b"3\r\nin \r\n6\r\nchunks\r\n0\r\n\r\n")
        assert connection.response().text == "in chunks"


def test_an_expectation_is_met_before_the_body_is_sent(hupd):
    with client.Connection(hupd.address()) as connection:
        connection.send(b"POST /upload HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                        b"Content-Length: 3\r\n\r\n")
        assert connection._until(b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
        connection._buffer = b""
        connection.send(b"abc")
        assert connection.response().text == "v1 3\n"


def test_http_1_0_is_answered_and_closed(hupd):
    with client.Connection(hupd.address()) as connection:
        connection.send(b"GET /stream?20 HTTP/1.0\r\n\r\n")
        answer = connection.rest()
    assert answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"v1\n" * 10)
    assert b"chunked" not in answer
