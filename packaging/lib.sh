# Shared by the scripts beside it; sourced, never run.
# shellcheck shell=bash

# shellcheck disable=SC2034 # for those who source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

die() {
  echo "$(basename "$0"): $*" >&2
  exit 2
}

# Runs a command as root: as it stands, or with sudo.
as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "must be run as root, or with sudo installed"
  fi
}

# configure BUILD_DIR [CMAKE_OPTION...]
configure() {
  local build=$1
  shift
  # A tree that was configured with another generator keeps it: CMake refuses to change.
  local generator=()
  [[ -f $build/CMakeCache.txt ]] || generator=(-G Ninja)
  cmake -S "$root" -B "$build" "${generator[@]}" "$@"
}
