"""The Dockerfile's image, as operators run it: hupd as PID 1 with as little as it takes."""

import contextlib
import hashlib
import json
import os
import pathlib
import re
import tempfile
import time

import pytest

from harness import client, library, log, manifests, settings
from harness.containers import CONFINED, IMAGE, Container, Engine, runtime_dir, why_not
from harness.front import Front
from harness.library import Deployed
from harness.load import Load

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

# TERM, drain_timeout and kill_timeout: what is asked for in the Dockerfile.
GRACE = 45


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    shared = tmp_path_factory.mktemp("containers")
    for place in (shared, *shared.parents[:2]):
        place.chmod(0o755)  # the containers' users pass through
    engine = Engine(shared)
    try:
        engine.build_image()
        yield engine
    finally:
        engine.end()


class Pod:
    """What is mounted into a container, and the container."""

    def __init__(self, engine, name, **app):
        self.engine, self.name = engine, name
        self.srv, self.etc = (engine.shared / name / one for one in ("srv", "etc"))
        for place in (self.srv, self.etc):
            place.mkdir(parents=True)
        self.library = Deployed(self.srv / "libweb.so")
        self.library.move_in(library.service("v1"))
        self.configure(listen=["127.0.0.1:0"], workers=2, **app)
        self.container = None

    def configure(self, **app):
        tables = {"app.web": {"library": "/srv/web/libweb.so", **app}}
        (self.etc / "hupd.toml").write_text(settings.toml(tables))

    def run(self, *options, tmpfs=runtime_dir()):
        mounts = [f"--volume={self.srv}:/srv/web:ro", f"--volume={self.etc}:/etc/hupd:ro", tmpfs]
        self.container = Container(self.engine, self.name, "run", "/etc/hupd/hupd.toml",
                                   options=[*CONFINED, *mounts, *options])
        return self.container


@pytest.fixture
def make_pod(engine, request):
    made = []

    def make(**app):
        made.append(Pod(engine, f"{request.node.name.replace('_', '-')}-{len(made)}", **app))
        return made[-1]
    yield make
    for pod in made:
        if pod.container is not None:
            pod.container.remove()


@pytest.fixture
def pod(make_pod):
    pod = make_pod()
    pod.run().serves()
    return pod


def test_the_image_runs_as_nobody_in_particular(engine):
    shown = engine.podman("image", "inspect", "--format",
                          "{{.User}} {{.Config.StopSignal}} {{.Config.Entrypoint}}", IMAGE)
    assert shown.out.strip() == "10001:10001 SIGTERM [hupd]", shown


def test_the_image_has_the_program_and_no_compiler(engine):
    found = engine.podman("run", "--rm", "--cgroups=disabled", "--ulimit=host", "--network=none",
                          "--entrypoint=sh", IMAGE, "-c",
                          "hupd --version; hupd check /usr/lib/hupd/libhello.so; "
                          "ls /usr/include/hupd /src; command -v cc c++ gcc cmake")
    assert found.out.startswith("hupd "), found
    assert "/usr/bin/" not in found.out and "/hupd:" not in found.out, "nothing to build with"


def test_without_a_command_it_serves_an_example(engine, request):
    hello = Container(engine, "hello", network="none", options=[*CONFINED, runtime_dir()])
    try:
        hello.serves()
        ask = ("exec 3<>/dev/tcp/127.0.0.1/8080; "
               r"printf 'GET / HTTP/1.1\r\nHost: it\r\nConnection: close\r\n\r\n' >&3; cat <&3")
        assert hello.exec("bash", "-c", ask).out.endswith("hello\n")
        assert hello.exec("hupd", "status").code == 0
        assert hello.stop(GRACE) == 0
    finally:
        hello.remove()


# ---- with as little as it takes ----

