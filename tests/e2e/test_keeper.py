"""hupd's own keeper, where there is no service manager: test_master_dies.py has what it is for."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys

import pytest

from harness import client, control, library, log, proc
from harness.deaths import (GOES_ON, Keeper, die_and_come_back, keeper_of, keepers_of, kill_master,
                            kill_master_and_keeper, restarts_until, worker_pids)
from harness.load import Load
from harness.waiting import elapse

KEEPER_LOST = "the keeper, which has what another master would need if this one died, is lost"
BEGINS_ANEW = "; this one begins anew, and those workers leave by themselves"
DOES_NOT_ANSWER = "does not answer, and may keep addresses of one that has died"


@pytest.fixture
def keeper():
    return Keeper()


def died(hupd):
    hupd.expected_exit = -signal.SIGKILL
    kill_master(hupd)


def nothing_is_left(hupd):
    hupd.wait(lambda: not hupd.left_processes(), f"all have left: {hupd.left_processes()}")
    hupd.wait(lambda: not hupd.left_files(), f"no file is left: {hupd.left_files()}")


# ---- masters that come ----

def test_the_next_master_killed_while_it_takes_over_is_followed_by_another(hupd, keeper):
    before, process = worker_pids(hupd), keeper_of(hupd)
    with Load(hupd.address()):
        for number in range(20):
            kill_master(hupd)
            keeper.run(hupd, alive=False)
            elapse(number * 0.002)
        die_and_come_back(hupd, keeper)
    assert worker_pids(hupd) == before
    assert keeper_of(hupd) == process, "the same keeper, through all of them"


def test_of_two_masters_that_come_at_once_one_goes_on(hupd, keeper):
    before = worker_pids(hupd)
    with Load(hupd.address()):
        for _ in range(5):
            since = hupd.log.mark()
            kill_master(hupd)
            two = [hupd.spawn("run", hupd.config).process for _ in range(2)]
            hupd.wait(lambda: hupd.log.find(GOES_ON, since), "one goes on")
            hupd.wait(lambda: any(one.poll() is not None for one in two), "the other one has left")
            (hupd.process,) = [one for one in two if one.poll() is None]
            assert {one.returncode for one in two} == {None, 2}
            assert len(hupd.log.find(GOES_ON, since)) == 1
    assert worker_pids(hupd) == before


def test_services_that_share_a_runtime_directory_get_what_is_theirs(make_hupd, keeper):
    one = make_hupd("one").run()
    other = make_hupd("other", master={"runtime_dir": one.runtime_dir}).run()
    before = worker_pids(one), worker_pids(other)
    with Load(one.address()), Load(other.address()):
        kill_master(one)
        kill_master(other)
        keeper.run(other)
        keeper.run(one)
    assert (worker_pids(one), worker_pids(other)) == before
    assert (one.get().text, other.get().text) == ("one\n", "other\n")
    assert other.stop() == 0


def test_what_is_anothers_is_told_and_left_alone(make_hupd, keeper):
    dead = make_hupd("dead").run()
    pid, before = dead.pid, worker_pids(dead)
    kill_master(dead)
    young = make_hupd("young", master={"runtime_dir": dead.runtime_dir}).run()
    (line,) = young.log.find("served something else")
    assert f"pid {pid}, with 2 workers" in line.text and str(dead.config) in line.text
    keeper.run(dead)
    assert worker_pids(dead) == before and dead.get().text == "dead\n"
    assert young.get().text == "young\n"
    assert young.stop() == 0


def test_by_whatever_way_the_same_configuration_is_named(hupd):
    before = worker_pids(hupd)
    kill_master(hupd)
    since = hupd.log.mark()
    hupd.spawn("run", "hupd.toml")  # which is in its working directory
    hupd.wait_for(GOES_ON, since, alive=True)
    assert worker_pids(hupd) == before


def test_with_a_broken_configuration_it_cannot_be_found_and_is_when_that_is_mended(hupd, keeper):
    before = worker_pids(hupd)
    with Load(hupd.address()):
        kill_master(hupd)
        good = hupd.config.read_text()
        hupd.config.write_text(good + "nonsense")
        hupd.spawn("run", hupd.config)
        assert hupd.wait_exit() == 2
        hupd.config.write_text(good)
        keeper.run(hupd)
    assert worker_pids(hupd) == before


def state_files(pid):
    return [f"/proc/{pid}/fd/{n}" for n, what in proc.descriptors(pid).items() if "hupd-state" in what]


def test_with_an_unreadable_state_it_begins_anew_and_says_so(make_hupd, keeper):
    hupd = make_hupd(listen=[f"127.0.0.1:{client.free_port()}", "unix:web.sock"]).run()
    before, dead = worker_pids(hupd), hupd.pid
    kill_master(hupd)
    for path in state_files(keeper_of(hupd)):
        os.truncate(path, 10)
    keeper.run(hupd)
    (line,) = hupd.log.find(BEGINS_ANEW)
    assert f"pid {dead}, with 2 workers" in line.text
    hupd.wait(lambda: not before & worker_pids(hupd), "those of before have left")
    hupd.wait_settled(2)


def test_with_workers_that_speak_another_protocol_it_begins_anew_and_says_so(hupd, keeper):
    kill_master(hupd)
    for path in state_files(keeper_of(hupd)):
        with open(path, "r+b") as file:
            text = file.read()
            assert b'"wire":' in text
            file.seek(text.index(b'"wire":') + len(b'"wire":'))
            file.write(b"9")
    keeper.run(hupd)
    assert "of the protocol between master and workers" in hupd.log.find(BEGINS_ANEW)[0].text
    hupd.wait_settled(2)


# ---- the keeper's own faults ----

def test_a_keeper_that_is_killed_is_replaced_and_told_all(hupd, keeper):
    before, first = worker_pids(hupd), keeper_of(hupd)
    os.kill(first, signal.SIGKILL)
    hupd.wait_for(KEEPER_LOST)
    hupd.wait(lambda: keepers_of(hupd) not in ([], [first]), "there is another one")
    hupd.wait(lambda: len(state_files(keeper_of(hupd))) > 0, "it has what is to be kept")
    with Load(hupd.address()):
        die_and_come_back(hupd, keeper)
    assert worker_pids(hupd) == before


def test_a_keeper_that_is_replaced_while_descriptors_are_short_is_found_afterwards(hupd, keeper):
    before = worker_pids(hupd)
    for spare in range(8):  # descriptors: enough for nothing, for some of what it takes, for all
        hupd.wait_settled(2)
        since, limits = hupd.log.mark(), resource.prlimit(hupd.pid, resource.RLIMIT_NOFILE)
        taken = proc.descriptors(hupd.pid)
        free = [number for number in range(max(taken) + 20) if number not in taken]
        limit = free[spare]
        resource.prlimit(hupd.pid, resource.RLIMIT_NOFILE, (limit, limits[1]))
        first = keeper_of(hupd)
        os.kill(first, signal.SIGKILL)
        hupd.wait(lambda: keepers_of(hupd) not in ([], [first])
                  or len(hupd.log.find(KEEPER_LOST, since)) > 1, "another one is there, or cannot be")
        resource.prlimit(hupd.pid, resource.RLIMIT_NOFILE, limits)
        hupd.wait(lambda: [True] == [bool(state_files(pid)) for pid in keepers_of(hupd)],
                  "there is one, which has what is to be kept")
        die_and_come_back(hupd, keeper)
        assert hupd.log.find(GOES_ON, since)
    assert worker_pids(hupd) == before


def test_a_keeper_is_replaced_by_none_that_could_not_be_asked(hupd, keeper):
    before, first, door = worker_pids(hupd), keeper_of(hupd), door_of(hupd)
    door.unlink()
    door.mkdir()
    since = hupd.log.mark()
    os.kill(first, signal.SIGKILL)
    hupd.wait_for("is lost: listen at", since)
    assert keepers_of(hupd) == []
    door.rmdir()
    hupd.wait(lambda: keepers_of(hupd) and state_files(keeper_of(hupd)), "there is one that can be")
    die_and_come_back(hupd, keeper)
    assert worker_pids(hupd) == before


def test_without_its_keeper_the_workers_of_a_dead_master_leave_and_the_next_one_says_so(make_hupd,
                                                                                       keeper):
    hupd = make_hupd(listen=[f"127.0.0.1:{client.free_port()}"]).run()
    before, dead = worker_pids(hupd), hupd.pid
    with client.Connection(hupd.address()) as slow:
        slow.ask("/slow?500")
        assert hupd.get().text == "v1\n"
        kill_master_and_keeper(hupd)
        keeper.run(hupd)
        assert slow.response().text == "v1\n", "what is in hand is finished"
    line = hupd.log.find(BEGINS_ANEW)[0]
    assert f"pid {dead}" in line.text and "and its keeper, too" in line.text
    hupd.wait(lambda: not before & worker_pids(hupd), "those of before have left")
    hupd.wait_settled(2)


def test_a_keeper_that_is_stuck_holds_up_no_start_and_what_to_do_is_told(hupd, keeper):
    before, process = worker_pids(hupd), keeper_of(hupd)
    with Load(hupd.address()):
        kill_master(hupd)
        os.kill(process, signal.SIGSTOP)
        keeper.run(hupd, alive=False)
        assert hupd.wait_exit() == 1, "its control socket is in use"
        (line,) = hupd.log.find(DOES_NOT_ANSWER)
        assert f"kill -9 {process}" in line.text
        os.kill(process, signal.SIGCONT)
        keeper.run(hupd)
        assert worker_pids(hupd) == before
    kill_master(hupd)
    os.kill(process, signal.SIGSTOP)
    os.kill(process, signal.SIGKILL)
    restarts_until(hupd, keeper, lambda: len(hupd.log.find(log.STARTED)) == 2, "it begins anew")
    hupd.wait_settled(2)


def test_one_whose_socket_was_cleaned_away_gets_another(hupd, keeper):
    before = worker_pids(hupd)
    (socket,) = hupd.runtime_dir.rglob("keeper.sock")
    socket.unlink()
    hupd.wait(socket.exists, "it is found again")
    hupd.wait(lambda: control.status(hupd)["keeper_misses"] == 0, "the keeper knows")
    die_and_come_back(hupd, keeper)
    assert worker_pids(hupd) == before


def test_the_status_tells_of_a_keeper_that_is_stuck(hupd, keeper):
    process = keeper_of(hupd)
    os.kill(process, signal.SIGSTOP)
    hupd.reload()
    assert "workers may end with this master: its keeper misses" in control.command(hupd, "status").out
    os.kill(process, signal.SIGCONT)
    hupd.wait(lambda: "workers survive" in control.command(hupd, "status").out, "it has read all")


def test_a_keeper_that_is_stuck_holds_up_no_master(hupd, keeper):
    process = keeper_of(hupd)
    os.kill(process, signal.SIGSTOP)
    with Load(hupd.address()):
        for number in range(5):
            hupd.library.move_in(library.service(f"v{number % 2 + 2}"))
            hupd.reload()
        hupd.wait_settled(2)
        before = worker_pids(hupd)
        os.kill(process, signal.SIGCONT)
        die_and_come_back(hupd, keeper)
    assert worker_pids(hupd) == before
    os.kill(process, signal.SIGSTOP)
    assert hupd.stop() == 0
    os.kill(process, signal.SIGCONT)


# ---- its end ----

@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("deaths", [0, 1])
def test_an_orderly_stop_ends_it(hupd, keeper, deaths, end):
    for _ in range(deaths):
        die_and_come_back(hupd, keeper)
    assert keepers_of(hupd)
    assert hupd.stop(end) == 0
    assert not hupd.left_processes() and not hupd.left_files()


def test_a_keeper_of_a_later_start_is_no_stray_at_a_stop(hupd):
    os.kill(keeper_of(hupd), signal.SIGKILL)
    hupd.wait_for(KEEPER_LOST)
    hupd.wait(lambda: keepers_of(hupd), "there is another one")
    assert control.command(hupd, "upgrade").code == 0
    assert hupd.stop() == 0
    assert not hupd.log.find("what the application left running")


def test_when_no_master_comes_everything_goes_files_too(make_hupd):
    hupd = make_hupd(listen=["127.0.0.1:0", "unix:web.sock"], master={"orphan_timeout": "1s"}).run()
    died(hupd)
    assert hupd.get().text == "v1\n"
    nothing_is_left(hupd)


def test_the_limit_is_that_of_the_last_reload(make_hupd, reconfigure):
    hupd = make_hupd(master={"orphan_timeout": "1h"}).run()
    hupd.tables["master"]["orphan_timeout"] = "500ms"
    reconfigure(hupd)
    hupd.reload()
    hupd.wait_settled(2)
    died(hupd)
    nothing_is_left(hupd)


def test_a_master_killed_in_its_stop_leaves_nothing_to_go_on_with(hupd):
    with client.Connection(hupd.address()) as slow:
        slow.ask("/slow?500")
        assert hupd.get().text == "v1\n"
        hupd.send(signal.SIGTERM)
        hupd.wait_for("stopping gracefully")
        died(hupd)
        assert slow.response().text == "v1\n"
    nothing_is_left(hupd)


def test_without_a_master_it_leaves_at_term_and_so_do_the_workers(hupd):
    """A service manager that ends what a dead main process has left waits for nobody."""
    died(hupd)
    with client.Connection(hupd.address()) as slow:
        slow.ask("/slow?500")
        assert hupd.get().text == "v1\n"
        os.kill(keeper_of(hupd), signal.SIGTERM)
        assert slow.response().text == "v1\n"
    nothing_is_left(hupd)


def test_one_that_was_stuck_at_the_stop_has_nothing_for_the_next_start(hupd, keeper):
    process = keeper_of(hupd)
    os.kill(process, signal.SIGSTOP)
    for _ in range(30):  # until there is no room to tell it anything
        hupd.reload()
    assert hupd.stop() == 0
    os.kill(process, signal.SIGCONT)
    since = hupd.log.mark()
    keeper.run(hupd)
    assert hupd.log.find(log.STARTED, since) and not hupd.log.find(GOES_ON)
    hupd.wait(lambda: process not in keepers_of(hupd), "it has left")


def test_there_is_none_where_nobody_is_to_be_waited_for(make_hupd):
    hupd = make_hupd(master={"orphan_timeout": "0s"}).run()
    assert keepers_of(hupd) == []
    died(hupd)
    hupd.wait(lambda: not hupd.left_processes(), "workers have left")
    hupd.forget_files()


# ---- what else may happen to it ----

def test_the_signals_of_a_terminal_do_not_reach_it(make_hupd, keeper):
    hupd = make_hupd().run(start_new_session=True)
    before, process = worker_pids(hupd), keeper_of(hupd)
    os.kill(process, signal.SIGTERM)  # it has a master
    for _ in range(3):  # it has seen that by its third answer: two may have come in one turn
        assert call(hupd, ask(hupd.config))[0].startswith(b"hupd-keeper 1 led\n")
    os.killpg(hupd.pid, signal.SIGKILL)
    hupd.process.wait()
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        os.kill(process, number)
    since = hupd.log.mark()
    hupd.spawn("run", hupd.config, start_new_session=True)
    hupd.wait_for(GOES_ON, since, alive=True)
    assert worker_pids(hupd) == before
    os.killpg(hupd.pid, signal.SIGINT)
    assert hupd.wait_exit() == 0
    nothing_is_left(hupd)


def test_it_stays_through_upgrades_and_keeps_what_comes_after_them(hupd, keeper):
    process = keeper_of(hupd)
    with Load(hupd.address()):
        assert control.command(hupd, "upgrade").code == 0
        hupd.library.move_in(library.service("v2"))
        hupd.reload()
        hupd.wait_settled(2)
        before = worker_pids(hupd)
        assert keeper_of(hupd) == process
        die_and_come_back(hupd, keeper)
        assert worker_pids(hupd) == before and hupd.get().text == "v2\n"


def test_it_is_found_where_a_directory_was_made_anew(hupd, keeper):
    shutil.rmtree(hupd.runtime_dir)
    hupd.reload()
    hupd.wait_settled(2)
    before = worker_pids(hupd)
    with Load(hupd.address()):
        die_and_come_back(hupd, keeper)
    assert worker_pids(hupd) == before


def test_it_keeps_no_more_and_no_less_after_many_reloads(hupd, keeper):
    hupd.reload()
    hupd.reload()
    hupd.wait_settled(2)
    count = keeper.kept(hupd)
    for _ in range(5):
        hupd.reload()
        hupd.wait_settled(2)
    hupd.wait(lambda: keeper.kept(hupd) == count, "as many descriptors")


# ---- who may ask ----

def door_of(hupd):
    (path,) = hupd.runtime_dir.glob("master-*/keeper.sock")
    return path


def call(hupd, *packets):
    """All answers until the end, each with the number of its descriptors."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as caller:
        caller.settimeout(15)
        caller.connect(str(door_of(hupd)))
        for packet in packets:
            caller.send(packet)
        data, fds, _, _ = socket.recv_fds(caller, 65536, 10)
        for fd in fds:
            os.close(fd)
        return data, len(fds)


