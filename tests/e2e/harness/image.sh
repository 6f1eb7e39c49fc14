#!/bin/bash
# Builds the Dockerfile's image without a registry: what it begins FROM is TREE (packaging/debian-tree).
# Images, and the layers that another build can use again, are kept in IMAGES.
# Usage, as root inside of containers.sh: image.sh IMAGES RUN TREE NAME
#   (RUN: a directory for what is not kept)
set -euo pipefail

images=$1 run=$2 tree=$3 name=$4
source=$(cd "$(dirname "$(readlink -f "$0")")/../../.." && pwd)
# shellcheck source=/dev/null
suite=$(. "$tree/etc/os-release" && echo "$VERSION_CODENAME")
store=(--root "$images" --runroot "$run" --storage-driver overlay)

# Each state of the source leaves some layers behind. After so many, all is made anew.
if (($(buildah "${store[@]}" images --all --quiet | wc -l) > 500)); then
  buildah "${store[@]}" rmi --all --force > /dev/null
fi

# The full names of what `FROM debian:…` is short for.
base=docker.io/library/debian:$suite
# How this host reaches its mirror is how the image does.
apt=$(apt-config dump | grep -E '^Acquire::([a-z]+::Proxy|Check-|Retries)' || true)
made=$(sha256sum - "$tree/var/lib/dpkg/status" <<< "$apt" | cut -c -64 | sha256sum | cut -c -20)
if [[ $(buildah "${store[@]}" inspect --type image --format '{{.OCIv1.Config.Labels.made}}' "$base" \
  2> /dev/null) != "$made" ]]; then
  container=$(buildah "${store[@]}" from --pull-never scratch)
  place=$(buildah "${store[@]}" mount "$container")
  cp -a "$tree/." "$place"
  echo "$apt" > "$place/etc/apt/apt.conf.d/00host"
  buildah "${store[@]}" config --label "made=$made" --env PATH=/usr/sbin:/usr/bin:/sbin:/bin "$container"
  buildah "${store[@]}" commit --quiet --rm "$container" "$base"
fi
buildah "${store[@]}" tag "$base" "$base-slim"

buildah "${store[@]}" bud --layers --isolation chroot --network host --pull-never \
  --build-arg "DEBIAN=$suite" --tag "$name" "$source"
