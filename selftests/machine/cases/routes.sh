# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Routes, which let an interrupt of one enclave reach another enclave or Linux: granted, counted,
# listed, revoked, and gone with the CPU that they lead to. Nothing arrives without one or after its
# end; none is lost while Linux moves its interrupt or takes the CPU that handles it offline; a
# receiver that does not run hears nothing and nobody is punished; a grant to a running enclave
# costs no exit.
#
# The first case is the negative control, in which the same interrupt without a route does not
# arrive. That none is lost is shown by a conversation (talk): the payload sends the next one when
# Linux has answered the last, so a single loss would leave it waiting.
#
# Two CPUs for enclaves are needed. KUnit (covirt-icr) has the permission maps; APICs, Linux's IRQ
# layer and CPU hotplug at once, only a machine. A route is asked for by programs/covirt_route.c.

VECTOR=100

# receiver COMMAND [ATTRIBUTE=VALUE...]: enclave e0
receiver()
{
	receiver_command=$1
	shift
	payload e0 "$receiver_command" cpus="$CPU2" "$@"
}

# sender COMMAND [ATTRIBUTE=VALUE...]: enclave e1
sender()
{
	sender_command=$1
	shift
	payload e1 "$sender_command" "$@"
}

# grant FROM TO VECTOR [COUNT]: leaves the number of the route in $id, its destination in $apicid
grant()
{
	covirt_route grant "$@" >/tmp/route || fail "grant $* refused: $(cat /tmp/route)"
	read -r _ id _ apicid _ vector _ irq </tmp/route
}

# route_in_background ARGUMENT...: of covirt_route, which goes on; otherwise as grant
route_in_background()
{
	rm -f /tmp/route
	covirt_route "$@" >/tmp/route &
	echo $! >>/tmp/background
	wait_until test -s /tmp/route
	read -r _ id _ apicid _ vector _ irq </tmp/route
}

# expect_route_refused ERROR ARGUMENT...: of covirt_route
expect_route_refused()
{
	route_error=$1
	shift
	refused_before=$(last_words)
	expect_eq "$(covirt_route "$@")" "$route_error" "error of covirt_route $*"
	[ "$(last_words)" != "$refused_before" ] || fail "last_error does not tell why $* failed"
}

# route_id CPU: the destination of a route to it, as the sender names it
route_id()
{
	if has_x2apic; then
		echo $((0x10000 + $1))
	else
		apicid_of "$1"
	fi
}

test_without_a_route_nothing_arrives()
{
	receiver_id=$(route_id "$CPU2")
	receiver "hello"
	wait_console e0 "payload: hello"
	sender "ipi=$receiver_id,$VECTOR hello"
	wait_console e1 "payload: hello"
	expect_eq "$(stat e1 ipi_denied)" 1 "counter ipi_denied"
	! console_has e0 "payload: got vector" || fail "it arrived"
}

test_a_granted_interrupt_arrives_and_no_other()
{
	receiver_id=$(route_id "$CPU2")
	linux_id=$(route_id 0)
	payload_make e0 "hello" cpus="$CPU2"
	payload_make e1 "ipi=$receiver_id,101 ipi=$linux_id,$VECTOR ipi=$receiver_id,$VECTOR hello"
	grant e1 "e0:$CPU2" "$VECTOR"
	expect_eq "$apicid" "$receiver_id" "destination"
	start e0
	wait_console e0 "payload: hello"
	start e1
	wait_console e0 "payload: got vector $VECTOR"
	wait_console e1 "payload: hello"
	expect_eq "$(console e0 | grep -c "got vector")" 1 "number of interrupts"
	expect_eq "$(stat e1 ipi_denied)" 2 "counter ipi_denied"
	expect_eq "$(covirt_route list e1)" \
		"id $id from e1:-1 to e0:$CPU2 vector $VECTOR in_force 1 count 1" "list of routes"
	expect_eq "$(stat e1 ipi_routed) $(stat e1 routes)" "1 1" "counters ipi_routed and routes"
}

