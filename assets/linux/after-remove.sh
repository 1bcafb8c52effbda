#!/bin/sh
# Of the deb (its first word says why) and of the rpm (how many versions are left). An upgrade takes nothing away.
set -e
case "$1" in remove | purge | 0) ;; *) exit 0 ;; esac

target='/etc/apparmor.d/${executable}'
if [ -f "$target" ]; then
  if ! ischroot 2>/dev/null; then apparmor_parser --remove "$target" 2>/dev/null || true; fi
  rm -f "$target"
fi

update-desktop-database -q /usr/share/applications 2>/dev/null || true
gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor 2>/dev/null || true
