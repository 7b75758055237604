# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The doorbell, an NMI by which Linux reaches the hypervisor: it arrives whatever the guest does
# (waits, spins with interrupts off, is halted, computes with a timer, prints without end), and the
# guest never sees it.
#
# Each guest is rung ten times without a command, as another NMI of Linux's would; the counter of
# idle doorbells must show ten, and the console no line more. Then the enclave is stopped, which
# needs the doorbell, too.
#
# An NMI in each of these states is a matter of the processor: intercepts, NMI blocking, the shadow
# behind STI. KUnit judges the state that the guest is entered with afterwards (covirt-entry-state),
# and whether the doorbell comes at all is left to a machine.

# stops: e0, whatever it does
stops()
{
	stop e0
	expect_eq "$(get e0 state)" stopped state
	expect_eq "$(get e0 fault)" none fault
	expect_number "$(stat e0 doorbells)" -ge 1 "counter doorbells"
	set_attr e0 cpus ""
	linux_answers
}

test_stops_a_guest_that_prints_for_ever()
{
	payload e0 flood=1000000000
	wait_console e0 "payload: flood"
	stops
}

# never_sees COMMAND TEXT: ring without a command, as another NMI of Linux would; then with one
never_sees()
{
	apicid=$(apicid_of "$CPU")
	payload e0 "$1"
	wait_console e0 "$2"
	lines=$(console e0 | wc -l)
	for ring in 1 2 3 4 5 6 7 8 9 10; do
		echo "$apicid" >"$GUARD/nmi"
		rung()
		{
			[ "$(stat e0 doorbell_idle)" -ge $ring ]
		}
		wait_until rung
	done
	expect_eq "$(stat e0 doorbell_idle)" 10 "counter doorbell_idle"
	expect_eq "$(console e0 | wc -l)" "$lines" "number of lines on the console"
	expect_eq "$(get e0 state)" running state
	stops
}

test_never_reaches_a_waiting_guest_and_stops_it()
{
	never_sees hello "payload: hello"
}

# Interrupts are off there, and where it has halted.
test_never_reaches_a_spinning_guest_and_stops_it()
{
	never_sees spin "payload: spinning"
}

test_never_reaches_a_halted_guest_and_stops_it()
{
	never_sees halt "payload: halted"
}

test_never_reaches_a_computing_guest_and_stops_it()
{
	never_sees timer=100000 "payload: steady"
}
