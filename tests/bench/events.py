"""What happens now and then: a reload, the death of a worker. Times as a client sees them."""
import os
import pathlib
import re
import shlex
import signal
import statistics
import subprocess
import time

import measure
import servers

RELOADS = 12
ROLLBACKS = 20


def reload_times(build, directory, name, workers):
    """Medians of ms from HUP to the first new and the last old answer, and failed requests, under
    busy keep-alive connections and new ones."""
    port = measure.free_port()
    if name == "hupd":
        command = servers.hupd_command(build, port, workers, "torture")
        before = ""
    else:
        command = servers.nginx_command(directory, port, workers, "add_header X-Generation g0;")
        # Each reload brings another configuration, and so a generation that can be told.
        before = f"sed -i \"s/Generation g[0-9]*/Generation g$(date +%s%N)/\" {command[2]}; "
    with measure.running(command, port, directory / f"{name}.log") as server:
        return switch_times(build, port, f"{before}kill -HUP {server.pid}", RELOADS)


def rollback_times(build, directory, workers):
    """The same from the start of the command `hupd rollback`, back and forth."""
    port = measure.free_port()
    control = ["--control", directory / "control.sock"]
    command = [*servers.hupd_command(build, port, workers, "torture"),
               "--set", f"master.control={control[1]}"]
    with measure.running(command, port, directory / "rollback.log"):
        subprocess.run([build / "hupd", *control, "reload"], check=True, capture_output=True)
        back = shlex.join(map(str, [build / "hupd", *control, "rollback"]))
        return switch_times(build, port, f"{back} > /dev/null", ROLLBACKS)


def switch_times(build, port, reload_command, times):
    results = measure.torture(
        build, port, "--duration", f"{times + 2}s", "--busy", 8, "--fresh", 500,
        "--generation-header", "X-Generation", "--reloads", times, "--reload-every", "1s",
        "--reload-command", reload_command)
    seen = [one for one in results["switches"] if one]
    return {"seen": len(seen),
            "first_new": statistics.median(one["first_new_ms"] for one in seen),
            "first_new_longest": max(one["first_new_ms"] for one in seen),
            "last_old": statistics.median(one["last_old_ms"] for one in seen),
            "failed": sum(load["failed"] for load in results["loads"]),
            "asked": sum(load["requests"] for load in results["loads"])}


def worker_of(name, server, log):
    """The one worker. hupd's log tells it from the zygote; nginx has no other children."""
    if name == "hupd":
        return int(re.findall(r"worker=\d+ pid=(\d+) ready", pathlib.Path(log).read_text())[-1])
    return measure.family(server.pid)[1]


def replacement_ms(build, directory, name, rounds=9):
    """Median of ms from kill -9 of the only worker to an answer on a connection made at once."""
    port = measure.free_port()
    log = directory / f"{name}-kill.log"
    command = (servers.hupd_command(build, port, 1) if name == "hupd"
               else servers.nginx_command(directory, port, 1))
    times = []
    with measure.running(command, port, log) as server:
        for _ in range(rounds):
            worker = worker_of(name, server, log)
            begun = time.monotonic()
            os.kill(worker, signal.SIGKILL)
            while not measure.dead(worker):
                pass  # until then it may still accept
            if not measure.get(port):
                raise RuntimeError(f"{name}: no answer after the death of its worker")
            times.append((time.monotonic() - begun) * 1000)
            # Past the time after which a worker counts as stable: each death is a first one.
            time.sleep(11 if name == "hupd" else 0.5)
    return statistics.median(times)
