"""The Debian packages of the tree, and machines of this Debian's release to install them in."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from .build import SOURCE, environment
from .machine import Machine, debian

# What a package manager keeps for itself, and systemd-sysusers.
NOT_THE_PACKAGES = ("/var/lib/dpkg/", "/var/lib/apt/", "/var/cache/apt/", "/var/log/",
                    "/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-")
MINUTES = 60


def needs(*programs):
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


def build(directory):
    """All files that dpkg-buildpackage makes."""
    needs("dpkg-buildpackage", "dh")
    variables = {**environment(), "DEB_BUILD_OPTIONS": "noautodbgsym"}
    done = subprocess.run([SOURCE / "packaging" / "build-deb", directory], env=variables, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=30 * MINUTES)
    assert done.returncode == 0, done.stdout[-5000:]
    return sorted(pathlib.Path(directory).iterdir())


def newer(package, version, program=None):
    """The same with another version in its changelog: that is in no other file of it. `program`: the
    text of what it has for hupd."""
    made = package.with_name(f"newer-{package.name}")
    with tempfile.TemporaryDirectory() as tree:
        subprocess.run(["dpkg-deb", "-R", package, tree], check=True)
        control = pathlib.Path(tree, "DEBIAN", "control")
        lines = [f"Version: {version}" if line.startswith("Version:") else line
                 for line in control.read_text().splitlines()]
        control.write_text("\n".join(lines) + "\n")
        if program is not None:
            pathlib.Path(tree, "usr", "bin", "hupd").write_text(program)
        subprocess.run(["dpkg-deb", "--root-owner-group", "-b", tree, made], check=True,
                       stdout=subprocess.DEVNULL)
    return made


def release():
    lines = pathlib.Path("/etc/os-release").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)["VERSION_CODENAME"]


class PackageMachine(Machine):
    """A minimal system with nothing of hupd in it, that reaches its mirror as this machine does."""

    def __init__(self, shared):
        super().__init__(shared, debian(release(), "systemd"), build=None)
        for file in ("/etc/resolv.conf", "/etc/hosts"):
            self.write(file, pathlib.Path(file).read_text())
        settings = subprocess.run(["apt-config", "dump"], capture_output=True, text=True).stdout
        kept = [line for line in settings.splitlines()
                if line.startswith("Acquire::") and ("::Proxy" in line or "::Check-" in line)]
        self.write("/etc/apt/apt.conf.d/00host", "\n".join(kept) + "\n")
        self.reaches_mirror = self.apt("update", "--error-on=any")

    def apt(self, *arguments):
        proxies = [f"{name}={os.environ[name]}" for name in ("http_proxy", "https_proxy")
                   if name in os.environ]
        return self.run("env", "DEBIAN_FRONTEND=noninteractive", *proxies, "apt-get", "-q", "-y",
                        "--no-install-recommends", *arguments, deadline=10 * MINUTES)

    def must(self, *arguments):
        done = self.apt(*arguments)
        assert done.code == 0, done
        return done

    def depends_of(self, package):
        """Names of what apt would install with it."""
        plan = self.must("--simulate", "install", package).out.splitlines()
        return [line.split()[1] for line in plan if line.startswith("Inst ") and " hupd " not in line]

    def files(self):
        """Every path that is on its disk."""
        listed = self.run("find", "/", "-xdev", "-printf", "%y %m %u %p %l\\n").out.splitlines()
        return {line for line in listed if not any(one in line for one in NOT_THE_PACKAGES)}
