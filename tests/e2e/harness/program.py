"""What is put in the place of hupd's own program (fixture `make_upgradable`), for upgrades."""

import os
import shutil
import subprocess

from . import control
from .build import PROGRAM

DONE = "upgrade done: "
REFUSED = "upgrade refused: "


def _move_in(hupd, make):
    young = hupd.program.with_suffix(".new")
    make(young)
    young.rename(hupd.program)


def deploy_program(hupd):
    """The next version: the same program, in another file."""
    _move_in(hupd, lambda young: shutil.copy(PROGRAM, young))


def deploy_other(hupd, source):
    """A program that is no hupd at all."""
    _move_in(hupd, lambda young: subprocess.run(["cc", "-x", "c", "-", "-o", str(young)],
                                                input=source.encode(), check=True))


def deploy_script(hupd, at_check, otherwise=f'exec {PROGRAM} "$@"'):
    """A script that does something of its own when it is asked whether it can take over."""
    def write(young):
        young.write_text("#!/bin/sh\n"
                         f'if [ "$1" = --takeover-check ]; then {at_check}; fi\n{otherwise}\n')
        young.chmod(0o755)
    _move_in(hupd, write)


def running(hupd):
    return os.readlink(f"/proc/{hupd.pid}/exe")


def upgrade(hupd):
    deploy_program(hupd)
    assert running(hupd).endswith(" (deleted)")
    done = control.command(hupd, "upgrade")
    assert done.code == 0, f"{done}\n{hupd.log.tail()}"
    assert done.out.startswith("upgrade done: hupd ") and done.out.count("\n") == 1, done
    assert running(hupd) == str(hupd.program)
    return done
