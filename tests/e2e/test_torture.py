"""The torture client's view of reloads: open-loop loads that spare nothing."""

import json
import subprocess

import pytest

from harness import control, log
from harness.build import BUILD, PROGRAM, TORTURE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TORTURE.exists(), reason="hupd-torture is not built"),
]


@pytest.fixture
def serve(make_hupd):
    def run(workers):
        hupd = make_hupd(version=None, workers=workers,
                         listen=["127.0.0.1:0", "[::1]:0", "unix:web.sock"])
        hupd.library.move_in(BUILD / "libtorture.so")
        return hupd.run()
    return run


def torture(hupd, reload_command, reloads, every_ms):
    report = hupd.directory / "torture.json"
    targets = [f"--connect={hupd.address(number)}" for number in range(3)]
    done = subprocess.run(
        [TORTURE, *targets, "--duration", "100s", "--end-when-reloaded", "--reloads", str(reloads),
         "--reload-every", f"{every_ms}ms", "--reload-command", reload_command,
         "--must-switch", "--must-keep",
         "--generation-header", "X-Generation", "--json", report, "--fresh", "100", "--busy", "4",
         "--thinking", "50", "--think", "500ms", "--pipelining", "2", "--uploads", "4",
         "--upload-time", "500ms", "--long", "8", "--long-target", "/slow"],
        capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(report.read_text())
    assert not result["failed"] and result["closed"] == 0, done.stdout


@pytest.mark.parametrize("workers", [1, 4])
def test_the_torture_client_sees_no_failure(serve, workers):
    hupd = serve(workers)
    torture(hupd, f"kill -HUP {hupd.pid}", 5, 1200)
    assert len(hupd.log.find(log.RELOAD_DONE)) >= 5


def test_twenty_rollbacks_back_and_forth_fail_nobody_and_close_nothing(serve):
    hupd = serve(2)
    hupd.reload()
    torture(hupd, f"{PROGRAM} --control {hupd.control} rollback", 20, 400)
    reloads = control.command(hupd, "history", "--json").lines[0]["reloads"]
    assert [r["outcome"] for r in reloads] == ["done"] * 22
    assert [r.get("source") for r in reloads[2:]] == list(range(1, 21))


def test_an_upgrade_before_each_reload_fails_nobody_and_closes_nothing(serve):
    hupd = serve(2)
    command = f"{PROGRAM} --control {hupd.control}"
    torture(hupd, f"{command} upgrade && {command} reload", 10, 700)
    assert len(hupd.log.find("upgrade done")) == 10
    assert len(hupd.log.find(log.RELOAD_DONE)) == 10
