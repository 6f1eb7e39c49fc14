"""`hupd status` and `hupd history`: true, as the schemas have them, and narrow enough."""

import os
import re
import signal

from harness import control, library, log
from harness.client import Connection


def app_of(hupd):
    (app,) = control.status(hupd)["apps"]
    return app


def test_status_has_who_serves_and_what(hupd):
    for _ in range(5):
        hupd.get()

    def requests():
        return sum(w["requests"] for w in app_of(hupd)["generations"][0]["workers"])
    hupd.wait(lambda: requests() == 5, "the last answer is counted, a turn of the loop later")
    app = app_of(hupd)
    assert (app["app"], app["state"], app["serving"], app["workers"]) == ("web", "running", 1, 2)
    assert app["listeners"] == [hupd.address()]
    (generation,) = app["generations"]
    assert generation["state"] == "serving" and generation["zygote"] == "ready"
    assert generation["library"] == str(hupd.library.path)
    assert generation["zygote_pid"] == hupd.zygotes()[0].pid
    assert [w["pid"] for w in generation["workers"]] == [w.pid for w in hupd.workers()]
    for worker in generation["workers"]:
        assert worker["state"] == "serving" and worker["restarts"] == 0
        assert 0 < worker["pss_bytes"] <= worker["rss_bytes"] and worker["cpu_ms"] >= 0
    assert app["last_reload"]["is_start"]


def test_connections_are_counted(hupd):
    held = [Connection(hupd.address()) for _ in range(3)]
    def open_now():
        return sum(w["connections"] for g in app_of(hupd)["generations"] for w in g["workers"])
    hupd.wait(lambda: open_now() == 3, "three are open")
    for one in held:
        one.close()
    hupd.wait(lambda: open_now() == 0, "none is")


def test_a_worker_that_dies_counts_for_its_slot(hupd):
    os.kill(hupd.workers()[0].pid, signal.SIGKILL)
    slot = hupd.workers()[0].slot if hupd.workers() else 1

    def lost():
        return sum(w["restarts"] for g in app_of(hupd)["generations"] for w in g["workers"])
    hupd.wait(lambda: lost() == 1, f"slot {slot} has lost one")


def test_a_slot_that_keeps_failing_is_told_with_its_next_try(make_hupd):
    hupd = make_hupd(restart={"backoff_first": "20s", "jitter": "0%"}).run()
    for times in (1, 2, 3):
        before = {w.pid for w in hupd.workers()}
        victim = [w for w in hupd.workers() if w.slot == 1]
        if not victim:
            break
        os.kill(victim[0].pid, signal.SIGKILL)
        hupd.wait(lambda: {w.pid for w in hupd.workers()} != before, "it is noticed")
        if times == 1:
            hupd.wait(lambda: len(app_of(hupd)["generations"][0]["workers"]) == 2
                      and all(w["state"] == "serving"
                              for w in app_of(hupd)["generations"][0]["workers"]), "replaced at once")
    hupd.wait(lambda: app_of(hupd)["generations"][0]["backoff"], "it waits")
    (waiting,) = app_of(hupd)["generations"][0]["backoff"]
    assert waiting["slot"] == 1 and waiting["failures"] == 2
    assert 0 < waiting["retry_in_ms"] <= 20_000
    assert "failed 2 times in a row, next try in 1" in control.command(hupd, "status").out


def test_the_table_fits_80_columns_and_has_no_colour_in_a_pipe(hupd):
    done = control.command(hupd, "status")
    assert "\033" not in done.out
    rows = [line for line in done.out.splitlines() if re.match(r" +\d+ +\d+ +\d+  serving", line)]
    assert len(rows) == 2 and all(len(row) <= 80 for row in rows), done.out


def test_status_tells_who_is_unwell_and_why(make_hupd):
    hupd = make_hupd(version=None, workers=1, settings={"ill_after": 1, "ill_until": 3},
                     probe={"path": "/healthz", "interval": "10ms"})
    hupd.library.move_in(library.prober("v1"))
    hupd.run()

    def unwell():
        ((worker,),) = [g["workers"] for g in app_of(hupd)["generations"]]
        return worker.get("unwell")
    assert unwell() is None
    hupd.get()
    hupd.wait(lambda: unwell() == "probe GET /healthz: 503: no database", "it says so")
    table = control.command(hupd, "status").out
    assert "! worker 1 of generation 1" in table and "is unwell: probe GET /healthz: 503" in table
    assert re.search(r"^ +1 +1 +\d+  unwell ", table, re.M), table
    hupd.get(), hupd.get()
    hupd.wait(lambda: unwell() is None, "it is well again")


