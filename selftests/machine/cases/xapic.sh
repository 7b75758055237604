# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A processor without x2APIC: the registers of the co-kernel's APIC are a page in memory, which the
# guest reads without an exit and whose writes are decoded. The rows of xapic.table are misdeeds
# against that page (instructions, addresses, registers, interrupts), carried out by the functions
# of suite misdeeds. Beside them: no x2APIC is announced, a timer interrupt costs one exit for its
# end, and logical ids that the co-kernel takes do not bring it Linux's interrupts.
#
# Boot unprotected-xapic is the negative control, in which the guest may write the page itself. That
# each form of MOV is decoded right is shown by KUnit (covirt-mov) and against Zydis by a fuzzer;
# that the page cannot be reached in any other way is up to nested paging.

. /cases/misdeeds.sh

suite_begin()
{
	rows_begin xapic
}

test_co_kernel_sees_no_x2apic()
{
	payload e0 "rdmsr=0x1b cpuid=1 hello"
	wait_console e0 "payload: hello"
	# EN and BSP.
	console_has e0 "rdmsr 0x1b = 0xfee00900" || fail "APIC_BASE: $(console e0)"
	ecx=$(console e0 | sed -n 's/.* ecx \(0x[0-9a-f]*\) .*/\1/p')
	expect_eq $((ecx >> 21 & 1)) 0 "CPUID.1:ECX.x2APIC"
	expect_match "$(get e0 memory_map)" "*0xfee00000-0xfee00fff 0xfee00000 r-- mmio*" "map"
}

test_reading_makes_no_exit()
{
	payload e0 "apicread=3 apicread=0x39 apicread=0xf apicread=0x20 hello"
	wait_console e0 "payload: hello"
	# At the end of its command line it switches its APIC on.
	expect_number "$(stat e0 exits_nested_fault)" -le 1 "nested faults"
}

test_each_timer_interrupt_exits_once_for_its_end()
{
	payload e0 "timer=3"
	wait_console e0 "payload: done"
	number=$(console e0 | sed -n 's/payload: done \([0-9]*\) interrupts/\1/p')
	# Besides: the APIC on, three registers to start the timer, two to stop it, perhaps one more tick.
	expect_number "$number" -gt 10 "number of interrupts"
	expect_number "$(stat e0 exits_nested_fault)" -ge "$((number + 6))" "nested faults"
	expect_number "$(stat e0 exits_nested_fault)" -le "$((number + 9))" "nested faults"
}

# They are read from the APIC itself, so that the enclave can have no ids of its own.
test_apic_ids_are_those_of_the_host()
{
	id=$(apicid_of "$CPU")
	payload_make e0 "bootinfo hello" apic_ids=own
	expect_eq "$(get e0 apic_ids)" host apic_ids
	start e0
	wait_console e0 "payload: hello"
	expect_match "$(console e0)" "*cpus 1 apicid $id *" "boot information"
	log_of_test | grep -q "covirt e0: apic_ids is host: without x2APIC" || fail "the log is silent"
}

# Linux addresses its CPUs by logical ids where it has up to eight (6.1), and interrupts them all
# the while. The co-kernel takes all of these ids, and no interrupt comes.
test_interrupts_for_linux_do_not_reach_a_co_kernel_with_its_logical_ids()
{
	payload e0 "apic=0xe,0xffffffff apic=0xd,0xff000000 apic=0xf,0x1ff hello"
	wait_console e0 "payload: hello"
	for round in 1 2 3 4 5 6 7 8 9 10; do
		linux_answers
	done
	! console_has e0 "got vector" || fail "$(console e0)"
	expect_eq "$(get e0 state)" running state
}

test_cpu_comes_back_to_linux_with_its_logical_id()
{
	payload e0 "apic=0x32,0x20040 apic=0x38,100000 hello"
	wait_console e0 "payload: hello"
	stop e0
	set_attr e0 cpus ""
	expect_all_cpus
	linux_answers
	before=$(interrupts LOC "$CPU")
	ticks()
	{
		[ "$(interrupts LOC "$CPU")" -gt "$before" ]
	}
	wait_until ticks
}
