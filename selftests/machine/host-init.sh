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

. /lib/covirt/host.sh

# transmitted TTY: after all that was written to it; from then on its bytes stay as they are
transmitted()
{
	stty -F "$1" raw
}

# run_script TTY: what it prints goes there
run_script()
{
	# Held open, as below.
	exec 3>"/dev/$1"
	sh -c '
		. /lib/covirt/expect.sh
		. /lib/covirt/host.sh
		. /lib/covirt/console.sh
		. /lib/covirt/enclave.sh
		. /script' </dev/console >&3 2>&1 3>&-
	echo "vm: exit status $?" >&3
	transmitted "/dev/$1"
}

# counts: of a module that counts what is executed (scripts/coverage), gcov's files, as text
counts()
{
	[ -d /sys/kernel/debug/gcov ] || return 0
	mkdir /tmp/counts
	find /sys/kernel/debug/gcov -name '*.gcda' -path '*/module-counted/*' | while read -r file; do
		counted=/tmp/counts/${file#*/module-counted/}
		mkdir -p "${counted%/*}"
		cat "$file" >"$counted"
	done
	tar -C /tmp/counts -cz . | base64 | sed 's/^/gcov: /'
}

if an_image_waits; then
	wake_up
fi

case $(word covirt.run) in
script)
	run_script console
	;;
story)
	# Nobody else prints there.
	transmitted /dev/ttyS1
	run_script ttyS1
	;;
shell)
	setsid sh -c 'exec sh </dev/ttyS0 >/dev/ttyS0 2>&1'
	;;
*)
	# Held open: when its last user closes it, Linux waits for what is not sent yet, but not for
	# long, and then empties the transmitter.
	exec 3>/dev/ttyS1
	transmitted /dev/ttyS1
	sh /lib/covirt/suites.sh "$(word covirt.run | tr ',' ' ')" >&3 2>&1 3>&-
	counts >&3
	transmitted /dev/ttyS1
	;;
esac
transmitted /dev/ttyS0
sync
# A suite may want another end.
"$(cat /tmp/end 2>/dev/null || echo poweroff)" -f
