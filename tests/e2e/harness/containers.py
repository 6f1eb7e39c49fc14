"""podman in processes and mounts of its own (containers.sh), and what runs in it. Needs root."""

import json
import os
import pathlib
import platform
import shutil
import signal
import subprocess
import tempfile

from . import client, log, machine, proc
from .build import BUILD, SANITIZED
from .log import Log
from .machine import Ran
from .waiting import PATIENCE, wait_until

HERE = pathlib.Path(__file__).parent
INTERFACES = pathlib.Path("/sys/class/net")
IMAGES = BUILD / "tests" / "e2e" / "images"
IMAGE = "localhost/hupd:stories"
BUILD_SECONDS = 1500  # packages, and a compiler's work on two slow cores
# What a careful operator gives a container, and no more. The size is a matter of the story's.
CONFINED = ["--read-only", "--read-only-tmpfs=false", "--cap-drop=all",
            "--security-opt=no-new-privileges"]


def runtime_dir(**options):
    given = {"mode": "1777", "size": "64m", **options}
    return "--tmpfs=/run/hupd:rw,exec,nosuid,nodev," + ",".join(f"{k}={v}" for k, v in given.items())


def codename():
    """Of the Debian that this is: libraries that are built here have to load in the image."""
    said = platform.freedesktop_os_release()
    return said.get("VERSION_CODENAME") if said.get("ID") == "debian" else None


def why_not():
    """Why there can be none here; None: there can."""
    if os.getuid() != 0:
        return "needs root"
    for tool in ("podman", "buildah", "debootstrap", "crun"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    if SANITIZED:
        return "the image's program takes no libraries that are built for a sanitizer"
    if codename() is None:
        return "the image is built for this machine's release of Debian, and this is none"
    if not IMAGES.exists() and {one.name for one in INTERFACES.glob("*")} <= {"lo"}:
        return "there is no network to install the image's packages from"
    tried = subprocess.run(["unshare", "--mount", "--pid", "--fork", "mount", "-t", "cgroup2", "none",
                            "/mnt"], capture_output=True, text=True)
    return tried.stderr.strip() or None


class Engine:
    """`shared` is where containers and the story meet; everything else is nobody's business."""

    def __init__(self, shared):
        self.shared = shared
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="hupd-containers-"))
        self.process = subprocess.Popen([HERE / "containers.sh", self.work], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout.readline() == "ready\n"

    def run(self, *command, deadline=PATIENCE * 4, output=None, given=b""):
        """`output`: a file for what it says, also later and in the background; `given`: its input."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        enter = ["nsenter", "-t", children.read_text().split()[0], "-m", "-p", "-r", "-w"]
        # Files and no pipes: who goes on in the background holds them for longer than this takes.
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            done = subprocess.run([*enter, *map(str, command)], input=given,
                                  stdout=output or out, stderr=output or err, timeout=deadline)
            for file in (out, err):
                file.seek(0)
            done.stdout, done.stderr = (file.read().decode(errors="replace") for file in (out, err))
        return Ran(done)

    def build_image(self):
        """By the Dockerfile, all of it; what has not changed since the last time is still there."""
        tree = machine.debian(codename())
        done = self.run("nice", HERE / "image.sh", IMAGES, self.work / "build", tree, IMAGE,
                        deadline=BUILD_SECONDS)
        assert done.code == 0, f"{done.out[-2000:]}{done.err[-2000:]}"

    def podman(self, *arguments, **how):
        return self.run("podman", "--root", self.work / "root", "--runroot", self.work / "run",
                        "--tmpdir", self.work / "tmp", "--storage-driver", "overlay",
                        "--storage-opt", f"additionalimagestore={IMAGES}",
                        "--cgroup-manager", "cgroupfs", "--events-backend", "none",
                        *arguments, **how)

    def end(self):
        self.process.send_signal(signal.SIGKILL)  # and with it all that is in there
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        wait_until(self._is_gone, "nothing is left of it", PATIENCE)

    def _is_gone(self):
        """Its file systems go with the last process."""
        try:
            self.work.rmdir()
        except OSError:
            return False
        return True


class Container:
    """hupd in one. `options` are podman's, `command` the image's."""

    def __init__(self, engine, name, *command, options=(), network="host", image=IMAGE):
        self.engine, self.name = engine, name
        self.log = Log(engine.shared / f"{name}.log")
        # --ulimit=host: podman's own limits are more than what some machines allow. Cgroups are
        # nothing that hupd asks for, and not to be had everywhere.
        wanted = ["--detach", f"--name={name}", f"--network={network}", "--cgroups=disabled",
                  "--ulimit=host", "--log-driver=passthrough"]
        with open(self.log.path, "ab") as file:
            done = engine.podman("run", *wanted, *options, image, *command, output=file)
        assert done.code == 0, self.log.tail()

    def wait(self, predicate, what, deadline=PATIENCE):
        return wait_until(predicate, what, deadline, explain=self.log.tail)

    def serves(self):
        self.wait(lambda: self.log.find(log.STARTED), "it serves")
        return self

    def start_again(self):
        since = self.log.mark()
        with open(self.log.path, "ab") as file:
            self.engine.podman("start", self.name, output=file)
        self.wait(lambda: self.log.find(log.STARTED, since), "it serves again")

    def address(self):
        """The application's, which is of 127.0.0.1 in all stories."""
        lines = [line.text for line in self.log.find(log.LISTENING + "127.0.0.1:")]
        lines = [line for line in lines if not line.startswith(log.NO_LONGER_LISTENING)]
        return lines[-1][len(log.LISTENING):]

    def get(self, target="/", **how):
        return client.get(self.address(), target, **how)

    def in_hand(self):
        """How many connections its workers have."""
        done = self.exec("hupd", "status", "--json")
        assert done.code == 0, done
        status = json.loads(done.out)
        return sum(worker["connections"] for app in status["apps"]
                   for generation in app["generations"] for worker in generation["workers"])

    def exec(self, *command, **how):
        return self.engine.podman("exec", "--interactive", self.name, *command, **how)

    def kill(self, number):
        done = self.engine.podman("kill", f"--signal={number}", self.name)
        assert done.code == 0, done

    def stop(self, grace):
        """As long as that takes; returns the exit code."""
        done = self.engine.podman("stop", f"--time={grace}", self.name, deadline=grace + 30)
        assert done.code == 0, done
        return self.exit_code()

    def exit_code(self):
        return int(self.engine.podman("wait", self.name).out)

    def shows(self, template):
        return self.engine.podman("inspect", "--format", template, self.name).out.strip()

    def process(self, pid=1):
        """/proc/PID/status in it."""
        return proc.status(self.exec("cat", f"/proc/{pid}/status").out)

    def remove(self):
        done = self.engine.podman("rm", "--force", "--time=0", self.name)
        assert done.code == 0, done