# The number that means the receiver to the processors means nobody to a sender with ids of its own.
test_a_route_is_named_as_the_sender_knows_it()
{
	has_x2apic || skip "without x2APIC there are no others"
	receiver_id=$(apicid_of "$CPU2")
	payload_make e0 "hello" cpus="$CPU2"
	payload_make e1 "ipi=$receiver_id,$VECTOR hello" apic_ids=host
	grant e1 "e0:$CPU2" "$VECTOR"
	expect_eq "$apicid" "$receiver_id" "destination with the ids of the host"
	expect_refused EBUSY "$CLASS/e1/apic_ids" own
	expect_match "$(last_words)" "*revoke them first*" "last_error"
	start e0
	start e1
	wait_console e0 "payload: got vector $VECTOR"
	stop e1
	covirt_route revoke e1 "$id" || fail "the revoke was refused"
	set_attr e1 apic_ids own
	grant e1 "e0:$CPU2" "$VECTOR"
	expect_eq "$apicid" "$((0x10000 + CPU2))" "destination with own ids"
	start e1
	wait_console e1 "payload: hello"
	expect_eq "$(stat e1 ipi_denied) $(stat e1 ipi_routed)" "1 0" "counters ipi_denied and ipi_routed"
}

test_only_the_cpu_that_is_named_may_send()
{
	first=$(cpus_in "$(cat "$BASELINE")" | sed -n 2p)
	payload_make e0 "hello" cpus="$first"
	payload_make e1 "" cpus="$CPU2,$CPU"
	grant e1:"$CPU" "e0:$first" "$VECTOR"
	set_attr e1 cmdline "ipi=$apicid,$VECTOR hello"
	start e0
	start e1
	wait_console e1 "payload: hello"
	expect_eq "$(stat e1 ipi_denied) $(stat e1 ipi_routed)" "1 0" "counters ipi_denied and ipi_routed"
	grant e1:"$CPU2" "e0:$first" "$VECTOR"
	stop e1
	start e1
	wait_console e0 "payload: got vector $VECTOR"
}

# ungranted_exits: by name, but those that the sender's timer makes anyhow: where what arrives is
# filtered, and where its APIC is in memory
ungranted_exits()
{
	for name in e1 e0; do
		stats "$name" | grep exits_ | grep -vE 'exits_(interrupt|nested_fault)'
		! has_x2apic || stats "$name" | grep exits_nested_fault
	done
}

test_a_grant_to_a_running_enclave_needs_no_exit()
{
	receiver "hello"
	wait_console e0 "payload: hello"
	sender "timer=100000"
	wait_console e1 "payload: steady"
	ungranted_exits >/tmp/before
	grant e1 "e0:$CPU2" "$VECTOR"
	ungranted_exits >/tmp/after
	! console_has e1 "payload: done" || fail "the readings do not lie within the steady time"
	expect_eq "$(diff /tmp/before /tmp/after)" "" "difference in exits"
}

tallies()
{
	console e0 | grep -c "payload: tally [0-9]"
}

has_tallied()
{
	[ "$(tallies)" -gt 0 ]
}

# sends_on: the sender sends many more in vain
sends_on()
{
	denied=$(stat e1 ipi_denied)
	goes_on()
	{
		[ "$(stat e1 ipi_denied)" -gt $((denied + 20000)) ]
	}
	wait_until goes_on
}

# After the revoke the sender goes on as before.
test_after_a_revoke_nothing_arrives()
{
	payload_make e0 "tally=$VECTOR" cpus="$CPU2"
	payload_make e1 ""
	grant e1 "e0:$CPU2" "$VECTOR"
	set_attr e1 cmdline "pump=$apicid,$VECTOR"
	start e0
	start e1
	is_pumping()
	{
		[ "$(stat e1 ipi_routed)" -gt 100 ]
	}
	wait_until is_pumping
	expect_eq "$(stat e1 ipi_denied)" 0 "counter ipi_denied"
	doorbells_before=$(stat e1 exits_doorbell)
	covirt_route revoke e1 "$id" || fail "the revoke was refused"
	routed=$(stat e1 ipi_routed)
	expect_eq "$(stat e1 exits_doorbell)" $((doorbells_before + 1)) "doorbells acknowledged"
	# A receiver that had no turn still has one to tell.
	wait_until has_tallied
	sends_on
	tally=$(tallies)
	sends_on
	expect_eq "$(stat e1 ipi_routed)" "$routed" "counter ipi_routed"
	expect_eq "$(tallies)" "$tally" "number of tallies"
	expect_eq "$(covirt_route list e1)" "" "list of routes"
}

