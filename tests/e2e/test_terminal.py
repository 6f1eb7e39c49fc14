"""What the commands show on a terminal, which is another thing than what they print into a pipe."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

import pytest

from harness import control, library
from harness.build import PROGRAM, environment
from harness.waiting import PATIENCE


@pytest.fixture
def terminal():
    """terminal(hupd, "reload", …): all that the command wrote on a terminal of so many columns."""
    def run(hupd, *arguments, columns=80, **variables):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
        process = subprocess.Popen([str(PROGRAM), "--control", str(hupd.control), *arguments],
                                   stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
                                   env={**environment(), **variables})
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:
            pass  # the other side is closed
        os.close(ours)
        process.wait(PATIENCE)
        return shown.decode()
    return run


def as_seen(shown):
    """The lines in the end: what was erased is gone."""
    return [re.split(r"\r\x1b\[K", line)[-1] for line in shown.split("\r\n")]


def test_progress_is_one_line_that_is_written_anew(hupd, terminal):
    hupd.library.move_in(library.service("v2"))
    shown = terminal(hupd, "reload", "--drained")
    assert "web 2: ready 1 of 2\r\x1b[Kweb 2: ready 2 of 2\r\x1b[Kweb 2: switched\r\n" in shown, shown
    assert "web 2: drained 1 of 2\r\x1b[Kweb 2: drained 2 of 2" in shown, shown
    seen = as_seen(shown)
    assert [line for line in seen if "ready" in line] == [], seen
    assert seen[0] == "web 2: started" and seen[-1] == "", seen
    assert seen[-2].startswith("web: generation 2 is done in "), seen


def test_in_a_pipe_each_step_is_a_line(hupd):
    done = control.command(hupd, "reload")
    assert "\r" not in done.out and "\x1b" not in done.out
    assert {"web 2: ready 1 of 2", "web 2: ready 2 of 2"} <= set(done.out.splitlines())


def test_a_reload_that_is_rejected_halfway_leaves_no_half_line(hupd, terminal, reconfigure):
    reconfigure(hupd, settings={"worker_that_fails": 2})
    shown = terminal(hupd, "reload")
    seen = as_seen(shown)
    assert seen[-1] == "" and any(line.startswith("web: generation 2 is rejected") for line in seen), \
        shown


def test_colours_are_for_terminals_whose_user_wants_them(hupd, terminal):
    assert "\x1b[32m" in terminal(hupd, "status")
    assert "\x1b[32m" in terminal(hupd, "history")
    assert "\x1b" not in terminal(hupd, "status", NO_COLOR="1")


def test_a_live_screen_is_written_over_and_fits(make_hupd):
    hupd = make_hupd(workers=20).run()
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 80, 0, 0))
    watching = subprocess.Popen([str(PROGRAM), "--control", str(hupd.control), "status", "--watch"],
                                stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
                                env=environment())
    os.close(theirs)
    shown = b""
    while shown.count(b"\x1b[J") < 2:
        shown += os.read(ours, 65536)
    watching.kill()
    watching.wait()
    os.close(ours)
    first, second, *_ = shown.decode().split("\x1b[J")
    for screen in (first, second):
        assert screen.startswith("\x1b[Hhupd "), screen
        assert screen.count("\n") == 11 and "lines more\x1b[K\r\n" in screen, screen


def test_the_picture_is_as_wide_as_the_terminal(hupd, terminal):
    for columns in (60, 110):
        picture = terminal(hupd, "history", columns=columns, NO_COLOR="1").split("who served when")[1]
        rows = [line for line in picture.splitlines() if re.match(r" +1 +\.", line)]
        assert [len(row) for row in rows] == [columns], picture
