"""The log is an interface: one shape, every child under its name."""

import pytest

from harness import client, library, log


def test_every_line_has_the_one_shape(hupd):
    hupd.reload()
    hupd.library.move_in(library.bad("BAD_LOAD_ABORT"))
    hupd.hup()
    hupd.wait_rejected()
    hupd.stop()
    for raw in hupd.log.raw():
        assert log.parse(raw) is not None, raw


def test_a_ready_worker_is_told_with_its_name(hupd):
    for one in hupd.workers():
        (line,) = hupd.log.find(log.READY, worker=one.slot, gen=1)
        assert (line.app, line.pid, line.level) == ("web", one.pid, "info")


def test_standard_error_of_a_worker_is_logged_under_its_name(hupd):
    answer = hupd.get("/say?the-cache-is-cold")
    line = hupd.wait_for("the-cache-is-cold")
    assert (line.app, line.gen) == ("web", 1)
    assert line.worker == int(answer.headers["x-worker"])
    assert line.pid == int(answer.headers["x-pid"])


@pytest.mark.parametrize("priority, level", [(3, "error"), (4, "warn"), (6, "info")])
def test_a_priority_in_front_of_a_line_is_its_level(hupd, priority, level):
    hupd.get(f"/say?<{priority}>mind-this")
    assert hupd.wait_for("mind-this").level == level


def test_what_cannot_be_shown_in_a_line_cannot_forge_one(hupd):
    hupd.get("/say", method="POST", body=b"\x1b[31mred\x07\r2026-11-22T20:00:00.123Z error forged")
    line = hupd.wait_for("[31mred")
    assert "\x1b" not in line.text and "\x07" not in line.text


def test_an_exception_in_a_handler_is_logged_and_answered_with_500(hupd):
    answer = hupd.get("/throw")
    assert answer.status == 500
    assert hupd.wait_for("asked to throw").level == "error"
    assert hupd.get().text == "v1\n"
    assert hupd.log.find(log.LOST) == []


def test_the_version_of_the_application_is_in_the_news_of_its_reload(hupd):
    hupd.library.move_in(library.service("v2"))
    hupd.reload()
    (done,) = hupd.log.find(log.RELOAD_DONE)
    assert "version v2" in done.text and str(hupd.library.path) in done.text


def test_the_last_words_of_a_failed_generation_are_in_the_reason(hupd):
    hupd.library.move_in(library.bad("BAD_LOAD_ABORT"))
    hupd.hup()
    assert "load: about to abort" in hupd.wait_rejected().text


def test_a_torrent_of_output_does_not_hold_up_the_service(hupd):
    with client.Connection(hupd.address()) as connection:
        for number in range(2000):
            connection.get(f"/say?line-{number}-" + "x" * 200)
    hupd.wait_for("line-1999-")
    hupd.reload()


def test_debug_lines_are_written_when_asked_for(make_hupd):
    quiet = make_hupd(master={"log": {"level": "error"}})
    quiet.spawn("run", quiet.config)
    quiet.wait(quiet.workers, "it starts")
    quiet.stop()
    assert not [line for line in quiet.log.lines() if line.level != "error"]
