#!/usr/bin/python3
"""Measures hupd against nginx, Kore, h2o and the least that a server can do, in turns in one run,
and writes the table into README.md. Everything is on loopback; see README.md for how to read it."""
import argparse
import datetime
import os
import pathlib
import platform
import shlex
import statistics
import sys
import tempfile

import events
import measure
import moving
import servers

HERE = pathlib.Path(__file__).resolve().parent
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def one(build, command, port, log, load, options):
    """CPU microseconds a request, and requests a second."""
    with measure.running(command, port, log) as server:
        before = measure.cpu_seconds(server.pid)
        if load == "paced":
            seconds = 2 * options.seconds  # there are so much fewer of them
            load = measure.torture(build, port, "--fresh", options.rate, "--expect", "hello\n",
                                   "--duration", f"{seconds}s")["loads"][0]
            if load["failed"]:
                raise RuntimeError(f"{command[0]}: {load['failures']}")
            requests, rate = load["answered"], load["answered"] / seconds
        elif load == "fresh":
            requests, rate = measure.wrk(port, 1, 16, "-H", "Connection: close")
        else:
            requests, rate = measure.wrk(port, options.seconds, options.connections)
        return (measure.cpu_seconds(server.pid) - before) * 1e6 / requests, rate


def compare(build, directory, load, options):
    """Name to medians, over rounds in which every server has its turn."""
    samples = {}
    for turn in range(options.rounds):
        port = measure.free_port()
        for name, command in servers.commands(build, directory, port, options.workers,
                                              load != "keep-alive").items():
            sample = one(build, command, port, directory / f"{name}.log", load, options)
            print(f"round {turn + 1} {load:10} {name:6} "
                  f"{sample[0]:7.2f} us {sample[1]:9.0f}/s", file=sys.stderr)
            samples.setdefault(name, []).append(sample)
    return {name: [statistics.median(column) for column in zip(*values)]
            for name, values in samples.items()}


def table(title, results, with_rate):
    rate = " requests/s |" if with_rate else ""
    lines = [f"**{title}**", "", f"| server | CPU µs a request | to bare | to nginx |{rate}",
             "|---|---:|---:|---:|" + ("---:|" if with_rate else "")]
    for name, (cpu, per_second) in sorted(results.items(), key=lambda item: item[1][0]):
        ratios = [f"{cpu / results[to][0]:.2f}" if to in results else "-"
                  for to in ("bare", "nginx")]
        lines.append(f"| {name} | {cpu:.2f} | {ratios[0]} | {ratios[1]} |" +
                     (f" {per_second:,.0f} |" if with_rate else ""))
    return lines + [""]


def event_table(build, directory, options):
    lines = ["**Reload and replacement**, medians", "",
             "| server | HUP to first new answer, ms | HUP to last old answer, ms | failed requests "
             "| killed worker replaced, ms |", "|---|---:|---:|---:|---:|"]
    for name in ("hupd", "nginx"):
        if name not in servers.commands(build, directory, 1, 1, False):
            continue
        times = events.reload_times(build, directory, name, options.workers)
        replaced = events.replacement_ms(build, directory, name)
        lines.append(f"| {name} | {times['first_new']:.1f} | {times['last_old']:.1f} | "
                     f"{times['failed']} of {times['asked']:,} in {events.RELOADS} reloads | "
                     f"{replaced:.1f} |")
    return lines + [""]


def rollback_table(build, directory, options):
    times = events.rollback_times(build, directory, options.workers)
    return ["**Rollback**, from the start of the command to the first answer of the version before", "",
            "| hupd rollback | median, ms | longest, ms | failed requests |", "|---|---:|---:|---:|",
            f"| from the parked zygote | {times['first_new']:.1f} | {times['first_new_longest']:.1f} | "
            f"{times['failed']} of {times['asked']:,} in {times['seen']} rollbacks |", ""]


def moving_table(build, directory, options):
    lines = ["**Idle connections handed over at a reload**, hupd alone can", "",
             "| connections | until the last old worker is gone, ms: median | longest "
             "| each, µs |", "|---:|---:|---:|---:|"]
    for count in (1000, 10_000):
        median, longest, moved = moving.handover_ms(build, directory, count, options.workers, 9)
        lines.append(f"| {moved:,} | {median:.0f} | {longest:.0f} | {median * 1000 / moved:.1f} |")
    return lines + [""]


def write_readme(lines):
    readme = HERE / "README.md"
    head, _, rest = readme.read_text().partition(BEGIN)
    tail = rest.partition(END)[2]
    readme.write_text("\n".join([head + BEGIN, *lines, END]) + tail)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent.parent / "build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="of each turn")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--connections", type=int, default=64, help="keep-alive")
    # More new connections within a minute than net.ipv4.tcp_max_tw_buckets, and the kernel stalls.
    parser.add_argument("--rate", type=int, default=1500, help="new connections a second")
    parser.add_argument("--no-events", action="store_true", help="only CPU time")
    parser.add_argument("--print", action="store_true", help="leave README.md alone")
    options = parser.parse_args()
    build = options.build.resolve()

    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        os.chmod(directory, 0o755)  # nginx's workers read there as another user
        lines = [f"Made by `tests/bench/bench.py {shlex.join(sys.argv[1:])}`".rstrip(" `") + "` on "
                 f"{datetime.date.today()}: {os.cpu_count()} CPUs, Linux {platform.release()}, "
                 f"{options.workers} workers, medians of {options.rounds} rounds of "
                 f"{options.seconds} s.", ""]
        lines += table(f"Keep-alive, {options.connections} connections of wrk",
                       compare(build, directory, "keep-alive", options), True)
        lines += table("A connection for each request, 16 at a time, as many as it takes",
                       compare(build, directory, "fresh", options), True)
        lines += table(f"A connection for each request, {options.rate} a second",
                       compare(build, directory, "paced", options), False)
        if not options.no_events:
            lines += event_table(build, directory, options)
            lines += rollback_table(build, directory, options)
            lines += moving_table(build, directory, options)
    if options.print:
        print("\n".join(lines))
    else:
        write_readme(lines)


if __name__ == "__main__":
    main()
