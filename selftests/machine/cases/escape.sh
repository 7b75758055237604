# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Ways out that a hostile review found open once, each of which depends on what an emulator's or a
# processor's registers do with a value: a timer interrupt with the delivery mode of an SMI or NMI,
# a self-IPI that would be ended at Linux's I/O APICs, x87 errors as an interrupt of Linux's, paging
# switched off.
#
# A case first shows that the guest got what it may have (the value is read back), then that the
# rest was refused. KUnit (covirt-entry-state, covirt-control-policy) judges the same values by the
# manuals' rules; the registers here are the machine's.

suite_begin()
{
	covirt_load
}

# A local APIC that gives the timer's entry a delivery mode (QEMU's does) would take
# the CPU into SMM, or send it NMIs of its own.
test_timer_interrupt_has_no_delivery_mode()
{
	payload_make e0 hello
	for value in 0x240 0x440 0x540 0x740 0x10240; do
		set_attr e0 cmdline "apic=0xf,0x1ff apic=0x32,$value apic=0x38,1000 apicread=0x32 hello"
		start e0
		wait_console e0 "payload: hello"
		console_has e0 "apic 0x32 = 0x10000" || fail "LVT timer took $value: $(console e0)"
		! has_x2apic || console_has e0 "#GP at apic" || fail "no #GP for $value"
		expect_eq "$(stat e0 lvt_denied)" 1 "counter lvt_denied"
		stop e0
		expect_eq "$(get e0 state)" stopped "state after stop"
		rm -f /tmp/console.e0
	done
}

# Sent with the guest's own trigger mode, its EOI would reach Linux's IOAPICs.
test_level_triggered_self_ipi_arrives_as_an_edge()
{
	payload e0 "apic=0xf,0x1ff icr=0x4c031 apicread=0x19 hello"
	wait_console e0 "payload: hello"
	expect_eq "$(stat e0 ipi_denied)" 0 "counter ipi_denied"
	# Bit 17 of the trigger mode register's word for vectors 32 to 63.
	console_has e0 "apic 0x19 = 0x0" || fail "the vector is level triggered: $(console e0)"
}

# cr0_is REAL SHADOW: what the guest reads: on SVM the register, on VMX what it has written. That
# the register itself keeps NE, and CD and NW clear, is a promise that covirt-entry-state judges.
cr0_is()
{
	[ "$(own_backend)" = svm ] && cr0=$1 || cr0=$2
	expect_match "$(console e0)" "*cr0 = $cr0
*" "CR0"
}

# With CR0.NE clear an x87 error is Linux's interrupt 13.
test_x87_errors_stay_with_the_guest()
{
	payload e0 "cr0=0x80000011 hello"
	wait_console e0 "payload: hello"
	cr0_is 0x80000031 0x80000011
}

test_paging_cannot_be_left_from_64_bit_code()
{
	payload e0 "cr0=0x31 hello"
	wait_console e0 "payload: hello"
	console_has e0 "#GP at cr0" || fail "paging went off: $(console e0)"
	expect_eq "$(get e0 state)" running state
}
