"""What happens to hupd's own keeper in a chaos run, beside all the rest."""

from .chaos_events import Events
from .deaths import keepers_of
from .waiting import elapse


class KeeperEvents(Events):
    WEIGHTS = {**Events.WEIGHTS, "kill_keeper": 3, "kill_keeper_then_master": 2, "halt_keeper": 3,
               "halt_keeper_then_kill_master": 2, "halt_keeper_at_takeover": 2}

    def kill_keeper(self, dice):
        pids = keepers_of(self._hupd)
        if not pids:
            return "there is none"
        pid = dice.choice(pids)
        self._kill(pid)
        return f"pid={pid}"

    def kill_keeper_then_master(self, dice):
        """As soon as another one has all."""
        said = self.kill_keeper(dice)
        return f"{said}; master {self.kill_master(dice)}"

    def halt_keeper(self, dice):
        return self._halt(dice, dice.choice([0.2, 1, 3]))

    def halt_keeper_then_kill_master(self, dice):
        """Those that come meanwhile find that it does not answer."""
        self._manager.let_it_die(self._hupd)
        said = self._halt(dice, dice.choice([0.2, 1, 3]))
        elapse(dice.choice([0, 0, 0.05, 0.5]))
        return f"{said}; master {self.kill_master(dice)}"

    def halt_keeper_at_takeover(self, dice):
        """And whoever takes over is killed as well, or is not."""
        pids = [self._end_master()]
        self._start_master(alive=False)
        elapse(dice.random() * 0.1)
        said = self._halt(dice, dice.uniform(0.05, 0.6))
        is_killed = dice.random() < 0.5
        elapse(dice.random() * 0.1)
        if is_killed:
            pids.append(self._end_master())
            self._start_master()
        else:
            self._manager.see_through(self._hupd)
        return f"{said}; master pids={pids}, followed by pid={self._hupd.pid}"

    def _halt(self, dice, seconds):
        pids = keepers_of(self._hupd)
        if not pids:
            return "there is none"
        pid = dice.choice(pids)
        self._later.append(self._manager.halt(pid, seconds))
        return f"pid={pid} for {seconds:.2f} s"
