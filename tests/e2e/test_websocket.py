"""The WebSocket of src/apps: handshake, frames, and connections that live through reloads."""

import asyncio
import collections
import itertools
import random
import signal
import struct
import threading

import pytest

from harness import client, library, websocket
from harness.build import BUILD
from harness.waiting import PATIENCE
from harness.websocket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Socket, frame

SOCKETS = 300
RELOADS = 20
WORKERS = 2
MEBIBYTE = 1 << 20


def second_version():
    return library.example("websocket", "-Wl,--no-as-needed", "-lmd",
                           old='HUPD_APP(Counters, "1")', new='HUPD_APP(Counters, "2")')


def other_states():
    return library.example("websocket", "-Wl,--no-as-needed", "-lmd",
                           old="state_version = 1;", new="state_version = 2;")


@pytest.fixture
def make_service(make_hupd):
    def make(**how):
        hupd = make_hupd(version=None, **{"workers": WORKERS, **how})
        hupd.library.move_in(BUILD / "libwebsocket.so")
        return hupd.run()
    return make


@pytest.fixture
def service(make_service):
    return make_service()


# ---- the handshake ----

def changed(name, *values):
    """The request's fields with those of this name replaced."""
    kept = [field for field in websocket.ASK if not field.startswith(f"{name}:")]
    return (*kept, *(f"{name}: {value}" for value in values))


@pytest.mark.parametrize("fields, status", [
    ((), 426),
    (changed("Upgrade", "h2c"), 426),
    (changed("Connection", "keep-alive"), 426),
    (changed("Sec-WebSocket-Version", "8"), 426),
    (changed("Sec-WebSocket-Version"), 426),
    (changed("Sec-WebSocket-Key"), 400),
    (changed("Sec-WebSocket-Key", "short"), 400),
])
def test_a_request_that_is_no_handshake_is_answered_as_a_request(service, fields, status):
    with client.Connection(service.address()) as connection:
        for _ in range(2):  # the connection is HTTP's still
            answer = connection.get("/", headers=fields)
            assert answer.status == status
            if status == 426:
                assert answer.headers["upgrade"] == "websocket"
                assert answer.headers["connection"] == "Upgrade"
        if any(field.startswith("Upgrade: websocket") for field in fields) and status == 426:
            assert answer.headers.get("sec-websocket-version", "13") == "13"


def test_a_handshake_by_another_method_is_refused(service):
    with client.Connection(service.address()) as connection:
        connection.ask("/", method="POST", headers=websocket.ASK, body=b"x")
        assert connection.response().status == 405
        connection.send(b"GET / HTTP/1.0\r\n" + "\r\n".join(websocket.ASK).encode() + b"\r\n\r\n")
        assert connection.response().status == 426


def test_what_comes_with_the_handshake_is_heard(service):
    with client.Connection(service.address()) as connection:
        connection.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n"
                        + "\r\n".join(websocket.ASK).encode() + b"\r\n\r\n" + frame(TEXT, b"hi"))
        assert connection.response().status == 426
        assert connection.response(head_only=True).status == 101
        assert connection._take(4) == b"\x81\x02hi"


# ---- messages ----

