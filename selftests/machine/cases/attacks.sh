# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Interrupts as a weapon: one enclave writes every vector in every delivery mode, thousands of
# values drawn from a seed, and the same value without end, to its interrupt command register (ICR).
# A second enclave (the witness) and Linux, in /proc/interrupts, count what they get, which must be
# the one vector that a route grants, and otherwise nothing. How late Linux's timer is meanwhile is
# printed for the reader; no case depends on it.
#
# The negative control is the first case: the witness counts a vector that is granted to it, so a
# count of zero says that none came. That Linux would be hit if the ICR were not filtered is shown
# by suite unprotected.
#
# Two CPUs for enclaves are needed. KUnit (covirt-icr) and the fuzzer (icr) try the filter's
# decision for all values; that the backend asks the filter at each write, and that a processor then
# sends no more than it said, takes a machine.

VECTOR=100	# the only one that is granted
ICRS=10000	# random values written to the ICR
! machine_is_slow || ICRS=2000
NAPS=500	# of a millisecond, each time that Linux's timer is measured

# strange_interrupts: Linux's counts of interrupts that are not its own, or broken, and of its NMIs
strange_interrupts()
{
	sed -n 's/^ *\(NMI\|SPU\|ERR\|MIS\|PIN\|NPI\|PIW\|TRM\|THR\|DFR\|MCE\|UIR\): *\(.*\)/\1 \2/p' /proc/interrupts |
		sed 's/  *[A-Z][a-z].*//'
}

# two_enclaves COMMAND [ATTRIBUTE=VALUE...]: e0 witnesses, e1 does that; a word @route of it is the
# destination of the route to e0
two_enclaves()
{
	attack=$1
	shift
	payload_make e0 "witness=$VECTOR" cpus="$CPU2"
	payload_make e1 "" "$@"
	covirt_route grant e1 e0:"$CPU2" $VECTOR >/tmp/route || fail "grant refused: $(cat /tmp/route)"
	set_attr e1 cmdline "$(echo "$attack" | sed "s/@route/$(route_destination)/")"
	linux_remember
	strange_interrupts >/tmp/strange
	start e0
	wait_console e0 "payload: witness 0 others 0"
	start e1
}

# route_destination: of the last grant
route_destination()
{
	sed 's/.*apicid \([0-9]*\).*/\1/' /tmp/route
}

# witnessed: the last "COUNT others OTHERS"
witnessed()
{
	console e0 | tr -d '\r' | sed -n 's/^payload: witness \(.*\)/\1/p' | tail -n 1
}

# expect_only_what_is_granted: and that was sent
expect_only_what_is_granted()
{
	routed=$(stat e1 ipi_routed)
	has_all()
	{
		[ "$routed" = 0 ] || [ "$(witnessed)" != "0 others 0" ]
	}
	wait_until has_all
	expect_match "$(witnessed)" "* others 0" "what has arrived in e0"
	arrived=$(witnessed)
	expect_number "${arrived% others*}" -le "$routed" "number of granted interrupts"
	strange_interrupts >/tmp/strange.now
	expect_eq "$(diff /tmp/strange /tmp/strange.now)" "" "strange interrupts of Linux"
	! log_of_test | grep -i "no irq handler\|spurious" || fail "Linux got what is not its own"
	linux_is_unharmed
	linux_answers
	expect_eq "$(get e0 state) $(get e1 state)" "running running" "states"
}

# The negative control: who counts does count.
test_the_witness_sees_what_it_gets()
{
	two_enclaves "hello"
	covirt_route grant e1 e0:"$CPU2" 101 >/tmp/route || fail "grant refused: $(cat /tmp/route)"
	stop e1
	set_attr e1 cmdline "ipi=$(route_destination),101"
	start e1
	wait_console e0 "payload: witness 0 others 1"
}

# Twice: with the processors' ids at Linux and the victim, and with the enclave's own. There 0 is
# itself, and the victim's id, which is no id of its own, means nobody.
test_every_vector_in_every_mode()
{
	two_enclaves "assault=$(apicid_of 0),@route hello" apic_ids=host
	expect_assault_is_in_vain
}

test_every_vector_in_every_mode_by_ids_of_its_own()
{
	has_x2apic || skip "without x2APIC there are none"
	two_enclaves "assault=$(apicid_of "$CPU2"),@route hello"
	expect_assault_is_in_vain
}

expect_assault_is_in_vain()
{
	wait_console e1 "payload: attacked 8192"
	wait_console e1 "payload: hello"
	# The one vector, once by its APIC id; four CPUs at once are not all its own.
	expect_eq "$(stat e1 ipi_routed)" 1 "counter ipi_routed"
	expect_eq "$(stat e1 ipi_denied)" 8191 "counter ipi_denied"
	expect_only_what_is_granted
	expect_eq "$(witnessed)" "1 others 0" "what has arrived in e0"
}

test_values_that_nobody_thought_of()
{
	two_enclaves "icrs=4711,$ICRS hello"
	wait_console e1 "payload: attacked $ICRS"
	wait_console e1 "payload: hello"
	note "$(stat e1 ipi_denied) of $ICRS denied"
	expect_number "$(stat e1 ipi_denied)" -gt $((ICRS / 2)) "counter ipi_denied"
	expect_only_what_is_granted
}

test_a_hail_on_linux_is_not_felt()
{
	payload_make e1 "hail=$(apicid_of 0)" apic_ids=host
	linux_remember
	strange_interrupts >/tmp/strange
	quiet=$(taskset -c 0 jitter $NAPS)
	start e1
	wait_console e1 "payload: hail"
	denied=$(stat e1 ipi_denied)
	stormy=$(taskset -c 0 jitter $NAPS)
	expect_number "$(stat e1 ipi_denied)" -gt $((denied + 1000)) "counter ipi_denied"
	note "a nap of 1 ms is late by $quiet ns, in the hail by $stormy ns: ratio" \
		"$((stormy * 100 / (quiet + 1))) %"
	strange_interrupts >/tmp/strange.now
	expect_eq "$(diff /tmp/strange /tmp/strange.now)" "" "strange interrupts of Linux"
	linux_is_unharmed
	linux_answers
}

test_a_hail_on_another_enclave_is_not_felt()
{
	victim_id=$(apicid_of "$CPU2")
	two_enclaves "hail=$victim_id" apic_ids=host
	wait_console e1 "payload: hail"
	hails()
	{
		[ "$(stat e1 ipi_denied)" -gt 3000 ]
	}
	wait_until hails
	expect_only_what_is_granted
	expect_eq "$(witnessed)" "0 others 0" "what has arrived in e0"
}
