"""The one way to wait: ask again until it is so, or fail at a deadline with what is known."""

import select
import time

PATIENCE = 15.0  # seconds; for what takes milliseconds on a quiet machine
PAUSE = 0.01


class Overdue(AssertionError):
    pass


def wait_until(predicate, what, deadline=PATIENCE, explain=lambda: ""):
    """Returns the first true value of `predicate()`; `explain()` is added to the failure."""
    end = time.monotonic() + deadline
    while True:
        late = time.monotonic() >= end  # before the last look: a slow machine gets one more
        value = predicate()
        if value:
            return value
        if late:
            raise Overdue(f"not within {deadline:g} s: {what}\n{explain()}")
        time.sleep(PAUSE)


def elapse(seconds):
    """Time that is part of a story: a storm's rhythm, a client's slowness. Nothing is waited for."""
    select.select([], [], [], seconds)
