"""A generation is immutable: whatever happens to the file on disk, what serves is what was deployed."""

import os
import signal
import threading

import pytest

from harness import client, library
from harness.load import Load

GENTLE = {"fresh": 1, "busy": 1, "thinking": 3}


def copy_over(deployed):
    deployed.copy_over(library.service("v2"))


def copy_rubbish_over(deployed):
    deployed.path.write_bytes(b"\0" * 50_000)


def truncate(deployed):
    deployed.truncate(0)


def remove(deployed):
    deployed.remove()


@pytest.mark.parametrize("preload", [True, False])
@pytest.mark.parametrize("harm", [copy_over, copy_rubbish_over, truncate, remove])
def test_harming_the_file_harms_nothing_that_serves(make_hupd, harm, preload):
    hupd = make_hupd(preload=preload).run()
    with Load(hupd.address(), clients=GENTLE) as load:
        harm(hupd.library)
        victim = hupd.workers()[0].pid
        # A worker that is killed cuts what it has in hand; the load is made of others' connections.
    with client.Connection(hupd.address()) as still:
        assert still.get().text == "v1\n"
    os.kill(victim, signal.SIGKILL)
    hupd.wait(lambda: len(hupd.workers()) == 2 and victim not in [w.pid for w in hupd.workers()],
              "the worker is replaced")
    seen = {hupd.get().text for _ in range(20)}
    assert seen == {"v1\n"}, "the new worker has to be the old code"
    assert load.versions() == ["v1"]


def test_a_whole_file_copied_over_the_live_one_is_a_deploy_like_any_other(hupd):
    with Load(hupd.address(), clients=GENTLE) as load:
        copy_over(hupd.library)
        hupd.reload()
    assert load.versions() == ["v1", "v2"]


class SlowWriter(threading.Thread):
    """Writes a library over the live file bit by bit, all the time, until told to finish."""

    def __init__(self, deployed, sources):
        super().__init__()
        self.deployed = deployed
        self.sources = [source.read_bytes() for source in sources]
        self.finish = threading.Event()

    def run(self):
        while True:
            for data in self.sources:
                with open(self.deployed.path, "r+b") as file:
                    file.truncate(0)
                    for start in range(0, len(data), 8192):
                        file.write(data[start:start + 8192])
                        file.flush()
                        self.finish.wait(0.002)
            if self.finish.is_set():
                return

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.finish.set()
        self.join()


def test_a_file_half_written_during_reloads_is_served_whole_or_not_at_all(hupd):
    """While the file is written again and again, reloads are done or rejected; nothing in between."""
    writer = SlowWriter(hupd.library, [library.service("v2"), library.service("v3")])
    with Load(hupd.address(), clients=GENTLE) as load:
        with writer:
            for _ in range(8):
                since = hupd.log.mark()
                hupd.hup()
                hupd.wait(lambda: hupd.log.find("reload done", since)
                          or hupd.log.find("reload rejected", since), "the reload has a result")
        hupd.reload()
    assert hupd.get().text == "v3\n"
    assert set(load.versions()) <= {"v1", "v2", "v3"}


def test_the_library_may_live_beside_siblings_that_it_finds_by_origin(make_hupd):
    """They belong to the deploy: copied with it, and changed without harm."""
    hupd = make_hupd()
    old, new = ordinary_sibling(hupd.directory, "old"), None
    hupd.library.move_in(old)
    hupd.run()
    assert hupd.get().text == "old\n"
    new = ordinary_sibling(hupd.directory, "new")
    victim = hupd.workers()
    for one in victim:
        os.kill(one.pid, signal.SIGKILL)
    hupd.wait(lambda: len(hupd.workers()) == 2 and not set(victim) & set(hupd.workers()),
              "both are replaced")
    assert hupd.get().text == "old\n"
    hupd.library.move_in(new)
    hupd.reload()
    assert hupd.get().text == "new\n"


def ordinary_sibling(directory, version):
    """libversion.so beside the library, which asks it for its version."""
    source = directory / "version.cpp"
    source.write_text('extern "C" { extern const char service_version[] = "%s"; }\n' % version)
    made = library.compiled(source, "-shared", "-Wl,-soname,libversion.so")
    library.Deployed(directory / "libversion.so").move_in(made)
    nothing = directory / "nothing.cpp"
    nothing.write_text("")
    service = library.compiled(library.APPS / "service.cpp", "-c")
    return library.compiled(nothing, "-shared", "-Wl,-rpath,$ORIGIN", "-Wl,--enable-new-dtags",
                            inputs=[service, directory / "libversion.so"])
