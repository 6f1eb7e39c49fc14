"""Where the build under test is: told by ctest, or by hand through the environment."""

import functools
import os
import pathlib
import tempfile

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
        # One story's library comes before all others, also the sanitizer's.
        kept["ASAN_OPTIONS"] = ("handle_segv=0:handle_abort=0:detect_leaks=0:"
                                f"verify_asan_link_order=0:log_path={reports().name}/report")
        kept["UBSAN_OPTIONS"] = "print_stacktrace=1"
    return kept


@functools.cache
def reports():
    """Where sanitizers put what they find, a file for each process: in the log it might be that of a
    worker or a keeper which is started again, and no story would mind."""
    directory = tempfile.TemporaryDirectory(prefix="hupd-sanitizer-")
    os.chmod(directory.name, 0o1777)  # workers of other users write there, too
    return directory


def take_reports():
    found = sorted(pathlib.Path(reports().name).iterdir()) if SANITIZED else []
    texts = [path.read_text(errors="replace") for path in found]
    for path in found:
        path.unlink()
    return texts
