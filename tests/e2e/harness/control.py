"""hupd's commands, and its control socket byte by byte; every line of either against the schemas."""

import json
import pathlib
import socket
import subprocess

import jsonschema

from .build import PROGRAM, environment
from .waiting import PATIENCE

SCHEMAS = pathlib.Path(__file__).resolve().parents[3] / "src" / "control" / "schema"


def _validator(name):
    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / name).read_text()))


REPLY = _validator("reply.json")
REQUEST = _validator("request.json")


def start(hupd, *arguments, **options):
    """A command, running: `start(hupd, "reload", "web")`."""
    return subprocess.Popen([str(PROGRAM), "--control", str(hupd.control), *map(str, arguments)],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env=environment(), **options)


class Done:
    def __init__(self, process, deadline):
        self.out, self.err = process.communicate(timeout=deadline)
        self.code = process.returncode

    def __repr__(self):
        return f"exit code {self.code}\n{self.out}{self.err}"

    @property
    def lines(self):
        """What --json printed, each line as the schema has it."""
        replies = [json.loads(line) for line in self.out.splitlines()]
        for reply in replies:
            REPLY.validate(reply)
        return replies


def ended(process, deadline=PATIENCE):
    return Done(process, deadline)


def command(hupd, *arguments, deadline=PATIENCE, **options):
    return ended(start(hupd, *arguments, **options), deadline)


def status(hupd):
    return command(hupd, "status", "--json").lines[0]


class Socket:
    """A connection to the control socket."""

    def __init__(self, hupd, deadline=PATIENCE):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(hupd.control))  # waits while the queue is full: no timeout yet
        self.socket.settimeout(deadline)
        self._file = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data)

    def request(self, **request):
        request = {"version": 1, **request}
        REQUEST.validate(request)
        self.send(json.dumps(request).encode() + b"\n")

    def reply(self):
        """The next line; None at the end."""
        line = self._file.readline()
        if not line:
            return None
        reply = json.loads(line)
        REPLY.validate(reply)
        return reply

    def ask(self, **request):
        self.request(**request)
        return self.reply()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()
        self.socket.close()
