# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# An INIT that Linux sends to a CPU which is not its own any more: it ends that enclave, as a fault
# with reason init, and harms nothing else; the enclave starts again.
#
# Bochs is needed: QEMU resets the CPU before the hypervisor sees the exit (target/i386: INIT
# ignores GIF). A guest that spins is interrupted by an INIT, one that is halted is woken, so both
# are tried. The guard module sends the INIT, which Linux itself would not.

# init_ends COMMAND TEXT: the enclave that does so, and nothing else
init_ends()
{
	linux_remember
	payload e0 "$1"
	wait_console e0 "$2"
	echo 3 >"$GUARD/init"
	wait_state e0 faulted
	expect_fault e0 reason init cpu 3 rip '0x[1-9a-f]*'
	linux_is_unharmed
	set_attr e0 cmdline hello
	start e0
	wait_console e0 "payload: hello"
	stop e0
	set_attr e0 cpus ""
	linux_answers
}

test_init_ends_a_spinning_enclave_only()
{
	init_ends spin "payload: spinning"
}

test_init_ends_a_halted_enclave_only()
{
	init_ends halt "payload: halted"
}
