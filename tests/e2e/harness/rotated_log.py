"""A log file that is rotated while it is written: moved away, and opened anew on USR1."""

from .log import Log


class RotatedLog(Log):
    def __init__(self, path):
        super().__init__(path)
        self._moved = 0

    def rotate(self):
        """Moves it away; who writes it is still to be told. False while it is not there."""
        if not self.path.exists():
            return False
        self._read()  # what was moved away before is at its end by now: this file is in use
        self._moved += 1
        self.path.rename(self._old(self._moved))
        return True

    def _old(self, number):
        return self.path.with_name(f"{self.path.name}.{number}")

    def _read(self):
        """The one that was moved away has all its lines when there is a new one."""
        old = self._old(self._moved)
        is_followed = self.path.exists()
        if old.exists():
            current, self.path = self.path, old
            super()._read()
            self.path = current
            if not is_followed:
                return
            old.unlink()
            self._offset, self._rest = 0, b""
        super()._read()
