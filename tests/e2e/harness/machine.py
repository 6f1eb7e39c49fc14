"""A real systemd with the shipped units in it, for stories that need root: this machine's systemd on
its own files, or another Debian's on that one's."""

import itertools
import os
import pathlib
import signal
import subprocess

import pytest

from .build import BUILD, SOURCE
from .waiting import PATIENCE, wait_until

SYSTEMD = pathlib.Path("/lib/systemd/systemd")
_names = itertools.count(1)


def why_not():
    """Why there can be none here; None: there can."""
    if os.getuid() != 0:
        return "needs root"
    if not SYSTEMD.exists():
        return "systemd is not installed"
    if not unified():
        return "there is no cgroup file system of the second version"
    tried = subprocess.run(["unshare", "--pid", "--mount", "--cgroup", "--uts", "--ipc", "--fork",
                            "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, text=True)
    return tried.stderr.strip() or None


def unified():
    for line in pathlib.Path("/proc/self/mounts").read_text().splitlines():
        _, place, kind, *_ = line.split()
        if kind == "cgroup2":
            return pathlib.Path(place)
    return None


def debian(suite, *packages):
    """A minimal tree of that release, made once a build; the story is skipped where it cannot be."""
    tree = BUILD / "tests" / "e2e" / "trees" / "-".join([suite, *packages])
    made = subprocess.run([SOURCE / "packaging" / "debian-tree", suite, tree, *packages],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if made.returncode != 0:
        pytest.skip(made.stderr.strip())
    return tree


def version(tree="/"):
    """Of the systemd there."""
    said = subprocess.run(["chroot", tree, SYSTEMD, "--version"], capture_output=True, text=True)
    return int(said.stdout.split()[1])  # systemd 257 (257.8-1~deb13u1)


class Ran:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def __repr__(self):
        return f"exit code {self.code}\n{self.out}{self.err}"


class Machine:
    """`shared` has the same name inside and outside; `tree`: whose files it is made of; `build`: what
    is installed in it, None: nothing."""

    def __init__(self, shared, tree="/", build=BUILD):
        self.shared = shared
        self.cgroup = unified() / f"hupd-stories-{os.getpid()}-{next(_names)}"
        self.cgroup.mkdir()
        script = pathlib.Path(__file__).with_name("machine.sh")
        self.process = subprocess.Popen([script, tree, build or "-", shared, self.cgroup],
                                        stdin=subprocess.DEVNULL)
        wait_until(self._is_up, "systemd is up", PATIENCE, explain=self._log)

    def _log(self):
        log = self.shared / "systemd.log"
        return log.read_text() if log.exists() else "it has not been started"

    def _init(self):
        """PID 1 of the machine, as it is known here."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return children.read_text().split()[0]

    def _is_up(self):
        assert self.process.poll() is None, self._log()
        try:
            if pathlib.Path(f"/proc/{self._init()}/comm").read_text() != "systemd\n":
                return False
        except (OSError, IndexError):
            return False
        return self.run("systemctl", "is-system-running").out.strip() in ("running", "degraded")

    def run(self, *command, deadline=60):
        enter = ["nsenter", "-t", self._init(), "-m", "-p", "-C", "-i", "-u", "-r", "-w"]
        return Ran(subprocess.run([*enter, *map(str, command)], stdin=subprocess.DEVNULL, text=True,
                                  capture_output=True, timeout=deadline))

    def systemctl(self, *arguments, **how):
        return self.run("systemctl", *arguments, **how)

    def write(self, path, text):
        done = subprocess.run(["nsenter", "-t", self._init(), "-m", "-r", "-w", "sh", "-c",
                               'mkdir -p "$(dirname "$0")" && cat > "$0"', str(path)],
                              input=text, text=True, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr

    def show(self, unit, *properties):
        """The values of these properties."""
        shown = self.systemctl("show", unit, *(f"-p{one}" for one in properties)).out
        values = dict(line.split("=", 1) for line in shown.splitlines())
        return [values.get(one, "") for one in properties]

    def end(self):
        self.process.send_signal(signal.SIGKILL)  # and with it PID 1, and with that everybody
        self.process.wait()
        wait_until(self._is_empty, "nobody of the machine is left", PATIENCE)
        for place in sorted(self.cgroup.rglob("*/"), reverse=True):
            place.rmdir()
        self.cgroup.rmdir()

    def _is_empty(self):
        return "populated 0" in (self.cgroup / "cgroup.events").read_text()


