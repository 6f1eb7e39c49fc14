"""A service manager as far as hupd knows one: sd_notify, and a file descriptor store whose content
the next master is passed (sd_listen_fds)."""

import array
import os
import select
import socket
import sys
import threading

from .notify_socket import NotifySocket

# Puts the descriptors at 3 and up, as a service manager does, and becomes the program.
PASS = """
import fcntl, os, sys
numbers, names, program = sys.argv[1], sys.argv[2], sys.argv[3:]
high = [fcntl.fcntl(int(n), fcntl.F_DUPFD, 1000) for n in numbers.split(",")]
for place, fd in enumerate(high, 3):
    os.dup2(fd, place, inheritable=True)
os.closerange(3 + len(high), 4096)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(high)), LISTEN_FDNAMES=names)
os.execv(program[0], program)
"""


class ServiceManager(NotifySocket):
    """run(hupd) as often as it dies; `store` is what it has given, by name."""

    def __init__(self, path):
        super().__init__(path)
        self.store = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._reader = threading.Thread(target=self._read_all_the_time)
        self._reader.start()

    def _read_all_the_time(self):
        """As a service manager does, so that who sends finds room."""
        while not self._ended.is_set():
            if select.select([self._socket], [], [], 0.1)[0]:
                self._read()

    def _read(self):
        with self._lock:
            self._take()

    def _take(self):
        size = socket.CMSG_SPACE(array.array("i").itemsize)
        while True:
            try:
                datagram, control, _, _ = self._socket.recvmsg(65536, size)
            except BlockingIOError:
                return
            message = dict(line.split("=", 1) for line in datagram.decode().splitlines())
            self.messages.append(message)
            for _, _, data in control:
                (fd,) = array.array("i", data)
                if "FDSTORE" in message:
                    self._keep(message["FDNAME"], fd)
                else:
                    os.close(fd)  # BARRIER: all before it has been read
            if "FDSTOREREMOVE" in message:
                self._forget(message["FDNAME"])

    def _keep(self, name, fd):
        self._forget(name)
        self.store[name] = fd

    def _forget(self, name):
        fd = self.store.pop(name, None)
        if fd is not None:
            os.close(fd)

    def stored(self):
        self._read()
        return dict(self.store)

    def run(self, hupd, alive=True, variables=None):
        """Starts it, with what is in the store, and waits until it is ready."""
        since = self.mark()
        store = self.stored()
        prefix = [sys.executable, "-c", PASS, ",".join(map(str, store.values())),
                  ":".join(store)]
        hupd.spawn("run", hupd.config, prefix=prefix if store else (),
                   pass_fds=list(store.values()), variables={"NOTIFY_SOCKET": str(self.path), **(variables or {})})
        if alive:
            self.wait_for("READY", since=since)
        return hupd

    def close(self):
        self._ended.set()
        self._reader.join()
        for name in list(self.store):
            self._forget(name)
        super().close()
