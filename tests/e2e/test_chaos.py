"""All at once, from a seed: whatever dies, stands still, is full or is wrong, clients lose only what was
in a process that the run itself killed, and afterwards all is as before.

HUPD_CHAOS_SEED replays a run's events in their order; HUPD_CHAOS_SECONDS makes it last (packaging/chaos).
"""

import os
import pathlib
import random
import shutil
import time

import pytest

from harness import chaos, full_disk
from harness.build import PROGRAM
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
    manager = ServiceManager(tmp_path / "notify")
    hupd = make_hupd(**chaos.APP)
    hupd.log = RotatedLog(hupd.directory / "log")
    hupd.program = hupd.directory / "bin" / "hupd"
    hupd.program.parent.mkdir()
    shutil.copy(PROGRAM, hupd.program)
    hupd.tables["master"]["log"] = {"file": hupd.log.path}
    hupd.write_config()
    disk = full_disk.SmallDisk(hupd.runtime_dir) if full_disk.can_be_had() else None
    manager.run(hupd)
    yield chaos.Chaos(hupd, manager, disk)
    hupd.kill_all()
    hupd.expected_exit = hupd.process.returncode  # the story has looked at it
    if KEEP_LOG:
        pathlib.Path(KEEP_LOG).write_text("\n".join(hupd.log.raw()) + "\n")
    if disk is not None:
        disk.close()
    manager.close()


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