def test_it_serves_with_a_read_only_root_and_without_a_capability(pod):
    container = pod.container
    assert container.get().text == "v1\n"
    master = container.process()
    assert master["Pid"] == "1" and master["Name"] == "hupd"
    assert master["Uid"].split() == ["10001"] * 4
    assert {master[f"Cap{one}"] for one in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {"0" * 16}
    assert master["NoNewPrivs"] == "1" and master["Seccomp"] == "2"
    worker = container.process(container.get().headers["x-pid"])
    assert worker["Uid"] == master["Uid"] and worker["CapEff"] == "0" * 16
    for place in ("/", "/usr", "/srv/web", "/etc/hupd", "/tmp"):
        assert container.exec("touch", f"{place}/file").code != 0, f"{place} is for reading"


def test_orphans_are_reaped(pod):
    container = pod.container
    orphan = container.exec("sh", "-c", "sleep 0.1 >/dev/null 2>&1 & echo $!").out.strip()
    look = f"if test -e /proc/{orphan}; then grep State /proc/{orphan}/status; else echo gone; fi"
    container.wait(lambda: container.exec("sh", "-c", look).out == "gone\n", "nothing is left of it")


def test_a_runtime_directory_that_may_not_run_code_is_named(make_pod):
    """As --tmpfs mounts it without a word."""
    container = make_pod().run(tmpfs="--tmpfs=/run/hupd:rw,noexec,mode=1777")
    assert container.exit_code() == 2
    said = " ".join(container.log.raw())
    assert "/run/hupd" in said and "noexec" in said, container.log.tail()


# ---- reload ----

def test_reload_takes_a_new_library_and_refuses_a_broken_one(pod):
    container = pod.container
    with Load(container.address()) as load:
        pod.library.move_in(library.service("v2"))
        done = container.exec("hupd", "reload")
        assert done.code == 0, done
        assert container.get().text == "v2\n"

        pod.library.move_in(library.bad("BAD_START_FAIL"))
        refused = container.exec("hupd", "reload")
        assert refused.code == 1, refused
        assert container.get().text == "v2\n", "what served before serves on"

        pod.library.move_in(library.service("v3"))
        container.kill("HUP")
        assert container.exec("hupd", "wait").code == 0
        assert container.get().text == "v3\n"

        assert container.exec("hupd", "rollback").code == 0
        assert container.get().text == "v2\n"
    assert load.versions() == ["v1", "v2", "v3"]


def test_another_container_deploys(make_pod):
    """The one that serves can only read its library."""
    pod = make_pod()
    run = pod.engine.shared / pod.name / "run"
    run.mkdir()
    run.chmod(0o1777)
    container = pod.run(tmpfs=f"--volume={run}:/run/hupd").serves()
    new = pod.engine.shared / pod.name / "new.so"
    new.write_bytes(library.service("v2").read_bytes())
    for place in (pod.srv, new):
        os.chown(place, 10001, 10001)
    with Load(container.address()):
        done = pod.engine.podman(
            "run", "--rm", "--network=none", "--cgroups=disabled", "--ulimit=host", *CONFINED,
            f"--volume={run}:/run/hupd", f"--volume={pod.srv}:/srv/web", f"--volume={new}:/new.so:ro",
            "--entrypoint=sh", IMAGE, "-c",
            "cp /new.so /srv/web/libweb.so.new && mv /srv/web/libweb.so.new /srv/web/libweb.so && "
            "hupd reload")
        assert done.code == 0, done
        assert container.get().text == "v2\n"


def test_a_full_runtime_directory_rejects_a_reload(make_pod):
    pod = make_pod(rollback={"keep": 0})
    size = library.service("v1").stat().st_size
    container = pod.run(tmpfs=runtime_dir(size=f"{size * 3 // 2}")).serves()
    with Load(container.address()):
        pod.library.move_in(library.service("v2"))
        refused = container.exec("hupd", "reload")
        assert refused.code == 1 and "No space left" in refused.out + refused.err, refused
        assert container.get().text == "v1\n"
        pod.library.move_in(library.service("v1"))


# ---- the end ----

def test_term_finishes_what_is_in_hand(pod):
    container = pod.container
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(client.Connection(container.address())) for _ in range(40)]
        for number, one in enumerate(clients):
            one.ask(f"/slow?{500 + 50 * number}")
        container.wait(lambda: container.in_hand() == len(clients), "each worker has its share")
        began = time.monotonic()
        container.kill("TERM")
        assert {one.response().text for one in clients} == {"v1\n"}
        assert container.exit_code() == 0
    assert time.monotonic() - began < GRACE
    assert container.log.find(log.STOPPED) and not container.log.find(log.OVERDUE)


