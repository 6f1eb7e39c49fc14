"""Starting, stopping and observing a server: CPU time from /proc, requests from the load's report."""
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port):
    """Whether a new connection gets the answer; raises OSError."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
        answer = b""
        while not answer.endswith(b"hello\n"):
            piece = client.recv(65536)
            if not piece:
                return False
            answer += piece
        return True


@contextlib.contextmanager
def running(command, port, log):
    """The server's process, once it answers; gone at the end, with all that it started."""
    with open(log, "wb") as out:
        server = subprocess.Popen(list(map(str, command)), stdout=out, stderr=out,
                                  start_new_session=True)
    try:
        deadline = time.monotonic() + 15
        while True:
            try:
                if get(port):
                    break
            except OSError:
                pass
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} does not serve:\n{pathlib.Path(log).read_text()}")
            time.sleep(0.05)
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def stat(pid):
    """Fields of /proc/PID/stat from the third on: the name before them may hold anything."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def family(pid):
    """The process and all its descendants, now."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                parents.setdefault(int(stat(entry)[1]), []).append(int(entry))
    found = [pid]
    for member in found:
        found += parents.get(member, [])
    return found


def cpu_seconds(pid):
    """User and system time of the family, every thread included: what /proc/PID/stat counts too, but
    in nanoseconds where that has hundredths of a second."""
    return sum(int(thread.read_text().split()[0]) for member in family(pid)
               for thread in pathlib.Path(f"/proc/{member}/task").glob("*/schedstat")) / 1e9


def dead(pid):
    """Whether it can do nothing any more, reaped or not."""
    try:
        return stat(pid)[0] in "ZX"
    except OSError:
        return True


def wrk(port, seconds, connections, *options):
    """Requests answered over so many connections at a time, and how many a second."""
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *options,
                          f"http://127.0.0.1:{port}/"], check=True, capture_output=True, text=True)
    if "Socket errors" in out.stdout or "Non-2xx" in out.stdout:
        raise RuntimeError(out.stdout)
    return (int(re.search(r"(\d+) requests in", out.stdout)[1]),
            float(re.search(r"Requests/sec:\s*([\d.]+)", out.stdout)[1]))


def torture(build, port, *options):
    """hupd-torture's results. Failures are reported, not raised: peers have some."""
    out = subprocess.run([build / "tests/torture/hupd-torture", "--connect", f"127.0.0.1:{port}",
                          "--json", "-", *map(str, options)], capture_output=True, text=True)
    if out.returncode not in (0, 1) or not out.stdout:
        raise RuntimeError(out.stderr)
    return json.loads(out.stdout)
