#!/bin/sh
# Both formatters have nothing to say against the manual pages, which fit in 80 columns.
# Usage: lint.sh DIRECTORY; exit code 77: not all tools are here
if ! command -v mandoc >/dev/null || ! command -v man >/dev/null; then
  echo "skipped: mandoc and man are needed"
  exit 77
fi
faults=0
for page in "$1"/*.[1-9]; do
  said=$(mandoc -T lint -W warning "$page" 2>&1; man --warnings -l "$page" 2>&1 >/dev/null)
  wide=$(MANWIDTH=80 man -l "$page" 2>/dev/null | col -b | awk 'length($0) > 80')
  [ -z "$said$wide" ] && continue
  printf '%s\n' "$page:" "$said" "$wide"
  faults=1
done
exit $faults
