#!/bin/bash
# A systemd of its own as PID 1 of its own namespaces, on a throw-away overlay of some tree of files:
# / is this machine's. The network is this machine's.
# Usage, as root: machine.sh LOWER BUILD SHARED CGROUP
#   BUILD: what is installed in it with its unit; -: nothing
#   SHARED: a directory that it sees under its name
#   CGROUP: an empty one of the second version, for it alone
# Ends when it is killed.
set -euo pipefail

lower=$1 build=$2 shared=$3 cgroup=$4
if [[ ${5-} != inside ]]; then
  # The new cgroup namespace's root is the cgroup that the starter is in.
  echo $$ > "$cgroup/cgroup.procs"
  exec unshare --pid --mount --cgroup --uts --ipc --fork --kill-child "$0" "$@" inside
fi

mount --make-rprivate /
work=$(mktemp -d)
mount -t tmpfs tmpfs "$work"
mkdir "$work"/{upper,work,root}
root=$work/root
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$work/upper,workdir=$work/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --rbind /dev "$root/dev"
mkdir -p "$root$shared"
mount --bind "$shared" "$root$shared"

rm -rf "$root"/etc/systemd/system/* "$root"/etc/hupd
: > "$root/etc/machine-id"

# What the tree lacks of the libraries that the program was linked with. The C library is never among
# these: the tree's has to be as new as this machine's.
bring_libraries() {
  local known name path
  known=$(chroot "$root" /sbin/ldconfig -p)
  while read -r name path; do
    [[ $known == *"$name "* ]] || cp -L "$path" "$root/usr/local/lib/"
  done < <(ldd "$build/hupd" | awk '$2 == "=>" { print $1, $3 }')
  chroot "$root" /sbin/ldconfig
}

if [[ $build != - ]]; then
  mkdir -p "$root/etc/hupd"
  DESTDIR=$root cmake --install "$build" --prefix /usr > /dev/null
  [[ $lower == / ]] || bring_libraries
  chroot "$root" systemd-sysusers hupd.conf
fi
cat > "$root/etc/systemd/system/stories.target" <<TARGET
[Unit]
AllowIsolate=yes
TARGET
exec env -i container=stories PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  chroot "$root" /lib/systemd/systemd --unit=stories.target > "$shared/systemd.log" 2>&1
