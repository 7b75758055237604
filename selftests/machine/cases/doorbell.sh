# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The doorbell reaches the hypervisor whatever the guest does, and never the guest.

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
