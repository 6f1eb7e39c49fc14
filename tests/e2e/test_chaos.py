"""All at once, from a seed: whatever dies, stands still, is full or is wrong, clients lose only what was
in a process that the run itself killed, and afterwards all is as before.

HUPD_CHAOS_SEED replays a run's events in their order; HUPD_CHAOS_SECONDS makes it last (packaging/chaos).
"""

import contextlib
import os
import pathlib
import random
import shutil
import time

import pytest

from harness import chaos, full_disk, library
from harness.build import BUILD, PROGRAM
from harness.rotated_log import RotatedLog
from harness.service_manager import ServiceManager

pytestmark = pytest.mark.slow
EVENTS = int(os.environ.get("HUPD_CHAOS_EVENTS", 100))
SECONDS = float(os.environ.get("HUPD_CHAOS_SECONDS", 0))
KEEP_LOG = os.environ.get("HUPD_CHAOS_LOG")  # where hupd's own log goes, all of it
# Among the other tests the plan is always the same one; packaging/chaos looks for others.
SEED = int(os.environ.get("HUPD_CHAOS_SEED") or (random.randrange(1_000_000) if SECONDS else 1))


@pytest.fixture
def run(make_hupd, tmp_path):
    hupd = make_hupd(**chaos.WEB)
    deployed = {"web": hupd.library, "ws": library.Deployed(hupd.directory / "libws.so")}
    deployed["ws"].move_in(BUILD / "libwebsocket.so")
    hupd.tables["app.ws"] = {"library": deployed["ws"].path, **chaos.WS}
    hupd.log = RotatedLog(hupd.directory / "log")
    hupd.program = hupd.directory / "bin" / "hupd"
    hupd.program.parent.mkdir()
    shutil.copy(PROGRAM, hupd.program)
    hupd.tables["master"]["log"] = {"file": hupd.log.path}
    hupd.write_config()
    with contextlib.ExitStack() as undo:
        manager = undo.enter_context(contextlib.closing(ServiceManager(tmp_path / "notify")))
        disk = None
        if full_disk.can_be_had():
            disk = undo.enter_context(contextlib.closing(full_disk.SmallDisk(hupd.runtime_dir)))
        if KEEP_LOG:
            undo.callback(lambda: pathlib.Path(KEEP_LOG).write_text("\n".join(hupd.log.raw()) + "\n"))
        undo.callback(hupd.kill_all)
        manager.run(hupd)
        yield chaos.Chaos(hupd, deployed, manager, disk)
        hupd.kill_all()
        hupd.expected_exit = hupd.process.returncode  # the story has looked at it


def test_nobody_loses_what_the_run_did_not_kill(run):
    end = time.monotonic() + SECONDS
    seed = SEED
    while True:
        run.round(seed, EVENTS)
        seed += 1
        if time.monotonic() >= end:
            break
    assert run.hupd.stop() == 0
    assert run.hupd.left_processes() == {}
    assert run.hupd.left_files() == []
    assert run.manager.stored() == {}
