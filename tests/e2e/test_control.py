"""The control socket: who may, what is refused, and that no client disturbs the master."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys

import pytest

from harness import control, library, log
from harness.build import PROGRAM, environment
from harness.control import Socket
from harness.load import Load
from harness.waiting import PATIENCE, elapse

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="takes root, to become somebody else")
SOMEBODY, THEIR_GROUP = 65534, 65533


def as_somebody(hupd, *arguments, groups=()):
    command = ["setpriv", f"--reuid={SOMEBODY}", f"--regid={SOMEBODY}",
               f"--groups={','.join(map(str, groups))}" if groups else "--clear-groups",
               str(PROGRAM), "--control", str(hupd.control), *arguments]
    return control.ended(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                          text=True, env=environment()))


def with_control(make_hupd, **keys):
    """Runs one with these keys of master.control."""
    hupd = make_hupd()
    hupd.tables["master"]["control"] = {"path": hupd.control, **keys}
    hupd.write_config()
    return hupd.run()


def answers(hupd):
    return control.status(hupd)["pid"] == hupd.pid


# ---- who ----

def test_the_socket_is_its_users_alone_and_is_gone_at_the_end(hupd):
    assert hupd.control.is_socket()
    assert hupd.control.stat().st_mode & 0o777 == 0o600
    hupd.stop()
    assert not hupd.control.exists()


@ROOT_ONLY
def test_another_user_is_refused_by_the_file_and_by_its_credentials(make_hupd):
    closed = make_hupd().run()
    refused = as_somebody(closed, "status")
    assert refused.code == 5 and "Permission denied" in refused.err
    wide = with_control(make_hupd, mode="0666")
    for command in ("status", "reload", "stop"):
        refused = as_somebody(wide, command)
        assert refused.code == 5 and "master.control" in refused.err, refused
    assert answers(wide)


@ROOT_ONLY
def test_in_a_place_of_everybodys_only_root_and_the_own_user_are_believed(story_dir):
    listens = ("import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]);"
               " s.listen(); print(flush=True); s.accept()[0].recv(1)")

    def ask(directory):
        with subprocess.Popen(["setpriv", f"--reuid={SOMEBODY}", "--clear-groups", sys.executable, "-c",
                               listens, directory / "socket"], stdout=subprocess.PIPE) as other:
            other.stdout.readline()
            done = subprocess.run([PROGRAM, "--control", directory / "socket", "status"], text=True,
                                  capture_output=True, env=environment())
            other.kill()
        return done.returncode, done.stderr
    anybodys, theirs = story_dir / "anybodys", story_dir / "theirs"
    for one in (anybodys, theirs):
        one.mkdir()
        os.chown(one, SOMEBODY, SOMEBODY)
    anybodys.chmod(0o1777)
    code, said = ask(anybodys)
    assert code == 5 and "another user's" in said, said
    code, said = ask(theirs)
    assert code == 3 and "has gone away" in said, "it was asked"


@ROOT_ONLY
def test_members_of_the_group_may_ask_and_change_nothing(make_hupd):
    hupd = with_control(make_hupd, group=str(THEIR_GROUP))
    assert hupd.control.stat().st_mode & 0o777 == 0o660
    for command in (["status"], ["history"], ["wait"]):
        assert as_somebody(hupd, *command, groups=[4, THEIR_GROUP]).code == 0
    for command in (["reload"], ["stop"], ["scale", "web", "1"], ["logs-reopen"]):
        refused = as_somebody(hupd, *command, groups=[THEIR_GROUP])
        assert refused.code == 5 and "change nothing" in refused.err, refused
    assert hupd.generation() == 1
    assert as_somebody(hupd, "status").code == 5


WATCHES_32_AND_CONNECTS_38_MORE = """
import socket, sys
held = [socket.socket(socket.AF_UNIX) for _ in range(70)]
for number, one in enumerate(held):
    one.connect(sys.argv[1])
    if number < 32:
        one.sendall(b'{"version":1,"command":"watch"}\\n')
