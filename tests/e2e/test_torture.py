"""The torture client's view of reloads: open-loop loads that spare nothing."""

import json
import subprocess

import pytest

from harness import log
from harness.build import BUILD, TORTURE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TORTURE.exists(), reason="hupd-torture is not built"),
]


@pytest.mark.parametrize("workers", [1, 4])
def test_the_torture_client_sees_no_failure(make_hupd, workers, tmp_path):
    hupd = make_hupd(workers=workers, listen=["127.0.0.1:0", "[::1]:0", "unix:web.sock"])
    hupd.library.move_in(BUILD / "libtorture.so")
    hupd.run()
    report = tmp_path / "torture.json"
    targets = [f"--connect={hupd.address(number)}" for number in range(3)]
    done = subprocess.run(
        [TORTURE, *targets, "--duration", "8s", "--reloads", "5", "--reload-every", "1200ms",
         "--reload-command", f"kill -HUP {hupd.pid}", "--must-switch",
         "--generation-header", "X-Generation", "--json", report, "--fresh", "100", "--busy", "4",
         "--thinking", "50", "--think", "500ms", "--pipelining", "2", "--uploads", "4",
         "--upload-time", "500ms", "--long", "8", "--long-target", "/slow"],
        capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(report.read_text())
    assert not result["failed"], done.stdout
    assert len(hupd.log.find(log.RELOAD_DONE)) >= 5
