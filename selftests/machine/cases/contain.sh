# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Containment in its simplest form, which is also the first thing to run after any change: a
# co-kernel reaches for memory or CPUs that are not its own, is stopped, and the fault record says
# where and by what; Linux's memory, clock and CPUs are as before, a neighbour goes on, and the
# enclave starts again.
#
# Suite unprotected is the negative control: with the protections off the same payload does the
# damage.
#
# Suite misdeeds has all other ways to reach for something; here are those that say more than a row
# of its table can (registers in the record, layouts, the neighbour, on_ipi=fault), and what is
# short enough to be repeated with other APIC modes, under the newest kernel, and with KASAN. Two
# CPUs for enclaves are needed. KUnit shows what the tables say; that a processor obeys them, only a
# processor.

suite_begin()
{
	covirt_load
	linux_remember
}

starts_again()
{
	set_attr "$1" cmdline "hello"
	start "$1"
	wait_console "$1" "payload: hello"
	expect_eq "$(get "$1" state)" running "state after starting again"
}

# expect_contained [LAYOUT]: a write to Linux's memory
expect_contained()
{
	address=$(guard_address)
	payload e0 "write=$address" layout="${1:-identity}"
	wait_state e0 faulted
	expect_fault e0 reason memory-violation cpu "$CPU" gpa "$address" access write
	expect_fault e0 rip '0x[1-9a-f]*' cr0 '0x[1-9a-f]*' cr3 '0x[1-9a-f]*' cr4 '0x[1-9a-f]*' \
		efer '0x[1-9a-f]*' rflags '0x[1-9a-f]*' rsp '0x[1-9a-f]*'
	[ "${1:-identity}" != identity ] || expect_fault e0 owner linux
	! console_has e0 "payload: wrote" || fail "the write went through"
	expect_eq "$(stat e0 faults)" 1 "counter faults"
	linux_is_unharmed
}

test_wild_write_is_contained()
{
	expect_contained
	# The payload writes RAX to [RCX]: 48 89 01.
	expect_fault e0 insn "48 89 01*" rcx "$(guard_address)" rax 0x21545249564f4321
	starts_again e0
	linux_is_unharmed
}

test_wild_write_in_packed_layout_is_contained()
{
	expect_contained packed
	starts_again e0
}

# Nothing else sends CPU 0 this vector, whose count /proc/interrupts shows.
QUIET_VECTOR=0xf2

interrupts_of_cpu0()
{
	echo "$(interrupts PIN 0) $(interrupts NMI 0)"
}

test_neighbours_memory_is_out_of_reach_and_the_neighbour_runs_on()
{
	payload e1 "timer=5" cpus="$CPU2"
	wait_console e1 "payload: steady"
	address=$(awk '$4 == "ram" { print $2; exit }' "$CLASS/e1/memory_map")
	payload e0 "write=$address"
	wait_state e0 faulted
	expect_fault e0 reason memory-violation gpa "$address" owner "enclave e1"
	wait_console e1 "payload: done"
	expect_eq "$(get e1 state)" running "state of the neighbour"
	linux_is_unharmed
}

test_interrupts_at_linux_are_refused()
{
	before=$(interrupts_of_cpu0)
	other=$(apicid_of 1)
	first=$(apicid_of 0)
	payload e0 "ipi=$first,$QUIET_VECTOR nmi=$first init=$other startup=$other,8 hello" apic_ids=host
	wait_console e0 "payload: hello"
	expect_eq "$(stat e0 ipi_denied)" 4 "counter ipi_denied"
	linux_is_unharmed
	stop e0
	set_attr e0 on_ipi fault
	start e0
	wait_state e0 faulted
	expect_fault e0 reason ipi-denied cpu "$CPU"
	linux_is_unharmed
	expect_eq "$(interrupts_of_cpu0)" "$before" "count of interrupts that Linux took"
	starts_again e0
}
