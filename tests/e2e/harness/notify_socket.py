"""The service manager's end of sd_notify."""

import socket

from .waiting import wait_until


class NotifySocket:
    def __init__(self, path):
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.setblocking(False)
        self.messages = []  # each a dictionary of its assignments, in the order received

    def _read(self):
        while True:
            try:
                datagram = self._socket.recv(65536).decode()
            except BlockingIOError:
                return
            self.messages.append(dict(line.split("=", 1) for line in datagram.splitlines()))

    def wait_for(self, key, value=None, since=0):
        def look():
            self._read()
            return [one for one in self.messages[since:]
                    if key in one and value in (None, one[key])]
        return wait_until(look, f"a message with {key}={value or ''}",
                          explain=lambda: str(self.messages))[0]

    def mark(self):
        self._read()
        return len(self.messages)

    def close(self):
        self._socket.close()
        self.path.unlink()