def test_status_tells_what_each_generation_is_there_for(make_hupd, reconfigure):
    hupd = make_hupd(reload={"canary": {"workers": 1, "hold": "60s"},
                             "probation": {"time": "60s"}}).run()
    hupd.library.move_in(library.service("v2"))
    reloading = control.start(hupd, "reload", "--no-probation")
    hupd.wait_for(log.CANARY)
    canary = app_of(hupd)["generations"][-1]
    assert canary["state"] == "canary" and 0 < canary["canary_left_ms"] <= 60_000
    table = control.command(hupd, "status").out
    assert re.search(r"generation 2 is a canary \(1 of 2 workers\) for another [\d.m s]+s, ", table), table
    assert "last reload, generation 2: under way for " in table
    assert control.command(hupd, "promote", "--no-probation").code == 0
    assert control.ended(reloading).code == 0
    hupd.wait_settled(2)
    table = control.command(hupd, "status").out
    assert re.search(r"generation 2 serves on probation, for another [\d.m s]+s, ", table), table
    assert "generation 1 is parked, to go back to at once, " in table
    assert len(re.findall(r"version v\d, [0-9a-f]{12}, preload \d.* m?s, zygote [\d.]+ [KM]iB$", table,
                          re.M)) == 2, table
    assert control.command(hupd, "rollback").code == 0
    table = control.command(hupd, "status").out
    assert re.search(r"generation 3 serves, .* old, the version of 1 again$", table, re.M), table
    assert "! last reload, generation 2: rolled back" not in table, "it is the one before the last"
    assert all(len(line) <= 80 for line in table.splitlines() if "/" not in line), table


def test_status_tells_why_the_last_reload_was_rejected(hupd):
    hupd.library.write(b"broken")
    assert control.command(hupd, "reload").code == 1
    table = control.command(hupd, "status").out
    assert re.search(r"^  ! last reload, generation 2: rejected, .* ago: .*not a shared library",
                     table, re.M), table


def test_history_has_each_reload_with_its_result(hupd):
    hupd.reload()
    hupd.library.write(b"broken")
    control.command(hupd, "reload")
    reloads = control.command(hupd, "history", "--json").lines[0]["reloads"]
    assert [(r["generation"], r["outcome"], r["is_start"]) for r in reloads] == [
        (1, "done", True), (2, "done", False), (3, "rejected", False)]
    assert [r["number"] for r in reloads] == [1, 2, 3]
    assert "not a shared library" in control.command(hupd, "history").out


def test_history_draws_who_served_when(hupd, reconfigure):
    reconfigure(hupd, reload={"canary": {"workers": 1, "hold": "500ms"}})
    hupd.reload()
    hupd.wait_settled(2)
    hupd.library.write(b"broken")
    assert control.command(hupd, "reload").code == 1
    picture = control.command(hupd, "history").out
    head = picture.index("web: who served when")
    rows = [line.split(None, 1) for line in picture[head:].splitlines()[2:5]]
    assert [number for number, _ in rows] == ["1", "2", "3"], picture
    assert re.match(r"\.+=+~+ +\d.* m?s +\d.* m?s$", rows[0][1]), "it served, and has drained"
    assert re.match(r"\.+:+=+> +\d.* m?s +-$", rows[1][1]), "by a canary, and serves"
    assert re.match(r"\.+x +- +-$", rows[2][1]), picture
    assert all(len(line) <= 80 for line in picture[head:].splitlines()), picture


def test_history_knows_when_an_app_was_gone(two):
    del two.tables["app.api"]
    two.write_config()
    assert control.command(two, "reload").code == 0
    two.wait(lambda: len(control.status(two)["apps"]) == 1, "api is gone")
    by_app = {r["app"]: r for r in control.command(two, "history", "--json").lines[0]["reloads"]
              if r["is_start"]}
    assert 0 < by_app["api"]["gone_ms"] <= by_app["api"]["age_ms"]
    assert "gone_ms" not in by_app["web"]


def test_history_keeps_the_last_fifty(hupd):
    good = hupd.config.read_text()
    hupd.config.write_text(good + "wrokers = 3\n")
    for _ in range(60):
        assert control.command(hupd, "reload", "web").code == 2
    reloads = control.command(hupd, "history", "--json").lines[0]["reloads"]
    assert [r["number"] for r in reloads] == [1, *range(13, 62)], "with that of what serves"


def test_watch_tells_again_each_second(hupd):
    watching = control.start(hupd, "status", "--json", "--watch")
    first, second = watching.stdout.readline(), watching.stdout.readline()
    watching.kill()
    watching.communicate()
    assert first and second and first != second


def test_the_way_out_of_having_no_workers_is_told(hupd):
    """After WINCH and a reload that was rejected, nothing else would bring them back."""
    hupd.send(signal.SIGWINCH)
    hupd.wait(lambda: not hupd.workers(), "the workers are gone")
    hupd.library.write(b"junk")
    assert control.command(hupd, "reload").code == 1
    assert "! no worker is wanted: 'hupd scale web N'" in control.command(hupd, "status").out
    assert control.command(hupd, "scale", "web", "2").code == 0
    assert hupd.get().text == "v1\n"
    hupd.wait_settled(2)
    assert "no worker is wanted" not in control.command(hupd, "status").out