def ask(identity):
    identity = str(identity).encode()
    return b"hupd-keeper 1 ask\n%d:%s" % (len(identity), identity)


def test_as_long_as_its_master_lives_it_gives_nothing(hupd):
    data, fds = call(hupd, ask(hupd.config))
    assert data.startswith(b"hupd-keeper 1 led\n") and fds == 0
    hupd.send(signal.SIGSTOP)
    data, fds = call(hupd, ask(hupd.config))
    assert data.startswith(b"hupd-keeper 1 led\n") and fds == 0
    hupd.send(signal.SIGCONT)


GARBAGE = [b"\0", b"x" * 60000, b"hupd-keeper 1 end\n", b"hupd-keeper 1 take\n", b"hupd-keeper 1 drop\n",
           b"hupd-keeper 1 put\n7:state-0", b"hupd-keeper 2 ask\n1:x", b"hupd-keeper 1 ask\n99:x",
           b"hupd-keeper 1 lead\n1:x1:x1:x1:x", b"hupd-keeper 1 remove\n7:state-0"]


def test_who_sends_garbage_or_nothing_does_no_harm(hupd, keeper):
    before, process = worker_pids(hupd), keeper_of(hupd)
    path, silent = door_of(hupd), []
    for round in range(2):
        for packet in GARBAGE:
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as caller:
                caller.connect(str(path))
                caller.send(packet)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as caller:
            caller.connect(str(path))
            socket.send_fds(caller, [b"hupd-keeper 1 take\n"], [0, 1, 2])
        if round == 0:
            kill_master(hupd)  # and once more, since it gives now
    for _ in range(8):
        silent.append(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET))
        silent[-1].connect(str(path))
    try:
        keeper.run(hupd)
    finally:
        for one in silent:
            one.close()
    assert worker_pids(hupd) == before and keeper_of(hupd) == process


