#!/bin/sh
# Of the deb and of the rpm: what files alone cannot say.
set -e

# Chromium's sandbox needs user namespaces, or, where there are none, this helper with the rights of root.
if unshare --user true 2>/dev/null; then mode=0755; else mode=4755; fi
chmod "$mode" '/opt/${sanitizedProductName}/chrome-sandbox'

# Ubuntu since 24.04 gives user namespaces only to programs with such a profile; older versions cannot read it.
profile='/opt/${sanitizedProductName}/resources/apparmor-profile'
target='/etc/apparmor.d/${executable}'
if apparmor_status --enabled 2>/dev/null && apparmor_parser --skip-kernel-load --debug "$profile" >/dev/null 2>&1; then
  cp -f "$profile" "$target"
  # Inside of an image that is being made, the kernel is somebody else's.
  if ! ischroot 2>/dev/null; then apparmor_parser --replace --write-cache --skip-read-cache "$target" || true; fi
fi

update-desktop-database -q /usr/share/applications 2>/dev/null || true
gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor 2>/dev/null || true