test_an_interrupt_to_linux_is_an_ordinary_one()
{
	payload_make e1 ""
	route_in_background count e1 0 /tmp/counted
	set_attr e1 cmdline "ipi=$apicid,$vector hello"
	start e1
	wait_console e1 "payload: hello"
	is_counted()
	{
		[ "$(cat /tmp/counted)" = 1 ]
	}
	wait_until is_counted
	expect_match "$(sed -n "s/^ *$irq: *//p" /proc/interrupts)" "*covirt-e1" "line of /proc/interrupts"
	expect_match "$(covirt_route list e1)" "id $id from e1:-1 to linux:[01] vector $vector in_force 1 count 1*" \
		"list of routes"
}

# talk ROUNDS: the payload sends the next one when Linux has answered the last one, so that
# it does not come to the end if one is lost.
talk()
{
	payload_make e1 ""
	route_in_background echo e1:"$CPU" 0 "$VECTOR"
	set_attr e1 cmdline "talk=$apicid,$vector,$VECTOR,$1"
	start e1
	wait_console e1 "payload: talk begins"
}

expect_talked()
{
	wait_console e1 "payload: talked $1"
	expect_eq "$(stat e1 ipi_routed) $(stat e1 ipi_denied)" "$1 0" "counters ipi_routed and ipi_denied"
	! log_of_test | grep -i "no irq handler" || fail "an interrupt came where none was expected"
}

test_none_is_lost_while_linux_moves_its_interrupt()
{
	rounds=3000
	talk $rounds
	moves=0
	until console_has e1 "payload: talked"; do
		echo $((1 + moves % 2)) >"/proc/irq/$irq/smp_affinity"
		moves=$((moves + 1))
		[ $moves -lt 100000 ] || fail "only $(stat e1 ipi_routed) of $rounds were answered"
	done
	expect_talked $rounds
	expect_number $moves -gt 4 "number of moves"
	note "$moves moves"
	expect_match "$(sed -n "s/^ *$irq: *//p" /proc/interrupts)" "[1-9]* [1-9]*" \
		"interrupts on CPU 0 and 1"
}

test_none_is_lost_when_the_cpu_that_handles_them_goes_offline()
{
	rounds=3000
	talk $rounds
	for round in 1 2 3; do
		echo 2 >"/proc/irq/$irq/smp_affinity"
		echo 0 >/sys/devices/system/cpu/cpu1/online
		echo 1 >/sys/devices/system/cpu/cpu1/online
	done
	expect_talked $rounds
	expect_all_online
}

expect_all_online()
{
	expect_eq "$(cat /sys/devices/system/cpu/cpu1/online)" 1 "CPU 1 online"
}

test_linux_may_interrupt_too()
{
	payload_make e1 "hello"
	grant linux e1:"$CPU" "$VECTOR"
	expect_route_refused EIO raise e1 "$id"
	start e1
	wait_console e1 "payload: hello"
	covirt_route raise e1 "$id" || fail "refused"
	wait_console e1 "payload: got vector $VECTOR"
	expect_match "$(covirt_route list e1)" "*from linux:-1 to e1:$CPU vector $VECTOR in_force 1 count 1" \
		"list of routes"
	covirt_route revoke e1 "$id" || fail "the revoke was refused"
	expect_route_refused ENOENT raise e1 "$id"
}

# The route stays permitted, so that on_ipi does not apply.
test_who_does_not_run_hears_nothing()
{
	payload_make e0 "hello" cpus="$CPU2"
	payload_make e1 "" on_ipi=fault
	grant e1 "e0:$CPU2" "$VECTOR"
	set_attr e1 cmdline "pump=$apicid,$VECTOR"
	start e1
	is_unheard()
	{
		[ "$(stat e1 ipi_unheard)" -gt 10 ]
	}
	wait_until is_unheard
	expect_eq "$(stat e1 ipi_routed)" 0 "counter ipi_routed"
	start e0
	wait_console e0 "payload: got vector $VECTOR"
	stop e0
	routed=$(stat e1 ipi_routed)
	unheard=$(stat e1 ipi_unheard)
	is_unheard_again()
	{
		[ "$(stat e1 ipi_unheard)" -gt $((unheard + 100)) ]
	}
	wait_until is_unheard_again
	expect_eq "$(stat e1 ipi_routed)" "$routed" "counter ipi_routed"
	expect_eq "$(get e1 state)" running state
}

