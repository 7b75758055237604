# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The console of an enclave, both ways: what the co-kernel prints at its COM1 and Linux reads from
# /dev/covirt/NAME, and what is typed there. Shown are that no byte is lost below the size of the
# ring and each lost one is counted above it, that readers, writers and poll() block, wake up and
# end as a device should, and what errors a console gives where nothing runs.
#
# The counters are the control of the data, and the data that of the counters: the payload prints
# numbered lines, which are compared to the byte.
#
# Rings and UART have KUnit suites (covirt-console-ring, covirt-input-ring, covirt-uart16550) and
# fuzzers (rings, com1). Left for a machine is what these lack: two CPUs at the two ends of a ring,
# the device file with processes that sleep on it, and the end of an enclave under their hands. None
# of it depends on the processor, so Bochs does without.

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

test_device_of_an_idle_enclave_is_at_its_end()
{
	enclave e0
	expect_eq "$(timeout 600 cat /dev/covirt/e0)" "" console
}

# The one that console_follow began.
reader_is_blocked()
{
	grep -q "S (sleeping)" "/proc/$(tail -n 1 /tmp/background)/status"
}

reader_ended()
{
	! kill -0 "$(tail -n 1 /tmp/background)" 2>/dev/null
}

test_an_enclave_without_an_image_ends_a_reader()
{
	payload_make e0 hello
	console_follow e0
	wait_until reader_is_blocked
	set_attr e0 firmware ""
	wait_until reader_ended
}

test_destroy_ends_a_reader()
{
	payload e0 "hello"
	wait_console e0 "payload: hello"
	stop e0
	wait_until reader_ended
}

# type_in ENCLAVE TEXT: a line
type_in()
{
	echo "$2" >"/dev/covirt/$1"
}

# A reader waits meanwhile until there is something.
test_what_is_typed_is_heard()
{
	payload e0 "hear=2"
	wait_console e0 "payload: listening"
	wait_until reader_is_blocked
	type_in e0 "first words"
	wait_console e0 "payload: heard first words"
	type_in e0 "and more"
	wait_console e0 "payload: heard and more"
}

# More than the ring holds: who types waits for who listens.
test_no_byte_that_is_typed_is_lost()
{
	payload e0 "drain=10000"
	wait_console e0 "payload: listening"
	flood_expected 10000 >/dev/covirt/e0
	wait_console e0 "payload: drained, wrong 0"
}

# ring_is_full: after a byte more, which the UART may have left room for
ring_is_full()
{
	[ "$(console_poll /dev/covirt/e0 write 1)" = EAGAIN ]
}

test_nobody_listens_and_the_ring_fills()
{
	payload e0 spin
	wait_console e0 "payload: spinning"
	expect_eq "$(console_poll /dev/covirt/e0 write 2000)" 512 "bytes written at once"
	expect_match "$(console_poll /dev/covirt/e0)" "*out*" events
	for round in 1 2 3; do
		console_poll /dev/covirt/e0 write 512 >/dev/null
	done
	wait_until ring_is_full
	expect_eq "$(console_poll /dev/covirt/e0)" "" events
}

test_stop_ends_a_writer()
{
	payload e0 spin
	wait_console e0 "payload: spinning"
	(flood_expected 5000 >/dev/covirt/e0) 2>/tmp/writer &
	writer=$!
	wait_until ring_is_full
	kill -0 $writer || fail "the writer did not wait"
	stop e0
	! wait $writer || fail "the writer heard nothing of the end"
}

test_nothing_runs_that_could_hear()
{
	payload_make e0 hello
	expect_eq "$(console_poll /dev/covirt/e0 write 5)" EIO "error of writing before the start"
	start e0
	wait_console e0 "payload: hello"
	stop e0
	expect_eq "$(console_poll /dev/covirt/e0 write 5)" EIO "error of writing after the end"
	expect_match "$(console_poll /dev/covirt/e0)" "*hup*" events
}

test_poll_says_when_there_is_something()
{
	payload_make e0 "hear=1"
	set_attr e0 state start
	console_poll /dev/covirt/e0 in 600 || fail "nothing to read"
	console_poll /dev/covirt/e0 read 4096 >/dev/null
	expect_eq "$(console_poll /dev/covirt/e0 read 10)" EAGAIN "error of reading where nothing is"
	! console_poll /dev/covirt/e0 in 0 || fail "there is still something to read"
	console_poll /dev/covirt/e0 in 600 &
	poller=$!
	type_in e0 "anything"
	wait $poller || fail "the poll did not end"
}

test_a_short_buffer_gets_the_next_bytes()
{
	payload_make e0 "flood=640"
	set_attr e0 state start
	wait_until console_bytes_are 640
	for round in 1 2 3 4; do
		dd if=/dev/covirt/e0 bs=7 count=1 2>/dev/null
	done >/tmp/received
	expect_eq "$(cat /tmp/received)" "payload: flood 640
00000000 " "first 28 bytes"
	rm /tmp/received
}

test_two_readers_share_the_stream()
{
	payload_make e0 "flood=60000"
	set_attr e0 state start
	cat /dev/covirt/e0 >/tmp/one &
	cat /dev/covirt/e0 >/tmp/two &
	wait_until console_bytes_are 60000
	stop e0
	wait
	expect_eq $(($(wc -c </tmp/one) + $(wc -c </tmp/two))) "$(stat e0 console_bytes)" \
		"bytes that both have read"
	rm /tmp/one /tmp/two
}
