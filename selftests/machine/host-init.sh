#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# First program of the emulated host: runs what the kernel command line asks for.

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/shm /dev/pts /var/log /tmp /root
mount -t devpts devpts /dev/pts
mount -t debugfs debugfs /sys/kernel/debug
/bin/busybox --install -s /bin
export PATH=/bin HOME=/root COVIRT_FIRMWARE=/lib/firmware/covirt
# "quiet" has done its work: from here on every line of the kernel log counts.
dmesg -n 8

. /lib/covirt/lib.sh

case $(word covirt.run) in
script)
	sh -c '. /lib/covirt/lib.sh; . /script' </dev/console >/dev/console 2>&1
	echo "vm: exit status $?" >/dev/console
	;;
shell)
	setsid sh -c 'exec sh </dev/ttyS0 >/dev/ttyS0 2>&1'
	;;
*)
	stty -F /dev/ttyS1 raw
	sh /lib/covirt/suites.sh "$(word covirt.run | tr ',' ' ')" >/dev/ttyS1 2>&1
	;;
esac
sync
# The last bytes have to leave the serial port.
sleep 1
# A suite may want another end.
"$(cat /tmp/end 2>/dev/null || echo poweroff)" -f
