"""What a run does to processes itself, and how many connections each of them had then: the measure of
what clients may miss.

Whoever is to be killed is stopped first, so that what it holds is counted while it cannot change.
"""

import os
import signal
import threading

from . import inventory, log, proc
from .waiting import wait_until


class Casualties:
    def __init__(self):
        self.killed = {}  # pid: its connections
        self.halted = {}  # likewise; who stands still for too long is ended by hupd
        self._waking = []

    # ---- what is done ----

    def kill(self, pid):
        """kill -9; None when there is nobody any more."""
        held = self._stop(pid)
        if held is not None:
            self.killed[pid] = held
            os.kill(pid, signal.SIGKILL)
        return held

    def halt(self, pid, seconds):
        """It stands still for so long. None when there is nobody, or it does already."""
        if pid in self.halted or not proc.lives(pid):
            return None
        handle = os.pidfd_open(pid)
        held = self._stop(pid)
        if held is None:
            os.close(handle)
            return None
        self.halted[pid] = held
        timer = threading.Timer(seconds, self._wake, (handle,))
        self._waking.append(timer)
        timer.start()
        return held

    def wait_all_awake(self):
        for timer in self._waking:
            timer.join()
        self._waking.clear()

    def _stop(self, pid):
        try:
            os.kill(pid, signal.SIGSTOP)
        except ProcessLookupError:
            return None
        wait_until(lambda: proc.state(pid) in ("T", "") or not proc.lives(pid), "it is stopped")
        return inventory.connections(pid) if proc.state(pid) == "T" else None

    @staticmethod
    def _wake(handle):
        try:
            signal.pidfd_send_signal(handle, signal.SIGCONT)
        except ProcessLookupError:
            pass
        os.close(handle)

    # ---- what is to be expected of it ----

    def explain(self, lines):
        """So many connections may have been lost, by these lines of the log and what was counted;
        and the lines of losses that nothing explains."""
        unexplained = []
        explained = sum(self.killed.values())
        counted = set(self.killed)
        for line in lines:
            if line.pid in self.halted and line.pid not in counted:
                explained += self.halted[line.pid]
                counted.add(line.pid)
            elif line.pid not in counted:
                unexplained.append(line)
        return explained, unexplained


def losses(lines):
    """Those lines that tell of connections that somebody lost, or of somebody who was; without those
    of workers that never came to be, which have no pid, and of those that drained on their own."""
    def tells(text):
        if text.startswith(log.LEFT_BY_ITSELF):
            return False
        return text.startswith(log.LOST) or log.OVERDUE in text or text.startswith("cut ")
    return [line for line in lines if line.pid is not None and tells(line.text)]
