#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# enter.sh TREE COMMAND...: run COMMAND in TREE, the file system of the emulated host,
# on this machine's kernel.
#
# Meanwhile the kernel takes firmware from TREE, and its watchdog sends no NMIs, which
# would be taken for the co-kernel's. All of it is put back in the end.
set -eu

tree=$1
shift
firmware=/sys/module/firmware_class/parameters/path
watchdog=/proc/sys/kernel/nmi_watchdog
old_firmware=$(cat $firmware)

# set_firmware PATH: the kernel would keep a line's end
set_firmware()
{
	printf '%s\0' "$1" >$firmware
}

# set_watchdog VALUE: where it was on
set_watchdog()
{
	[ ! "$watched" ] || echo "$1" >$watchdog
}

leave()
{
	status=$?
	trap - EXIT
	set +e
	set_firmware "$old_firmware"
	set_watchdog 1
	# Lazily: what was interrupted may need a moment to end.
	for file_system in dev sys proc; do
		umount -l "$tree/$file_system" 2>/dev/null
	done
	exit $status
}

watched=$(grep -x 1 $watchdog 2>/dev/null || true)
trap leave EXIT
trap 'exit 130' INT TERM HUP
mount -t proc proc "$tree/proc"
mount -t sysfs sysfs "$tree/sys"
mount -t devtmpfs devtmpfs "$tree/dev"
set_firmware "$tree/lib/firmware"
set_watchdog 0
chroot "$tree" /bin/busybox --install -s /bin
chroot "$tree" /bin/env -i PATH=/bin HOME=/ VERSION="${VERSION:-}" "$@"
