# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Tracepoints: each fires when it should and says what it should, seen through tracefs, recorded by
# trace-cmd, counted as perf does (programs/perf_count.c), filtered and summed up by Linux's own
# filters and histograms. The events of a life, of maps, commands, faults and single exits are
# compared with what sysfs says of the same.
#
# Counters are the control: exits that were told and those that were lost add up to stats/exits, and
# the numbers of exits go on without a gap. The module unloads while it is traced.
#
# Linux patches its code whenever an event is switched, so the CPUs of this boot take turns (see
# testing.rst on QEMU). The formats need tracefs, and the order of events an enclave that lives.

TRACING=/sys/kernel/tracing
EVENTS=$TRACING/events/covirt

suite_begin()
{
	covirt_load
	[ -d $TRACING/events ] || mount -t tracefs tracefs $TRACING
}

# trace EVENT...: from now on covirt_EVENT and no other; what was traced before is forgotten
trace()
{
	echo 0 >$EVENTS/enable
	: >$TRACING/trace
	for event; do
		echo 1 >"$EVENTS/covirt_$event/enable"
	done
}

# traced [EVENT...]: what has fired, "EVENT: FIELDS" a line
traced()
{
	sed -n 's/^.*: covirt_\([a-z_]*: .*\)$/\1/p' $TRACING/trace >/tmp/traced
	[ $# -gt 0 ] || cat /tmp/traced
	for event; do
		sed -n "s/^$event: //p" /tmp/traced
	done
}

# field NAME: its values in the events on stdin, one a line
field()
{
	sed -n "s/^.*\<$1=\([^ ]*\).*$/\1/p"
}

sum()
{
	awk '{ sum += $1 } END { print sum + 0 }'
}


test_every_event_has_a_format()
{
	for event in create destroy start stop fault command command_done doorbell map unmap exit \
		exit_count; do
		grep -q "field:char name\[32\]" "$EVENTS/covirt_$event/format" ||
			fail "covirt_$event has no field name"
	done
}

test_a_life_is_traced()
{
	trace create start stop destroy
	payload_make e0 "hello poweroff"
	set_attr e0 state start
	wait_state e0 stopped
	echo e0 >"$CLASS/destroy"
	expect_eq "$(traced)" "create: name=e0
start: name=e0 start=1 cpus=1 memory=16777216
stop: name=e0 reason=power-off
destroy: name=e0" "events of a life"
}

# The ranges are those of memory_map; they are unmapped with the enclave.
test_map_changes_are_traced()
{
	trace map unmap
	payload_make e0 "hello poweroff"
	set_attr e0 state start
	wait_state e0 stopped
	while read -r range hpa access kind; do
		gpa=${range%-*}
		printf 'name=e0 gpa=%s hpa=%s len=0x%x access=%s kind=%s\n' "$gpa" "$hpa" \
			$((${range#*-} - gpa + 1)) "$access" "$kind"
	done <"$CLASS/e0/memory_map" >/tmp/expected
	expect_number "$(wc -l </tmp/expected)" -ge 3 "extents of the map"
	expect_eq "$(traced map)" "$(cat /tmp/expected)" "what was mapped"
	expect_eq "$(traced unmap)" "" "what was unmapped"
	echo e0 >"$CLASS/destroy"
	expect_eq "$(traced unmap)" "$(cat /tmp/expected)" "what was unmapped at the end"
}

test_commands_and_doorbells_are_traced()
{
	payload e0 "hello spin"
	wait_console e0 "payload: hello"
	trace command doorbell command_done stop
	stop e0
	# A doorbell that is lost in an emulator is rung again.
	expect_eq "$(traced | uniq)" "command: name=e0 cpu=$CPU command=stop number=1
doorbell: name=e0 cpu=$CPU
command_done: name=e0 cpu=$CPU number=1 error=0
stop: name=e0 reason=stopped" "events of a stop"
	expect_eq "$(traced doorbell | wc -l)" "$(stat e0 doorbells)" "number of doorbells"
}

test_commands_of_a_revoked_route_are_traced()
{
	payload e0 "hello spin"
	wait_console e0 "payload: hello"
	covirt_route grant e0 linux 100 >/tmp/route
	read -r _ id _ </tmp/route
	trace command command_done
	covirt_route revoke e0 "$id"
	expect_eq "$(traced)" "command: name=e0 cpu=$CPU command=nop number=1
command_done: name=e0 cpu=$CPU number=1 error=0" "events of a revocation"
}

test_a_fault_is_traced()
{
	trace fault stop
	payload_make e0 "write=$(guard_address)"
	set_attr e0 state start
	wait_state e0 faulted
	expect_match "$(traced)" "fault: name=e0 fault=1 cpu=$CPU reason=memory-violation detail=0x0 rip=0x[0-9a-f]* gpa=$(guard_address) owner=linux" "events"
	expect_eq "$(traced fault | field rip)" "$(sed -n 's/^rip: //p' "$CLASS/e0/fault")" rip
}

# expect_exits_told: those of e0, whose whole run was traced
expect_exits_told()
{
	expect_eq "$(traced exit_count | field count | sum)" "$(stat e0 exits)" "exits counted"
	for reason in io msr_read cpuid; do
		expect_eq "$(traced exit_count | grep "reason=$reason " | field count | sum)" \
			"$(stat e0 exits_$reason)" "exits counted, reason $reason"
	done
	expect_eq $(($(traced exit | wc -l) + $(traced exit | field lost | sum))) "$(stat e0 exits)" \
		"exits told and lost"
	traced exit | awk '{
		for (i = 1; i <= NF; i++) { split($i, pair, "="); value[pair[1]] = pair[2] }
		if (value["number"] != next_number + value["lost"]) exit 1
		next_number = value["number"] + 1
	}' || fail "$(traced exit): numbers do not go on"
}

test_exits_are_traced()
{
	trace exit exit_count
	payload_make e0 "hello cpuid=0 poweroff"
	set_attr e0 state start
	wait_state e0 stopped
	expect_exits_told
	expect_match "$(traced exit | tail -n 1)" \
		"name=e0 cpu=$CPU number=$(($(stat e0 exits) - 1)) lost=* reason=io info=0x* rax=0x34 rcx=0x* tsc=0" \
		"the last exit"
}

# Times are kept where exits are measured; each lies behind the one before.
test_exits_have_times()
{
	trace exit exit_count
	payload_make e0 "hello poweroff" histogram=1
	set_attr e0 state start
	wait_state e0 stopped
	expect_exits_told
	traced exit | field tsc >/tmp/times
	expect_number "$(wc -l </tmp/times)" -gt 5 "number of exits told"
	expect_number "$(head -n 1 /tmp/times)" -gt 0 "time of the first"
	expect_eq "$(sort -n -u /tmp/times)" "$(cat /tmp/times)" "times in their order"
}

# Earlier exits are not told: neither as counts nor as lost.
test_exits_of_a_run_under_way_are_traced()
{
	payload e0 "hear=1"
	wait_console e0 "payload: listening"
	trace exit exit_count
	before=$(stat e0 exits)
	wait_until grep -q "covirt_exit_count: name=e0 cpu=$CPU reason=io" $TRACING/trace
	told=$(traced exit_count | field count | sum)
	expect_number "$told" -le $(($(stat e0 exits) - before)) "exits told"
}

test_exits_before_a_fault_come_before_it()
{
	trace exit fault
	payload_make e0 "hello write=$(guard_address)"
	set_attr e0 state start
	wait_state e0 faulted
	expect_match "$(traced | tail -n 2 | head -n 1)" "exit: * reason=nested_fault *" "event before the last"
	expect_match "$(traced | tail -n 1)" "fault: *" "last event"
}

test_filters_understand_texts()
{
	trace exit_count
	echo 'reason == "cpuid" && name == "e0"' >$EVENTS/covirt_exit_count/filter
	payload_make e0 "hello cpuid=0 poweroff"
	set_attr e0 state start
	wait_state e0 stopped
	echo 0 >$EVENTS/covirt_exit_count/filter
	expect_eq "$(traced exit_count)" "name=e0 cpu=$CPU reason=cpuid count=1" "what passes the filter"
}

test_histograms_add_up_by_reason()
{
	trace exit_count
	echo "hist:keys=name,reason:vals=count" >$EVENTS/covirt_exit_count/trigger
	payload_make e0 "hello cpuid=0 poweroff"
	set_attr e0 state start
	wait_state e0 stopped
	cat $EVENTS/covirt_exit_count/hist >/tmp/hist
	echo "!hist:keys=name,reason:vals=count" >$EVENTS/covirt_exit_count/trigger
	grep -q "name: e0 *, reason: io *} hitcount: .* count: *$(stat e0 exits_io)\$" /tmp/hist ||
		fail "$(cat /tmp/hist): exits by I/O are not $(stat e0 exits_io)"
}

# A program for tracers to run: e0 starts and comes to its end.
life_script()
{
	cat >/tmp/life.sh <<-'END'
		. /lib/covirt/expect.sh
		. /lib/covirt/console.sh
		. /lib/covirt/enclave.sh
		set -eu
		set_attr e0 state start
		wait_state e0 stopped
	END
}

test_trace_cmd_records_and_reports()
{
	[ -x /bin/trace-cmd ] || skip "trace-cmd is not installed"
	payload_make e0 "hello cpuid=0 poweroff"
	life_script
	trace-cmd record -q -e covirt -o /tmp/trace.dat sh /tmp/life.sh >/tmp/output 2>&1 ||
		fail "trace-cmd record: $(cat /tmp/output)"
	trace-cmd report -i /tmp/trace.dat >/tmp/report 2>/tmp/errors
	rm /tmp/trace.dat
	for line in "covirt_start: *name=e0 start=1 cpus=1 memory=16777216" \
		"covirt_exit_count: *name=e0 cpu=$CPU reason=cpuid count=1" \
		"covirt_stop: *name=e0 reason=power-off"; do
		grep -q "$line" /tmp/report || fail "$(cat /tmp/errors /tmp/report): no '$line'"
	done
}

test_perf_counts()
{
	payload_make e0 "hello poweroff"
	life_script
	expect_eq "$(perf_count covirt/covirt_start sh /tmp/life.sh)" 1 "number of starts"
	expect_number "$(perf_count covirt/covirt_exit sh /tmp/life.sh)" -gt 5 "number of exits"
}

test_module_unloads_while_it_is_traced()
{
	! covirt_is_built_in || skip "covirt is no module here"
	echo 1 >$EVENTS/enable
	payload e0 "hello spin"
	wait_until grep -q covirt_exit_count $TRACING/trace
	stop e0
	echo e0 >"$CLASS/destroy"
	console_unfollow
	rmmod covirt
	[ ! -e $EVENTS ] || fail "the events are still there"
	covirt_load
	trace create
	enclave e0
	expect_eq "$(traced)" "create: name=e0" "events after loading again"
	trace
}
