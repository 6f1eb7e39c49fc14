"""The chat of src/apps: its users talk on while versions come and go, and notice nothing of it."""

import asyncio
import itertools
import os
import random
import signal

import pytest

from harness import client, library
from harness.build import BUILD
from harness.waiting import PATIENCE

USERS = 500
ROOMS = 20
RELOADS = 20
WORKERS = 2


def second_version():
    return library.example("chat", old='HUPD_APP(Chat, "1")', new='HUPD_APP(Chat, "2")')


def other_states():
    return library.example("chat", old="version = 1;", new="version = 2;")


@pytest.fixture
def make_chat(make_hupd, story_dir):
    def make(deployed=BUILD / "libchat.so", workers=WORKERS, **how):
        hupd = make_hupd(version=None, workers=workers,
                         settings={"journal": story_dir / "journal"}, **how)
        hupd.library.move_in(deployed)
        return hupd
    return make


@pytest.fixture
def chat(make_chat):
    return make_chat().run()


class User(client.Connection):
    """One that waits for what it is told."""

    def __init__(self, address, nick, room="lobby"):
        super().__init__(address)
        assert self.line().startswith("* hello")
        self.send(f"/nick {nick}\n/join {room}\n".encode())
        assert self.line() == f"* you are {nick}" and self.line() == f"* you are in {room}"

    def say(self, text):
        self.send(text.encode() + b"\n")

    def line(self):
        line, _, self._buffer = self._until(b"\n").partition(b"\n")
        return line.decode()

    def lines(self, count):
        return [self.line() for _ in range(count)]


# ---- a chat ----

def test_who_is_in_a_room_hears_it_in_whatever_worker(make_chat):
    chat = make_chat(workers=4).run()
    users = [User(chat.address(), f"u{number}", f"room{number % 2}") for number in range(12)]
    for number in range(2):
        users[number].say(f"of {number}")
    for number, user in enumerate(users):
        assert user.line() == f"u{number % 2} of {number % 2}"
        user.send(b"/quit\r\n")
        assert user.rest() == b"* good-bye\n"


def test_a_change_of_rooms_is_exact(chat):
    with User(chat.address(), "ann", "a") as ann, User(chat.address(), "bob", "b") as bob:
        ann.send(b"one\n/join b\ntwo\n/nick eve\nthree\n")
        assert ann.lines(5) == ["ann one", "* you are in b", "ann two", "* you are eve", "eve three"]
        assert bob.lines(2) == ["ann two", "eve three"]


def test_a_chat_without_a_journal_does_not_start(make_chat, reconfigure):
    chat = make_chat()
    reconfigure(chat, settings={"kept": 1 << 20})
    chat.expected_exit = 1
    chat.spawn("run", chat.config).wait_exit()
    assert "settings.journal: the name of a file is missing" in chat.log.tail()


def test_a_stop_is_said(chat):
    with User(chat.address(), "ann") as ann:
        chat.send(signal.SIGTERM)
        assert ann.rest() == b"* the chat closes: good-bye\n"


# ---- through a reload ----

def test_nick_room_and_half_a_line_outlive_a_reload(chat):
    with User(chat.address(), "ann", "cellar") as ann, User(chat.address(), "bob", "cellar") as bob:
        ann.send(b"half a ")
        bob.say("hear me")
        assert ann.line() == "bob hear me"
        chat.library.move_in(second_version())
        chat.reload()
        chat.wait_settled(WORKERS)  # the workers that had them are gone
        ann.say("line")
        bob.say("and another")
        assert bob.line() == "bob hear me"
        for user in (ann, bob):
            assert sorted(user.lines(2)) == ["ann half a line", "bob and another"]


def test_who_is_on_the_way_hears_what_was_said_meanwhile(make_chat):
    """In the queue nobody has the connection; the one who talks is served by another master."""
    here, there = make_chat().run(), make_chat().run()
    with User(here.address(), "ann") as ann, User(there.address(), "bob") as bob:
        old = [one.pid for one in here.workers()]
        for pid in old:
            os.kill(pid, signal.SIGSTOP)  # so that the move does not begin before its time
        here.reload()
        new = [one.pid for one in here.workers(gen=2)]
        for pid in new:
            os.kill(pid, signal.SIGSTOP)
        for pid in old:
            os.kill(pid, signal.SIGCONT)
        here.wait(lambda: not here.workers(gen=1), "the old generation has let go of ann")
        for number in range(100):
            bob.say(str(number))
        said = [f"bob {number}" for number in range(100)]
        assert bob.lines(100) == said
        for pid in new:
            os.kill(pid, signal.SIGCONT)
        assert ann.lines(100) == said
        ann.say("thanks")
        assert bob.line() == "ann thanks" == ann.line()


