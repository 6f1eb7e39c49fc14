"""Which program an upgrade executes: whose it is, and when it was written."""

import os
import signal

import pytest

from harness import control, proc
from harness.program import DONE, REFUSED, deploy_program, deploy_script, running, upgrade

STRANGER = 54321

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has this to lose")


@pytest.fixture
def hupd(make_upgradable):
    return make_upgradable().run()


def refusal(hupd):
    before = running(hupd)
    done = control.command(hupd, "upgrade", deadline=60)
    assert done.code == 1, done
    assert running(hupd) == before
    assert hupd.get().text == "v1\n"
    return done.err


# ---- whose it is ----

def is_everybodys(hupd):
    hupd.program.chmod(0o777)
    return f"chmod o-w {hupd.program}"


def is_a_groups(hupd):
    hupd.program.chmod(0o775)
    return f"chmod g-w {hupd.program}"


def is_a_strangers(hupd):
    os.chown(hupd.program, STRANGER, STRANGER)
    return f"chown root {hupd.program}, or name {STRANGER} in trusted_users"


def is_in_a_strangers_directory(hupd):
    os.chown(hupd.program.parent, STRANGER, STRANGER)
    return f"chown root {hupd.program.parent}"


def is_behind_a_strangers_link(hupd):
    real = hupd.program.with_name("hupd-2")
    hupd.program.rename(real)
    hupd.program.symlink_to(real)
    os.lchown(hupd.program, STRANGER, STRANGER)
    return f"{hupd.program} belongs to {STRANGER}"


@only_root
@pytest.mark.parametrize("spoil", [is_everybodys, is_a_groups, is_a_strangers,
                                   is_in_a_strangers_directory, is_behind_a_strangers_link])
def test_a_program_that_others_may_write_is_never_executed(hupd, spoil):
    asked = hupd.directory / "asked"
    deploy_script(hupd, f"touch {asked}")
    why = spoil(hupd)
    assert why in refusal(hupd)
    hupd.send(signal.SIGUSR2)
    hupd.wait(lambda: len(hupd.log.find(REFUSED)) == 2, "refused, by signal, too")
    assert not asked.exists()


@only_root
def test_it_is_looked_at_again_after_its_check(hupd):
    """In place of the dry run's program nobody else's comes, however long that took."""
    deploy_script(hupd, f"touch {hupd.directory}/asked; "
                        f"while [ ! -e {hupd.directory}/go ]; do sleep 0.02; done")
    asks = control.start(hupd, "upgrade")
    hupd.wait(lambda: (hupd.directory / "asked").exists(), "it is asked")
    hupd.program.parent.chmod(0o777)
    (hupd.directory / "go").touch()
    done = control.ended(asks)
    assert done.code == 1 and f"chmod o-w {hupd.program.parent}" in done.err, done


@only_root
@pytest.mark.parametrize("settings", [{"trusted_users": [STRANGER]}, {"check_ownership": False}],
                         ids=["trusted", "unchecked"])
def test_whoever_may_own_the_libraries_may_own_the_program(make_upgradable, settings):
    hupd = make_upgradable(**settings).run()
    deploy_program(hupd)
    os.chown(hupd.program, STRANGER, STRANGER)
    done = control.command(hupd, "upgrade")
    assert done.code == 0, done


# ---- when it was written ----

def test_one_that_is_written_to_after_its_check_is_refused(hupd):
    deploy_script(hupd, f"touch {hupd.directory}/asked; "
                        f"while [ ! -e {hupd.directory}/go ]; do sleep 0.02; done")
    asks = control.start(hupd, "upgrade")
    hupd.wait(lambda: (hupd.directory / "asked").exists(), "it is asked")
    with hupd.program.open("a") as file:
        file.write("# another line\n")
    (hupd.directory / "go").touch()
    done = control.ended(asks)
    assert done.code == 1 and "it changed while it was asked" in done.err, done
    assert not hupd.log.find(DONE)
    upgrade(hupd)


def test_what_hangs_is_ended_with_all_that_it_has_started(hupd):
    deploy_script(hupd, f"sleep 1000 & echo $! >{hupd.directory}/pid; wait")
    assert "did not answer in 10 s" in refusal(hupd)
    pid = int((hupd.directory / "pid").read_text())
    hupd.wait(lambda: not proc.lives(pid), "its child is gone, too")


def test_a_file_that_cannot_be_executed_is_named_once(hupd):
    hupd.program.unlink()
    assert refusal(hupd).count(str(hupd.program)) == 1


def test_a_script_in_its_place_is_asked_again_at_the_next_upgrade(hupd):
    """Though another program runs by then: what the script has executed."""
    deploy_script(hupd, ":")
    first = control.command(hupd, "upgrade")
    assert first.code == 0 and running(hupd) != str(hupd.program), first
    asked = hupd.directory / "asked"
    deploy_script(hupd, f"touch {asked}")
    second = control.command(hupd, "upgrade")
    assert second.code == 0 and asked.exists(), second
    deploy_program(hupd)
    third = control.command(hupd, "upgrade")
    assert third.code == 0 and running(hupd) == str(hupd.program), third