@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, MEBIBYTE])
def test_a_message_of_any_size_comes_back(service, size):
    with Socket(service.address()) as socket:
        for payload in ("é" * (size // 2) + "x" * (size % 2), random.randbytes(size)):
            socket.say(payload)
            assert socket.hear() == payload
        assert socket.count() == (3, 1)


def test_a_message_in_pieces_comes_back_whole_and_a_ping_between_at_once(service):
    with Socket(service.address()) as socket:
        socket.send(frame(TEXT, b"one \xc3", last=False) + frame(PING, b"there?"))
        assert socket.frame() == (PONG, b"there?")
        socket.send(frame(CONTINUATION, b"\xa9", last=False) + frame(PONG, b"unasked"))
        socket.send(frame(CONTINUATION, b"", last=False) + frame(CONTINUATION, b" two"))
        assert socket.hear() == "one é two"


def test_bytes_may_come_one_by_one(service):
    with Socket(service.address()) as socket:
        for byte in b"".join(websocket.message("hello", 2)) + frame(PING, b"x"):
            socket.send(bytes([byte]))
        assert socket.hear() == "hello"
        assert socket.frame() == (PONG, b"x")


def test_who_does_not_listen_is_not_listened_to_and_loses_nothing(make_service):
    service = make_service(connection={"write_high_mark": "16KiB"})
    messages = [f"{number} " + "x" * 5000 for number in range(3000)]
    with Socket(service.address()) as socket:
        def say():
            for one in messages:
                socket.say(one)
        mouth = threading.Thread(target=say)
        mouth.start()
        service.reload()
        for one in messages:
            assert socket.hear() == one
        mouth.join(PATIENCE)
        assert socket.count()[0] == 3001


# ---- faults and ends ----

@pytest.mark.parametrize("sent, code", [
    (frame(TEXT, b"x", mask=b""), 1002),
    (b"\xc1" + frame(TEXT, b"x")[1:], 1002),
    (frame(3, b"x"), 1002),
    (frame(11), 1002),
    (frame(PING, b"", last=False), 1002),
    (frame(PING, b"x" * 126), 1002),
    (frame(CONTINUATION, b"x"), 1002),
    (frame(TEXT, b"x", last=False) + frame(BINARY, b"x"), 1002),
    (b"\x81\xfe\x00\x05abcd", 1002),
    (frame(CLOSE, b"\x03"), 1002),
    (frame(CLOSE, struct.pack("!H", 1005)), 1002),
    (frame(TEXT, b"\xff"), 1007),
    (frame(TEXT, b"\xed\xa0\x80"), 1007),
    (frame(TEXT, b"\xc3", last=False) + frame(CONTINUATION, b"x"), 1007),
    (frame(CLOSE, struct.pack("!H", 1000) + b"\xff"), 1007),
    (frame(BINARY, b"x" * 5000)[:8], 1009),
    (b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xffabcd", 1009),
    (frame(BINARY, b"x" * 4000, last=False) + frame(CONTINUATION, b"x" * 97), 1009),
])
def test_a_fault_is_answered_with_its_code(make_service, sent, code):
    service = make_service(workers=1, settings={"longest": 4096})
    with Socket(service.address()) as socket:
        socket.say("before")
        socket.send(sent)
        assert socket.hear() == "before"
        assert socket.end()[0] == code
    with Socket(service.address()) as another:
        assert another.count() == (1, 1)


@pytest.mark.parametrize("payload, answer", [
    (b"", ()), (struct.pack("!H", 1000) + "adieu é".encode(), (1000, "adieu é")),
    (struct.pack("!H", 4999), (4999, ""))])
def test_a_close_is_answered_with_its_own_code(service, payload, answer):
    with Socket(service.address()) as socket:
        socket.say("last words")
        socket.send(frame(CLOSE, payload) + frame(TEXT, b"not heard any more"))
        assert socket.hear() == "last words"
        assert socket.end() == answer


def test_a_stop_is_said(service):
    with Socket(service.address()) as socket, Socket(service.address()) as busy:
        socket.say("hello")
        assert socket.hear() == "hello"
        busy.send(frame(TEXT, b"half a mess")[:9])
        service.send(signal.SIGTERM)
        assert socket.end() == busy.end() == (1001, "the server goes away")


def test_a_time_limit_is_the_connections_own(make_service):
    service = make_service(workers=1, connection={"idle_timeout": "200ms"})
    with Socket(service.address()) as socket:
        assert socket.rest() == b""


# ---- through a reload ----

@pytest.mark.parametrize("cut", [1, 3, 6, 7, 50, -1])
def test_half_a_frame_outlives_a_reload(service, cut):
    text = "half " * 100
    second = frame(CONTINUATION, text.encode())
    with Socket(service.address()) as socket:
        assert socket.count() == (1, 1)
        socket.send(frame(TEXT, text.encode(), last=False) + second[:cut])
        service.library.move_in(second_version())
        service.reload()
        service.wait_settled(WORKERS)  # the workers that had it are gone
        socket.send(second[cut:])
        assert socket.hear() == text + text
        assert socket.count() == (3, 2)


def test_a_version_that_cannot_read_the_state_asks_to_come_again(service):
    with Socket(service.address()) as socket:
        assert socket.count() == (1, 1)
        service.library.move_in(other_states())
        service.reload()
        assert socket.end() == (1012, "please come again")
    with Socket(service.address()) as again:
        assert again.count() == (1, 2)


def test_a_version_that_knows_no_websockets_ends_them_without_a_reset(service):
    with Socket(service.address()) as socket:
        assert socket.count() == (1, 1)
        service.library.move_in(library.service("v2"))
        service.reload()
        assert socket.rest() == b""
        assert service.get("/version").status == 200


def test_a_message_too_large_to_move_ends_in_a_goodbye(make_service):
    service = make_service(handover={"max_state": "64KiB"})
    with Socket(service.address()) as socket, Socket(service.address()) as other:
        assert other.count() == (1, 1)
        socket.send(frame(BINARY, b"x" * 200_000)[:150_000])
        service.wait(socket.has_arrived, "the message is there")
        service.reload()
        assert socket.end() == (1001, "the server goes away")
        assert other.count() == (2, 2)


# ---- many, at random, through many reloads ----

class Talker(websocket.Talker):
    """Says what comes to its mind, in pieces and with pauses within frames, and notes what is to
    come back: what it said, or nothing where it asked for the count."""

    def __init__(self, number):
        self.random = random.Random(number)
        self.said, self.faults = collections.deque(), []
        self.messages, self.heard, self.generations = 0, 0, []

    def thought(self):
        kind = self.random.random()
        if kind < 0.3:
            return "count"
        size = 70_000 if kind > 0.995 else self.random.randrange(300)
        return self.random.randbytes(size) if kind > 0.6 else "é" * (size // 2) + str(size)

    async def talk(self, stop):
        while not stop.is_set():
            payload = self.thought()
            self.said.append(payload)
            data = b"".join(websocket.message(payload, self.random.randrange(1, 4)))
            cut = self.random.randrange(len(data))
            self.write(data[:cut])
            await asyncio.sleep(self.random.random() * 0.3)
            self.write(data[cut:])
            if self.random.random() < 0.7:  # else the next one follows at once
                await asyncio.sleep(self.random.random() * 0.3)

    async def listen(self):
        while True:
            told = await self.hear()
            self.heard += 1
            said = self.said.popleft() if self.said else "nothing"
            if said == "count" and isinstance(told, str):
                messages, generation = websocket.counted(told)
                if messages != self.heard:
                    self.faults.append(f"{messages} counted, {self.heard} said")
                self.generations.append(generation)
            elif told != said:
                self.faults.append(f"{told!r:.60} in place of {said!r:.60}")


async def talk_through(talkers, address, reloads):
    await asyncio.gather(*(one.open(address) for one in talkers))
    ears = [asyncio.ensure_future(one.listen()) for one in talkers]
    stop = asyncio.Event()
    mouths = [asyncio.ensure_future(one.talk(stop)) for one in talkers]
    await asyncio.get_running_loop().run_in_executor(None, reloads)
    stop.set()
    await asyncio.gather(*mouths)
    for one in talkers:
        one.said.append("count")
        one.write(frame(TEXT, b"count"))
    end = asyncio.get_running_loop().time() + PATIENCE
    while any(one.said for one in talkers) and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.01)
    ended = [ear.exception() for ear in ears if ear.done()]
    for one, ear in zip(talkers, ears):
        ear.cancel()
        one.writer.close()
    assert not ended, "these connections were closed"


def test_every_message_comes_back_once_and_in_order_through_twenty_reloads(service):
    versions = itertools.cycle([second_version(), BUILD / "libwebsocket.so"])
    talkers = [Talker(number) for number in range(SOCKETS)]

    def reloads():
        for _ in range(RELOADS):
            service.library.move_in(next(versions))
            new = service.reload()
            service.wait(lambda: sum(new in one.generations[-1:] for one in talkers)
                         > SOCKETS // 2, "half of them have heard from the new generation")
        service.wait_settled(WORKERS)  # and all of them are with the last one
        assert service.generation() == RELOADS + 1

    asyncio.run(talk_through(talkers, service.address(), reloads))
    for one in talkers:
        assert one.faults == [] and not one.said
        assert one.generations == sorted(one.generations)
        assert one.generations[-1] == RELOADS + 1
        assert len(set(one.generations)) >= 3
