"""Application libraries, compiled once for all test files of a build."""

import hashlib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

from .build import BUILD, SOURCE, TESTS

CACHE = BUILD / "tests" / "e2e" / "libraries"
APPS = TESTS / "apps"
COMMON = ["-O1", "-g0", "-fPIC", "-Wall", "-Wextra", f"-I{SOURCE / 'include'}"]


def _headers_hash():
    digest = hashlib.sha256()
    for header in sorted((SOURCE / "include").rglob("*.h*")):
        digest.update(header.read_bytes())
    return digest.hexdigest()


def _compiler(source):
    if source.suffix == ".c":
        return shlex.split(os.environ.get("CC") or "cc") + ["-std=gnu11"]
    return shlex.split(os.environ.get("CXX") or "c++") + ["-std=c++20"]


def compiled(source, *flags, inputs=()):
    """The output of compiling `source`. Named by all that goes into it, so it is made once."""
    source = pathlib.Path(source)
    command = [*_compiler(source), *COMMON, *flags, str(source), *map(str, inputs)]
    parts = [" ".join(command).encode(), source.read_bytes(), _headers_hash().encode()]
    parts += [pathlib.Path(one).read_bytes() for one in inputs]
    name = hashlib.sha256(b"\0".join(parts)).hexdigest()[:20]
    target = CACHE / (name + (".o" if "-c" in flags else ".so"))
    if not target.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            made = pathlib.Path(scratch) / target.name
            done = subprocess.run([*command, "-o", str(made)], capture_output=True, text=True,
                                  timeout=120)
            assert done.returncode == 0, f"{shlex.join(command)}\n{done.stderr}"
            os.replace(made, target)  # another test file may have been quicker
    return target


def service(version):
    """The application of the stories, answering `version`."""
    CACHE.mkdir(parents=True, exist_ok=True)
    text = CACHE / f"version-{version}.cpp"  # apart, so that a version takes no compiling
    _write(text, f'extern "C" {{ extern const char service_version[] = "{version}"; }}\n')
    return compiled(text, "-shared", inputs=[compiled(APPS / "service.cpp", "-c")])


def _write(path, text):
    if path.exists() and path.read_text() == text:
        return
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(text)
    os.replace(file.name, path)


def bad(*defines):
    return compiled(APPS / "bad.c", "-shared", "-pthread", *(f"-D{one}" for one in defines))


def die_at_write():
    """Not an application: for LD_PRELOAD."""
    return compiled(APPS / "die_at_write.c", "-shared")


def no_room():
    """Not an application: for LD_PRELOAD."""
    return compiled(APPS / "no_room.c", "-shared")


def throwing(where):
    return compiled(APPS / "throwing.cpp", "-shared", f"-DTHROW_{where}")


def mover(version):
    return compiled(APPS / "mover.cpp", "-shared", f'-DMOVER_VERSION="{version}"')


def keeper(state=1, before_ready=False):
    early = ("-DKEEPER_BEFORE_READY",) if before_ready else ()
    return compiled(APPS / "keeper.cpp", "-shared", f"-DKEEPER_STATE={state}", *early)


def prober(version):
    return compiled(APPS / "prober.cpp", "-shared", f'-DPROBER_VERSION="{version}"')


def hostile(zygote=None):
    flags = (f'-DHOSTILE_ZYGOTE="{zygote}"',) if zygote else ()
    return compiled(APPS / "hostile.cpp", "-shared", *flags)


def own_loop(version):
    return compiled(APPS / "own_loop.cpp", "-shared", f'-DOWN_LOOP_VERSION="{version}"')


def example(name, *flags, **changed):
    """src/apps/NAME/NAME.cpp with pieces of its source changed: old="…", new="…". As one file, since
    that names what is made."""
    folder = SOURCE / "src" / "apps" / name
    taken = set()

    def whole(file):
        taken.add(file)
        lines = []
        for line in (folder / file).read_text().splitlines():
            include = re.fullmatch(r'#include "([^"]+)"', line)
            if not include:
                lines.append(line)
            elif include[1] not in taken:
                lines.append(whole(include[1]).replace("#pragma once", ""))
        return "\n".join(lines) + "\n"
    text = whole(f"{name}.cpp")
    assert changed["old"] in text
    text = text.replace(changed["old"], changed["new"])
    CACHE.mkdir(parents=True, exist_ok=True)
    source = CACHE / f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:20]}.cpp"
    _write(source, text)
    return compiled(source, "-shared", *flags)


class Deployed:
    """The file that hupd is told to serve, and the ways in which people replace it."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def move_in(self, library):
        """The right way: a whole file under another name, then a rename."""
        if self.path.is_dir():  # a bad deploy's
            self.path.rmdir()
        beside = self.path.with_suffix(".new")
        shutil.copyfile(library, beside)
        os.rename(beside, self.path)

    def copy_over(self, library):
        """cp: the file that is there is truncated and written again."""
        shutil.copyfile(library, self.path)

    def write(self, data):
        beside = self.path.with_suffix(".new")
        beside.write_bytes(data)
        os.rename(beside, self.path)

    def truncate(self, size):
        os.truncate(self.path, size)

    def remove(self):
        self.path.unlink()
