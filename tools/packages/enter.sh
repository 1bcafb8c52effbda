#!/bin/sh
# Runs a program in a root of its own, as the system of somebody else: enter.sh LOWER UPPER USER PROGRAM [ARGUMENTS...]
# LOWER is never changed; what changes lies in UPPER. The network, the devices and the display are this computer's.
# Not a chroot, in which the kernel gives nobody a user namespace, and Chromium no sandbox.
set -e
if [ "$FIRN_ENTERED" != 1 ]; then exec env FIRN_ENTERED=1 unshare --mount --propagation private "$0" "$@"; fi
lower=$1 upper=$2 user=$3
shift 3
root=$upper/root
mkdir -p "$upper/changes" "$upper/work" "$root"
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$upper/changes,workdir=$upper/work" "$root"
cd "$root"
mount --rbind /dev dev
mount -t proc proc proc
mount --rbind /sys sys
mkdir -p tmp/.X11-unix .outside
if [ -d /tmp/.X11-unix ]; then mount --bind /tmp/.X11-unix tmp/.X11-unix; fi
pivot_root . .outside
umount -l /.outside
rmdir /.outside
if [ "$user" = root ]; then
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
fi
uid=$(id -u "$user")
exec setpriv --reuid="$uid" --regid="$uid" --clear-groups env -i PATH=/usr/bin:/bin HOME="/home/$user" LC_ALL=C.UTF-8 \
  DISPLAY="$DISPLAY" XAUTHORITY="/home/$user/.Xauthority" ${FIRN_ENVIRONMENT:-} "$@"
