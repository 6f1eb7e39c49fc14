"""The configuration is taken whole or not at all, at the start and at every reload."""

import json
import os
import socket

import pytest

from harness import client, log
from harness.build import BUILD
from harness.inventory import listening
from harness.load import Load


def refused(hupd, *says, spawn=None):
    hupd.expected_exit = 2
    hupd.spawn(*(spawn or ("run", hupd.config)))
    assert hupd.wait_exit() == 2, hupd.log.tail()
    text = "\n".join(hupd.log.raw())
    for one in says:
        assert one in text
    return text


# ---- at the first start ----

def test_a_bad_value_is_named_with_its_place(make_hupd):
    hupd = make_hupd()
    hupd.config.write_text('[app.web]\nlibrary = "/x.so"\nlisten = ["127.0.0.1:0"]\nworkers = -4\n')
    refused(hupd, f"{hupd.config}:4:11: ", "workers")


def test_an_unknown_key_is_answered_with_the_nearest_known_one(make_hupd):
    refused(make_hupd(worker=4), "'worker'", "'workers'")


def test_all_faults_are_told_at_once(make_hupd):
    refused(make_hupd(worker=4, boot_timeout="5 parsecs", listen=["localhost:80"]),
            "worker", "parsecs", "localhost")


def test_broken_toml_is_named_with_its_place(make_hupd):
    hupd = make_hupd()
    hupd.config.write_text("[app.web\n")
    refused(hupd, f"{hupd.config}:1:")


def test_a_missing_configuration_file_is_named(make_hupd):
    hupd = make_hupd()
    refused(hupd, "nowhere.toml", "No such file", spawn=("run", hupd.directory / "nowhere.toml"))


@pytest.mark.parametrize("arguments", [(), ("serve",), ("run",), ("run", "--no-such-flag"),
                                       ("run", "a.toml", "b.toml")])
def test_wrong_usage_is_explained_with_exit_code_2(make_hupd, arguments):
    hupd = make_hupd()
    refused(hupd, "hupd", spawn=arguments or ("--no-such-flag",))


def test_a_port_in_use_is_named(make_hupd):
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = "127.0.0.1:%d" % other.getsockname()[1]
        refused(make_hupd(listen=[address]), f"listen on {address}: Address already in use")


def test_a_unix_socket_in_use_is_left_alone(make_hupd):
    first = make_hupd(listen=["unix:web.sock"]).run()
    path = first.directory / "web.sock"
    refused(make_hupd(listen=[f"unix:{path}"]), str(path), "Address already in use")
    assert client.get(f"unix:{path}").text == "v1\n"


def test_a_file_in_the_place_of_a_unix_socket_is_left_alone(make_hupd):
    hupd = make_hupd(listen=["unix:web.sock"])
    (hupd.directory / "web.sock").write_text("precious")
    refused(hupd, "web.sock", "not a socket")
    assert (hupd.directory / "web.sock").read_text() == "precious"


AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="takes root to become somebody else")


@ROOT
def test_a_privileged_port_without_the_right_is_refused_with_advice(make_hupd):
    hupd = make_hupd(listen=["127.0.0.1:80"])
    hupd.directory.chmod(0o777)
    hupd.expected_exit = 2
    hupd.spawn("run", hupd.config, prefix=[*AS_NOBODY, "--bounding-set=-all"])
    assert hupd.wait_exit() == 2
    assert "listen on 127.0.0.1:80: Permission denied (" in hupd.log.tail()


@ROOT
def test_a_unix_socket_in_a_foreign_directory_is_refused(make_hupd):
    hupd = make_hupd(listen=["unix:private/web.sock"])
    (hupd.directory / "private").mkdir(mode=0o700)
    hupd.directory.chmod(0o777)
    hupd.expected_exit = 2
    hupd.spawn("run", hupd.config, prefix=AS_NOBODY)
    assert hupd.wait_exit() == 2
    assert "private/web.sock: Permission denied" in hupd.log.tail()


@ROOT
def test_an_ordinary_user_can_serve_and_reload(make_hupd):
    hupd = make_hupd()
    hupd.directory.chmod(0o777)
    hupd.run(prefix=AS_NOBODY)
    hupd.reload()
    assert hupd.get().headers["x-generation"] == "2"


def test_check_says_ok_and_starts_nothing(make_hupd):
    hupd = make_hupd()
    hupd.spawn("check", hupd.config)
    assert hupd.wait_exit() == 0
    assert "ok: app web: 2 workers on 127.0.0.1:0" in hupd.log.tail()


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_user_or_group_that_is_not_there_is_a_fault_with_its_place(make_hupd, command):
    hupd = make_hupd(user="no-such-user", group="no-such-group")
    lines = hupd.config.read_text().splitlines()
    text = refused(hupd, "there is no user", "there is no group", spawn=(command, hupd.config))
    for number, line in enumerate(lines, 1):
        if line.startswith(("user", "group")):
            assert f"{hupd.config}:{number}:{line.index('= ') + 3}: app.web." in text


def test_a_reload_to_a_user_that_is_not_there_is_rejected_with_its_place(hupd, reconfigure):
    reconfigure(hupd, user="no-such-user")
    hupd.hup()
    rejected = hupd.wait_rejected()
    assert f"{hupd.config}:" in rejected.text and 'there is no user "no-such-user"' in rejected.text
    assert hupd.get().text == "v1\n"


def test_check_never_binds(make_hupd):
    first = make_hupd().run()
    second = make_hupd(listen=[first.address()])
    second.spawn("check", second.config)
    assert second.wait_exit() == 0


