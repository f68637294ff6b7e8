#!/bin/sh
# Runs a command in this machine's root as it is, and throws away what it changes there: an overlay of / and of memory,
# in a mount namespace of its own. Without this machine's environment. Ends with 77 where the system lets nobody mount
# such a thing.
#
# usage: overlay_root.sh FOLDER COMMAND [ARGUMENT ...]      as root; the command runs in a copy of FOLDER
set -eu
export folder="$1"
shift
unshare --mount true || { echo "overlay_root: this system gives no mount namespace" >&2; exit 77; }
exec unshare --mount --propagation private sh -c '
  set -eu
  nothing() { echo "overlay_root: $1" >&2; exit 77; }
  memory=$(mktemp -d)
  # The mounts end with the namespace, the folder they lie on does not.
  trap "umount -l \"$memory\" 2>/dev/null; rmdir \"$memory\"" EXIT
  mount -t tmpfs overlay_root "$memory" || nothing "no memory can be mounted"
  mkdir "$memory/changed" "$memory/work" "$memory/root"
  mount -t overlay overlay_root -o "lowerdir=/,upperdir=$memory/changed,workdir=$memory/work" "$memory/root" || nothing "no overlay can be mounted"
  mount --rbind /proc "$memory/root/proc" && mount --rbind /dev "$memory/root/dev" || nothing "/proc and /dev cannot be bound"
  given=$(mktemp -d "$memory/root/var/tmp/given.XXXXXX")
  cp -R "$folder/." "$given"
  chroot "$memory/root" env -i HOME=/root LANG=C.UTF-8 TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    sh -c "cd \"\$0\" && exec \"\$@\"" "${given#"$memory/root"}" "$@"
' sh "$@"
