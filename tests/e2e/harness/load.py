"""Clients that want something all the time while a story is told, and count what went wrong.

They run in a process of their own (load_clients.py), so that a busy test does not slow them down.
"""

import json
import subprocess
import sys

from .build import TESTS, TORTURE
from .load_account import UNAVAILABLE

# Gentle: two noisy cores have to do the work of both sides.
USUAL = {"fresh": 3, "busy": 2, "thinking": 8, "slow": 3, "upload": 2}
ALL = {**USUAL, "busy": 1, "pipelining": 2, "websocket": 8}

CUT = {"reset_before_response", "closed_without_response", "reset_within_response", "response_cut",
       "keep_alive_race", "reset_after_response", "reset_while_idle", "socket_ended", UNAVAILABLE}
PATIENCE = 10.0  # seconds for an answer


class Torture:
    """with Torture(address): … hupd-torture; `lost_connections()` afterwards, in the shape of Load's."""

    def __init__(self, *addresses, patience=PATIENCE):
        wanted = {"--duration": "60m", "--timeout": f"{int(patience)}s",
                  "--connect-timeout": f"{int(patience)}s", "--json": "-", "--fresh": 60, "--thinking": 12, "--think": "300ms", "--pipelining": 1, "--depth": 4,
                  "--uploads": 3, "--upload-target": "/upload", "--upload-time": "500ms",
                  "--long": 3, "--long-target": "/slow?200"}
        self._process = subprocess.Popen(
            [str(TORTURE), *(f"--connect={one}" for one in addresses),
             *(f"{name}={value}" for name, value in wanted.items())],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.result = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._process.terminate()  # which ends the load
            output, _ = self._process.communicate(timeout=60)
            self.result = json.loads(output)
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()

    def lost_connections(self):
        lost = []
        for load in self.result["loads"]:
            assert load["failures"].keys() <= CUT, json.dumps(self.result, indent=1)
            assert len(load["lost"]) == load["failed"] + load["idle_closes"], "too many to be told"
            lost += [{**one, "load": f"torture's {load['load']}", "opened": one["opened_us"] / 1e6,
                      "ended": one["ended_us"] / 1e6} for one in load["lost"]]
        return lost


class Load:
    """with Load(address): … counts; `no_client_noticed()` afterwards judges, unless some may be lost.
    `sockets`: where WebSockets are, if they are among the clients."""

    def __init__(self, *addresses, clients=None, may_lose=False, sockets=(), patience=PATIENCE):
        self._may_lose = may_lose
        plan = {"addresses": addresses, "clients": clients or USUAL, "sockets": sockets,
                "patience": patience}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "harness.load_clients", json.dumps(plan)], cwd=TESTS,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout.readline() == "every client was answered\n"
        self.result = None

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            output, _ = self._process.communicate(timeout=60)  # closes its input, which ends it
            self.result = json.loads(output)
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
        if kind is None and not self._may_lose:
            self.no_client_noticed()

    def no_client_noticed(self):
        for load in self.result["loads"]:
            assert load["answered"] > 0, load
            assert load["failed"] == 0, json.dumps(load, indent=1)
            assert load["idle_closes"] == 0, f"an idle connection was closed: {load}"

    def lost(self):
        """How many connections ended under a client's hands; nothing else has gone wrong."""
        return len(self.lost_connections())

    def lost_connections(self):
        failures = {name for load in self.result["loads"] for name in load["failures"]}
        assert failures <= CUT, json.dumps(self.result, indent=1)
        return [one for load in self.result["loads"] for one in load["lost"]]

    def versions(self):
        """What was answered, each version once, in the order in which it was first seen."""
        return self.result["versions"]
