#!/bin/sh
# Makes a small Debian in a folder, with what a package needs and an ordinary user: make-root.sh SUITE FOLDER PACKAGE
set -e
debootstrap --variant=minbase "$1" "$2" http://deb.debian.org/debian
mountpoint -q "$2/proc" || mount -t proc proc "$2/proc"
cp "$3" "$2/needs.deb"
chroot "$2" env DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -e -c '
  apt-get install -y -q --no-install-recommends -o DPkg::Options::=--force-unsafe-io /needs.deb
  dpkg --remove firn-needs
  rm -rf /needs.deb /var/cache/apt/archives/*.deb
  useradd --create-home --shell /bin/bash ana
'
