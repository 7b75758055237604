# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A processor with x2APIC, and a co-kernel that leaves that mode: its accesses to the APIC's page are
# emulated, while the processor stays where it is. The rows of apicmode.table are misdeeds there,
# carried out by the functions of suite misdeeds. Beside them: the timer, IPIs between two CPUs by
# physical and by logical ids, the way back, and Debian's kernel, which without KVM's leaf of CPUID
# uses xAPIC mode.
#
# Control: who stays in x2APIC mode has nothing emulated. KUnit has every change of mode
# (covirt-apic-mode) and every logical id (covirt-xapic).

. /cases/misdeeds.sh

suite_begin()
{
	rows_begin apicmode
}

ANSWERS=7	# see payloads/command_smp.c
THERE="apicmode=0 apicmode=0x800"

# talks WORD...: the payload on two CPUs, told these words first: timers, IPIs and answers are exact
talks()
{
	boot_id=$(cokernel_id 0 "$CPU2")
	other_id=$(cokernel_id 1 "$CPU")
	payload e0 "$* ap=$other_id,$ANSWERS,$boot_id exact=$other_id,20 hello" cpus="$CPU2,$CPU"
	wait_console e0 "payload: hello"
	console_has e0 "payload: exact timer 20 ping 20 pong 20 others 0 quiet" ||
		fail "$(console e0)"
	expect_eq "$(stat e0 ipi_denied)" 0 "counter ipi_denied"
}

# logs: how often Linux's log says that an APIC is emulated
logs()
{
	dmesg | grep -c "has left x2APIC mode" || true
}

test_two_cpus_in_xapic_mode_have_timers_and_ipis()
{
	before=$(logs)
	talks "$THERE"
	expect_number "$(stat e0 xapic_accesses)" -ge 200 "counter xapic_accesses"
	logged()
	{
		[ "$(logs)" -gt "$before" ]
	}
	wait_until logged || fail "Linux's log does not say so"
	stop e0
	expect_eq "$(logs)" $((before + 1)) "number of lines in Linux's log"
}

# The payload reads its APIC's id for each character that it prints, in the other modes too.
test_back_in_x2apic_mode_nothing_is_emulated()
{
	payload e0 "$THERE apicmode=0xc00 hello"
	wait_console e0 "payload: hello"
	before=$(stat e0 xapic_accesses)
	stop e0
	echo e0 >"$CLASS/destroy"
	: >/tmp/console.e0
	talks "$THERE apicmode=0xc00"
	expect_eq "$(stat e0 xapic_accesses)" "$before" "counter xapic_accesses"
}

test_linux_has_the_cpu_back_whatever_mode_it_was_in()
{
	payload e0 "$THERE apic=0x32,0x20040 apic=0x38,100000 hello"
	wait_console e0 "payload: hello"
	stop e0
	set_attr e0 cpus ""
	expect_all_cpus
	linux_answers
}

# Without KVM's leaf a Linux of several CPUs leaves x2APIC mode: "IRQ remapping doesn't support
# X2APIC mode".
test_debian_that_does_not_find_kvm_boots_on_two_cpus()
{
	once_is_enough
	debian e0 shell cpus="$CPU2,$CPU" \
		cmdline="console=ttyS0 nopv covirt.do=shell $COKERNEL_PARAMS"
	wait_prompt e0 "/ # "
	expect_match "$(console e0)" "*cokernel: 2 CPU*" "number of its CPUs"
	expect_number "$(stat e0 xapic_accesses)" -gt 0 "counter xapic_accesses"
	note "$(console e0 | grep "cokernel: Linux"), $(stat e0 xapic_accesses) accesses to its APICs"
	echo "poweroff -f" >/dev/covirt/e0
	wait_state e0 stopped
	expect_fault e0 reason power-off
}
