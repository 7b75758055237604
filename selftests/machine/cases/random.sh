# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Misdeeds that nobody thought of: the payload draws MSRs, ports, control registers, ICR values,
# XCR0, DR7, instructions of virtualization, addresses, and bytes that it executes at ring 0, from a
# seed, 10,000 of them in both layouts. A life may end contained, at its last step, or lost in its
# own rubble, from where stopping it must work; Linux is unharmed after each.
#
# Anything else fails, and the seed, which is in the kernel log before the life begins, repeats it.
# "make soak" draws without end.
#
# The fuzzers try handlers with any exit and KUnit the tables; here a processor decides what exits
# at all.

STEPS=10000	# in a test
LIFE=2000	# at most in one life; most end by themselves before
PATIENCE=5	# seconds without a step after which a life has got lost in its own rubble

suite_begin()
{
	covirt_load
	linux_remember
}

# How a life may end. Anything else is a mistake of the hypervisor's.
is_containment()
{
	case $1 in
	memory-violation | triple-fault | guest-reset | power-off | string-io) ;;
	undecoded-instruction) ;;
	*) return 1 ;;
	esac
}

steps_done()
{
	sed -n 's/^payload: steps \([0-9]*\).*/\1/p' /tmp/console.e0 | tail -n 1
}

# A life is over when it has ended, says so, or says no more.
life_is_over()
{
	! state_is e0 running || console_has e0 "payload: random end" ||
		console_has e0 "payload: exception" || {
		now=$(wc -c </tmp/console.e0)
		[ "$now" = "$said" ] || said_at=$(uptime_seconds)
		said=$now
		[ $(($(uptime_seconds) - said_at)) -ge $PATIENCE ]
	}
}

# live SEED: one life; the number of its steps is in $steps
live()
{
	# The seed is printed first: it has to be known whatever happens next, even to Linux.
	log "seed $1"
	echo "seed $1"
	rm -f /tmp/console.e0
	set_attr e0 cmdline "random=$1,$LIFE"
	start e0
	said=
	said_at=$(uptime_seconds)
	wait_until life_is_over
	if state_is e0 running; then
		stop e0
	else
		reason=$(get e0 fault | sed -n 's/^reason: //p')
		is_containment "$reason" || {
			get e0 fault
			fail "seed $1: ends by $reason"
		}
		echo "$reason" >>/tmp/reasons
	fi
	steps=$(steps_done)
	steps=${steps:-0}
	linux_is_unharmed
}

# live_on SEED STEPS: lives with that seed and the next ones, until they have done so many steps
live_on()
{
	seed=$1
	total=0
	: >/tmp/reasons
	while [ "$total" -lt "$2" ]; do
		live "$seed"
		total=$((total + steps))
		seed=$((seed + 1))
	done
	note "$total steps in $((seed - $1)) lives from seed $1;" \
		"$(sort /tmp/reasons | uniq -c | tr -s ' ' | tr '\n' ',')"
}

test_random_misdeeds_are_contained()
{
	payload_make e0 hello memory=4M
	live_on 1 $STEPS
}

test_random_misdeeds_in_packed_layout_are_contained()
{
	payload_make e0 hello memory=4M layout=packed
	live_on 1001 $((STEPS / 10))
}
