"""What /proc says of a process."""

import os
import pathlib

PROC = pathlib.Path("/proc")


def _read(path):
    try:
        return path.read_bytes()
    except OSError:  # it ended meanwhile, or it is another user's
        return b""


def pids():
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def title(pid):
    return _read(PROC / str(pid) / "cmdline").rstrip(b"\0 ").replace(b"\0", b" ").decode(errors="replace")


def state(pid):
    """'R', 'S', 'Z', …; '' when there is no such process."""
    stat = _read(PROC / str(pid) / "stat")
    return stat.rpartition(b")")[2].split()[0].decode() if stat else ""


def lives(pid):
    return state(pid) not in ("", "Z", "X")


def parent(pid):
    stat = _read(PROC / str(pid) / "stat")
    return int(stat.rpartition(b")")[2].split()[1]) if stat else 0


def children(pid):
    return [one for one in pids() if parent(one) == pid]


def environment(pid):
    pairs = _read(PROC / str(pid) / "environ").split(b"\0")
    return dict(pair.decode(errors="replace").split("=", 1) for pair in pairs if b"=" in pair)


def with_variable(name, value):
    """Every process that inherited this environment variable, zombies (which have none) excepted."""
    needle = f"{name}={value}".encode()
    return [pid for pid in pids() if needle in _read(PROC / str(pid) / "environ").split(b"\0")]


def descriptors(pid):
    """What each open descriptor is: {3: "socket:[8123]"}."""
    found = {}
    try:
        for entry in (PROC / str(pid) / "fd").iterdir():
            try:
                found[int(entry.name)] = os.readlink(entry)
            except OSError:
                pass
    except OSError:
        pass
    return found


def status(text):
    """/proc/PID/status as a dictionary."""
    return {k: v.strip() for k, v in (line.split(":", 1) for line in text.splitlines() if ":" in line)}


def resident_kib(pid):
    return int(status(_read(PROC / str(pid) / "status").decode())["VmRSS"].split()[0])
