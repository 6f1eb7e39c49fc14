#!/bin/bash
# Processes and mounts of their own, in which podman and buildah work as root without touching anything
# of this machine's: their state is in WORK, on a file system that goes with them. The network is this
# machine's. Usage, as root: containers.sh WORK   (an empty directory). Says "ready"; ends when its input
# does or when it is killed, and every container with it.
set -euo pipefail

work=$1
if [[ ${2-} != inside ]]; then
  exec unshare --mount --pid --fork --kill-child --propagation private "$0" "$work" inside
fi
mount -t proc proc /proc
# crun takes cgroups of the second version alone, and no mixture of both.
umount -R /sys/fs/cgroup 2> /dev/null || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs -o mode=700 tmpfs "$work"
# Where podman's locks and crun's containers would meet those of others.
for place in /dev/shm /run/crun /run/libpod; do
  mkdir -p "$place"
  mount -t tmpfs tmpfs "$place"
done
echo ready
exec > /dev/null # whoever reads is not kept waiting by what goes on here
cat <&0 & # and what containers leave behind is reaped meanwhile
wait $!
