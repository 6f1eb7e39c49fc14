#!/bin/bash
# A systemd of its own as PID 1 of its own namespaces, on a throw-away overlay of this machine's
# files, with hupd installed in it. The network is this machine's.
# Usage, as root: machine.sh BUILD SHARED CGROUP   (SHARED: a directory that it sees under its name;
# CGROUP: an empty one of the second version, for it alone). Ends when it is killed.
set -euo pipefail

build=$1 shared=$2 cgroup=$3
if [[ ${4-} != inside ]]; then
  # The new cgroup namespace's root is the cgroup that the starter is in.
  echo $$ > "$cgroup/cgroup.procs"
  exec unshare --pid --mount --cgroup --uts --ipc --fork --kill-child "$0" "$@" inside
fi

mount --make-rprivate /
work=$(mktemp -d)
mount -t tmpfs tmpfs "$work"
mkdir "$work"/{upper,work,root}
root=$work/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --rbind /dev "$root/dev"
mkdir -p "$root$shared"
mount --bind "$shared" "$root$shared"

rm -rf "$root"/etc/systemd/system/* "$root"/etc/hupd
mkdir -p "$root/etc/hupd"
: > "$root/etc/machine-id"
DESTDIR=$root cmake --install "$build" --prefix /usr > /dev/null
systemd-sysusers --root="$root" hupd.conf
cat > "$root/etc/systemd/system/stories.target" <<TARGET
[Unit]
AllowIsolate=yes
TARGET
exec env -i container=stories PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  chroot "$root" /lib/systemd/systemd --unit=stories.target > "$shared/systemd.log" 2>&1
