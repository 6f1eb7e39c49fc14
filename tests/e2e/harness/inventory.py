"""What a master holds, by kind, so that before and after can be compared."""

import collections
import re
import socket
import struct
from dataclasses import dataclass

from . import proc


@dataclass
class Inventory:
    processes: collections.Counter  # titles without their generation
    descriptors: collections.Counter  # of the master, by kind
    sockets: frozenset  # listening on, by address
    files: frozenset  # in the runtime directory, below the generations' directories

    def __eq__(self, other):
        return vars(self) == vars(other)


def take(hupd):
    return Inventory(_processes(hupd), descriptors(hupd.pid), listening(hupd.pid), _files(hupd))


def _processes(hupd):
    # "hupd: worker web/7/1" is the same after a reload, as "hupd: worker web/*/1".
    return collections.Counter(re.sub(r"^(hupd: \w+ \w+)/\d+", r"\1/*", proc.title(pid))
                               for pid in proc.children(hupd.pid))


def descriptors(pid):
    """What this process has open, by kind."""
    kinds = collections.Counter()
    for target in proc.descriptors(pid).values():
        kinds[re.sub(r"\[?\d+\]?|\(deleted\)", "", target).strip()] += 1
    return kinds


def connections(pid):
    """How many TCP connections this process holds, closing ones included."""
    return len(_connected(pid))


def connected():
    """All TCP connections that any process holds: by inode, the address that it came to and the one
    that it came from. The kernel shows its table in pieces, and may leave one out when others go."""
    return {line[9]: (_address(line[1]), _address(line[2]))
            for family in ("tcp", "tcp6") for line in _table(family)
            if line[3] != "0A" and line[9] != "0"}


def whereabouts(server, client):
    """Of the connection between these addresses: what waits in it on the server's side, and who holds it;
    nobody does while it is on its way from one to another."""
    for family in ("tcp", "tcp6"):
        for line in _table(family):
            if (_address(line[1]), _address(line[2])) == (server, client):
                holders = [proc.title(pid) for pid in proc.pids() if line[9] in socket_inodes(pid)]
                return f"state {line[3]}, queues {line[4]}, held by {holders}"
    return "not there"


def _connected(pid):
    """Each once: the kernel shows its table in pieces, and one of them twice when others come or go."""
    inodes = socket_inodes(pid)
    return list({line[9]: line for family in ("tcp", "tcp6") for line in _table(family)
                 if line[3] != "0A" and line[9] in inodes}.values())


def _address(text):
    """0100007F:1F90 as people write it: the kernel shows words as the machine has them."""
    host, _, port = text.partition(":")
    raw = b"".join(struct.pack("=I", int(host[at:at + 8], 16)) for at in range(0, len(host), 8))
    family = socket.AF_INET if len(raw) == 4 else socket.AF_INET6
    name = socket.inet_ntop(family, raw)
    return f"{name}:{int(port, 16)}" if len(raw) == 4 else f"[{name}]:{int(port, 16)}"


def unread(pid):
    """Bytes that have come on its TCP connections and that it has not read."""
    return sum(int(line[4].partition(":")[2], 16) for line in _connected(pid))


def listening(pid):
    """Addresses of the listening sockets that this process holds, as the kernel has them; not the
    one for control clients."""
    inodes = socket_inodes(pid)
    found = set()
    for family in ("tcp", "tcp6"):
        for line in _table(family):
            if line[3] == "0A" and line[9] in inodes:
                found.add(f"{family} {line[1]}")
    for line in _table("unix"):
        if len(line) > 7 and line[7].endswith("/control.sock"):
            continue
        if line[6] in inodes and len(line) > 7 and int(line[3], 16) & 0x10000:  # SO_ACCEPTCON
            found.add(f"unix {line[7]}")
    return frozenset(found)


def socket_inodes(pid):
    return {target[8:-1] for target in proc.descriptors(pid).values()
            if target.startswith("socket:[")}


def _table(family):
    with open(f"/proc/net/{family}", encoding="ascii", errors="replace") as table:
        return [line.split() for line in table.readlines()[1:]]


def _files(hupd):
    names = (str(path.relative_to(hupd.runtime_dir)) for path in hupd.runtime_dir.rglob("*"))
    return frozenset(re.sub(r"(web|ws)-\d+(/[0-9a-f]{16})?", r"\1-*", name) for name in names)
