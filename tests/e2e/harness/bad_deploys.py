"""Every way in which a deploy can be bad, by name: what to deploy, and what the log has to say."""

from dataclasses import dataclass, field

from . import library

E_MACHINE = 18  # offset in an ELF header
OTHER_MACHINE = {0x3E: 0xB7}.get  # an x86-64 file becomes an AArch64 one; others become x86-64


@dataclass
class Bad:
    name: str
    deploy: object  # called with a Deployed
    says: tuple  # each somewhere in the one line that tells of it
    app: dict = field(default_factory=dict)  # keys of [app.web] that it needs
    exit_code: int = 1  # of a first start with it

    def __str__(self):
        return self.name


def unfit(bad):
    """No library that can be loaded, today or tomorrow: as wrong as a wrong configuration."""
    bad.exit_code = 2
    return bad


def built(name, define, *says, **app):
    return Bad(name, lambda deployed: deployed.move_in(library.bad(define)), says, app)


def thrown(name, where, *says):
    return Bad(name, lambda deployed: deployed.move_in(library.throwing(where)), says)


def good_bytes():
    return bytearray(library.service("v2").read_bytes())


def remove(deployed):
    if deployed.path.exists():
        deployed.remove()


def wrong_architecture(deployed):
    data = good_bytes()
    data[E_MACHINE] = OTHER_MACHINE(data[E_MACHINE], 0x3E)
    deployed.write(data)


def directory(deployed):
    remove(deployed)
    deployed.path.mkdir()


SHORT = {"boot_timeout": "600ms", "kill_timeout": "500ms"}
SEGV, ABRT = "signal 11 (SIGSEGV)", "signal 6 (SIGABRT)"

BAD_DEPLOYS = [
    unfit(Bad("missing", remove, ("No such file",))),
    unfit(Bad("text_file", lambda d: d.write(b"not a library\n"), ("not a shared library",))),
    unfit(Bad("empty_file", lambda d: d.write(b""), ("not a shared library",))),
    unfit(Bad("truncated", lambda d: d.write(good_bytes()[:9000]), ("cut off",))),
    unfit(Bad("truncated_in_the_header", lambda d: d.write(good_bytes()[:40]), ("not a shared library",))),
    unfit(Bad("wrong_architecture", wrong_architecture, ("architecture",))),
    unfit(Bad("directory", directory, ("not a regular file",))),
    unfit(built("undefined_symbol", "BAD_UNDEFINED_SYMBOL", "undefined symbol", "nobody_defines_this")),
    unfit(built("wrong_abi", "BAD_ABI", "ABI version 42")),
    unfit(built("no_entry_point", "BAD_NO_ENTRY_POINT", "no entry point", "hupd_application")),
    unfit(built("no_height", "BAD_NO_HEIGHT", "exactly one of")),
    unfit(built("short_table", "BAD_SHORT_TABLE", "too short")),
    thrown("throws_in_constructor", "IN_CONSTRUCTOR", "no prices today"),
    thrown("throws_in_start", "IN_START", "no database today"),
    thrown("throws_while_loading", "WHILE_LOADING", ABRT, "no loading today"),
    built("create_fails", "BAD_CREATE_FAIL", "the table of prices is missing"),
    built("create_fails_silently", "BAD_CREATE_FAIL_SILENTLY", "create failed with 7"),
    built("start_fails", "BAD_START_FAIL", "the database is away"),
    built("start_fails_later", "BAD_START_FAIL_LATE", "the cache is away"),
    built("load_segv", "BAD_LOAD_SEGV", SEGV),
    built("load_abort", "BAD_LOAD_ABORT", ABRT, "load: about to abort"),
    built("load_exit_0", "BAD_LOAD_EXIT_0", "exit code 0"),
    built("load_exit_3", "BAD_LOAD_EXIT_3", "exit code 3"),
    built("load_hang", "BAD_LOAD_HANG", "not ready after 600 ms (boot_timeout)", **SHORT),
    built("load_thread", "BAD_LOAD_THREAD", "thread", "preload = false"),
    built("create_segv", "BAD_CREATE_SEGV", SEGV),
    built("create_abort", "BAD_CREATE_ABORT", ABRT, "create: about to abort"),
    built("create_exit_0", "BAD_CREATE_EXIT_0", "exit code 0"),
    built("create_hang", "BAD_CREATE_HANG", "not ready after 600 ms (boot_timeout)", **SHORT),
    built("create_thread", "BAD_CREATE_THREAD", "thread", "preload = false"),
    built("start_segv", "BAD_START_SEGV", SEGV),
    built("start_exit_0", "BAD_START_EXIT_0", "exit code 0"),
    built("start_hang", "BAD_START_HANG", "not ready after 600 ms (boot_timeout)", **SHORT),
    built("start_never_ready", "BAD_START_PENDING", "not ready after 600 ms (boot_timeout)", **SHORT),
]
