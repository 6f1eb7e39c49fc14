"""A small file system for one test's eyes, that can be filled."""

import ctypes
import os
import subprocess

CLONE_NEWNS = 0x00020000


def can_be_had():
    return os.geteuid() == 0


class SmallDisk:
    """Mounted at `path` for this process and those that it starts."""

    def __init__(self, path, size="32m"):
        self.path = path
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWNS) != 0:
            raise OSError(ctypes.get_errno(), "unshare the mounts")
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        path.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(path)],
                       check=True)

    def fill(self):
        with open(self._filler(), "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 16))
            except OSError:
                pass

    def empty(self):
        self._filler().unlink(missing_ok=True)

    def close(self):
        subprocess.run(["umount", "--lazy", str(self.path)], check=True)

    def _filler(self):
        return self.path / "filler"
