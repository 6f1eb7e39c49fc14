#!/usr/bin/env python3
"""Holds the architecture: which layer may include which, who may talk to the kernel, how long a
file may be. The arrows are read from the table in src/README.md, so that map and code agree."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
LONGEST_FILE = 170  # about 100 is the aim; beyond this a file has more than one role

# Headers of the kernel's and libc's interface. <csignal> and <cerrno> name numbers only.
SYSTEM_HEADER = re.compile(
    r"^(sys/.*|linux/.*|netinet/.*|arpa/.*|net/.*|unistd\.h|fcntl\.h|signal\.h|poll\.h|dlfcn\.h|pwd\.h"
    r"|grp\.h|sched\.h|spawn\.h|dirent\.h|time\.h|pthread\.h|elf\.h|gelf\.h|sha2\.h)$")
LOOP_LAYERS = {"loop", "connection", "http", "worker", "exporter", "keeper",
               "master"}  # which may use libuv


def arrows():
    """The table behind '## Layers' in src/README.md: {layer: layers it may include}."""
    text = (SOURCE / "README.md").read_text()
    block = re.search(r"## Layers.*?```\n(.*?)```", text, re.S).group(1)
    allowed = {}
    for line in block.splitlines():
        left, right = line.split("→")
        targets = set(re.findall(r"[a-z0-9]+(?:/[a-z]+)?", right.split("#")[0]))
        for layer in left.split():
            allowed[layer] = targets
    return allowed


def layer_of(path):
    parts = path.relative_to(SOURCE).parts
    return parts[0] if len(parts) > 1 else "main"


def reachable(layer, allowed):
    """A layer may include what it names and what those stand on."""
    found, todo = set(), [layer]
    while todo:
        for target in allowed.get(todo.pop(), ()):
            if target not in found:
                found.add(target)
                todo.append(target)
    return found | {layer}


def faults_in(path, allowed):
    layer = layer_of(path)
    if layer == "apps":
        return
    lines = path.read_text().splitlines()
    if layer not in allowed:
        yield f"{path}:1: the layer {layer} is not in src/README.md"
        return
    may_include = reachable(layer, allowed)
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if not match:
            continue
        quoted, name = match.group(1) == '"', match.group(2)
        if quoted and name.split("/")[0] not in may_include:
            yield f"{path}:{number}: {layer} may not include {name}"
        if not quoted and SYSTEM_HEADER.match(name) and layer != "os":
            yield f"{path}:{number}: <{name}> belongs in src/os"
        if not quoted and name == "uv.h" and layer not in LOOP_LAYERS:
            yield f"{path}:{number}: libuv does not belong in {layer}"
    if len(lines) > LONGEST_FILE:
        yield f"{path}:1: {len(lines)} lines, more than {LONGEST_FILE}: which second role is in it?"


def main():
    allowed = arrows()
    faults = []
    files = sorted(p for p in SOURCE.rglob("*") if p.suffix in {".cpp", ".hpp"})
    for path in files:
        faults += faults_in(path, allowed)
    for fault in faults:
        print(str(fault).replace(str(ROOT) + "/", ""))
    print(f"{len(files)} files, {len(faults)} faults")
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main())
