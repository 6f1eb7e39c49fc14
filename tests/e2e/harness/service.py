"""hupd@web.service in a machine."""

import itertools

from . import client, library, log, settings
from .log import Log
from .waiting import PATIENCE, wait_until

UNIT = "hupd@web.service"
LIBRARY = "/srv/web/libweb.so"
_numbers = itertools.count(1)


class Service:
    """hupd@web, configured and not started."""

    def __init__(self, machine):
        self.machine = machine
        self.log = Log(machine.shared / f"web-{next(_numbers)}.log")
        self.log.path.touch()
        self.tables = {"app.web": {"library": LIBRARY, "listen": ["127.0.0.1:0"], "workers": 2}}
        self.drop_in("log", f"StandardOutput=append:{self.log.path}\nStandardError=inherit")
        self.deploy(library.service("v1"))
        self.configure()

    def drop_in(self, name, text, section="Service"):
        self.machine.write(f"/etc/systemd/system/{UNIT}.d/{name}.conf", f"[{section}]\n{text}\n")
        self.ctl("daemon-reload")

    def shipped_drop_in(self, name):
        done = self.machine.run("cp", f"/usr/share/doc/hupd/systemd/{name}.conf",
                                f"/etc/systemd/system/{UNIT}.d/")
        assert done.code == 0, done
        self.ctl("daemon-reload")

    def configure(self):
        self.machine.write("/etc/hupd/web.toml", settings.toml(self.tables))

    def deploy(self, built):
        copy = self.machine.shared / "libweb.so"
        copy.write_bytes(built.read_bytes())
        done = self.machine.run("sh", "-c", f"mkdir -p /srv/web && cp {copy} {LIBRARY}.new && "
                                            f"mv {LIBRARY}.new {LIBRARY}")
        assert done.code == 0, done

    def ctl(self, *arguments):
        return self.machine.systemctl(*arguments)

    def start(self):
        done = self.ctl("start", UNIT)
        assert done.code == 0, f"{done}\n{self.log.tail()}"
        return self

    def is_active(self):
        return self.ctl("is-active", UNIT).out.strip() == "active"

    def status(self):
        return self.machine.show(UNIT, "StatusText")[0]

    def address(self):
        return self.log.find(log.LISTENING)[-1].text[len(log.LISTENING):]

    def get(self):
        return client.get(self.address())

    def kill(self, number):
        """The master alone."""
        done = self.ctl("kill", "--kill-who=main", f"--signal={number}", UNIT)
        assert done.code == 0, done

    def wait(self, predicate, what, deadline=PATIENCE):
        return wait_until(predicate, what, deadline, explain=self.log.tail)

    def processes(self):
        group = self.machine.cgroup / "system.slice"
        return [line for procs in group.rglob("hupd@web*/**/cgroup.procs")
                for line in procs.read_text().split()]

    def end(self):
        """Stopped, and as if it had never been."""
        self.ctl("stop", UNIT, "hupd@web.socket")
        assert self.processes() == [], "systemd had to leave somebody behind"
        units = "/etc/systemd/system"
        self.machine.run("sh", "-c", f"rm -rf {units}/{UNIT}.d {units}/hupd@web.socket*")
        self.ctl("reset-failed")
        self.ctl("daemon-reload")
