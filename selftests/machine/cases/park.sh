# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The last instructions of a CPU in the hypervisor, and what may go wrong in them. A CPU that hangs
# there, for as long as no INIT arrives, does not touch memory that a start has cleared meanwhile; a
# panic on the way out does not hide the fault that was there before; a stack that is lost is a
# double fault with a record, not a reset of the machine.
#
# Delays and damage are put in by break_hypervisor, which changes a function of the image in memory:
# it hangs, panics or loses the stack there. Before the protocol was mended the first case reset the
# whole machine.
#
# The protocol has a model (selftests/exhaustive/handover.pml) in which every delay is tried and
# each protection is taken away in turn. The code itself, which must not use its stack at that
# point, runs here.

# last_call: the function that the hypervisor calls last, once a CPU has said that it is out
last_call()
{
	if [ "$(own_backend)" = svm ]; then
		echo svm_stgi
	else
		echo vmx_off
	fi
}

# The CPU hangs there while a start clears its pages. No INIT reaches it, as if all were lost.
test_a_cpu_that_takes_long_to_park_harms_nobody()
{
	linux_remember
	other_id=$(apicid_of "$CPU")
	payload e0 hello
	wait_console e0 "payload: hello"
	break_hypervisor "$(last_call)" hang
	stop e0
	echo hv_boot >"$GUARD/fail"
	expect_refused ETIMEDOUT "$CLASS/e0/state" start
	echo 0 >"$GUARD/fail"
	break_hypervisor "$(last_call)" mend
	for _ in 1 2 3; do
		echo "$other_id" >"$GUARD/nmi"
		usleep 200000
	done
	linux_is_unharmed
	start e0
	wait_console e0 "payload: hello"
	stop e0
	set_attr e0 cpus ""
	expect_all_cpus
	linux_is_unharmed
}

# Why it ended stays on record.
test_panic_on_the_way_out_does_not_hide_the_fault()
{
	payload e0 "hear=1 write=$(guard_address) hello"
	wait_console e0 "payload: listening"
	break_hypervisor scrub_registers panic
	echo now >/dev/covirt/e0
	wait_state e0 faulted
	expect_fault e0 reason memory-violation
	expect_match "$(dmesg | grep "please report it" | tail -n 1)" \
		"*CPU $CPU: after the co-kernel had ended, the hypervisor met exception 6 at *" "the kernel log"
	set_attr e0 cpus ""
	expect_all_cpus
	echo e0 >"$CLASS/destroy"
	mend_hypervisor
}

# panics_again FUNCTION: which hv_panic() calls, on its way
panics_again()
{
	payload e0 "hear=1 cpuid=0 hello"
	wait_console e0 "payload: listening"
	break_hypervisor "$1" panic
	break_hypervisor exit_cpuid panic
	echo now >/dev/covirt/e0
	wait_state e0 faulted
	expect_fault e0 reason hypervisor-panic cpu "$CPU" detail 0x6
	set_attr e0 cpus ""
	expect_all_cpus
	echo e0 >"$CLASS/destroy"
	mend_hypervisor
}

# The processor is given back all the same: a VMXON that nobody ends would hold back the INIT.
test_exceptions_on_the_way_out_of_a_panic()
{
	linux_remember
	panics_again apic_choose
	panics_again "$(own_backend)_abandon"
	linux_is_unharmed
}

test_a_lost_stack_is_no_reset()
{
	linux_remember
	payload e0 "hear=1 cpuid=0 hello"
	wait_console e0 "payload: listening"
	break_hypervisor exit_cpuid lose
	echo now >/dev/covirt/e0
	wait_state e0 faulted
	expect_fault e0 reason hypervisor-panic cpu "$CPU" detail 0x8
	set_attr e0 cpus ""
	expect_all_cpus
	echo e0 >"$CLASS/destroy"
	linux_is_unharmed
	mend_hypervisor
}
