# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What the co-kernel prints, and how much of it arrives.

# The first BYTES of the payload's flood: lines of 64 with their number and a shifted alphabet.
flood_expected()
{
	awk -v bytes="$1" 'BEGIN {
		for (line = 0; line * 64 < bytes; line++) {
			text = sprintf("%08d ", line)
			for (column = 9; column < 63; column++)
				text = text substr("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (line + column) % 26 + 1, 1)
			printf "%s\n", text
		}
	}' | head -c "$1"
}

flood_received()
{
	sed '/^payload: flood /d' /tmp/console.e0 | head -c "$1"
}

console_bytes_are()
{
	[ "$(($(stat e0 console_bytes) + $(stat e0 console_lost)))" -ge "$1" ]
}

test_nothing_is_lost_below_the_size_of_the_ring()
{
	payload_make e0 "flood=60000"
	set_attr e0 state start
	# Nobody reads until all of it is there.
	wait_until console_bytes_are 60000
	console_follow e0
	wait_console e0 "payload: flooded"
	flood_expected 60000 >/tmp/expected
	flood_received 60000 >/tmp/received
	cmp /tmp/expected /tmp/received || fail "the console differs from what was printed"
	expect_eq "$(stat e0 console_lost)" 0 "counter console_lost"
	rm /tmp/expected /tmp/received
}

test_overruns_are_counted_to_the_byte()
{
	payload_make e0 "flood=200000"
	set_attr e0 state start
	wait_until console_bytes_are 200000
	stop e0
	cat /dev/covirt/e0 >/tmp/console.e0
	kept=$(wc -c </tmp/console.e0)
	lost=$(stat e0 console_lost)
	expect_number "$lost" -gt 100000 "counter console_lost"
	expect_number "$kept" -gt 60000 "number of bytes kept"
	expect_eq $((kept + lost)) "$(($(stat e0 console_bytes) + lost))" "sum of kept and lost bytes"
	# The oldest are kept, whole and in order.
	flood_expected 60000 >/tmp/expected
	flood_received 60000 >/tmp/received
	cmp /tmp/expected /tmp/received || fail "the console differs from what was printed"
	rm /tmp/expected /tmp/received
}

test_console_is_readable_after_the_end()
{
	payload_make e0 "hello poweroff"
	set_attr e0 state start
	wait_state e0 stopped
	expect_eq "$(cat /dev/covirt/e0)" "payload: hello" console
}

test_console_of_a_fault_is_kept()
{
	payload_make e0 "hello triplefault"
	set_attr e0 state start
	wait_state e0 faulted
	expect_eq "$(cat /dev/covirt/e0)" "payload: hello" console
}

test_reading_blocks_until_there_is_something()
{
	payload e0 "timer=3"
	wait_console e0 "payload: steady"
	wait_console e0 "payload: done"
}

test_device_of_an_idle_enclave_is_at_its_end()
{
	enclave e0
	expect_eq "$(timeout 60 cat /dev/covirt/e0)" "" console
}

test_destroy_ends_a_reader()
{
	payload e0 "hello"
	wait_console e0 "payload: hello"
	stop e0
	reader=$(tail -n 1 /tmp/background)
	reader_ended()
	{
		! kill -0 "$reader" 2>/dev/null
	}
	wait_until reader_ended
}
