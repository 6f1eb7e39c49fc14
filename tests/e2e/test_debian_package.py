"""The Debian package: built, installed on a minimal Debian under its systemd, removed and purged."""

import subprocess

import pytest

from harness import client, library, package
from harness.load import Load
from harness.machine import why_not
from harness.service import UNIT, Service

SOME = {"fresh": 1, "busy": 1, "thinking": 3}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """{"hupd_0.1.0-1_amd64.deb": its path, …}"""
    return {path.name: path for path in package.build(tmp_path_factory.mktemp("packages"))}


def one(built, start, end):
    (path,) = (path for name, path in built.items() if name.startswith(start) and name.endswith(end))
    return path


@pytest.fixture(scope="module")
def machine(built, tmp_path_factory):
    if why_not() is not None:
        pytest.skip(why_not())
    machine = package.PackageMachine(tmp_path_factory.mktemp("machine"))
    try:
        if machine.reaches_mirror.code != 0:
            pytest.skip("no mirror of Debian: " + machine.reaches_mirror.err.strip().split("\n")[-1])
        machine.deb = machine.shared / "hupd.deb"
        machine.deb.write_bytes(one(built, "hupd_", ".deb").read_bytes())
        # So that what is there before and after is the package's alone.
        machine.must("install", *machine.depends_of(machine.deb))
        yield machine
    finally:
        machine.end()


@pytest.fixture
def installed(machine):
    """Whatever the story does with it: once it is purged nothing of it is there."""
    before = machine.files()
    machine.must("install", machine.deb)
    yield machine
    done = machine.run("dpkg", "--purge", "hupd")  # which takes also what is purged already
    assert done.code == 0, done
    machine.run("rm", "-rf", "/srv/web")  # the stories' own
    assert machine.files() - before == set()
    assert before - machine.files() == set()
    assert machine.run("ls", "-d", "/run/hupd").code != 0


@pytest.fixture
def service(installed):
    """Running, and enabled."""
    service = Service(installed)
    service.start()
    assert service.ctl("enable", UNIT).code == 0
    yield service
    service.end()


def version(machine):
    return machine.run("dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", "hupd").out


def test_lintian_has_neither_errors_nor_warnings(built):
    package.needs("lintian")
    done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning",
                           one(built, "hupd_", ".changes")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_to_be_had_of_hupd_dev_makes_an_application(built, tmp_path):
    subprocess.run(["dpkg-deb", "-x", one(built, "hupd-dev_", ".deb"), tmp_path], check=True)
    where = ["pkg-config", f"--with-path={tmp_path}/usr/share/pkgconfig", "--cflags", "hupd"]
    flags = subprocess.run(where, capture_output=True, text=True, check=True).stdout.split()
    assert any(str(tmp_path) in flag for flag in flags), flags
    source = package.SOURCE / "src" / "apps" / "hello.cpp"
    done = subprocess.run(["c++", "-std=c++20", "-fsyntax-only", *flags, source], text=True,
                          capture_output=True)
    assert done.returncode == 0, done.stderr


def test_installed_it_starts_nothing_and_an_instance_serves(installed):
    assert "hupd@" not in installed.systemctl("list-units", "--all", "--plain", "--no-legend").out
    assert installed.run("getent", "passwd", "hupd").code == 0
    assert installed.run("stat", "-c", "%U %a", "/etc/hupd").out == "root 755\n"
    assert "reload" in installed.run("hupd", "--help").out
    service = Service(installed)
    service.start()
    try:
        assert service.get().text == "v1\n"
        service.deploy(library.service("v2"))
        assert service.ctl("reload", UNIT).code == 0
        assert service.get().text == "v2\n"
    finally:
        service.end()


def master(machine):
    """What an upgrade leaves as it is."""
    return machine.show(UNIT, "MainPID", "NRestarts", "ActiveEnterTimestampMonotonic")


def runs_what_is_installed(machine):
    """As /proc has it: the file by this name, not one that it has replaced."""
    (pid,) = machine.show(UNIT, "MainPID")
    executed = machine.run("stat", "-L", "-c", "%d:%i", f"/proc/{pid}/exe").out
    return executed != "" and executed == machine.run("stat", "-c", "%d:%i", "/usr/bin/hupd").out


def test_an_upgrade_puts_the_new_binary_under_what_runs_without_a_restart(service):
    machine = service.machine
    assert runs_what_is_installed(machine)
    before, processes = master(machine), service.processes()
    with Load(service.address(), clients=SOME):
        machine.must("install", package.newer(machine.deb, "0.1.0-2"))
        assert version(machine) == "installed 0.1.0-2"
        assert runs_what_is_installed(machine), service.log.tail()
        assert master(machine) == before
        assert set(service.processes()) == set(processes), "no worker, and no zygote, was touched"
        assert service.is_active() and "version v1" in service.status()
        service.deploy(library.service("v2"))
        assert service.ctl("reload", UNIT).code == 0
        assert service.get().text == "v2\n"


def test_an_upgrade_to_what_cannot_take_over_is_refused_and_the_old_one_goes_on(service):
    machine = service.machine
    before = master(machine)
    with Load(service.address(), clients=SOME):
        broken = package.newer(machine.deb, "0.1.0-2", program="#!/bin/sh\nexit 70\n")
        machine.must("install", broken)
        assert version(machine) == "installed 0.1.0-2"
        assert master(machine) == before and not runs_what_is_installed(machine)
        assert service.get().text == "v1\n"
        machine.must("install", package.newer(machine.deb, "0.1.0-3"))
        service.wait(lambda: runs_what_is_installed(machine), "the mended one has taken over")
        assert master(machine) == before


def test_a_master_whose_control_socket_is_elsewhere_is_upgraded_by_the_signal(service):
    machine = service.machine
    service.drop_in("elsewhere", "ExecReload=\nExecStart=\n"
                                 "ExecStart=/usr/bin/hupd run /etc/hupd/elsewhere.toml")
    done = machine.run("sh", "-c", "(echo '[master]'; echo 'control = \"/run/hupd/web/x.sock\"'; "
                                   "cat /etc/hupd/web.toml) > /etc/hupd/elsewhere.toml")
    assert done.code == 0 and service.ctl("restart", UNIT).code == 0, service.log.tail()
    before = master(machine)
    machine.must("install", package.newer(machine.deb, "0.1.0-2"))
    service.wait(lambda: runs_what_is_installed(machine), "the new one has taken over")
    assert master(machine) == before


def test_removed_it_has_answered_what_it_had_in_hand_and_its_configuration_stays(service):
    machine = service.machine
    with client.Connection(service.address()) as slow:
        slow.ask("/slow?2000")
        assert service.get().text == "v1\n", "the worker has read what is slow, too"
        machine.must("remove", "hupd")
        assert slow.response().text == "v1\n"
    assert service.processes() == []
    assert machine.show(UNIT, "Result") == ["success"]
    machine.must("install", machine.deb)
    assert service.ctl("is-enabled", UNIT).out == "enabled\n"
    service.start()
    assert service.get().text == "v1\n"


def test_purged_at_once_it_leaves_nothing_of_an_instance_that_ran(service):
    machine = service.machine
    machine.must("purge", "hupd")
    assert service.processes() == []
    for place in ("/etc/hupd", "/run/hupd", "/var/cache/hupd", f"/etc/systemd/system/{UNIT}.d",
                  f"/etc/systemd/system/multi-user.target.wants/{UNIT}"):
        assert machine.run("ls", "-d", place).code != 0, place
    assert machine.run("getent", "passwd", "hupd").code == 0, "the user stays, as its files may"
