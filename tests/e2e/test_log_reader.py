"""The service does not depend on who reads its log: slow, stuck or gone."""

import os
import re

import pytest

from harness import client, log
from harness.log_reader import KINDS, LogReader

AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
READERS = [pytest.param(kind, (), id=kind) for kind in KINDS] + [
    # It may not be opened again, so its description is shared with whoever made it.
    pytest.param("pipe", AS_NOBODY, id="pipe_of_another_user", marks=pytest.mark.skipif(
        os.geteuid() != 0, reason="takes root to become somebody else"))]

LINES = 300  # of 8000 bytes: more than any of the readers' buffers and hupd's own together


def flood(hupd):
    with client.Connection(hupd.address()) as connection:
        for number in range(LINES):
            line = f"flood-{number}-" + "x" * 8000
            assert connection.get("/say", method="POST", body=line.encode()).text == "said"


@pytest.mark.parametrize("kind, prefix", READERS)
def test_a_reader_that_is_stuck_holds_nothing_up_and_is_told_what_it_missed(make_hupd, kind, prefix):
    hupd = make_hupd()
    hupd.directory.chmod(0o1777)
    with LogReader(hupd.log.path, kind) as reader:
        hupd.run(prefix=prefix, output=reader.writer)
        address = hupd.address()
        reader.stop_reading()
        flood(hupd)
        hupd.hup()
        hupd.wait(lambda: [one.gen for one in hupd.workers()] == [2, 2],
                  "the reload is done, without a word")
        assert client.get(address).headers["x-generation"] == "2"
        reader.read_on()
        told = hupd.wait_for(log.LINES_DROPPED)
        assert told.level == "warn"
        dropped = int(re.match(r"(\d+) lines of log were dropped", told.text)[1])
        assert dropped > 0
        assert len(hupd.log.find("flood-")) + dropped >= LINES, "some are missing in silence"
        assert hupd.reload() == 3
        assert hupd.stop() == 0


@pytest.mark.parametrize("kind, prefix", READERS)
def test_a_stop_does_not_wait_for_a_reader_that_is_stuck(make_hupd, kind, prefix):
    hupd = make_hupd()
    hupd.directory.chmod(0o1777)
    with LogReader(hupd.log.path, kind) as reader:
        hupd.run(prefix=prefix, output=reader.writer)
        reader.stop_reading()
        flood(hupd)
        assert hupd.stop() == 0


def test_a_reader_that_is_slow_misses_nothing(make_hupd):
    hupd = make_hupd()
    with LogReader(hupd.log.path, slowness=0.01) as reader:
        hupd.run(output=reader.writer)
        burst = "\n".join(f"burst-{number}-" + "x" * 90 for number in range(8000))
        for _ in range(4):
            assert hupd.get("/say", method="POST", body=burst.encode()).text == "said"
        hupd.wait(lambda: len(hupd.log.find("burst-")) == 4 * 8000, "every line has come")
        assert hupd.log.find(log.LINES_DROPPED) == []
        hupd.stop()
    assert hupd.log.find(log.STOPPED), "the last line, too"


def test_a_reader_that_is_gone_ends_nothing(make_hupd):
    hupd = make_hupd()
    with LogReader(hupd.log.path) as reader:
        hupd.run(output=reader.writer)
        address = hupd.address()
    assert client.get(address, "/say?is-anybody-there").text == "said"
    hupd.hup()
    hupd.wait(lambda: [one.gen for one in hupd.workers()] == [2, 2], "the reload is done")
    assert hupd.stop() == 0


def test_a_log_file_that_is_a_fifo_without_a_reader_is_refused_and_not_waited_for(make_hupd):
    hupd = make_hupd(master={"log": {"file": "log.fifo"}})
    os.mkfifo(hupd.directory / "log.fifo")
    hupd.expected_exit = 2
    hupd.spawn("run", hupd.config)
    assert hupd.wait_exit() == 2
    assert "log.fifo: No such device or address" in hupd.log.tail()