# ---- at a reload ----

def test_a_bad_configuration_is_rejected_with_file_line_and_column(hupd):
    good = hupd.config.read_text()
    with Load(hupd.address(), clients={"busy": 1, "thinking": 3}):
        hupd.config.write_text(good + "wrokers = 3\n")
        hupd.hup()
        rejected = hupd.wait_rejected()
        lines = good.count("\n") + 1
        assert f"{hupd.config}:{lines}:1: " in rejected.text
        assert "wrokers" in rejected.text and "'workers'" in rejected.text
        hupd.wait_settled(2)
    hupd.config.write_text(good)
    hupd.reload()


def test_a_configuration_that_vanished_is_rejected(hupd):
    hupd.config.unlink()
    hupd.hup()
    assert str(hupd.config) in hupd.wait_rejected().text
    assert hupd.get().text == "v1\n"


def test_a_new_listener_whose_port_is_taken_is_rejected_and_nothing_has_changed(hupd, reconfigure):
    before = listening(hupd.pid)
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = "127.0.0.1:%d" % other.getsockname()[1]
        reconfigure(hupd, listen=["127.0.0.1:0", "127.0.0.2:0", taken])
        hupd.hup()
        assert f"listen on {taken}: Address already in use" in hupd.wait_rejected().text
    hupd.wait(lambda: listening(hupd.pid) == before, "the listeners are as before")
    assert hupd.get().text == "v1\n"


def test_a_unix_socket_that_stays_takes_its_new_mode_at_a_reload(make_hupd, reconfigure):
    hupd = make_hupd(listen=[{"address": "unix:web.sock", "mode": "0600"}]).run()
    path = hupd.directory / "web.sock"
    before = path.stat()
    reconfigure(hupd, listen=[{"address": "unix:web.sock", "mode": "0660"}])
    hupd.reload()
    assert path.stat().st_ino == before.st_ino
    assert path.stat().st_mode & 0o777 == 0o660


def test_listeners_are_added_and_removed_without_touching_the_others(make_hupd, reconfigure):
    hupd = make_hupd(listen=["127.0.0.1:0", "127.0.0.2:0", "unix:old.sock"]).run()
    kept, removed = hupd.address(0), hupd.address(1)
    with Load(kept) as load:
        reconfigure(hupd, listen=["127.0.0.1:0", "[::1]:0", "unix:new.sock"])
        hupd.reload()
        added = hupd.address(3)
        assert added.startswith("[::1]:")
        assert client.get(added).text == "v1\n"
        assert client.get(f"unix:{hupd.directory}/new.sock").text == "v1\n"
        hupd.wait(lambda: not (hupd.directory / "old.sock").exists(), "the old socket is gone")
        hupd.wait(lambda: not serves(removed), "the removed address is closed")
        hupd.wait(lambda: len(listening(hupd.pid)) == 3, "the master holds what is configured")
    assert load.versions() == ["v1"]


def serves(address):
    try:
        client.connect(address, timeout=2).close()
        return True
    except OSError:
        return False


def test_a_removed_listener_loses_no_request_that_was_under_way(make_hupd, reconfigure):
    hupd = make_hupd(listen=["127.0.0.1:0", "127.0.0.2:0"]).run()
    with client.Connection(hupd.address(1)) as idle, client.Connection(hupd.address(1)) as slow:
        idle.get()
        slow.ask("/slow?500")
        reconfigure(hupd, listen=["127.0.0.1:0"])
        hupd.reload()
        assert slow.response().text == "v1\n"
        assert not idle.get().closes  # it has moved


@pytest.mark.parametrize("workers", [1, 4])
def test_a_reload_changes_the_number_of_workers(hupd, reconfigure, workers):
    with Load(hupd.address(), clients={"busy": 2, "thinking": 6}):
        reconfigure(hupd, workers=workers)
        hupd.reload()
        hupd.wait_settled(workers)


def test_a_reload_changes_timeouts(hupd, reconfigure):
    reconfigure(hupd, http={"idle_timeout": "200ms"})
    hupd.reload()
    with client.Connection(hupd.address()) as connection:
        assert connection.get().text == "v1\n"
        assert connection.rest() == b""


def test_a_reload_hands_new_settings_to_the_application(make_hupd, reconfigure):
    hupd = make_hupd()
    hupd.library.move_in(BUILD / "libhello.so")
    hupd.tables["app.web.settings"] = {"greeting": "good morning"}
    reconfigure(hupd)
    hupd.run()
    assert hupd.get().text == "good morning\n"
    hupd.tables["app.web.settings"] = {"greeting": "good night"}
    reconfigure(hupd)
    hupd.reload()
    assert hupd.get().text == "good night\n"


def test_the_log_may_be_json(make_hupd):
    hupd = make_hupd(master={"log": {"format": "json"}})
    hupd.spawn("run", hupd.config)

    def events():
        return [json.loads(line) for line in hupd.log.raw()]

    hupd.wait(lambda: any(log.STARTED in e["text"] for e in events()), "it serves")
    hupd.hup()
    hupd.wait(lambda: any(log.RELOAD_DONE in e["text"] for e in events()), "the reload is done")
    hupd.stop()
    for event in events():
        assert {"time", "level", "text"} <= event.keys()
    (done,) = [e for e in events() if log.RELOAD_DONE in e["text"]]
    assert (done["app"], done["gen"], done["level"]) == ("web", 2, "info")
