"""Who reads hupd's standard error: a log collector that can be slow, or stop reading."""

import os
import pty
import select
import socket
import threading

from .waiting import elapse


def _pipe():
    return os.pipe()


def _socket():
    ours, theirs = socket.socketpair()
    return ours.detach(), theirs.detach()


def _terminal():
    return pty.openpty()


KINDS = {"pipe": _pipe, "socket": _socket, "terminal": _terminal}


class LogReader:
    """Copies what comes into a file, as long as it reads. `writer` is for hupd to inherit."""

    def __init__(self, path, kind="pipe", slowness=0.0):
        self._fd, self.writer = KINDS[kind]()
        self._path = path
        self._slowness = slowness  # seconds for each 64 KiB at most
        self._reads = threading.Event()
        self._reads.set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._copy)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._reads.set()
        self._thread.join()
        os.close(self.writer)
        os.close(self._fd)

    def stop_reading(self):
        self._reads.clear()

    def read_on(self):
        self._reads.set()

    def _copy(self):
        with open(self._path, "ab", buffering=0) as file:
            while True:
                self._reads.wait()
                if not select.select([self._fd], [], [], 0.05)[0]:
                    if self._ended.is_set():
                        return
                    continue
                if not self._reads.is_set():
                    continue
                file.write(os.read(self._fd, 65536).replace(b"\r\n", b"\n"))  # a terminal's ends
                elapse(self._slowness)