def test_who_listens_slowly_moves_later_and_misses_nothing(make_chat):
    chat = make_chat(connection={"write_high_mark": "16KiB"}).run()
    count, text = 6000, "x" * 2000
    with User(chat.address(), "slow") as slow, User(chat.address(), "bob") as bob:
        for number in range(count):
            bob.say(f"{number} {text}")
            assert bob.line() == f"bob {number} {text}"
            if number == count // 2:
                chat.library.move_in(second_version())
                chat.reload()
        for number in range(count):
            assert slow.line() == f"bob {number} {text}"
        chat.wait_settled(WORKERS)
        slow.say("at last")
        assert bob.line() == "slow at last" == slow.line()


def test_who_is_too_far_behind_is_told(make_chat, reconfigure, story_dir):
    chat = make_chat(connection={"write_high_mark": "16KiB"})
    reconfigure(chat, settings={"journal": story_dir / "journal", "kept": 1 << 20})
    chat.run()
    count, text = 20000, "x" * 2000
    with User(chat.address(), "slow") as slow, User(chat.address(), "bob") as bob:
        for number in range(count):
            bob.say(f"{number} {text}")
            bob.line()
        assert (story_dir / "journal").stat().st_blocks * 512 < 4 << 20
        lines = list(iter(slow.line, "* you have missed some lines"))
        assert lines == [f"bob {number} {text}" for number in range(len(lines))]
        bob.say("last")
        assert next(line for line in iter(slow.line, None) if "x" not in line) == "bob last"


def test_a_version_that_cannot_read_the_state_says_good_bye(make_chat):
    chat = make_chat(other_states()).run()
    with User(chat.address(), "ann") as ann:
        chat.library.move_in(BUILD / "libchat.so")  # a rollback
        chat.reload()
        assert ann.rest() == b"* this version cannot go on where you were: please come again\n"
        with User(chat.address(), "ann") as again:
            again.say("here I am")
            assert again.line() == "ann here I am"


# ---- many, at random, through many reloads ----

class Talker:
    """Says numbered lines, often in two pieces, and keeps all that it hears."""

    def __init__(self, number):
        self.nick, self.room = f"u{number}", f"room{number % ROOMS}"
        self.random = random.Random(number)
        self.said, self.heard = [], []

    async def enter(self, address):
        host, _, port = address.rpartition(":")
        self.reader, self.writer = await asyncio.open_connection(host, int(port))
        self.writer.write(f"/nick {self.nick}\n/join {self.room}\n".encode())
        while await self.reader.readline() != f"* you are in {self.room}\n".encode():
            pass

    async def listen(self):
        while line := await self.reader.readline():
            self.heard.append(line.decode().rstrip("\n"))

    async def talk(self, stop):
        for number in itertools.count():
            if stop.is_set():
                return
            text = f"{number} " + "x" * self.random.randrange(100)
            cut = self.random.randrange(len(text))
            self.writer.write(text[:cut].encode())
            await asyncio.sleep(self.random.random() * 0.4)
            self.writer.write(text[cut:].encode() + b"\n")
            self.said.append(f"{self.nick} {text}")
            await asyncio.sleep(self.random.random() * 0.4)


async def talk_through(talkers, address, reloads):
    await asyncio.gather(*(one.enter(address) for one in talkers))
    ears = [asyncio.ensure_future(one.listen()) for one in talkers]
    stop = asyncio.Event()
    mouths = [asyncio.ensure_future(one.talk(stop)) for one in talkers]
    await asyncio.get_running_loop().run_in_executor(None, reloads)
    stop.set()
    await asyncio.gather(*mouths)

    def all_is_heard():
        said = {room: sum(len(one.said) for one in talkers if one.room == room)
                for room in {one.room for one in talkers}}
        return all(len(one.heard) >= said[one.room] for one in talkers)
    end = asyncio.get_running_loop().time() + PATIENCE
    while not all_is_heard() and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.01)
    ended = [one.nick for one, ear in zip(talkers, ears) if ear.done()]
    for one, ear in zip(talkers, ears):
        ear.cancel()
        one.writer.close()
    assert not ended, "these were disconnected"


def test_every_line_arrives_once_and_in_order_through_twenty_reloads(chat):
    versions = itertools.cycle([second_version(), BUILD / "libchat.so"])
    talkers = [Talker(number) for number in range(USERS)]

    def reloads():
        for _ in range(RELOADS):
            chat.library.move_in(next(versions))
            chat.reload()
        chat.wait_settled(WORKERS)  # and all of them are with the last one
        assert chat.generation() == RELOADS + 1

    asyncio.run(talk_through(talkers, chat.address(), reloads))
    for room in {one.room for one in talkers}:
        users = [one for one in talkers if one.room == room]
        heard = users[0].heard
        for one in users:
            assert one.heard == heard, f"{one.nick} and {users[0].nick} heard different things"
            own = [line for line in heard if line.startswith(one.nick + " ")]
            assert own == one.said
        assert sum(len(one.said) for one in users) == len(heard) > RELOADS
