#!/bin/sh
# Tests the Linux Bluetooth stack against virtual pods, in a virtual machine: see README.md.
set -eu
PROJECT=$(cd "$(dirname "$0")/../.." && pwd)
WORK=${WORK:-${TMPDIR:-/tmp}/gaitlab-bluez}
PYTHON=${PYTHON:-$PROJECT/.venv/bin/python}
MODULES="virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci netfs fscache
  9pnet 9p 9pnet_virtio overlay crc16 ecc rfkill ecdh_generic bluetooth hci_vhci hid uhid cmac ecb
  af_alg algif_skcipher algif_hash cryptd crypto_simd aesni-intel virtio-rng"

for tool in qemu-system-x86_64 busybox cpio dpkg-deb dbus-daemon; do
  command -v "$tool" > /dev/null || { echo "$tool is missing: see tests/bluez/README.md"; exit 2; }
done

mkdir -p "$WORK/debs" "$WORK/root"
cd "$WORK/debs"
if ! ls linux-image-*.deb bluez_*.deb > /dev/null 2>&1; then
  kernel=$(apt-cache depends linux-image-amd64 | awk '/Depends:/{print $2; exit}')
  apt-get download "$kernel" bluez libglib2.0-0 libdbus-1-3 libudev1 libasound2 libical3
fi
for deb in *.deb; do dpkg-deb -x "$deb" "$WORK/root"; done # extracted, never installed

release=$(basename "$(ls -d "$WORK"/root/lib/modules/*)")
initrd="$WORK/initrd"
rm -rf "$initrd"
mkdir -p "$initrd/bin" "$initrd/lib/modules" "$initrd/proc" "$initrd/sys" "$initrd/dev"
cp "$(command -v busybox)" "$initrd/bin/busybox"
cp "$PROJECT/tests/bluez/init" "$initrd/init"
chmod +x "$initrd/init"
for name in $MODULES; do
  file=$(find "$WORK/root/lib/modules/$release" -name "$name.ko" | head -1)
  if [ -n "$file" ]; then cp "$file" "$initrd/lib/modules/"; echo "$name.ko"; fi
done > "$initrd/order"
cp "$PROJECT/tests/bluez/guest.sh" "$WORK/guest.sh"
printf 'PROJECT=%s\nWORK=%s\nPYTHON=%s\n' "$PROJECT" "$WORK" "$PYTHON" > "$WORK/settings.sh"
echo "$WORK/guest.sh" > "$initrd/guest-script"
(cd "$initrd" && find . | cpio -o -H newc --quiet | gzip > "$WORK/initrd.gz")

timeout "${LIMIT_S:-900}" qemu-system-x86_64 ${ACCEL:--accel tcg,tb-size=256 -cpu max} -m 1500 -smp 1 \
  -nographic -no-reboot -nodefaults -serial stdio \
  -kernel "$WORK/root/boot/vmlinuz-$release" -initrd "$WORK/initrd.gz" \
  -append "console=ttyS0 quiet panic=-1" \
  -virtfs local,path=/,mount_tag=hostroot,security_model=none,readonly=on,multidevs=remap \
  -device virtio-rng-pci | tee "$WORK/result.txt"
grep -q "^STATUS 0" "$WORK/result.txt"
