"""Workers live in the surroundings that the configuration describes, and in no others."""

import grp
import os
import pwd

import pytest

from harness import client, library, proc
from harness.load import Load

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="takes root to become somebody else")

NOBODY = pwd.getpwnam("nobody")


def status_of_a_worker(hupd):
    return proc.status(hupd.get("/file?/proc/self/status").text)


def numbers(text):
    return [int(one) for one in text.split()]


def test_workers_run_as_the_user_and_group_that_they_were_given(make_hupd):
    games = grp.getgrnam("games").gr_gid
    hupd = make_hupd(user="nobody", group="games").run()
    status = status_of_a_worker(hupd)
    assert numbers(status["Uid"]) == [NOBODY.pw_uid] * 4
    assert numbers(status["Gid"]) == [games] * 4
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 0
    assert hupd.get("/privileges").text == "a user's"


def test_a_user_alone_brings_its_groups_and_none_of_roots(make_hupd):
    hupd = make_hupd(user="nobody").run()
    status = status_of_a_worker(hupd)
    assert numbers(status["Gid"]) == [NOBODY.pw_gid] * 4
    assert set(numbers(status["Groups"])) == set(os.getgrouplist("nobody", NOBODY.pw_gid))


def test_supplementary_groups_are_those_listed(make_hupd):
    hupd = make_hupd(user="nobody", groups=["games", "audio"]).run()
    wanted = {grp.getgrnam(name).gr_gid for name in ("games", "audio")}
    assert wanted <= set(numbers(status_of_a_worker(hupd)["Groups"])) <= wanted | {NOBODY.pw_gid}


def test_after_a_reload_workers_have_their_privileges_dropped_as_well(make_hupd):
    hupd = make_hupd(user="nobody", listen=["127.0.0.1:0", "unix:web.sock"]).run()
    with Load(hupd.address()):
        hupd.library.move_in(library.service("v2"))
        hupd.reload()
    assert numbers(status_of_a_worker(hupd)["Uid"]) == [NOBODY.pw_uid] * 4


@pytest.mark.parametrize("wanted", [True, False])
def test_no_new_privs_is_as_configured_and_set_by_default(make_hupd, wanted):
    hupd = make_hupd(no_new_privs=None if wanted else False).run()
    assert status_of_a_worker(hupd)["NoNewPrivs"] == ("1" if wanted else "0")


def test_umask_is_as_configured(make_hupd):
    hupd = make_hupd(umask="0027").run()
    assert hupd.get(f"/create?{hupd.directory}/file").text == "created"
    assert (hupd.directory / "file").stat().st_mode & 0o777 == 0o640


def test_the_working_directory_is_as_configured(make_hupd):
    assert make_hupd(directory="/usr").run().get("/directory").text == "/usr"


def test_the_environment_is_the_masters_and_what_is_configured(make_hupd):
    hupd = make_hupd(environment={"GREETING": "good day"}).run(variables={"FROM_MASTER": "yes"})
    assert hupd.get("/environment?GREETING").text == "good day"
    assert hupd.get("/environment?FROM_MASTER").text == "yes"


def test_limits_are_as_configured(make_hupd):
    hupd = make_hupd(limits={"nofile": [100, 200], "core": 0}).run()
    limits = hupd.get("/file?/proc/self/limits").text
    (line,) = [line for line in limits.splitlines() if line.startswith("Max open files")]
    assert line.split()[3:5] == ["100", "200"]
    (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert line.split()[4:6] == ["0", "0"]


@pytest.mark.parametrize("wrong, says", [({"user": "nobody-at-all"}, "nobody-at-all"),
                                         ({"group": "no-such-group"}, "no-such-group"),
                                         ({"directory": "/no/such/place"}, "/no/such/place")])
def test_surroundings_that_cannot_be_had_are_named(make_hupd, wrong, says):
    hupd = make_hupd(**wrong)
    hupd.spawn("run", hupd.config)
    hupd.expected_exit = hupd.wait_exit()
    assert hupd.expected_exit in (1, 2)
    assert says in hupd.log.tail()


def test_surroundings_that_cannot_be_had_reject_a_reload(hupd, reconfigure):
    reconfigure(hupd, directory="/no/such/place")
    hupd.hup()
    assert "/no/such/place" in hupd.wait_rejected().text
    assert hupd.get().text == "v1\n"


def test_workers_ignore_the_masters_open_files(hupd):
    """What a worker has open is its own: streams, channel, listener, loop, scoreboard."""
    for one in hupd.workers():
        for target in proc.descriptors(one.pid).values():
            assert "hupd.toml" not in target and "/lock" not in target


def test_workers_that_run_as_a_user_cannot_be_reached_by_each_others_private_copies(make_hupd):
    hupd = make_hupd(user="nobody").run()
    (copy,) = [path for path in hupd.runtime_dir.rglob("libweb.so")]
    assert copy.stat().st_mode & 0o222 == 0, "what was deployed is read-only"


# ---- preload = false ----

def test_without_preload_it_serves_and_reloads_as_well(make_hupd):
    hupd = make_hupd(preload=False, user="nobody").run()
    with Load(hupd.address()) as load:
        hupd.library.move_in(library.service("v2"))
        hupd.reload()
        hupd.wait_settled(2)
    assert load.versions() == ["v1", "v2"]


@pytest.mark.parametrize("when", ["BAD_LOAD_THREAD", "BAD_CREATE_THREAD"])
def test_without_preload_a_library_may_start_threads_while_loading(make_hupd, when):
    hupd = make_hupd(version=None, preload=False)
    hupd.library.move_in(library.bad(when))
    hupd.run()
    assert client.get(hupd.address()).text == "bad\n"
    hupd.reload()
    hupd.wait_settled(2)
