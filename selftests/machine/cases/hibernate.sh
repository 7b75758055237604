# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Hibernation with an image on a disk: another Linux, which loads it, uses the memory that an
# enclave has claimed, and nothing of that may reach a co-kernel.
#
# The machine is reset, and the Linux that comes then finds the image (wake_up of lib/host.sh).
# Before it gives way it leaves a pattern in the memory that is free. Later the pattern is there where the
# enclave has its memory, as long as nobody starts it. The memory was clean before: what an enclave
# has used is cleared in any case.
#
# Suite sleep has all else, without a disk, a reset, and a kernel between.

make()
{
	# More than what "paint" spares.
	payload_make e0 hello cpus="$CPU2,$CPU" memory=512M
}

hibernate()
{
	disk_is_there
	mkswap "$DISK" >/dev/null
	swapon "$DISK"
	echo 0 >/sys/power/image_size
	echo reboot >/sys/power/disk
	echo disk >/sys/power/state
}

test_what_another_linux_left_reaches_no_cokernel()
{
	make
	hibernate
	expect_eq "$(get e0 state)" ready state
	expect_eq "$(online_cpus)" "0-$((CPU2 - 1))" "list of Linux's CPUs"
	expect_number "$(cat "$GUARD/taint")" -gt 0 "number of words that another kernel left"
	start e0
	wait_console e0 "payload: hello"
	stop e0
	expect_eq "$(cat "$GUARD/taint")" 0 "number of words that a co-kernel could see"
	linux_answers
}