told = [one.recv(1000) for one in held]
print(*(sum(word in one for one in told) for word in (b"accepted", b"busy")), flush=True)
sys.stdin.read()
"""


@ROOT_ONLY
def test_members_of_the_group_keep_nobody_else_out(make_hupd):
    hupd = with_control(make_hupd, group=str(THEIR_GROUP))
    command = ["setpriv", f"--reuid={SOMEBODY}", f"--groups={THEIR_GROUP}", sys.executable, "-c",
               WATCHES_32_AND_CONNECTS_38_MORE, hupd.control]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as many:
        assert many.stdout.readline() == "32 38\n"
        assert control.command(hupd, "reload").code == 0
        many.stdin.close()


@ROOT_ONLY
def test_the_owner_may_do_everything(make_hupd):
    hupd = with_control(make_hupd, owner=str(SOMEBODY))
    assert as_somebody(hupd, "reload").code == 0
    assert hupd.generation() == 2


# ---- several masters ----

def test_two_masters_are_told_apart_by_their_sockets(make_hupd):
    one, other = make_hupd().run(), make_hupd().run()
    assert control.command(one, "reload").code == 0
    assert (one.generation(), other.generation()) == (2, 1)
    assert answers(one) and answers(other)


def test_a_configured_socket_that_another_master_has_refuses_the_start(make_hupd, hupd):
    second = make_hupd(master={"control": hupd.control})
    second.expected_exit = 2
    second.spawn("run", second.config)
    assert second.wait_exit() == 2
    assert "control socket" in second.log.tail() and "another process listens" in second.log.tail()
    assert answers(hupd)


def test_without_a_place_of_its_own_a_master_serves_without_and_says_what_to_do(make_hupd):
    one, other = make_hupd(master={"control": None}), make_hupd(master={"control": None})
    place = {"RUNTIME_DIRECTORY": str(one.directory)}  # as systemd says where the usual place is
    one.run(variables=place)
    other.run(variables=place)
    told = other.wait_for("no control socket: ")
    assert told.level == "warn" and "master.control" in told.text
    assert answers(one)
    other.stop()
    assert answers(one), "the socket of another is left alone"


def test_the_socket_file_of_a_master_that_was_killed_is_replaced(make_hupd):
    hupd = make_hupd(master={"orphan_timeout": "0s"}).run()
    hupd.send(signal.SIGKILL)
    hupd.wait_exit()
    hupd.wait(lambda: not hupd.left_processes(), "its children are gone")
    assert hupd.control.exists()
    since = hupd.log.mark()
    hupd.spawn("run", hupd.config)
    hupd.wait_for(log.STARTED, since, alive=True)
    assert answers(hupd)


def test_a_command_finds_the_master_by_its_configuration(hupd):
    found = subprocess.run([str(PROGRAM), "status", str(hupd.config), "--json"], text=True,
                           capture_output=True, env=environment(), timeout=30)
    assert json.loads(found.stdout)["pid"] == hupd.pid


# ---- hostile clients ----

@pytest.mark.parametrize("line", [
    b"\n", b"garbage\n", b"\0\0\0\n", b"[]\n", b"null\n", b"{}\n", b"[" * 60000 + b"\n",
    b'{"version":1}\n', b'{"version":2,"command":"status"}\n', b'{"version":1,"command":7}\n',
    b'{"version":1,"command":"status","apps":"web"}\n', b'{"version":1,"command":"stop","quik":1}\n',
    b'{"version":1,"command":"scale","apps":["web"],"workers":-1}\n',
    b'{"version":1,"command":"scale","apps":["web"]}\n', b"\xff\xfe{\n"],
    ids=lambda line: repr(line[:40]))
def test_a_line_that_is_no_request_is_answered_with_what_is_wrong(hupd, line):
    with Socket(hupd) as client:
        client.send(line)
        reply = client.reply()
        assert (reply["type"], reply["error"]) == ("error", "request")
        assert client.ask(command="status")["type"] == "status", "and the connection lives on"


def test_a_misspelt_key_is_an_error_that_names_those_there_are(hupd):
    with Socket(hupd) as client:
        client.send(b'{"version":1,"command":"stop","quikc":true}\n')
        text = client.reply()["text"]
        assert "'quikc'" in text and "quick" in text


def test_a_line_longer_than_64_kib_ends_the_connection(hupd):
    with Socket(hupd) as client:
        client.send(b"x" * (64 * 1024 + 1))
        assert client.reply()["error"] == "request"
        assert client.reply() is None
    assert answers(hupd)


def test_a_request_may_come_in_pieces_and_many_at_once(hupd):
    line = json.dumps({"version": 1, "command": "history"}).encode() + b"\n"
    with Socket(hupd) as client:
        for byte in line:
            client.send(bytes([byte]))
        assert client.reply()["type"] == "history"
        client.send(line * 20)
        assert [client.reply()["type"] for _ in range(20)] == ["history"] * 20


def test_who_closes_its_side_after_the_request_still_gets_the_answer(hupd):
    with Socket(hupd) as client:
        client.request(command="reload", drained=True)
        client.socket.shutdown(socket.SHUT_WR)
        assert client.reply()["type"] == "accepted"
        assert client.reply()["exit_code"] == 0
        assert client.reply() is None


def test_idle_connections_beyond_64_are_told_so_and_harm_nobody(hupd):
    with Load(hupd.address(), clients={"fresh": 1, "busy": 1}):
        idle = [Socket(hupd) for _ in range(64)]
        for one in idle:
            assert one.ask(command="history")["type"] == "history"
        more = [Socket(hupd) for _ in range(100)]
        for one in more:
            assert one.reply()["error"] == "busy"
            assert one.reply() is None
        hupd.reload()
        for one in idle + more:
            one.socket.close()
            one._file.close()
        hupd.wait(lambda: control.command(hupd, "status").code == 0, "there is room again")


def test_a_watcher_that_never_reads_is_cut_off_and_holds_up_nothing(hupd):
    with Socket(hupd) as watcher, Socket(hupd) as reader:
        assert watcher.ask(command="watch")["type"] == "accepted"
        watcher.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        assert reader.ask(command="watch")["type"] == "accepted"
        for _ in range(5):
            assert control.command(hupd, "reload").code == 0
        steps = []
        while steps.count("done") < 5:
            steps.append(reader.reply()["step"])
        assert steps[:2] == ["requested", "started"]
        assert {"copied", "loaded", "worker_ready", "switched", "done"} <= set(steps)
    assert answers(hupd)


def test_one_that_asks_and_never_reads_is_not_served_without_end(hupd):
    """Requests wait in its own socket while an answer is not taken: the master does not grow."""
    line = json.dumps({"version": 1, "command": "status"}).encode() + b"\n"
    with Socket(hupd) as client:
        client.socket.setblocking(False)
        sent = 0
        try:
            while sent < 64 * 1024 * 1024:
                sent += client.socket.send(line * 500)
        except BlockingIOError:
            pass
        assert sent < 64 * 1024 * 1024
        assert answers(hupd)


def test_ten_thousand_connections_that_come_and_go_leave_nothing(hupd):
    with Load(hupd.address(), clients={"fresh": 1, "busy": 1}):
        for _ in range(200):
            for one in [Socket(hupd) for _ in range(50)]:
                one.__exit__()
        assert answers(hupd)
    hupd.wait(lambda: len(os.listdir(f"/proc/{hupd.pid}/fd")) < 60, "all are closed")


def test_clients_that_vanish_leave_no_descriptor(hupd):
    def held():
        return len(os.listdir(f"/proc/{hupd.pid}/fd"))
    before = held()
    for request in ({"command": "watch"}, {"command": "wait"}, {"command": "status"}):
        for _ in range(10):
            with Socket(hupd) as client:
                client.request(**request)
    hupd.wait(lambda: held() == before, "all are closed")


def test_who_cannot_be_accepted_for_want_of_descriptors_waits_and_the_log_says_so(hupd):
    limits = resource.prlimit(hupd.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(hupd.pid, resource.RLIMIT_NOFILE, (0, limits[1]))
    waits = control.start(hupd, "status", "--json")
    hupd.wait_for("accept a control client: Too many open files")
    elapse(0.5)
    assert waits.poll() is None
    assert len(hupd.log.find("accept a control client")) == 1, "once, not at each look"
    resource.prlimit(hupd.pid, resource.RLIMIT_NOFILE, limits)
    assert control.ended(waits).lines[0]["pid"] == hupd.pid


@pytest.mark.parametrize("asked", ["reload", "stop"])
def test_nobody_waits_for_a_master_that_hangs(hupd, asked):
    hupd.send(signal.SIGSTOP)
    try:
        given_up = control.command(hupd, asked, deadline=2 * PATIENCE)
    finally:
        hupd.send(signal.SIGCONT)
    assert given_up.code == 3 and "answers nobody any more" in given_up.err
    hupd.wait_for(f"'{asked}' is not done")
    assert answers(hupd) and hupd.generation() == 1


def test_a_deploy_that_takes_its_time_is_waited_for(make_hupd):
    """Longer than a master may answer nobody."""
    hupd = make_hupd(boot_timeout="60s").run()
    hupd.library.move_in(library.bad("SLOW_CREATE_MS=11000"))
    assert control.command(hupd, "reload").code == 0
    assert hupd.generation() == 2


def test_who_gives_up_waiting_is_told_that_what_was_begun_goes_on(make_hupd):
    hupd = make_hupd(boot_timeout="60s").run()
    hupd.library.move_in(library.bad("SLOW_CREATE_MS=6000"))
    late = control.command(hupd, "reload", "--timeout", "5s")
    assert late.code == 4 and "the reload goes on: hupd wait" in late.err, late
    assert control.command(hupd, "wait").code == 0
    assert hupd.generation() == 2
