#!/bin/sh
# Inside the guest: D-Bus, bluetoothd, then the check. Names of folders come from settings.sh.
. "$(dirname "$0")/settings.sh"
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp
echo "GUEST up, Linux $(uname -r)"
ip link set lo up 2>/dev/null
mkdir -p /run/dbus /var/lib/bluetooth /etc/bluetooth
cp "$WORK/root/etc/dbus-1/system.d/bluetooth.conf" /etc/dbus-1/system.d/ 2>/dev/null
dbus-daemon --system --fork && echo "dbus runs"
LD_LIBRARY_PATH="$WORK/root/usr/lib/x86_64-linux-gnu:$WORK/root/lib/x86_64-linux-gnu" \
  "$WORK/root/usr/libexec/bluetooth/bluetoothd" -n > /tmp/bluetoothd.log 2>&1 &
sleep 3
cd "$PROJECT" || exit 1
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$PROJECT/src" timeout 400 "$PYTHON" tests/bluez/check.py 2>&1
echo "STATUS $?"
tail -20 /tmp/bluetoothd.log
echo o > /proc/sysrq-trigger
sleep 5
