"""hupd's log as tests read it: lines in their parts, and every text that a test waits for."""

import re
from dataclasses import dataclass
from typing import Optional

# The texts, each once. They are looked for anywhere in a line's text.
LISTENING = "listening on "
NO_LONGER_LISTENING = "no longer listening on "
STARTED = "started in "
START_FAILED = "start failed: "
RELOAD_STARTED = "reload started"
RELOAD_WAITS = "reload waits: "
RELOAD_DONE = "reload done"
REJECTED = "reload rejected: "
READY = "ready"
LOST = "lost: "
LEFT_BY_ITSELF = "lost: ended with an orderly leave"  # an adopted one, and nobody was lost with it
CANARY = "canary: "
ON_PROBATION = "on probation"
PROBATION_FAILED = "probation failed"
UNWELL = "unwell: "
WELL_AGAIN = "well again"
WORN = "worn: "
RELIEVED = "relieved"
DEGRADED = "degraded"
DRAINING = "draining"
STALLED = "stalled: "
OVERDUE = "still busy after drain_timeout"
LOG_REOPENED = "log reopened"
LINES_DROPPED = "of log were dropped: the reader of standard error did not keep up"
STOPPED = "stopped"

SHAPE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (?P<level>error|warn |info |debug)"
    r" (?:app=(?P<app>\S+) )?(?:gen=(?P<gen>\d+) )?(?:worker=(?P<worker>\d+) )?"
    r"(?:pid=(?P<pid>\d+) )?(?P<text>.*)")

DIED_WITH = re.compile(r", with (\d+) connections")


@dataclass(frozen=True)
class Line:
    level: str
    text: str
    app: Optional[str] = None
    gen: Optional[int] = None
    worker: Optional[int] = None
    pid: Optional[int] = None


def parse(raw):
    """None for a line that is not of hupd's shape (a fault of the configuration, say)."""
    match = SHAPE.fullmatch(raw)
    if match is None:
        return None
    number = {k: int(match[k]) if match[k] else None for k in ("gen", "worker", "pid")}
    return Line(match["level"].strip(), match["text"], match["app"], **number)


class Log:
    """A log file that still grows."""

    def __init__(self, path):
        self.path = path
        self._offset = 0
        self._rest = b""
        self._raw = []
        self._lines = []

    def _read(self):
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:
            file.seek(self._offset)
            new = file.read()
        self._offset += len(new)
        *whole, self._rest = (self._rest + new).split(b"\n")
        for raw in whole:
            text = raw.decode(errors="replace")
            self._raw.append(text)
            line = parse(text)
            if line is not None:
                self._lines.append(line)

    def raw(self):
        self._read()
        return list(self._raw)

    def lines(self):
        self._read()
        return list(self._lines)

    def find(self, text, since=0, **parts):
        """The lines that have `text` and these parts (gen=2, level="error"), from `since` on."""
        return [line for line in self.lines()[since:]
                if text in line.text and all(getattr(line, k) == v for k, v in parts.items())]

    def died_with(self, **parts):
        """So many connections were in the processes that died, by what is said of each."""
        texts = (line.text for line in self.find(", with ", **parts))
        return sum(int(match[1]) for text in texts if (match := DIED_WITH.search(text)))

    def mark(self):
        """For `since`: what is logged from now on."""
        return len(self.lines())

    def tail(self, count=40):
        raw = self.raw()
        shown = raw[-count:] + ([self._rest.decode(errors="replace")] if self._rest else [])
        return f"--- the log, last {len(shown)} lines of {len(raw)}\n" + "\n".join(shown)
