# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# An INIT from Linux at a CPU that is not its own. Not for QEMU, which resets the CPU
# before the hypervisor sees the exit (target/i386: INIT ignores GIF).

test_init_from_linux_ends_the_enclave_only()
{
	checksum=$(guard_checksum)
	for command in spin halt; do
		[ ! -d "$CLASS/e0" ] || echo e0 >"$CLASS/destroy"
		payload e0 $command
		wait_console e0 "payload: "
		echo 3 >"$GUARD/init"
		wait_state e0 faulted
		expect_fault e0 reason init cpu 3 rip '0x[1-9a-f]*'
		expect_eq "$(guard_checksum)" "$checksum" "checksum of Linux's memory"
		linux_answers
	done
	set_attr e0 cmdline hello
	start e0
	wait_console e0 "payload: hello"
	stop e0
	set_attr e0 cpus ""
	linux_answers
}
