# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Negative controls: with the protections off the same payload does the damage that
# the suite "contain" says is prevented. The machine is not usable afterwards.

suite_begin()
{
	covirt_load unprotected
}

suite_end()
{
	rmmod covirt
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

# Last: it takes CPU 1 from Linux for good.
test_init_stops_a_cpu_of_linux()
{
	taskset 2 true
	payload e0 "init=1"
	wait_console e0 "payload: ipi sent"
	taskset 1 sh -c 'taskset 2 true; echo alive >/tmp/alive' &
	! WAIT=10 wait_until [ -e /tmp/alive ] >/dev/null || fail "CPU 1 of Linux still answers"
}