CONNECT = """
import socket, sys
caller = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
try:
    caller.connect(sys.argv[1])
except PermissionError:
    sys.exit(42)
caller.settimeout(15)
try:
    caller.send(sys.argv[2].encode())
    sys.exit(0 if caller.recv(65536) else 43)
except (BrokenPipeError, ConnectionResetError):
    sys.exit(43)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root to become another user")
def test_another_user_is_refused_by_the_file_and_by_its_credentials(hupd):
    def another():
        return subprocess.run([sys.executable, "-c", CONNECT, door_of(hupd), ask(hupd.config)],
                              user="nobody").returncode
    kill_master(hupd)
    assert another() == 42
    door_of(hupd).chmod(0o666)
    assert another() == 43
    door_of(hupd).chmod(0o600)
    assert call(hupd, ask(hupd.config))[0].startswith(b"hupd-keeper 1 yours\n")
    Keeper().run(hupd)


FALSE_KEEPER = """
import os, socket, sys
os.chdir(sys.argv[1])
door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
door.bind("keeper.sock")
os.chmod("keeper.sock", 0o666)
door.listen()
print("listens", flush=True)
while True:
    caller, _ = door.accept()
    heard = caller.recv(65536)
    print(f"heard {heard}", flush=True)
    if heard:
        with open(os.devnull) as something:
            socket.send_fds(caller, [b"hupd-keeper 1 yours\\n1:11:x1:07:state-0"], [something.fileno()])