def test_a_request_without_an_end_is_cut_within_the_grace_period(make_pod):
    pod = make_pod(drain_timeout="2s", kill_timeout="1s")
    container = pod.run().serves()
    with client.Connection(container.address()) as endless:
        endless.ask("/slow?600000")
        container.wait(lambda: container.in_hand() == 1, "it is being served")
        began = time.monotonic()
        assert container.stop(GRACE) == 0
    assert 2 <= time.monotonic() - began < GRACE, "by hupd, before the engine would kill it"
    assert container.log.find(log.OVERDUE)


def test_one_container_follows_another_without_a_failed_request(make_pod):
    """As an orchestrator does: the new one serves, the old one gets no new connections, then TERM."""
    old, new = make_pod(), make_pod()
    new.library.move_in(library.service("v2"))
    before = old.run().serves()
    with Front(before.address()) as front:
        with Load(front.address, clients={"fresh": 4, "slow": 4, "upload": 3}) as load:
            after = new.run().serves()
            front.lead_to(after.address())
            assert before.stop(GRACE) == 0
            assert client.get(front.address).text == "v2\n"
    assert load.versions() == ["v1", "v2"]


# ---- as packaging/kubernetes says ----

class KubernetesPod:
    """The containers of the deployment, their volumes as the kubelet makes them."""

    CPUS = 2

    def __init__(self, engine):
        self.engine, self.objects = engine, manifests.load()
        folder = pathlib.Path(tempfile.mkdtemp(dir=engine.shared))
        folder.chmod(0o755)
        self.places = {name: folder / name for name in ("config", "library", "run")}
        for name, place in self.places.items():
            place.mkdir()
            if name != "config":
                os.chown(place, 0, 10001)  # fsGroup
                place.chmod(0o2777)  # as the kubelet makes an emptyDir
        self.library = Deployed(self.places["library"] / "libweb.so")
        self.library.move_in(library.service("v1"))
        self.configure(manifests.configuration(self.objects))
        self.containers = []

    def configure(self, text):
        """hupd.toml is a link to ..data/hupd.toml, and ..data a link that is replaced."""
        # The network is this machine's, and other ports are in use there.
        text = text.replace("0.0.0.0:8080", "127.0.0.1:0").replace("0.0.0.0:9100", "127.0.0.2:0")
        version = pathlib.Path(tempfile.mkdtemp(dir=self.places["config"], prefix="..version"))
        version.chmod(0o755)
        (version / "hupd.toml").write_text(text)
        new = self.places["config"] / "..new"
        new.symlink_to(version.name)
        new.rename(self.places["config"] / "..data")
        link = self.places["config"] / "hupd.toml"
        if not link.is_symlink():
            link.symlink_to("..data/hupd.toml")

    def start(self, name):
        options = manifests.options(self.objects, name, self.places)
        arguments = manifests.arguments(self.objects, name, CPUS=self.CPUS)
        started = Container(self.engine, f"pod-{name}", *arguments, options=options)
        self.containers.append(started)
        return started

    def run(self):
        assert self.start("runtime-directory").exit_code() == 0
        self.hupd, self.deploy = self.start("hupd"), self.start("deploy")
        self.hupd.serves()
        return self

    def asks(self, probe):
        """The probe's answer: is it well?"""
        probe = manifests.container(self.objects, "hupd")[probe]
        if "exec" in probe:
            return self.hupd.exec(*probe["exec"]["command"]).code == 0
        return client.get(self.hupd.address(), probe["httpGet"]["path"]).status in range(200, 400)


