"""How long it takes to hand idle connections over: from the order to drain until the last old worker
has given all of its own away and is gone."""
import datetime
import os
import pathlib
import re
import resource
import select
import signal
import socket
import statistics

import measure
import servers

REQUEST = b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n"
DRAINING = re.compile(r"^(\S+Z) .*worker=\d+ pid=\d+ draining$", re.MULTILINE)
READY = re.compile(r"worker=\d+ pid=(\d+) ready")


def connect(port, count):
    """So many connections, each of which was answered once."""
    clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    return clients if all(generation(client) for client in clients) else None


def generation(client):
    """Of who answers; nothing when nobody does."""
    client.sendall(REQUEST)
    answer = b""
    while not answer.endswith(b"hello\n"):
        piece = client.recv(4096)
        if not piece:
            return None
        answer += piece
    return int(re.search(rb"X-Generation: (\d+)", answer)[1])


def wait_for_ends(pidfds):
    left = select.poll()
    for one in pidfds:
        left.register(one, select.POLLIN)
    ended = 0
    while ended < len(pidfds):
        for one, _ in left.poll(60_000) or [(None, None)]:
            if one is None:
                raise RuntimeError("the old workers do not leave")
            left.unregister(one)
            ended += 1
    return datetime.datetime.now(datetime.timezone.utc)


def first_order(log, since):
    text = log.read_text()[since:]
    return datetime.datetime.fromisoformat(DRAINING.search(text)[1].replace("Z", "+00:00"))


def handover_ms(build, directory, count, workers, rounds):
    """Median and longest of ms, and how many connections were there to be moved each time."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    count = min(count, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 1000)
    port = measure.free_port()
    log = pathlib.Path(directory) / "moving.log"
    times = []
    with measure.running(servers.hupd_command(build, port, workers, "torture"), port, log) as server:
        clients = connect(port, count)
        for turn in range(rounds):
            mark = len(log.read_text())
            old = READY.findall(log.read_text())[-workers:]
            pidfds = [os.pidfd_open(int(pid)) for pid in old]
            server.send_signal(signal.SIGHUP)
            ended = wait_for_ends(pidfds)
            times.append((ended - first_order(log, mark)).total_seconds() * 1000)
            for one in pidfds:
                os.close(one)
            if any(generation(client) != turn + 2 for client in clients):
                raise RuntimeError("a connection was lost")
        for client in clients:
            client.close()
    return statistics.median(times), max(times), count
