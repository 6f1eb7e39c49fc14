#!/usr/bin/env python3
"""Holds the sources to .clang-format. Versions of clang-format disagree on some constructs
(`struct stat s {}`, `T C::*p` as a parameter, requires-clauses, a block on one line): the sources
do without those, so that the two versions named here agree. Others are not asked."""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
AGREEING = {"14", "19"}  # Debian 12's and Debian 13's
SKIPPED = 77


def agreeing_formatter():
    for name in ["clang-format", *(f"clang-format-{version}" for version in sorted(AGREEING))]:
        program = shutil.which(name)
        if program is None:
            continue
        said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        version = re.search(r"version (\d+)", said)
        if version and version.group(1) in AGREEING:
            return program
    return None


def main():
    formatter = agreeing_formatter()
    if formatter is None:
        print("skipped: no clang-format of version " + " or ".join(sorted(AGREEING)))
        return SKIPPED
    files = sorted(path for folder in ("src", "include", "tests")
                   for path in (ROOT / folder).rglob("*")
                   if path.suffix in {".c", ".cpp", ".h", ".hpp"})
    good = subprocess.run([formatter, "--dry-run", "-Werror", *files]).returncode == 0
    print(f"{len(files)} files, " + ("as they should be" if good else f"to mend: {formatter} -i FILE"))
    return 0 if good and files else 1


if __name__ == "__main__":
    sys.exit(main())
