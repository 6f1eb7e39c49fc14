"""packaging/kubernetes as data: held against the API's own description, and as options of podman's."""

import json
import re
import tomllib

import yaml

from .build import SOURCE

FOLDER = SOURCE / "packaging" / "kubernetes"
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def load():
    """{kind: object} of all files."""
    return {one["kind"]: one for path in sorted(FOLDER.glob("*.yaml"))
            for one in yaml.safe_load_all(path.read_text())}


def configuration(objects):
    return objects["ConfigMap"]["data"]["hupd.toml"]


def app(objects):
    return tomllib.loads(configuration(objects))["app"]["web"]


def seconds(duration):
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h)", duration).groups()
    return int(number) * UNITS[unit]


def pod(objects):
    return objects["Deployment"]["spec"]["template"]["spec"]


def container(objects, name):
    """Those that prepare the pod, too."""
    every = pod(objects)["initContainers"] + pod(objects)["containers"]
    return next(one for one in every if one["name"] == name)


# ---- the API's schema, as the classes that Kubernetes' own client for Python has for it ----

PLAIN = {"str": str, "bool": bool, "datetime": str, "int": int, "float": (int, float)}


def faults(one):
    """What the API would say of this object: unknown keys, wrong types, what is missing."""
    from kubernetes.client import models
    version = one.get("apiVersion", "").rpartition("/")[2]
    name = version[:1].upper() + version[1:] + one.get("kind", "")
    if not hasattr(models, name):
        return [f"there is no {one.get('kind')} in {one.get('apiVersion')}"]
    return list(_faults(one, name, one["kind"], models))


def _faults(value, kind, where, models):
    several = re.fullmatch(r"list\[(.*)\]|dict\(str, (.*)\)", kind)
    if several:
        wanted = list if several[1] else dict
        if not isinstance(value, wanted):
            yield f"{where}: a {wanted.__name__} is wanted"
            return
        for key, item in enumerate(value) if several[1] else value.items():
            yield from _faults(item, several[1] or several[2], f"{where}.{key}", models)
    elif kind in PLAIN:
        if not isinstance(value, PLAIN[kind]) or (isinstance(value, bool) and kind != "bool"):
            yield f"{where}: {value!r} is no {kind}"
    elif kind != "object":
        yield from _object_faults(value, getattr(models, kind), where, models)


def _object_faults(value, model, where, models):
    if not isinstance(value, dict):
        yield f"{where}: an object is wanted"
        return
    names = {key: name for name, key in model.attribute_map.items()}
    for key, item in value.items():
        if key in names:
            yield from _faults(item, model.openapi_types[names[key]], f"{where}.{key}", models)
        else:
            yield f"{where}: there is no {key!r}"
    try:
        model(**{names[key]: item for key, item in value.items() if key in names})
    except ValueError as error:
        yield f"{where}: {error}"


# ---- the same for podman ----

def options(objects, name, places):
    """What the pod says of a container, but its ports, resources and what is asked of the cluster.
    `places`: where its volumes are here."""
    one, security = container(objects, name), dict(pod(objects)["securityContext"])
    security.update(one["securityContext"])
    found = [f"--user={security['runAsUser']}:{security['runAsGroup']}"]
    found += [f"--cap-drop={drop}" for drop in security["capabilities"]["drop"]]
    if security["readOnlyRootFilesystem"]:
        found += ["--read-only", "--read-only-tmpfs=false"]
    if not security["allowPrivilegeEscalation"]:
        found += ["--security-opt=no-new-privileges"]
    for mount in one["volumeMounts"]:
        only = ":ro" if mount.get("readOnly") else ""
        found.append(f"--volume={places[mount['name']]}:{mount['mountPath']}{only}")
    if "command" in one:
        found.append(f"--entrypoint={json.dumps(one['command'])}")
    return found + [f"--env={pair['name']}={pair['value']}" for pair in one.get("env", [])
                    if "value" in pair]


def arguments(objects, name, **environment):
    def expanded(text):
        return re.sub(r"\$\((\w+)\)", lambda match: str(environment[match[1]]), text)
    return [expanded(one) for one in container(objects, name).get("args", [])]
