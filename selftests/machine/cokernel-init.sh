#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# First program of the Debian co-kernel: says that user space is there, then does
# what covirt.do=... on its command line says.

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
/bin/busybox --install -s /bin
export PATH=/bin

# word NAME: the value of NAME=... on the kernel command line
word()
{
	tr ' ' '\n' </proc/cmdline | sed -n "s/^$1=//p"
}

# alone: what Linux says goes out at the same port, in the middle of a line of ours: from here on it
# says only why it panics. /proc/consoles is shown while nobody prints.
alone()
{
	echo 1 >/proc/sys/kernel/printk
	cat /proc/consoles >/dev/null
}

# to_kernel_log: where lines stay whole while the kernel talks. The serial driver transmits from a
# timer; stty waits until it has.
to_kernel_log()
{
	[ ! "$(word console)" ] || stty echo
	exec </dev/null >/dev/kmsg 2>&1
}

# console_irq: the number of ttyS0's interrupt; nothing where the driver polls
console_irq()
{
	sed -n 's/^ *\([0-9]*\):.*ttyS0$/\1/p' /proc/interrupts
}

# console_irqs COLUMN: how often it has come to a CPU, the first of which is 1
console_irqs()
{
	sed -n 's/^ *[0-9]*: *\(.*\) IO-APIC.*ttyS0$/\1/p' /proc/interrupts | tr -s ' ' | cut -d ' ' -f "$1"
}

# console_comes_to COLUMN: what is printed interrupts that CPU; stty waits until all of it was sent
console_comes_to()
{
	before=$(console_irqs "$1")
	for word in some words to send; do
		echo $word >/dev/ttyS0
		stty -F /dev/ttyS0 echo
	done
	[ "$(console_irqs "$1")" -gt "$before" ]
}

# console_moves: its interrupt goes to CPU 1, comes back when that goes offline, and goes again
console_moves()
{
	exec 3>/dev/ttyS0
	irq=$(console_irq)
	[ "$irq" ] || return 0
	echo 2 >"/proc/irq/$irq/smp_affinity"
	console_comes_to 2 && echo "cokernel: console interrupts CPU 1"
	echo 0 >$cpu1
	console_comes_to 1 && echo "cokernel: console interrupts CPU 0"
	echo 1 >$cpu1
	echo 2 >"/proc/irq/$irq/smp_affinity"
	console_comes_to 2 && echo "cokernel: console interrupts CPU 1 again"
	exec 3>&-
}

# settle: until the clock is the one that stays Linux has things to do, and to say
settle()
{
	until
		read -r clock <$CLOCKSOURCE
		[ "${clock%early}" = "$clock" ]
	do
		sleep 0.1
	done
	echo "cokernel: clock $clock"
}
CLOCKSOURCE=/sys/devices/system/clocksource/clocksource0/current_clocksource

# Without a serial driver (8250.nr_uarts=0) the kernel's own log is the only way out.
if [ "$(word console)" ]; then
	alone
else
	to_kernel_log
fi

echo "cokernel: hello from user space"
echo "cokernel: $(uname -a)"
echo "cokernel: $(grep MemTotal /proc/meminfo)"
echo "cokernel: $(nproc) CPU"

todo=$(word covirt.do)
case $todo in
busy)
	# Computes for ever, so that only the kernel's own timer interrupts it.
	settle
	echo "cokernel: busy"
	while :; do :; done
	;;
devmem=*)
	address=${todo#devmem=}
	echo "cokernel: root writes to $address"
	# The serial driver transmits from a timer; stty waits until it has.
	stty echo
	devmem "$address" 64 0xdeadbeefdeadbeef
	echo "cokernel: wrote to $address"
	;;
kernelwrite=*)
	address=${todo#kernelwrite=}
	dd if=/dev/zero of=/dev/mem bs=8 count=1 seek=$((address / 8)) conv=notrunc
	echo "cokernel: its kernel wrote to $address"
	;;
smp)
	# CPU 1 goes and comes back; then all tell where they are, by NMI, in the kernel's log.
	to_kernel_log
	echo 8 >/proc/sys/kernel/printk
	echo "cokernel: possible CPUs $(cat /sys/devices/system/cpu/possible)"
	cpu1=/sys/devices/system/cpu/cpu1/online
	echo 0 >$cpu1
	read -r was <$cpu1
	echo 1 >$cpu1
	read -r is <$cpu1
	[ "$was$is" != 01 ] || echo "cokernel: 1 offline, 1 online again"
	taskset -c 1 sh -c 'while :; do :; done' &
	echo l >/proc/sysrq-trigger
	kill $!
	console_moves
	echo "cokernel: smp done"
	;;
console)
	# Each step begins with a line that is typed; nothing but the text of it is sent.
	yes 0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQ | head -c 16384 >/text
	stty raw -echo
	echo "cokernel: console"
	read -r _
	cat /text
	read -r began _ </proc/uptime
	stty raw -echo
	read -r ended _ </proc/uptime
	echo
	echo "cokernel: written from $began to $ended."
	echo "cokernel: pasted $(head -c 1900 | md5sum)"
	exec cat
	;;
ticks)
	# CPU 1 computes for one task, which needs no tick. The window begins once the clock has settled
	# and the task has the CPU: counted in its own time.
	settle
	taskset -c 1 sh -c 'while :; do :; done' &
	until [ "$(cut -d ' ' -f 39 /proc/$!/stat)" = 1 ] && [ "$(cut -d ' ' -f 14 /proc/$!/stat)" -gt 100 ]; do
		sleep 1
	done
	# ticks: so many local timer interrupts CPU 1 has had
	ticks()
	{
		sed -n 's/^ *LOC: *[0-9]* *\([0-9]*\) .*/\1/p' /proc/interrupts
	}
	read -r began _ </proc/uptime
	before=$(ticks)
	sleep 10
	after=$(ticks)
	read -r ended _ </proc/uptime
	kill $!
	echo "cokernel: $((after - before)) ticks in $((${ended%.*} - ${began%.*})) s, clock $clock."
	;;
shell)
	echo "cokernel: shell"
	exec setsid -c sh -i </dev/ttyS0 >/dev/ttyS0 2>&1
	;;
panic)
	echo c >/proc/sysrq-trigger
	;;
*)
	settle
	echo "cokernel: idle"
	;;
esac
while :; do
	sleep 3600
done