@pytest.fixture
def kubernetes_pod(engine):
    pod = KubernetesPod(engine)
    try:
        yield pod.run()
    finally:
        for one in pod.containers:
            one.remove()


def test_the_deployments_container_lives_its_life(kubernetes_pod):
    pod, hupd = kubernetes_pod, kubernetes_pod.hupd
    assert [pod.asks(one) for one in ("startupProbe", "readinessProbe", "livenessProbe")] == [True] * 3
    metrics = client.get(hupd.log.find("metrics at ")[0].text.split()[-1], "/metrics").text
    assert re.search(r'hupd_app_workers_serving\{app="web"\} 2$', metrics, re.M), metrics
    with Load(hupd.address()):
        # The command of packaging/kubernetes/README.md.
        readme = (manifests.FOLDER / "README.md").read_text()
        script = re.search(r"-c deploy -- sh -c '([^']+)'", readme)[1]
        new = library.service("v2").read_bytes()
        wrong = pod.deploy.exec("sh", "-c", script, "0" * 64, given=new)
        assert wrong.code != 0
        put = pod.deploy.exec("sh", "-c", script, hashlib.sha256(new).hexdigest(), given=new)
        assert put.code == 0, put
        done = pod.deploy.exec("hupd", "reload", "--no-probation")
        assert done.code == 0, done
        assert hupd.get().text == "v2\n"

        text = manifests.configuration(pod.objects)
        pod.configure(text.replace("[app.web]\n", "[app.web]\nlistn = 3\n"))
        assert pod.deploy.exec("hupd", "reload").code in (1, 2)
        pod.configure(text.replace('boot_timeout = "30s"', 'boot_timeout = "20s"'))
        done = pod.deploy.exec("hupd", "reload", "--no-probation", "--force")
        assert done.code == 0, done
        assert [pod.asks(one) for one in ("readinessProbe", "livenessProbe")] == [True] * 2
    # Its end: preStop, TERM, and no KILL.
    before = time.monotonic()
    command = manifests.container(pod.objects, "hupd")["lifecycle"]["preStop"]["exec"]["command"]
    with client.Connection(hupd.address()) as slow:
        slow.ask("/slow?12000")
        assert hupd.exec(*command, deadline=60).code == 0
        hupd.kill("TERM")
        assert slow.response().text == "v2\n"
        assert hupd.exit_code() == 0
    grace = manifests.pod(pod.objects)["terminationGracePeriodSeconds"]
    assert time.monotonic() - before < grace
    assert pod.deploy.stop(grace) in (0, 143)
    assert time.monotonic() - before < grace, "the one beside it does not make the pod wait either"


def test_a_container_that_is_restarted_finds_only_files_of_its_own_kind(kubernetes_pod):
    """The volumes outlive it, and each master is PID 1."""
    pod, hupd = kubernetes_pod, kubernetes_pod.hupd
    first = sorted(path.name for path in (pod.places["run"] / "web").iterdir())
    for _ in range(2):
        hupd.kill("KILL")
        assert hupd.exit_code() == 137
        hupd.start_again()
        assert hupd.get().text == "v1\n" and pod.asks("livenessProbe")
        assert sorted(path.name for path in (pod.places["run"] / "web").iterdir()) == first
        assert pod.deploy.exec("hupd", "reload", "--no-probation", "--force").code == 0
    assert hupd.stop(GRACE) == 0
    left = [path for path in (pod.places["run"] / "web").rglob("*") if not path.is_dir()]
    assert left == [], "nothing is left behind"
