"""What TAB gives in real shells, of the program's flags and of the apps of a running master."""

import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import time

import pytest

from harness import control
from harness.build import PROGRAM, environment
from harness.waiting import PATIENCE

COMPLETIONS = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "completions"
COMMANDS = {"run", "check", "reload", "rollback", "promote", "abort", "wait", "status", "history",
            "watch", "metrics", "scale", "stop", "upgrade", "logs-reopen"}


def variables(directory):
    """With the program on the path; nothing of whoever runs the tests."""
    return {**environment(), "PATH": f"{PROGRAM.parent}:/usr/bin:/bin", "HOME": str(directory),
            "XDG_RUNTIME_DIR": str(directory), "TERM": "dumb", "LC_ALL": "C.UTF-8"}


def output(command, directory):
    done = subprocess.run(command, cwd=directory, env=variables(directory), text=True,
                          capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE)
    assert done.returncode == 0 and done.stderr == "", done
    return done.stdout.splitlines()


def bash(directory, *words):
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hupd;'
              ' printf "%s\\n" "${COMPREPLY[@]}"')
    return set(output(["bash", "--norc", "-c", script, "bash", COMPLETIONS / "hupd.bash", PROGRAM,
                       *words], directory)) - {""}


def fish(directory, *words):
    script = f"source {COMPLETIONS / 'hupd.fish'}; complete -C (string join ' ' -- hupd $argv)"
    lines = output(["fish", "--no-config", "-c", script, "--", *words], directory)
    return {line.split("\t")[0] for line in lines}


SHELLS = [pytest.param(shell, id=shell.__name__, marks=pytest.mark.skipif(
    shutil.which(shell.__name__) is None, reason=f"{shell.__name__} is not installed"))
    for shell in (bash, fish)]


@pytest.fixture(params=SHELLS)
def shell(request):
    return request.param


def test_commands_are_completed(shell, story_dir):
    assert shell(story_dir, "") == COMMANDS
    assert shell(story_dir, "re") == {"reload"}
    assert shell(story_dir, "--control", "some/where", "hi") == {"history"}


def test_the_flags_are_those_of_the_command(shell, story_dir):
    assert shell(story_dir, "reload", "--no") == {"--no-wait", "--no-probation"}
    assert "--quick" in shell(story_dir, "stop", "--") and "--json" not in shell(story_dir, "stop", "--")
    assert shell(story_dir, "run", "--log-l") == {"--log-level"}
    assert shell(story_dir, "status", "--n") == set(), "what is hidden stays hidden"


def test_values_are_completed(shell, story_dir):
    assert shell(story_dir, "run", "--log-format", "") == {"text", "json"}
    assert shell(story_dir, "run", "--user", "nobo") == {"nobody"}
    (story_dir / "some.toml").touch()
    assert shell(story_dir, "run", "so") == {"some.toml"}
    assert shell(story_dir, "reload", "--config", "so") == {"some.toml"}
    assert shell(story_dir, "run", "--workers", "") <= {"", "some.toml"}


def test_in_bash_a_value_may_come_with_an_equals_sign(story_dir):
    assert bash(story_dir, "run", "--log-format", "=") == {"text", "json"}
    assert bash(story_dir, "run", "--log-format", "=", "j") == {"json"}
    assert bash(story_dir, "--control", "=", "x", "hi") == {"history"}


def test_apps_are_those_of_the_running_master(shell, two):
    found = ("--control", str(two.control))
    directory = two.directory / "elsewhere"
    directory.mkdir()
    for command in ("reload", "status", "scale", "rollback"):
        assert shell(directory, *found, command, "") == {"web", "api"}
        assert shell(directory, command, *found, "w") == {"web"}
    assert shell(directory, "reload", str(two.config), "a") == {"api"}, "by its configuration"


def test_without_a_master_there_are_none_and_no_word(shell, story_dir):
    assert shell(story_dir, "reload", "") == set()


def test_names_are_for_scripts(two, story_dir):
    done = control.command(two, "status", "--names")
    assert (done.code, set(done.out.split()), done.err) == (0, {"web", "api"}, "")
    gone = subprocess.run([PROGRAM, "--control", story_dir / "none", "status", "--names"],
                          capture_output=True, timeout=PATIENCE)
    assert (gone.returncode, gone.stdout, gone.stderr) == (3, b"", b"")


# ---- zsh, which completes in its line editor alone ----

class Zsh:
    def __init__(self, directory):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(directory)
            os.execve("/bin/zsh", ["zsh", "-f", "-i"], variables(directory))
        self.seen = ""
        self.type(f"PS1='%% '; unsetopt beep; fpath=({COMPLETIONS} $fpath);"
                  f" autoload -Uz compinit; compinit -u -D; echo re''ady\n")
        self.wait(r"\bready\b")

    def type(self, text):
        self.seen = ""
        os.write(self.fd, text.encode())

    def wait(self, pattern):
        deadline = time.monotonic() + PATIENCE
        while not re.search(pattern, self.seen):
            assert time.monotonic() < deadline, f"no {pattern!r} in {self.seen!r}"
            if select.select([self.fd], [], [], 0.1)[0]:
                self.seen += os.read(self.fd, 65536).decode(errors="replace")

    def completes(self, typed, pattern):
        self.type(f"{typed}\t")
        self.wait(pattern)
        self.type("\x15echo do''ne\n")  # the line is dropped
        self.wait(r"\bdone\b")

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


@pytest.fixture
def zsh(story_dir):
    if not os.path.exists("/bin/zsh"):
        pytest.skip("zsh is not installed")
    directory = story_dir / "zsh"
    directory.mkdir()
    one = Zsh(directory)
    yield one
    one.end()


def test_zsh_completes_commands_flags_values_and_apps(zsh, two):
    zsh.completes("hupd rel", r"hupd reload ")
    zsh.completes("hupd reload --no-p", r"--no-probation")
    zsh.completes("hupd run --log-format j", r"json")
    zsh.completes("hupd stop --q", r"--quick")
    zsh.completes(f"hupd --control {two.control} reload w", r"reload web")
    zsh.completes(f"hupd --control={two.control} scale a", r"scale api")
    zsh.completes("hupd ", r"rollback +-- Go back to the version")
