# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The watchdog: a CPU whose heart has stopped, or that does not answer its doorbell, is reported
# once, with the place where it hangs, and once more when it recovers; on_hang=fault ends it. Who
# has no heartbeat and answers, who beats, and who withdrew the heartbeat, is never reported.
# Addresses for the heartbeat that are not the enclave's own memory are refused.
#
# Controls: break_hypervisor makes a function of the hypervisor loop, so that a CPU really does not
# answer, and mends it again; enclaves without a watchdog beside it must not be rung.
#
# A case waits for checks of the watchdog, counted by doorbells, never for seconds. That a slow
# machine is not taken for a hung one is shown by KUnit (covirt-watchdog), which makes the clock;
# here it is two kernels and a doorbell.

HEARTBEAT=0x400000c0	# HEARTBEAT_MSR

suite_begin()
{
	covirt_load
	linux_remember
}

is_hung()
{
	[ "$(get "$1" hung)" = "$2" ]
}

# wait_hung ENCLAVE CPUS: empty: until none is
wait_hung()
{
	wait_until is_hung "$1" "$2" || fail "hung CPUs of $1 are '$(get "$1" hung)', expected '$2'"
}

# wait_checks ENCLAVE COUNT: so many doorbells more
wait_checks()
{
	checks_wanted=$(($(stat "$1" doorbells) + $2))
	checked()
	{
		[ "$(stat "$1" doorbells)" -ge "$checks_wanted" ]
	}
	wait_until checked "$1"
}

# told TEXT: the kernel log says so, once since the test began
told()
{
	expect_eq "$(log_of_test | grep -cF -- "$1")" 1 \
		"number of times that the log says '$1'"
}

# Linux has no driver for heartbeats: that it answers its doorbells is all there is to see.
test_who_answers_and_has_no_heartbeat_is_not_hung()
{
	payload e1 "beat=1000 spin" cpus="$CPU2"
	wait_console e1 "payload: spinning"
	expect_eq "$(get e1 watchdog)" 0 watchdog
	exits=$(stat e1 exits)
	payload e0 spin watchdog=2
	wait_console e0 "payload: spinning"
	wait_checks e0 3
	expect_eq "$(get e0 hung)" "" hung
	expect_eq "$(get e0 heartbeat)" "" heartbeat
	expect_eq "$(stat e0 faults)" 0 "counter faults"
	# Without a watchdog nobody rings, and nobody is reported.
	expect_eq "$(stat e1 exits)" "$exits" "counter exits"
	expect_eq "$(stat e1 doorbells)" 0 "counter doorbells"
	expect_eq "$(get e1 hung)" "" hung
	expect_eq "$(get e1 heartbeat)" "$CPU2 1000" heartbeat
	# A watchdog may come later.
	set_attr e1 watchdog 1
	wait_hung e1 "$CPU2"
	set_attr e1 watchdog 0
	expect_eq "$(get e1 hung)" "" hung
}

# hearts_are ENCLAVE CPU...: who has announced one
hearts_are()
{
	hearts=$(get "$1" heartbeat | cut -d' ' -f1 | tr '\n' ' ')
	shift
	[ "$hearts" = "${*:+$* }" ]
}

# Each CPU has its own; one that waits to be started has none any more.
test_who_beats_is_not_hung()
{
	other_id=$(cokernel_id 1 "$CPU")
	payload e0 "ap=$other_id,8 hear=1 init=$other_id beat=0" cpus="$CPU2,$CPU" watchdog=2
	wait_console e0 "payload: listening"
	wait_until hearts_are e0 "$CPU"
	echo on >/dev/covirt/e0
	wait_until hearts_are e0 "$CPU2"
	first=$(get e0 heartbeat)
	wait_checks e0 6
	[ "$(get e0 heartbeat)" != "$first" ] || fail "heartbeat still is $first"
	expect_eq "$(get e0 hung)" "" hung
	expect_eq "$(stat e0 faults)" 0 "counter faults"
}

expect_report()
{
	expect_fault e0 reason hung cpu "$CPU" detail 0x2 rip '0x[1-9a-f]*' rsp '0x[1-9a-f]*' \
		insn '[0-9a-f]*'
	covirtctl faults e0 >/tmp/report
	grep -qF "CPU $CPU is hung: its heartbeat has stopped, and it executes at 0x" /tmp/report ||
		fail "no sentence"
	grep -qF "policy      report: it runs on" /tmp/report || fail "no policy"
	grep -q "^  instruction" /tmp/report || fail "no instruction"
	covirtctl list >/tmp/list
	grep -q "^e0 *running *$CPU *$CPU " /tmp/list || fail "not in covirtctl list"
}