"""


@pytest.fixture
def false_keeper():
    """false_keeper(directory): of another user, at once; what it prints is to be read."""
    made = []

    def make(directory):
        directory.mkdir(parents=True)
        directory.parent.chmod(0o755)
        shutil.chown(directory, "nobody")
        one = subprocess.Popen([sys.executable, "-c", FALSE_KEEPER, directory], user="nobody",
                               stdout=subprocess.PIPE, text=True)
        made.append(one)
        assert one.stdout.readline() == "listens\n"
        return one

    yield make
    for one in made:
        one.kill()
        one.wait()
        one.stdout.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root to become another user")
def test_a_false_keeper_of_another_user_is_not_asked_and_holds_up_no_start(make_hupd, keeper,
                                                                           false_keeper):
    hupd = make_hupd()
    directory = hupd.runtime_dir / "master-1"
    false = false_keeper(directory)
    keeper.run(hupd)
    (line,) = hupd.log.find("is another user's, and is not asked")
    assert line.level == "warn" and str(directory) in line.text
    assert false.stdout.readline() == "heard b''\n", "not even what is served"
    assert hupd.get().text == "v1\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root to become another user")
def test_a_false_keeper_of_another_user_does_not_hide_the_true_one(hupd, keeper, false_keeper):
    before = worker_pids(hupd)
    directories = [hupd.runtime_dir / f"master-{number}" for number in range(1, 5)]
    false = [false_keeper(directory) for directory in directories]
    die_and_come_back(hupd, keeper)
    assert worker_pids(hupd) == before
    for one, directory in zip(false, directories):
        one.kill()
        assert set(one.stdout) <= {"heard b''\n"}
        shutil.rmtree(directory, ignore_errors=True)
