# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Filtered interrupts: a Linux without no_ipi_broadcast=1 sends interrupts to every APIC that is
# enabled, the enclave's as well. Such an enclave's interrupts exit, what is not its own is dropped,
# and all of its own arrive: none lost, doubled or stuck while Linux broadcasts without end, with
# Debian's kernel on two CPUs at last.
#
# The mode direct is the negative control: there Linux's broadcast does reach the co-kernel.
#
# The guard module broadcasts by Linux's own APIC driver. In case "none is lost" (exact) the payload
# waits for each interrupt of its timer and of the other CPU, with interrupts off for long, and
# tells how many came, of what else, and whether the APIC is quiet. KUnit (covirt-irq-filter) has
# the bookkeeping; two APICs and an interrupt window are the machine's.

# Linux's reschedule interrupt, which asks nothing of who gets one too many.
BROADCAST=253

# broadcast COUNT
broadcast()
{
	echo "$BROADCAST $1" >"$GUARD/broadcast"
}

test_the_mode_is_chosen_and_visible()
{
	payload e0 "hello"
	expect_eq "$(get e0 interrupts)" filtered "mode"
	wait_console e0 "payload: hello"
}

test_the_mode_may_be_chosen_otherwise()
{
	payload_make e0 "hello" interrupts=direct
	expect_eq "$(get e0 interrupts)" direct "mode"
	start e0
	expect_match "$(dmesg -s 4096 | grep "covirt e0" | tail -n 2)" "*no_ipi_broadcast*" \
		"last two lines of the kernel log"
	expect_refused EBUSY "$CLASS/e0/interrupts" auto
	stop e0
	set_attr e0 interrupts auto
	expect_eq "$(get e0 interrupts)" filtered "mode"
}

# The negative control.
test_a_broadcast_arrives_where_nothing_is_filtered()
{
	payload e0 "hello" interrupts=direct
	wait_console e0 "payload: hello"
	arrives()
	{
		broadcast 1
		console_has e0 "payload: got vector $BROADCAST"
	}
	wait_until arrives
	expect_eq "$(stat e0 exits_interrupt)" 0 "counter exits_interrupt"
}

test_a_broadcast_is_dropped()
{
	payload e0 "hello"
	wait_console e0 "payload: hello"
	is_dropped()
	{
		broadcast 1
		[ "$(stat e0 interrupts_dropped)" -gt 0 ]
	}
	wait_until is_dropped
	! console_has e0 "payload: got vector" || fail "it reached the co-kernel"
	expect_eq "$(get e0 state)" running state
}

test_its_own_interrupts_arrive()
{
	other_id=$(cokernel_id 1 "$CPU")
	payload e0 "ap=$other_id,0 ipi=$other_id,100 selfipi=101 selfmsr=102" cpus="$CPU2,$CPU"
	wait_console e0 "payload: got vector 100 on cpu $other_id"
	wait_console e0 "payload: got vector 101"
	wait_console e0 "payload: got vector 102"
	expect_eq "$(stat e0 ipi_denied)" 0 "counter ipi_denied"
}

# The payload awaits each of its interrupts: one lost, and it does not come to the end.
test_none_is_lost_doubled_or_stuck_while_linux_broadcasts()
{
	boot_id=$(cokernel_id 0 "$CPU2")
	other_id=$(cokernel_id 1 "$CPU")
	payload e0 "ap=$other_id,7,$boot_id exact=$other_id,$ROUNDS" cpus="$CPU2,$CPU"
	wait_console e0 "payload: exact begins"
	is_through()
	{
		broadcast 50
		console_has_line e0 "payload: exact timer"
	}
	wait_until is_through
	console e0 | tr -d '\r' | grep "exact timer" >/tmp/exact
	note "$(cat /tmp/exact); $(stat e0 interrupts_dropped) broadcasts dropped"
	expect_eq "$(cat /tmp/exact)" \
		"payload: exact timer $ROUNDS ping $ROUNDS pong $ROUNDS others 0 quiet" "what arrived"
	expect_number "$(stat e0 interrupts_dropped)" -gt 50 "number of broadcasts dropped"
}
ROUNDS=300

# QEMU delivers it, where a processor would not; the hypervisor would meet an exception.
test_timer_with_the_vector_of_an_exception_is_masked()
{
	payload e0 "apic=0x3e,0xb apic=0x32,14 apic=0x38,0x1000 selfipi=102 hello"
	wait_console e0 "payload: hello"
	expect_eq "$(get e0 state)" running state
}

test_stops_while_linux_broadcasts()
{
	payload e0 "hello" cpus="$CPU2,$CPU"
	wait_console e0 "payload: hello"
	while echo "$BROADCAST 100" >"$GUARD/broadcast"; do :; done &
	storm=$!
	stop e0
	kill $storm
	expect_eq "$(get e0 state)" stopped state
	set_attr e0 cpus ""
	expect_all_cpus
	linux_answers
}

# broadcast_for_ever: as fast as they arrive
broadcast_for_ever()
{
	while dropped=$(stat e0 interrupts_dropped); broadcast 100; do
		wait_until more_are_dropped
	done
}

more_are_dropped()
{
	[ "$(stat e0 interrupts_dropped)" -gt "$dropped" ]
}

test_debian_runs_while_linux_broadcasts()
{
	[ "$(word covirt.rip)" != unreliable ] || skip "this emulator now and then loses a user space's RIP"
	# A third CPU is announced, which may come.
	debian e0 smp cpus="$CPU2,$CPU" cpus_max=3
	broadcast_for_ever &
	storm=$!
	wait_console e0 "cokernel: smp done"
	kill $storm
	console_has e0 "cokernel: possible CPUs 0-2" || fail "no third CPU was announced"
	console_has e0 "cokernel: 1 offline, 1 online again" || fail "no hotplug"
	console_has e0 "NMI backtrace for cpu 1" || fail "no backtrace of another CPU"
	console_has_moved
	! grep -q "unexpected\|No irq handler" /tmp/console.e0 || fail "strange interrupts"
	expect_number "$(stat e0 interrupts_dropped)" -gt 50 "number of broadcasts dropped"
	note "exits $(stat e0 exits), of them $(stat e0 exits_interrupt) interrupts, $(stat e0 interrupts_dropped) dropped"
}
