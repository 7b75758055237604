# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Negative controls: a build of the module with all protections off (the whole memory below 4 GiB in
# the map, empty permission maps), under which the same payload does the damage that suites contain,
# misdeeds and attacks say is prevented: it writes, reads and executes Linux's memory, reaches MSRs
# and ports, interrupts Linux, and takes a CPU from it by an INIT.
#
# Were one of these harmless in an emulator, the other suites would pass for nothing. The machine is
# not usable afterwards, so it is a boot of its own, whose kernel log may say so.

suite_begin()
{
	covirt_load unprotected
}

test_wild_write_changes_linux_memory()
{
	before=$(guard_checksum)
	payload e0 "write=$(guard_address)" layout=open
	wait_console e0 "payload: wrote"
	[ "$(guard_checksum)" != "$before" ] || fail "the memory did not change"
	expect_eq "$(get e0 state)" running state
}

test_wild_read_sees_linux_memory()
{
	address=$(guard_address)
	payload e0 "read=$(printf '0x%x' $((address + 64)))" layout=open
	wait_console e0 "= 0xc3c3c3c3c3c3c3c3"
}

test_wild_jump_executes_linux_memory()
{
	address=$(guard_address)
	payload e0 "exec=$(printf '0x%x' $((address + 64)))" layout=open
	wait_console e0 "payload: executed"
}

test_msr_write_reaches_the_processor()
{
	payload e0 "wrmsr=0x20e,0x1234000 rdmsr=0x20e"
	wait_console e0 "payload: rdmsr 0x20e = 0x1234000"
}

test_port_write_reaches_the_machine()
{
	before=$(cmos_byte)
	payload e0 "out=0x70,0x5f out=0x71,$((before ^ 0xff)) hello"
	wait_console e0 "payload: hello"
	expect_eq "$(cmos_byte)" $((before ^ 0xff)) "byte of CMOS memory"
}

# arrives ROW COMMAND: CPU 0 takes one more interrupt of that row
arrives()
{
	before=$(interrupts "$1" 0)
	one_more()
	{
		[ "$(interrupts "$1" 0)" -gt "$before" ]
	}
	payload e0 "$2"
	wait_console e0 "payload: ipi sent"
	wait_until one_more "$1"
}

test_ipi_reaches_linux()
{
	arrives PIN "ipi=0,0xf2"
}

test_nmi_reaches_linux()
{
	arrives NMI "nmi=0"
}

# Processes move to CPU 0, and so do those that they start. Kernel threads of one CPU refuse.
leave_for_cpu0()
{
	for process in /proc/[0-9]*; do
		taskset -p 1 "${process#/proc/}" >/dev/null 2>&1 || true
	done
}

# Last: it takes CPU 1 from Linux for good. From there on nothing that waits for all
# CPUs comes back, so only CPU 0 is asked, and nothing is taken down.
test_init_stops_a_cpu_of_linux()
{
	leave_for_cpu0
	taskset 2 sh -c 'while :; do :; done' &
	before=$(interrupts LOC 1)
	ticks()
	{
		[ "$(interrupts LOC "$1")" -gt $((before + 100)) ]
	}
	wait_until ticks 1
	payload e0 "init=1"
	wait_console e0 "payload: ipi sent"
	touch /tmp/wrecked
	stopped=$(interrupts LOC 1)
	before=$(interrupts LOC 0)
	wait_until ticks 0
	expect_eq "$(interrupts LOC 1)" "$stopped" "count of ticks of CPU 1"
}