test_a_cpu_goes_back_to_linux_without_its_routes()
{
	linux_remember
	payload_make e0 "hello" cpus="$CPU2"
	payload_make e1 ""
	grant e1 "e0:$CPU2" "$VECTOR"
	set_attr e1 cmdline "pump=$apicid,$VECTOR"
	start e0
	start e1
	wait_console e0 "payload: got vector $VECTOR"
	stop e0
	set_attr e0 cpus ""
	expect_eq "$(covirt_route list e1)" "" "list of routes"
	denied=$(stat e1 ipi_denied)
	is_denied()
	{
		[ "$(stat e1 ipi_denied)" -gt $((denied + 100)) ]
	}
	wait_until is_denied
	! log_of_test | grep -i "no irq handler" || fail "an interrupt of the enclave reached Linux"
	linux_is_unharmed
}

test_a_new_route_has_been_used_by_nobody()
{
	once_is_enough
	receiver hello
	payload_make e1 ""
	grant e1 "e0:$CPU2" "$VECTOR"
	set_attr e1 cmdline "ipi=$apicid,$VECTOR ipi=$apicid,$VECTOR hello"
	start e1
	wait_console e1 "payload: hello"
	expect_match "$(covirt_route list e1)" "*count 2*" "route that was used"
	covirt_route revoke e1 "$id"
	grant e1 "e0:$CPU2" 120
	expect_match "$(covirt_route list e1)" "*count 0*" "new route"
}

# Others see a CPU while it is taken, and it goes back when the next one cannot be taken.
test_a_cpu_that_is_not_kept_has_no_routes()
{
	step=$(sed -n 's/^ *\([0-9]*\): workqueue:online$/\1/p' /sys/devices/system/cpu/hotplug/states)
	enclave e0
	enclave e1 cpus="$(cpus_in "$(online_cpus)" | sed -n 2p)"
	for _ in 1 2 3; do
		: >/tmp/granting
		while [ -e /tmp/granting ]; do
			covirt_route grant e1 e0:"$CPU2" "$VECTOR" || true
		done >/tmp/granted 2>&1 &
		echo "$step" >"/sys/devices/system/cpu/cpu$CPU/hotplug/fail"
		! echo "$CPU2,$CPU" >"$CLASS/e0/cpus" 2>/dev/null || fail "CPU $CPU did not fail"
		rm /tmp/granting
		wait $!
		expect_eq "$(covirt_route list e1)" "" "list of routes"
		expect_eq "$(get e0 cpus)" "" "CPUs"
		grep -q EBUSY /tmp/granted || fail "nothing was tried meanwhile: $(sort -u /tmp/granted)"
	done
}

test_what_is_no_route_is_refused()
{
	once_is_enough
	enclave e0 cpus="$CPU2"
	enclave e1 cpus="$CPU"
	expect_route_refused EINVAL grant e1 e0:"$CPU" 100
	expect_route_refused EINVAL grant e1 e0 100
	expect_route_refused EINVAL grant e1:0 e0:"$CPU2" 100
	expect_route_refused EINVAL grant e1 e0:"$CPU2" 31
	expect_route_refused EINVAL grant e1 e0:"$CPU2" 256
	expect_route_refused EINVAL grant e1 e1:"$CPU" 100
	expect_route_refused EINVAL grant linux e1:"$CPU2" 100
	expect_route_refused ENOENT revoke e1 12345
	grant e1 "e0:$CPU2" 100
	expect_route_refused EEXIST grant e1:"$CPU" e0:"$CPU2" 100
	expect_route_refused ENOENT revoke e0 "$id"
	grant e1 "e0:$CPU2" 101 31
	expect_route_refused ENOSPC grant e1 e0:"$CPU2" 132
	expect_eq "$(stat e1 routes)" 32 "number of routes"
	echo e1 >"$CLASS/destroy"
	echo e0 >"$CLASS/destroy"
	expect_all_cpus
}
