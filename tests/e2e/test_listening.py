"""hupd listens where it is told to, as it is told to."""

import fcntl
import grp
import os
import pwd
import signal
import socket
import stat

import pytest

from harness import client, log
from harness.inventory import listening


def test_serves_hello_on_ipv4(make_hupd):
    hupd = make_hupd(listen=["127.0.0.1:0"]).run()
    assert hupd.address().startswith("127.0.0.1:")
    assert hupd.get().text == "v1\n"


def test_serves_on_ipv6(make_hupd):
    hupd = make_hupd(listen=["[::1]:0"]).run()
    assert hupd.address().startswith("[::1]:")
    assert hupd.get().text == "v1\n"


def test_serves_on_a_unix_socket_that_anyone_may_use_by_default(make_hupd):
    hupd = make_hupd(listen=["unix:web.sock"]).run()
    path = hupd.directory / "web.sock"
    assert client.get(f"unix:{path}").text == "v1\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o666


def test_a_unix_socket_has_the_mode_and_owner_that_it_was_given(make_hupd):
    wanted = {"address": "unix:web.sock", "mode": "0640", "owner": "nobody", "group": "games"}
    hupd = make_hupd(listen=[wanted]).run()
    found = (hupd.directory / "web.sock").stat()
    assert stat.S_IMODE(found.st_mode) == 0o640
    assert found.st_uid == pwd.getpwnam("nobody").pw_uid
    assert found.st_gid == grp.getgrnam("games").gr_gid


def test_the_unix_socket_is_the_same_file_after_a_reload_and_gone_after_the_end(make_hupd):
    hupd = make_hupd(listen=["unix:web.sock"]).run()
    path = hupd.directory / "web.sock"
    before = path.stat().st_ino
    hupd.reload()
    assert path.stat().st_ino == before
    assert client.get(f"unix:{path}").headers["x-generation"] == "2"
    hupd.stop()
    assert not path.exists()


def test_a_stale_unix_socket_is_taken_over(make_hupd):
    hupd = make_hupd(listen=["unix:web.sock"])
    path = hupd.directory / "web.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    hupd.run()
    assert client.get(f"unix:{path}").text == "v1\n"


def test_several_listeners_serve_side_by_side(make_hupd):
    hupd = make_hupd(listen=["127.0.0.1:0", "[::1]:0", "127.0.0.2:0", "unix:web.sock"]).run()
    for number in range(4):
        assert client.get(hupd.address(number)).text == "v1\n"
    assert len(listening(hupd.pid)) == 4


def test_more_listeners_than_a_packet_holds_descriptors_serve_and_go(make_hupd, reconfigure):
    """The kernel sends 253 descriptors at a time."""
    many = [f"127.0.{network}.{host}:0" for network in (1, 2) for host in range(1, 151)]
    hupd = make_hupd(listen=many).run()
    for number in (0, 99, 100, 299):
        assert client.get(hupd.address(number)).text == "v1\n"
    hupd.reload()
    assert client.get(hupd.address(299)).headers["x-generation"] == "2"
    reconfigure(hupd, listen=many[:1])
    hupd.reload()
    hupd.wait_settled(2)
    hupd.wait(lambda: len(listening(hupd.pid)) == 1, "the others are closed")
    assert client.get(hupd.address()).headers["x-generation"] == "3"
    assert not hupd.log.find("master is gone") and not hupd.log.find(log.LOST)


def test_the_command_line_alone_is_enough(make_hupd):
    hupd = make_hupd()
    hupd.spawn("run", "--control", hupd.control, "--listen", "127.0.0.1:0", "--workers", "3",
               "--set", f"master.runtime_dir={hupd.runtime_dir}", hupd.library.path)
    hupd.wait_for(log.STARTED, alive=True)
    assert hupd.get().text == "v1\n"
    assert len(hupd.workers()) == 3


def test_a_relative_library_on_the_command_line_is_reloaded_too(make_hupd):
    hupd = make_hupd()
    hupd.spawn("run", "--control", hupd.control, "--listen", "127.0.0.1:0", "--workers", "1",
               "--set", f"master.runtime_dir={hupd.runtime_dir}", hupd.library.path.name)
    hupd.wait_for(log.STARTED, alive=True)
    hupd.reload()
    assert hupd.get().headers["x-generation"] == "2"


# The numbers of the descriptors (3, 4, …) and LISTEN_PID are the new process's own, so a small shell
# stands where systemd would.
AS_SYSTEMD = ('exec 3<&"$FIRST" 4<&"$SECOND"; export LISTEN_PID=$$ LISTEN_FDS=2; exec "$@"')


def spawn_with_sockets(hupd, first, second, names):
    os.set_inheritable(first.fileno(), True)
    os.set_inheritable(second.fileno(), True)
    hupd.spawn("run", hupd.config, prefix=["/bin/bash", "-c", AS_SYSTEMD, "sh"],
               pass_fds=(first.fileno(), second.fileno()),
               variables={"FIRST": str(first.fileno()), "SECOND": str(second.fileno()),
                          "LISTEN_FDNAMES": names})
    hupd.wait_for(log.STARTED, alive=True)


@pytest.fixture
def two_sockets():
    # High numbers, so that making 3 and 4 of them overwrites neither.
    made = []
    for _ in range(2):
        with socket.create_server(("127.0.0.1", 0)) as low:
            made.append(socket.socket(fileno=fcntl.fcntl(low.fileno(), fcntl.F_DUPFD_CLOEXEC, 200)))
    yield made
    for one in made:
        one.close()


def address_of(sock):
    return "{}:{}".format(*sock.getsockname())


def test_serves_on_inherited_sockets_by_their_names(make_hupd, two_sockets):
    hupd = make_hupd(listen=["systemd:web", "systemd:admin"])
    spawn_with_sockets(hupd, *two_sockets, names="admin:web")
    for one in two_sockets:
        assert client.get(address_of(one)).text == "v1\n"
    hupd.reload()
    for one in two_sockets:
        assert client.get(address_of(one)).headers["x-generation"] == "2"


def test_workers_do_not_inherit_the_variables_of_socket_activation(make_hupd, two_sockets):
    hupd = make_hupd(listen=["systemd:web"])
    spawn_with_sockets(hupd, *two_sockets, names="web:other")
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"):
        answer = client.get(address_of(two_sockets[0]), f"/environment?{name}")
        assert answer.text == "(not set)"


def test_an_inherited_socket_that_is_missing_is_named(make_hupd):
    hupd = make_hupd(listen=["systemd:web"])
    hupd.spawn("run", hupd.config)
    assert hupd.wait_exit() == 2
    hupd.expected_exit = 2
    assert "systemd:web" in hupd.log.tail()


def test_a_queued_connection_outlives_every_worker(make_hupd):
    """The queue belongs to the master: with no worker at all, clients wait and are then served."""
    hupd = make_hupd(workers=1).run()
    hupd.send(signal.SIGWINCH)
    hupd.wait(lambda: not hupd.workers(), "the workers are drained")
    with client.Connection(hupd.address()) as waiting:
        waiting.ask()
        hupd.reload()
        assert waiting.response().headers["x-generation"] == "2"
