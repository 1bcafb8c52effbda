#!/usr/bin/env bash
# Starts Ceph's S3 gateway with all that it keeps in memory. usage: radosgw.sh FOLDER PORT MONITOR_PORT MONITOR_PORT_V1
# Each daemon goes into the background and leaves its process ID in FOLDER/*.pid.
set -euo pipefail
folder=$1 port=$2 monitor=$3 monitor_v1=$4
export CEPH_CONF="$folder/conf"
conf=(-c "$CEPH_CONF")
cluster=$(cat /proc/sys/kernel/random/uuid)
mkdir -p "$folder"/{mon,osd,rgw}

# Authentication stays on: without it radosgw 16 cannot log in. There is no manager, and none is needed.
cat >"$CEPH_CONF" <<CONF
[global]
fsid = $cluster
mon host = [v2:127.0.0.1:$monitor,v1:127.0.0.1:$monitor_v1]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = $folder/keyring
mon data = $folder/mon
osd data = $folder/osd
log file = $folder/\$name.log
pid file = $folder/\$name.pid
admin socket = $folder/\$name.asok
osd objectstore = memstore
memstore device bytes = 1073741824
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd pool default pg num = 4
osd pool default pg autoscale mode = off
mon max pg per osd = 1000
[client.rgw]
rgw data = $folder/rgw
rgw frontends = beast endpoint=127.0.0.1:$port
rgw dns name = localhost
CONF

new_key() { ceph-authtool "$folder/keyring" --gen-key "$@" >/dev/null; }
ceph-authtool -C "$folder/keyring" >/dev/null
new_key -n mon. --cap mon 'allow *'
new_key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
new_key -n client.admin --cap mon 'allow *' --cap osd 'allow *'
new_key -n client.rgw --cap mon 'allow rw' --cap osd 'allow rwx'

monmaptool --create --addv a "[v2:127.0.0.1:$monitor,v1:127.0.0.1:$monitor_v1]" --fsid "$cluster" "$folder/monmap" >/dev/null
ceph-mon --mkfs -i a --keyring "$folder/keyring" --monmap "$folder/monmap" "${conf[@]}"
ceph-mon -i a "${conf[@]}"
disk=$(cat /proc/sys/kernel/random/uuid)
ceph "${conf[@]}" osd new "$disk" >/dev/null
ceph-osd -i 0 --mkfs --osd-uuid "$disk" "${conf[@]}"
ceph-osd -i 0 "${conf[@]}"

admin() { timeout 60 radosgw-admin "${conf[@]}" "$@" >/dev/null; }
admin user create --uid=t --display-name=t --access-key=TESTKEY --secret-key=TESTSECRET
for class in GLACIER DEEP_ARCHIVE GLACIER_IR; do
  admin zonegroup placement add --rgw-zonegroup default --placement-id default-placement --storage-class $class
  admin zone placement add --rgw-zone default --placement-id default-placement --storage-class $class --data-pool default.rgw.cold.data
done
radosgw -n client.rgw "${conf[@]}"
