"""What happens to a hupd in a chaos run. Each event gets dice of its own, so that a seed means the same
whatever the others drew, does one thing without waiting for what comes of it, and says what it did."""

import functools
import os
import random
import resource
import shutil
import signal
import threading

from . import control, library, proc
from .build import BUILD, PROGRAM
from .waiting import elapse

BAD = ["BAD_CREATE_FAIL", "BAD_CREATE_HANG", "BAD_START_FAIL", "BAD_START_PENDING", "BAD_START_SEGV",
       "BAD_LOAD_SEGV", "BAD_START_EXIT_0"]
SOME_SPARE = 3  # descriptors: enough to begin something, not to end it
NO_LIMIT = 1 << 14


class Events:
    """Each method that does not begin with an underscore is an event; WEIGHTS says how often."""

    WEIGHTS = {"kill_worker": 5, "kill_zygote": 3, "kill_master": 4, "kill_master_again": 2,
               "kill_worker_without_master": 2, "halt_worker": 3, "halt_worker_for_long": 1,
               "halt_zygote": 2, "halt_master": 3, "good_version": 8, "bad_version": 4,
               "hup": 2, "rollback": 5, "abort": 1, "upgrade": 5, "bad_upgrade": 2, "scale": 4,
               "rotate_log": 3, "fill_disk": 3, "exhaust_master": 2, "exhaust_worker": 2}

    def __init__(self, hupd, deployed, manager, casualties, disk):
        self._hupd, self._deployed, self._manager = hupd, deployed, manager
        self._casualties, self._disk = casualties, disk
        self._running = []  # commands, until they have their result
        self._later = []  # what is to be undone, by timers
        self._limits = threading.Lock()
        self._is_good_program = True

    # ---- deaths ----

    def kill_worker(self, dice):
        return self._kill_one(dice, self._hupd.workers())

    def kill_zygote(self, dice):
        return self._kill_one(dice, self._hupd.zygotes() + self._hupd.parked())

    def kill_master(self, dice):
        pid = self._end_master()
        elapse(dice.choice([0, 0, 0.05, 0.5]))
        self._start_master()
        return f"pid={pid}, followed by pid={self._hupd.pid}"

    def kill_master_again(self, dice):
        """While it takes up what its predecessor left."""
        pids = [self._end_master()]
        for _ in range(dice.randint(1, 3)):
            self._start_master(alive=False)
            elapse(dice.random() * 0.15)
            pids.append(self._end_master())
        self._start_master()
        return f"pids={pids}, followed by pid={self._hupd.pid}"

    def kill_worker_without_master(self, dice):
        pid = self._end_master()
        said = self._kill_one(dice, self._hupd.workers())
        self._start_master()
        return f"{said}; master pid={pid}, followed by pid={self._hupd.pid}"

    # ---- standing still ----

    def halt_worker(self, dice):
        return self._halt_one(dice, self._hupd.workers(), dice.uniform(0.05, 1))

    def halt_worker_for_long(self, dice):
        """Until hupd has enough of it."""
        return self._halt_one(dice, self._hupd.workers(), 7)

    def halt_zygote(self, dice):
        return self._halt_one(dice, self._hupd.zygotes() + self._hupd.parked(),
                              dice.choice([0.2, 1, 5]))

    def halt_master(self, dice):
        seconds = dice.uniform(0.02, 0.8)
        pid = self._hupd.pid
        os.kill(pid, signal.SIGSTOP)
        self._afterwards(seconds, os.kill, pid, signal.SIGCONT)
        return f"pid={pid} for {seconds:.2f} s"

    # ---- what operators do ----

    def good_version(self, dice):
        app = self._app(dice)
        number = dice.randrange(len(versions_of(app)))
        self._deployed[app].move_in(versions_of(app)[number])
        return f"{app} version {number}, {self._reload(dice, app)}"

    def bad_version(self, dice):
        app = self._app(dice)
        define = dice.choice(BAD)
        self._deployed[app].move_in(library.bad(define))
        return f"{app} {define}, {self._reload(dice, app)}"

    def hup(self, _dice):
        self._hupd.hup()
        return "of what is deployed"

    def rollback(self, dice):
        return self._command("rollback", self._app(dice))

    def abort(self, dice):
        return self._command("abort", self._app(dice))

    def scale(self, dice):
        return self._command("scale", self._app(dice), str(dice.randint(1, 5)))

    def upgrade(self, dice):
        self._deploy_program()
        if dice.random() < 0.5:
            return self._command("upgrade")
        self._hupd.send(signal.SIGUSR2)
        return "USR2"

    def bad_upgrade(self, _dice):
        """A program that is no hupd; the one that is comes back before a master is started."""
        self._is_good_program = False
        self._replace_program("/bin/true")
        return self._command("upgrade")

    def rotate_log(self, _dice):
        moved = self._hupd.log.rotate()
        self._hupd.send(signal.SIGUSR1)
        return "moved" if moved else "not there yet"

    # ---- what runs out ----

    def fill_disk(self, dice):
        if self._disk is None:
            return "left out: only root can have a small disk"
        self._disk.fill()
        self._afterwards(dice.uniform(0.1, 1.5), self._disk.empty)
        return f"and {self._reload(dice, self._app(dice))}"

    def exhaust_master(self, dice):
        pid = self._hupd.pid
        limit = self._has_open(pid) + dice.randint(0, SOME_SPARE)
        self._limit_descriptors(pid, limit)
        self._afterwards(dice.uniform(0.1, 1), self._lift_limits)
        return f"pid={pid} limit={limit}"

    def _has_open(self, pid):
        """One that becomes another program just now has closed a part of what it needs to live: it has
        had more, or has as soon as it answers."""
        before = len(proc.descriptors(pid))
        control.command(self._hupd, "status", deadline=60)
        return max(before, len(proc.descriptors(pid)))

    def exhaust_worker(self, dice):
        workers = self._hupd.workers()
        if not workers:
            return "there is none"
        pid = dice.choice(workers).pid
        limit = len(proc.descriptors(pid)) + dice.randint(0, SOME_SPARE)
        with self._limits:
            self._casualties.starve()
            self._limit_descriptors(pid, limit)
        self._afterwards(dice.uniform(0.1, 1), self._lift_limits)
        return f"pid={pid} limit={limit}"

    # ---- how ----

    def _kill_one(self, dice, processes):
        if not processes:
            return "there is none"
        one = dice.choice(processes)
        held = self._casualties.kill(one.pid)
        return f"{one}" + (" was gone" if held is None else f" with {held} connections")

    def _halt_one(self, dice, processes, seconds):
        if not processes:
            return "there is none"
        one = dice.choice(processes)
        held = self._casualties.halt(one.pid, seconds)
        return f"{one}" + (" not" if held is None else f" with {held} connections, {seconds:.2f} s")

    def _end_master(self):
        pid = self._hupd.pid
        self._manager.let_it_die(self._hupd)
        is_there = self._hupd.process.poll() is None
        assert is_there or self._manager.may_have_given_up(self._hupd), "the master had ended by itself"
        self._hupd.send(signal.SIGKILL)
        self._hupd.process.wait()
        return pid

    def _start_master(self, alive=True):
        if not self._is_good_program:
            self._deploy_program()
        self._manager.run(self._hupd, alive=alive)

    def _app(self, dice):
        return dice.choice(["web", "web", "ws"])

    def _reload(self, dice, app):
        if dice.random() < 0.5:
            self._hupd.hup()
            return "HUP"
        return self._command("reload", *dice.choice([(), (app,)]), *dice.choice([(), ("--force",)]))

    def _command(self, *words):
        self._running = [one for one in self._running if one[1].poll() is None]
        self._running.append((words, control.start(self._hupd, *words)))
        return "hupd " + " ".join(words)

    def _deploy_program(self):
        self._replace_program(PROGRAM)
        self._is_good_program = True

    def _replace_program(self, program):
        young = self._hupd.program.with_suffix(".new")
        shutil.copy(program, young)
        young.rename(self._hupd.program)

    @staticmethod
    def _kill(pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    @staticmethod
    def _limit_descriptors(pid, soft):
        try:
            _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (min(soft, hard), hard))
        except ProcessLookupError:
            pass

    def _lift_limits(self):
        """Of all, since who was started meanwhile has inherited them."""
        with self._limits:
            for pid in self._hupd.left_processes():
                self._limit_descriptors(pid, NO_LIMIT)
            self._casualties.end_famines()

    def _afterwards(self, seconds, action, *arguments):
        def act():
            try:
                action(*arguments)
            except ProcessLookupError:
                pass
        timer = threading.Timer(seconds, act)
        self._later.append(timer)
        timer.start()

    # ---- and then ----

    def calm_down(self):
        """Nothing stands still, is full or is under way; each command has its result."""
        for timer in self._later:
            timer.join()
        self._later.clear()
        self._casualties.wait_all_awake()
        self._lift_limits()
        self._deploy_program()
        for words, one in self._running:
            done = control.ended(one, 60)
            assert done.code in (0, 1, 2, 3, 4), (words, done)
        self._running.clear()


@functools.cache
def versions_of(app):
    """Libraries to deploy."""
    if app == "web":
        return [library.service(f"v{number}") for number in range(1, 6)]
    return [BUILD / "libwebsocket.so",
            library.example("websocket", "-Wl,--no-as-needed", "-lmd",
                            old='HUPD_APP(Counters, "1")', new='HUPD_APP(Counters, "2")')]


def plan(seed, count, weights):
    """(pause, name, dice), the same for the same seed and kind of events."""
    order = random.Random(seed)
    names, weights = zip(*weights.items())
    for number in range(count):
        name = order.choices(names, weights)[0]
        pause = order.choice([0, 0, order.uniform(0, 0.1), order.uniform(0, 0.6)])
        yield pause, name, random.Random(f"{seed}/{number}")
