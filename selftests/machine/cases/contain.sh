# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# A co-kernel that reaches for what is not its own is stopped, and nobody else notices.

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

# expect_contained COMMAND ACCESS [LAYOUT]: COMMAND aimed at Linux's memory
expect_contained()
{
	address=$(guard_address)
	payload e0 "$1=$address" layout="${3:-identity}"
	wait_state e0 faulted
	expect_fault e0 reason memory-violation cpu "$CPU" gpa "$address" access "$2"
	expect_fault e0 rip '0x[1-9a-f]*' cr0 '0x[1-9a-f]*' cr3 '0x[1-9a-f]*' cr4 '0x[1-9a-f]*' \
		efer '0x[1-9a-f]*' rflags '0x[1-9a-f]*' rsp '0x[1-9a-f]*'
	if [ "${3:-identity}" = identity ]; then
		expect_fault e0 owner linux
	fi
	! console_has e0 "payload: wrote" || fail "the write went through"
	! console_has e0 "payload: read" || fail "the read went through"
	! console_has e0 "payload: executed" || fail "the jump went through"
	expect_eq "$(stat e0 faults)" 1 "counter faults"
	linux_is_unharmed
}

test_wild_write_is_contained()
{
	expect_contained write write
	# The payload writes RAX to [RCX]: 48 89 01.
	expect_fault e0 insn "48 89 01*" rcx "$(guard_address)" rax 0x21545249564f4321
	starts_again e0
	linux_is_unharmed
}

test_wild_read_is_contained()
{
	expect_contained read read
	expect_fault e0 rcx "$(guard_address)"
	starts_again e0
}

test_wild_jump_is_contained()
{
	expect_contained exec exec
	expect_fault e0 rip "$(guard_address)"
	starts_again e0
}

test_wild_write_in_packed_layout_is_contained()
{
	expect_contained write write packed
	starts_again e0
}

test_wild_write_is_contained_again_and_again()
{
	payload_make e0 "write=$(guard_address)"
	for round in 1 2 3 4 5; do
		start e0
		wait_state e0 faulted
		expect_fault e0 reason memory-violation
		expect_eq "$(stat e0 faults)" $round "counter faults"
	done
	linux_is_unharmed
}

test_owners_are_named()
{
	payload e1 "hello" cpus="$CPU2"
	wait_console e1 "payload: hello"
	neighbour=$(awk '$4 == "ram" { print $2; exit }' "$CLASS/e1/memory_map")
	payload_make e0 "hello" on_unclaimed=fault
	while read -r owner address; do
		set_attr e0 cmdline "write=$address"
		start e0
		wait_state e0 faulted
		expect_fault e0 reason memory-violation gpa "$address" owner "$(echo "$owner" | tr _ " ")"
	done <<-END
		linux $(guard_address)
		enclave_e1 $neighbour
		none 0xfed00000
		none $(address_of_nothing)
	END
	expect_eq "$(get e1 state)" running "state of the neighbour"
	linux_is_unharmed
}

test_neighbour_runs_on()
{
	payload e1 "timer=5" cpus="$CPU2"
	wait_console e1 "payload: steady"
	payload e0 "write=$(guard_address)"
	wait_state e0 faulted
	wait_console e1 "payload: done"
	expect_eq "$(get e1 state)" running "state of the neighbour"
}

# Nothing else sends CPU 0 this vector, whose count /proc/interrupts shows.
QUIET_VECTOR=0xf2

interrupts_of_cpu0()
{
	echo "$(interrupts PIN 0) $(interrupts NMI 0)"
}

# expect_ipi_refused COMMAND
expect_ipi_refused()
{
	before=$(interrupts_of_cpu0)
	payload e0 "$1"
	wait_console e0 "payload: ipi sent"
	expect_eq "$(get e0 state)" running "state after a dropped IPI"
	expect_eq "$(stat e0 ipi_denied)" 1 "counter ipi_denied"
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

test_ipi_at_linux_is_refused()
{
	expect_ipi_refused "ipi=$(apicid_of 0),$QUIET_VECTOR"
}

test_nmi_at_linux_is_refused()
{
	expect_ipi_refused "nmi=$(apicid_of 0)"
}

test_init_at_linux_is_refused()
{
	expect_ipi_refused "init=$(apicid_of 1)"
}

test_startup_at_linux_is_refused()
{
	expect_ipi_refused "startup=$(apicid_of 1),8"
}

test_broadcasts_stay_in_the_enclave()
{
	# All but self, all including self; fixed and NMI; a whole cluster by logical destination,
	# which names others.
	before=$(interrupts_of_cpu0)
	payload_make e0 "icr=0xc40f2 icr=0x840f2 icr=0xc4400 icr=0x84400 icr=0xfffe000048f2"
	start e0
	sent_all()
	{
		[ "$(console e0 | grep -c "ipi sent")" = 5 ]
	}
	wait_until sent_all
	expect_eq "$(stat e0 ipi_denied)" 1 "counter ipi_denied"
	expect_eq "$(interrupts_of_cpu0)" "$before" "count of interrupts that Linux took"
	linux_is_unharmed
}

test_apic_cannot_be_moved_or_aimed_at_linux()
{
	# APIC_BASE elsewhere; LVT thermal as SMI, LINT0 as ExtINT.
	payload e0 "wrmsr=0x1b,0xfee01c00 apic=0x33,0x200 apic=0x35,0x700 hello"
	wait_console e0 "payload: hello"
	expect_eq "$(get e0 state)" running state
	linux_is_unharmed
}
