"""A hupd that is root's runs nothing that somebody else may write."""

import os
import subprocess

import pytest

from harness import library, log
from harness.build import PROGRAM

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has this to lose")

STRANGER = 54321


def by_rename(hupd, version, mode=0o644, owner=0):
    """A deploy whose file is like that from the beginning."""
    beside = hupd.library.path.with_suffix(".beside")
    beside.write_bytes(library.service(version).read_bytes())
    os.chown(beside, owner, owner)
    beside.chmod(mode)
    os.rename(beside, hupd.library.path)


def check(hupd, *flags):
    return subprocess.run([PROGRAM, "check", hupd.config, *flags], capture_output=True, text=True,
                          timeout=60)


def refused_at_start(hupd, *flags):
    hupd.expected_exit = 2
    hupd.spawn("run", hupd.config, *flags)
    assert hupd.wait_exit() == 2
    return hupd.log.tail()


@pytest.mark.parametrize("mode, owner, what_to_do", [
    (0o666, 0, "chmod o-w {path}"), (0o664, 0, "chmod g-w {path}"),
    (0o644, STRANGER, "chown root {path}, or name 54321 in trusted_users")])
def test_a_library_that_others_may_write_is_rejected_and_the_old_one_serves_on(
        hupd, mode, owner, what_to_do):
    by_rename(hupd, "v2", mode, owner)
    since = hupd.log.mark()
    hupd.hup()
    assert what_to_do.format(path=hupd.library.path) in hupd.wait_rejected(since).text
    assert hupd.get().text == "v1\n"
    told = check(hupd)
    assert told.returncode == 2 and what_to_do.format(path=hupd.library.path) in told.stderr
    by_rename(hupd, "v3")
    hupd.reload()
    assert hupd.get().text == "v3\n"


def test_so_is_one_in_a_directory_in_which_others_may_rename(hupd):
    hupd.library.move_in(library.service("v2"))
    hupd.directory.chmod(0o777)
    since = hupd.log.mark()
    hupd.hup()
    # The configuration is in that directory, too, and is read first.
    assert f"chmod o-w {hupd.directory}" in hupd.wait_for(log.REJECTED, since).text
    assert hupd.get().text == "v1\n"
    hupd.directory.chmod(0o1777)
    hupd.reload()
    assert hupd.get().text == "v2\n"


def test_no_start_is_made_with_such_a_library(make_hupd):
    hupd = make_hupd()
    by_rename(hupd, "v1", 0o666)
    assert f"chmod o-w {hupd.library.path}" in refused_at_start(hupd)


def test_who_is_trusted_may_own_it(make_hupd):
    hupd = make_hupd(trusted_users=[STRANGER])
    by_rename(hupd, "v1", owner=STRANGER)
    assert check(hupd).returncode == 0
    hupd.run()
    assert hupd.get().text == "v1\n"


def test_the_check_can_be_left_out_for_an_app(make_hupd):
    hupd = make_hupd(check_ownership=False)
    by_rename(hupd, "v1", 0o666, STRANGER)
    assert check(hupd).returncode == 0
    hupd.run()
    assert hupd.get().text == "v1\n"


def test_a_configuration_that_others_may_write_cannot_vouch_for_itself(make_hupd):
    hupd = make_hupd(check_ownership=False, trusted_users=[STRANGER])
    os.chown(hupd.config, STRANGER, STRANGER)
    told = check(hupd)
    assert told.returncode == 2
    assert f"{hupd.config} belongs to {STRANGER}, who could change what root runs" in told.stderr
    assert f"chown root {hupd.config}, or say --trusted-user {STRANGER}" in refused_at_start(hupd)
    assert check(hupd, "--trusted-user", str(STRANGER)).returncode == 0
    os.chown(hupd.config, 0, STRANGER)
    hupd.config.chmod(0o664)
    told = check(hupd)
    assert f"chmod g-w {hupd.config}, or say --trusted-group {STRANGER}" in told.stderr
    assert check(hupd, "--trusted-group", str(STRANGER)).returncode == 0
    assert check(hupd, "--no-ownership-check").returncode == 0


def test_a_reload_reads_no_such_configuration_and_changes_nothing(hupd):
    hupd.config.chmod(0o666)
    since = hupd.log.mark()
    hupd.hup()
    hupd.wait_for(f"chmod o-w {hupd.config}", since)
    assert hupd.get().text == "v1\n"
    hupd.config.chmod(0o644)
    hupd.reload()


def test_flags_hold_for_the_configuration_and_every_library(make_hupd):
    hupd = make_hupd()
    by_rename(hupd, "v1", owner=STRANGER)
    os.chown(hupd.config, STRANGER, STRANGER)
    hupd.spawn("run", hupd.config, "--trusted-user", str(STRANGER))
    hupd.wait_for(log.STARTED, alive=True)
    hupd.reload()
    assert hupd.get().text == "v1\n"