# An enclave that withdrew its heartbeat meanwhile is not missed.
test_stopped_heart_is_reported_once_and_its_recovery()
{
	payload e1 "beat=1000 withdraw spin" cpus="$CPU2" watchdog=1
	payload e0 "beat=1000 hear=1 beat=0" watchdog=1
	wait_console e0 "payload: listening"
	wait_hung e0 "$CPU"
	expect_report
	expect_eq "$(get e0 state)" running state
	wait_checks e0 3
	expect_eq "$(stat e0 faults)" 1 "counter faults"
	echo on >/dev/covirt/e0
	wait_hung e0 ""
	wait_checks e0 3
	expect_eq "$(get e0 hung)" "" hung
	expect_eq "$(stat e0 faults)" 1 "counter faults"
	told "e0: CPU $CPU is hung: its heartbeat has stopped"
	told "e0: CPU $CPU is not hung any more"
	expect_eq "$(get e1 hung)$(get e1 heartbeat)" "" "what is said of who withdrew"
	stop e0
	expect_eq "$(get e0 state)" stopped state
}

test_cpu_that_does_not_answer_is_reported()
{
	payload e0 "hear=1 cpuid=0 hello spin" watchdog=1
	wait_console e0 "payload: listening"
	break_hypervisor exit_cpuid hang
	echo on >/dev/covirt/e0
	wait_hung e0 "$CPU"
	expect_eq "$(get e0 state)" running state
	expect_fault e0 reason hung cpu "$CPU" detail 0x1 rip 0x0 insn none
	covirtctl faults e0 >/tmp/report
	grep -qF "CPU $CPU is hung: it does not answer its doorbell" /tmp/report
	! grep -q "^  instruction" /tmp/report || fail "an instruction that nobody can know"
	grep -q "cpuid *leaf 0" /tmp/report || fail "the last exit is not told"
	linux_is_unharmed
	! console_has e0 "payload: hello" || fail "it was not hung"
	break_hypervisor exit_cpuid mend
	wait_hung e0 ""
	wait_console e0 "payload: spinning"
	expect_eq "$(stat e0 faults)" 1 "counter faults"
	stop e0
	expect_eq "$(get e0 state)" stopped state
}

test_bad_addresses_are_refused()
{
	map=$CLASS/e0/memory_map
	payload_make e0 hello
	ram=$(awk '$4 == "ram" { split($1, range, "-"); last = range[2] } END { print last }' "$map")
	set_attr e0 cmdline "wrmsr=$HEARTBEAT,$(guard_address) wrmsr=$HEARTBEAT,$(address_of_nothing) wrmsr=$HEARTBEAT,0xfee00000 wrmsr=$HEARTBEAT,0xa0000 wrmsr=$HEARTBEAT,$ram wrmsr=$HEARTBEAT,$(printf '0x%x' $((ram + 1))) wrmsr=$HEARTBEAT,0xfffffffffffffff8 wrmsr=$HEARTBEAT,0x8000000000001000 wrmsr=0x40000000,8 hello"
	start e0
	wait_console e0 "payload: hello"
	expect_eq "$(console e0 | grep -c "#GP at wrmsr")" 9 "number of #GP"
	expect_eq "$(stat e0 msr_denied)" 9 "counter msr_denied"
	expect_eq "$(get e0 heartbeat)" "" heartbeat
	stop e0
	# The last eight bytes are its own; what is refused leaves what was announced.
	last=$(printf '0x%x' $((ram - 7)))
	set_attr e0 cmdline "wrmsr=$HEARTBEAT,$last wrmsr=$HEARTBEAT,1 rdmsr=$HEARTBEAT wrmsr=$HEARTBEAT,0 rdmsr=$HEARTBEAT hello"
	start e0
	wait_console e0 "payload: hello"
	console_has e0 "payload: rdmsr $HEARTBEAT = $last"
	console_has e0 "payload: rdmsr $HEARTBEAT = 0x0"
}

# A life after another begins without a heartbeat; memory that went is not read.
test_heartbeat_ends_with_the_run()
{
	payload e0 "beat=1000 triplefault" watchdog=1
	wait_state e0 faulted
	expect_eq "$(get e0 heartbeat)" "" heartbeat
	set_attr e0 memory 0
	expect_eq "$(get e0 heartbeat)" "" heartbeat
	set_attr e0 memory 16M
	set_attr e0 cmdline spin
	start e0
	wait_console e0 "payload: spinning"
	wait_checks e0 4
	expect_eq "$(get e0 heartbeat)" "" heartbeat
	expect_eq "$(get e0 hung)" "" hung
}

test_on_hang_fault_obeys_on_fault()
{
	payload e0 "beat=1000 spin" watchdog=1 on_hang=fault
	wait_state e0 faulted
	expect_fault e0 reason hung cpu "$CPU" detail 0x2
	expect_eq "$(stat e0 faults)" 1 "counter faults"
	set_attr e0 on_fault restart
	start e0
	again()
	{
		[ "$(stat e0 starts)" -ge 3 ]
	}
	wait_until again
	set_attr e0 on_fault kill
	wait_state e0 empty
	expect_all_cpus
}
