"""packaging/kubernetes: what the API takes, and times that fit each other. How it runs is told in
test_container.py."""

import copy
import re
import subprocess

import pytest

from harness import library
from harness.build import PROGRAM, SOURCE, environment

pytest.importorskip("yaml", reason="python3-yaml is not installed")
from harness import manifests  # noqa: E402

MARGIN = 5  # seconds, for what the kubelet and a busy node take


@pytest.fixture
def objects():
    return manifests.load()


@pytest.fixture
def hupd_container(objects):
    return manifests.container(objects, "hupd")


def named(objects, path):
    """The value at "Deployment.spec.replicas"."""
    for key in path.split("."):
        objects = objects[int(key) if key.isdigit() else key]
    return objects


# ---- the API ----

def test_every_object_is_as_the_api_has_it(objects):
    pytest.importorskip("kubernetes", reason="python3-kubernetes is not installed")
    assert set(objects) == {"ConfigMap", "Deployment", "PodDisruptionBudget", "Service"}
    assert [fault for one in objects.values() for fault in manifests.faults(one)] == []


POD = "Deployment.spec.template.spec"
HUPD = POD + ".containers.0"


@pytest.mark.parametrize("place, key, value", [
    (POD, "terminationGracePeriod", 60),  # an unknown key
    (POD, "terminationGracePeriodSeconds", "60"),  # a string for a number
    (HUPD + ".securityContext", "readOnlyRootFilesystem", 1),  # a number for a bool
    (HUPD + ".securityContext.capabilities", "drop", "ALL"),  # one for a list
    (HUPD + ".lifecycle.preStop.exec", "command", ["sleep", 10]),
    (HUPD + ".livenessProbe", "periodSecond", 20),
    (HUPD + ".readinessProbe.httpGet", "port", None),  # required
    (HUPD, "name", None),
    ("Deployment.spec", "selector", None),
    ("ConfigMap.data", "hupd.toml", {"app": "web"}),  # an object for a text
    ("Service.spec.ports", "0", {"name": "http"}),
    ("PodDisruptionBudget", "apiVersion", "policy/v2"),
], ids=lambda value: str(value)[-40:])
def test_what_the_api_would_refuse_is_found(objects, place, key, value):
    pytest.importorskip("kubernetes", reason="python3-kubernetes is not installed")
    broken = copy.deepcopy(objects)
    parent = named(broken, place)
    if value is None:
        del parent[key]
    else:
        parent[int(key) if key.isdigit() else key] = value
    assert manifests.faults(broken[place.partition(".")[0]]) != []


def test_names_fit_each_other(objects, hupd_container):
    template = objects["Deployment"]["spec"]["template"]
    for selector in (objects["Deployment"]["spec"]["selector"]["matchLabels"],
                     objects["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
                     objects["Service"]["spec"]["selector"]):
        assert selector.items() <= template["metadata"]["labels"].items()
    ports = {port["name"]: port["containerPort"] for port in hupd_container["ports"]}
    used = [port["targetPort"] for port in objects["Service"]["spec"]["ports"]]
    used += [hupd_container[probe]["httpGet"]["port"] for probe in ("startupProbe", "readinessProbe")]
    assert set(used) <= set(ports)
    text = manifests.configuration(objects)
    assert set(re.findall(r'listen = \W*"[\d.]+:(\d+)"', text)) == {str(one) for one in ports.values()}
    assert template["metadata"]["annotations"]["prometheus.io/port"] == str(ports["metrics"])
    volumes = {volume["name"] for volume in template["spec"]["volumes"]}
    for one in (*template["spec"]["containers"], *template["spec"]["initContainers"]):
        assert {mount["name"] for mount in one["volumeMounts"]} <= volumes
    config = next(one for one in template["spec"]["volumes"] if one["name"] == "config")
    assert config["configMap"]["name"] == objects["ConfigMap"]["metadata"]["name"]


def test_it_is_the_dockerfiles_image_that_runs(objects, hupd_container):
    dockerfile = (SOURCE / "Dockerfile").read_text()
    security = manifests.pod(objects)["securityContext"]
    assert f"USER {security['runAsUser']}:{security['runAsGroup']}\n" in dockerfile
    mounts = {mount["name"]: mount["mountPath"] for mount in hupd_container["volumeMounts"]}
    (own,) = {pair["value"] for name in ("hupd", "deploy")
              for pair in manifests.container(objects, name)["env"] if pair["name"] == "RUNTIME_DIRECTORY"}
    assert own.startswith(mounts["run"] + "/")
    made = manifests.container(objects, "runtime-directory")["command"]
    assert made == ["mkdir", "-p", "-m", "0700", own]
    assert hupd_container["args"][-1] == mounts["config"] + "/hupd.toml"
    assert manifests.app(objects)["library"].startswith(mounts["library"] + "/")


def test_every_container_is_confined(objects):
    pod = manifests.pod(objects)
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for one in (*pod["containers"], *pod["initContainers"]):
        assert one["securityContext"] == {"allowPrivilegeEscalation": False,
                                          "readOnlyRootFilesystem": True,
                                          "capabilities": {"drop": ["ALL"]}}
    written = {mount["name"] for mount in manifests.container(objects, "hupd")["volumeMounts"]
               if not mount.get("readOnly")}
    assert written == {"run"}, "workers can change neither their library nor the configuration"


# ---- hupd ----

def test_hupd_takes_the_configuration(objects, story_dir):
    web = story_dir / "libweb.so"
    web.write_bytes(library.service("v1").read_bytes())
    text = manifests.configuration(objects)
    (story_dir / "hupd.toml").write_text(text.replace("/srv/web/libweb.so", str(web)))
    done = subprocess.run([PROGRAM, "check", story_dir / "hupd.toml"], env=environment(),
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_grace_period_outlasts_pre_stop_and_the_drain(objects, hupd_container):
    app = manifests.app(objects)
    command = hupd_container["lifecycle"]["preStop"]["exec"]["command"]
    assert command[0] == "sleep"
    needed = (int(command[1]) + manifests.seconds(app["drain_timeout"])
              + manifests.seconds(app["kill_timeout"]))
    assert manifests.pod(objects)["terminationGracePeriodSeconds"] >= needed + MARGIN


def test_pre_stop_outlasts_a_failing_readiness_probe(objects, hupd_container):
    """Who goes by readiness alone, such as a load balancer outside, has heard by then."""
    probe = hupd_container["readinessProbe"]
    assert int(hupd_container["lifecycle"]["preStop"]["exec"]["command"][1]) >= probe["periodSeconds"]


def test_a_start_is_given_its_boot_timeout(objects, hupd_container):
    probe = hupd_container["startupProbe"]
    given = probe["periodSeconds"] * probe["failureThreshold"]
    assert given >= manifests.seconds(manifests.app(objects)["boot_timeout"]) + MARGIN
    deployment = objects["Deployment"]["spec"]
    assert deployment["progressDeadlineSeconds"] > given + deployment["minReadySeconds"]


def test_a_roll_out_takes_no_pod_away_before_another_serves(objects):
    deployment = objects["Deployment"]["spec"]
    assert deployment["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    allowed = objects["PodDisruptionBudget"]["spec"]["maxUnavailable"]
    assert 0 < allowed < deployment["replicas"]
