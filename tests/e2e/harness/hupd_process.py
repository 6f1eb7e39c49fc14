"""One running hupd: started as users start it, asked by signals, read through its log and /proc."""

import contextlib
import itertools
import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass

from . import client, log, proc, settings
from .build import PROGRAM, environment
from .log import Log
from .waiting import PATIENCE, wait_until

MARK = "HUPD_E2E_MARK"  # in the environment of all that belongs to one hupd
TITLE = re.compile(r"hupd: (?P<kind>zygote|worker) (?P<app>[^/]+)/(?P<gen>\d+)(?:/(?P<slot>\d+))?")
_marks = itertools.count(1)


@dataclass(frozen=True)
class Process:
    pid: int
    kind: str
    gen: int
    slot: int
    app: str = ""


class Hupd:
    def __init__(self, directory, library):
        self.directory = directory
        self.library = library  # Deployed
        self.config = directory / "hupd.toml"
        self.runtime_dir = directory / "run"
        self.control = directory / "control.sock"
        self.log = Log(directory / "log")
        self.mark = f"{os.getpid()}-{next(_marks)}"
        self.program = PROGRAM
        self.process = None
        self.expected_exit = 0

    def write_config(self):
        self.config.write_text(settings.toml(self.tables))

    # ---- start ----

    def spawn(self, *arguments, prefix=(), variables=None, pass_fds=(), output=None,
              **options):
        """Runs the program, and returns at once. `output`: a descriptor instead of the log file."""
        everything = {**environment(), MARK: self.mark, **(variables or {})}
        with open(self.log.path, "ab") as file:
            output = file if output is None else output
            self.process = subprocess.Popen(
                [*map(str, prefix), str(self.program), *map(str, arguments)], stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, env=everything, pass_fds=pass_fds,
                cwd=self.directory, **options)
        return self

    def run(self, **spawn):
        """Runs it with its configuration file, and returns once it serves."""
        self.spawn("run", self.config, **spawn)
        self.wait_for(log.STARTED, alive=True)
        return self

    @property
    def pid(self):
        return self.process.pid

    # ---- what is so ----

    def address(self, number=0):
        """The number-th address that it said to listen on."""
        lines = self.log.find(log.LISTENING)
        lines = [line for line in lines if not line.text.startswith(log.NO_LONGER_LISTENING)]
        return lines[number].text[len(log.LISTENING):]

    def get(self, target="/", **how):
        return client.get(self.address(), target, **how)

    def processes(self, kind=None, parked=False):
        """Zygotes and workers, youngest generation first, in the order of their slots; without the
        zygotes of generations before the one that serves, which are parked or leaving: these are
        to be had apart."""
        found = []
        for pid in proc.with_variable(MARK, self.mark):
            match = TITLE.match(proc.title(pid))
            # A zygote forks an intermediate, titled as itself, that is gone in a moment.
            if not match or not proc.lives(pid) or kind not in (None, match["kind"]):
                continue
            if match["kind"] == "zygote":
                if TITLE.match(proc.title(proc.parent(pid))):
                    continue
                if parked != (int(match["gen"]) < self.generation(match["app"])):
                    continue
            elif parked:
                continue
            found.append(Process(pid, match["kind"], int(match["gen"]), int(match["slot"] or 0),
                                 match["app"]))
        return sorted(found, key=lambda one: (-one.gen, one.slot))

    def workers(self, gen=None):
        return [one for one in self.processes("worker") if gen in (None, one.gen)]

    def zygotes(self):
        return self.processes("zygote")

    def parked(self):
        return self.processes("zygote", parked=True)

    def generation(self, app=None):
        """The one that serves, by the log; 0: none yet."""
        done = self.log.find(log.STARTED) + self.log.find(log.RELOAD_DONE)
        return max((line.gen or 0 for line in done if app in (None, line.app)), default=0)

    def let_each_worker_serve(self):
        """What a worker opens with its first connection, it keeps: not to be taken for a leak."""
        with self.connected_to_each():
            pass

    @contextlib.contextmanager
    def connected_to_each(self, target="/"):
        """A connection to every worker and its answer, by process id. None is closed before each
        worker has one: who has more stands back, where one alone may take all that come singly."""
        found = {}
        with contextlib.ExitStack() as opened:
            def all_have():
                one = opened.enter_context(client.Connection(self.address()))
                answer = one.get(target)
                found[int(answer.headers["x-pid"])] = (one, answer)
                return {each.pid for each in self.workers()} <= set(found)
            self.wait(all_have, f"each worker answers {target}")
            yield found

    # ---- what is asked of it ----

    def send(self, number):
        self.process.send_signal(number)

    def hup(self):
        self.send(signal.SIGHUP)

    def reload(self, deadline=PATIENCE):
        """HUP, and wait until it is done; returns the new generation."""
        since = self.log.mark()
        self.hup()
        return self.wait_reload_done(since, deadline).gen

    # ---- waiting ----

    def wait(self, predicate, what, deadline=PATIENCE):
        return wait_until(predicate, what, deadline, explain=self.log.tail)

    def wait_for(self, text, since=0, deadline=PATIENCE, alive=False, **parts):
        """The first line of the log with this text and these parts."""
        def look():
            found = self.log.find(text, since, **parts)
            if not found and alive:
                assert self.process.poll() is None, \
                    f"hupd ended with {self.process.returncode}\n{self.log.tail()}"
            return found
        return self.wait(look, f"a line with {text!r} {parts or ''}", deadline)[0]

    def wait_reload_done(self, since=0, deadline=PATIENCE):
        def look():
            rejected = self.log.find(log.REJECTED, since)
            assert not rejected, f"{rejected[0].text}\n{self.log.tail()}"
            return self.log.find(log.RELOAD_DONE, since)
        return self.wait(look, "the reload is done", deadline)[0]

    def wait_rejected(self, since=0, deadline=PATIENCE):
        return self.wait_for(log.REJECTED, since, deadline)

    def wait_settled(self, workers, deadline=PATIENCE):
        """Nothing but one zygote and so many workers of the generation that serves, and the parked
        zygote of the one to go back to."""
        def settled():
            gen = self.generation()
            return ([one.gen for one in self.processes()] == [gen] * (workers + 1)
                    and len(self.zygotes()) == 1 and len(self.parked()) <= 1)
        self.wait(settled, f"one zygote and {workers} workers of one generation", deadline)

    def wait_exit(self, deadline=PATIENCE):
        self.wait(lambda: self.process.poll() is not None, "hupd has ended", deadline)
        return self.process.returncode

    # ---- the end ----

    def stop(self, number=signal.SIGTERM):
        """Asks it to end; returns the exit code."""
        if self.process.poll() is None:
            self.send(number)
        return self.wait_exit(20)

    def left_processes(self):
        return {pid: proc.title(pid) for pid in proc.with_variable(MARK, self.mark)
                if proc.lives(pid)}

    def left_files(self):
        ours = [path for path in self.directory.rglob("*") if path.is_socket()]
        ours += [path for path in self.directory.glob("*.pid")]
        if self.runtime_dir.exists():
            ours += list(self.runtime_dir.iterdir())
        return ours

    def forget_files(self):
        """A master that was killed cannot tidy up; the next one does."""
        for path in self.left_files():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def kill_all(self):
        """Whatever happened: nothing of it lives on. Each process by its own id."""
        for pid in self.left_processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if self.process is not None:
            self.process.wait(10)
