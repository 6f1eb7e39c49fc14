"""What every story starts from: a program, a library to deploy, and a tidy end."""

import os
import pathlib
import shutil
import tempfile

import pytest

from harness import library, log
from harness.build import PROGRAM, take_reports
from harness.hupd_process import Hupd

APP = {"listen": ["127.0.0.1:0"], "workers": 2}


def pytest_configure(config):
    os.umask(0o022)  # root's hupd takes no library that a group may write
    config.addinivalue_line("markers", "slow: takes more than some seconds")


@pytest.fixture(scope="session", autouse=True)
def program_is_there():
    assert PROGRAM.exists(), f"{PROGRAM}: build it, and name the build by HUPD_BUILD_DIR"


@pytest.fixture(autouse=True)
def sanitizers_have_found_nothing():
    """Set up before the others, so that it looks when all processes have ended."""
    yield
    reports = take_reports()
    assert not reports, "a sanitizer says:\n" + "\n".join(reports)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """The logs are part of a failure's report."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for one in getattr(item, "hupds", []):
            report.sections.append((f"log of {one.directory.name}", one.log.tail(80)))


@pytest.fixture
def story_dir():
    """Open to workers of other users, which pytest's own directories are not; and not named after
    the test, since paths are in the log and must not be taken for its texts."""
    with tempfile.TemporaryDirectory(prefix="hupd-e2e-") as path:
        os.chmod(path, 0o755)
        yield pathlib.Path(path)


@pytest.fixture
def make_hupd(story_dir, request):
    """make_hupd(workers=4, master={…}, version="v1"): a Hupd with its configuration, not started.

    At the end it is stopped, and must leave nothing behind and exit as `expected_exit` says.
    """
    made = request.node.hupds = []

    def make(version="v1", master=None, **app):
        directory = story_dir / f"hupd-{len(made) + 1}"
        directory.mkdir()
        directory.chmod(0o755)
        deployed = library.Deployed(directory / "libweb.so")
        if version is not None:
            deployed.move_in(library.service(version))
        one = Hupd(directory, deployed)
        one.tables = {"master": {"runtime_dir": one.runtime_dir, "control": one.control,
                                 **(master or {})},
                      "app.web": {"library": deployed.path, **APP, **app}}
        configure(one)
        made.append(one)
        return one

    yield make
    try:
        for one in made:
            end_well(one)
    finally:
        for one in made:
            one.kill_all()


def configure(hupd, **app):
    """Writes the configuration anew with these keys of [app.web] changed; None drops one."""
    hupd.tables["app.web"].update(app)
    hupd.write_config()


def end_well(hupd):
    if hupd.process is None:
        return
    if hupd.process.poll() is None:
        hupd.stop()
    assert hupd.process.returncode == hupd.expected_exit, hupd.log.tail()
    hupd.wait(lambda: not hupd.left_processes(), f"no process is left: {hupd.left_processes()}")
    assert hupd.left_files() == [], "files were left behind"
    # One of g++'s two sanitizers takes no other place than standard error.
    assert not any("runtime error: " in raw for raw in hupd.log.raw()), "a sanitizer says something"


@pytest.fixture
def reconfigure():
    return configure


@pytest.fixture
def hupd(make_hupd):
    """A running one with two workers of version v1, on a port of its own."""
    return make_hupd().run()


@pytest.fixture
def make_upgradable(make_hupd):
    """As make_hupd; the program is a copy of its own, that can be replaced."""
    def make(**settings):
        one = make_hupd(**settings)
        one.program = one.directory / "bin" / "hupd"
        one.program.parent.mkdir()
        shutil.copy(PROGRAM, one.program)
        return one
    return make


@pytest.fixture
def two(make_hupd):
    """One with [app.web] and [app.api], each with a library of its own."""
    hupd = make_hupd()
    hupd.api = library.Deployed(hupd.directory / "libapi.so")
    hupd.api.move_in(library.service("v1"))
    hupd.tables["app.api"] = {"library": hupd.api.path, "listen": ["127.0.0.2:0"], "workers": 1}
    hupd.write_config()
    hupd.run()
    for app in ("web", "api"):
        hupd.wait_for(log.STARTED, app=app)
    return hupd
