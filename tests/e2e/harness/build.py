"""Where the build under test is: told by ctest, or by hand through the environment."""

import os
import pathlib

TESTS = pathlib.Path(__file__).resolve().parent.parent
SOURCE = TESTS.parent.parent
BUILD = pathlib.Path(os.environ.get("HUPD_BUILD_DIR") or SOURCE / "build").resolve()
PROGRAM = pathlib.Path(os.environ.get("HUPD_PROGRAM") or BUILD / "hupd").resolve()
TORTURE = BUILD / "tests" / "torture" / "hupd-torture"
SANITIZED = os.environ.get("HUPD_SANITIZED", "") in ("1", "ON", "TRUE")


def environment():
    """What a program under test gets: nothing of the session that runs the tests."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TMPDIR")}
    if SANITIZED:  # an application's fault must look as it does without a sanitizer
        kept["ASAN_OPTIONS"] = "handle_segv=0:handle_abort=0:detect_leaks=0"
    return kept
