# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Steady state: a co-kernel that computes and takes its own timer's interrupts makes no exit at all,
# two CPUs exit only where they send to each other, and Debian, idle or busy, has none once it has
# settled, its console open. Where COM1 has no interrupt (com1_irq), the serial driver polls it, and
# I/O is the only reason.
#
# All counters of stats/ are compared over a window in which the enclave printed nothing; what
# changed is told in notes. A window begins by state (the clock source has settled, the console is
# silent), and anew when something was printed; 5 s is its least length, never a limit. Suite xapic
# is the control: there each timer interrupt exits once, and is counted.
#
# Which events exit is decided by bits of a control structure that the processor reads. KUnit checks
# the bits; that there is no other way to exit takes a processor.

# window_begin: from here on counters are compared
window_begin()
{
	stats e0 >/tmp/before
	window_began=$(uptime_seconds)
}

# window_ends: WINDOW seconds have gone by, in which e0 printed nothing. What prints is not steady
# yet, or not any more, and the window begins anew. On a loaded machine it is longer: $seconds
window_ends()
{
	seconds=$(($(uptime_seconds) - window_began))
	[ $seconds -ge $WINDOW ] || return 1
	stats e0 >/tmp/after
	differences /tmp/before /tmp/after >/tmp/exits
	! grep -q "^console_bytes " /tmp/exits || {
		window_begin
		return 1
	}
}
WINDOW=5

# with_time TEST CPUS: TEST SECONDS, a payload that is steady for so long; with more where the
# readings came too late
with_time()
{
	payload_make e0 hello cpus="$2"
	for steady_seconds in 8 16 32 64 128 256; do
		: >/tmp/console.e0
		! "$1" $steady_seconds || return 0
		stop e0
	done
	fail "the readings do not lie within the steady time"
}

# steady_begin COMMAND: e0 runs it, and says so
steady_begin()
{
	set_attr e0 cmdline "$1"
	start e0
	wait_console e0 "payload: steady"
	window_begin
}

# payload_says PATTERN: what its last line says there
payload_says()
{
	wait_console e0 "payload: done"
	console e0 | tr -d '\r' | sed -n "s/^payload: done$1$/\1/p"
}

computes()
{
	steady_begin "timer=$1"
	wait_until window_ends
	! console_has e0 "payload: done" || return 1
	expect_eq "$(cat /tmp/exits)" "" "list of counters that changed"
	count=$(payload_says " \([0-9]*\) interrupts")
	note "0 exits in $seconds s; $count timer interrupts in $1 s"
	expect_number "$count" -gt 50 "number of timer interrupts"
}

test_payload_computes_and_takes_timer_interrupts_without_an_exit()
{
	with_time computes "$CPU"
}

enough_is_sent()
{
	[ "$(stat e0 exits_msr_write)" -ge "$enough" ] || console_has e0 "payload: done"
}

chats()
{
	steady_begin "ap=$other_id,6 chat=$other_id,$1"
	enough=$(($(stat e0 exits_msr_write) + 100))
	wait_until enough_is_sent
	stats e0 >/tmp/after
	! console_has e0 "payload: done" || return 1
	differences /tmp/before /tmp/after >/tmp/exits
	payload_says ", sent \([0-9]* received [0-9]*\)" >/tmp/chat
	note "$(tr '\n' ',' </tmp/exits) sent $(cat /tmp/chat)"
	expect_eq "$(sed 's/ .*//' /tmp/exits | tr '\n' ' ')" "exits exits_msr_write " "counters that changed"
	read -r sent _ received </tmp/chat
	expect_number "$sent" -gt 100 "number of IPIs sent"
	expect_eq "$received" "$sent" "number of IPIs received"
}

# Each with its timer, and one sends to the other.
test_two_cpus_exit_only_to_send()
{
	other_id=$(cokernel_id 1 "$CPU")
	with_time chats "$CPU2,$CPU"
}

# The kernel's log goes out directly; the serial driver, which polls where it has no
# interrupt, is not there.
QUIET="earlycon=uart8250,io,0x3f8 keep_bootcon 8250.nr_uarts=0 printk.devkmsg=on"

# debian_exits TASK CMDLINE [ATTRIBUTE=VALUE...]: exits by name in a window of Debian doing that
debian_exits()
{
	steady_task=$1
	steady_cmdline=$2
	shift 2
	debian e0 "$steady_task" cmdline="$steady_cmdline covirt.do=$steady_task $COKERNEL_PARAMS" "$@"
	set -- "$steady_task" "$steady_cmdline"
	wait_console e0 "cokernel: $1"
	window_begin
	wait_until window_ends
	expect_eq "$(get e0 state)" running state
	note "exits in $seconds s of Debian $1, $(console e0 | sed -n 's/.*cokernel: \(clock [a-z-]*\).*/\1/p'), $2:" \
		"$(tr '\n' ',' </tmp/exits | grep . || echo none)"
}

# expect_fewer COUNT: exits in each 5 s of the window
expect_fewer()
{
	total=$(sed -n 's/^exits //p' /tmp/exits)
	expect_number $((${total:-0} * 5 / seconds)) -lt "$1" "number of exits in 5 s"
}

# The 8250 driver has the port open, and waits for its interrupt.
test_idle_debian_with_its_console_open_makes_no_exit()
{
	debian_exits idle "console=ttyS0"
	expect_eq "$(cat /tmp/exits)" "" "list of counters that changed"
}

test_busy_debian_exits_rarely()
{
	debian_exits busy "$QUIET"
	expect_fewer 25
}

# The control, and how it was before the port had an interrupt.
test_debian_whose_console_has_no_interrupt_exits_only_to_poll_it()
{
	once_is_enough
	debian_exits idle "console=ttyS0" com1_irq=off
	expect_fewer 1500
	expect_number "$total" -gt 100 "number of exits"
	! grep -v "^exits \|^exits_io " /tmp/exits || fail "other exits than those of the serial port"
}
