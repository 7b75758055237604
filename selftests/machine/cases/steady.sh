# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Steady state: the co-kernel computes and takes its own timer's interrupts without an exit.

test_payload_computes_and_takes_timer_interrupts_without_an_exit()
{
	payload e0 "timer=15"
	wait_console e0 "payload: steady"
	stats e0 >/tmp/before
	deadline=$(($(uptime_seconds) + 5))
	measured()
	{
		[ "$(uptime_seconds)" -ge $deadline ]
	}
	wait_until measured
	stats e0 >/tmp/after
	! console_has e0 "payload: done" || fail "the readings do not lie within the steady time"
	expect_eq "$(differences /tmp/before /tmp/after)" "" "list of counters that changed"
	wait_console e0 "payload: done"
	count=$(console e0 | sed -n 's/payload: done \([0-9]*\) interrupts/\1/p')
	note "0 exits in 5 s; $count timer interrupts in 15 s"
	expect_number "$count" -gt 500 "number of timer interrupts"
}

# Each with its timer, and one sends to the other.
test_two_cpus_exit_only_to_send()
{
	other_id=$(apicid_of "$CPU")
	payload e0 "ap=$other_id,6 chat=$other_id,20" cpus="$CPU2,$CPU"
	wait_console e0 "payload: steady"
	stats e0 >/tmp/before
	enough=$(($(stat e0 exits_msr_write) + 100))
	sends()
	{
		[ "$(stat e0 exits_msr_write)" -ge $enough ]
	}
	wait_until sends
	stats e0 >/tmp/after
	! console_has e0 "payload: done" || fail "the readings do not lie within the steady time"
	differences /tmp/before /tmp/after >/tmp/exits
	wait_console e0 "payload: done"
	note "$(tr '\n' ',' </tmp/exits) $(console e0 | tr -d '\r' | grep done)"
	expect_eq "$(sed 's/ .*//' /tmp/exits | tr '\n' ' ')" "exits exits_msr_write " "counters that changed"
	console e0 | tr -d '\r' | sed -n 's/.*done, sent \([0-9]*\) received/\1/p' >/tmp/chat
	read -r sent received </tmp/chat
	expect_number "$sent" -gt 100 "number of IPIs sent"
	expect_eq "$received" "$sent" "number of IPIs received"
}

# The kernel's log goes out directly; the serial driver, which polls where it has no
# interrupt, is not there.
QUIET="earlycon=uart8250,io,0x3f8 keep_bootcon 8250.nr_uarts=0 printk.devkmsg=on"

# debian_exits TASK CMDLINE: exits by name in 5 s of Debian doing that
debian_exits()
{
	debian e0 "$1" cmdline="$2 covirt.do=$1 $COKERNEL_PARAMS"
	wait_console e0 "cokernel: $1"
	stats e0 >/tmp/before
	deadline=$(($(uptime_seconds) + 5))
	measured()
	{
		[ "$(uptime_seconds)" -ge $deadline ]
	}
	wait_until measured
	stats e0 >/tmp/after
	expect_eq "$(get e0 state)" running state
	differences /tmp/before /tmp/after >/tmp/exits
	note "exits in 5 s of Debian $1, $2: $(tr '\n' ',' </tmp/exits | grep . || echo none)"
}

# expect_fewer COUNT: exits in those 5 s
expect_fewer()
{
	total=$(sed -n 's/^exits //p' /tmp/exits)
	expect_number "${total:-0}" -lt "$1" "number of exits in 5 s"
}

test_idle_debian_exits_rarely()
{
	debian_exits idle "$QUIET"
	expect_fewer 25
}

test_busy_debian_exits_rarely()
{
	debian_exits busy "$QUIET"
	expect_fewer 25
}

test_debian_with_a_serial_driver_exits_only_to_poll_it()
{
	debian_exits idle "console=ttyS0"
	expect_fewer 1500
	! grep -v "^exits \|^exits_io " /tmp/exits || fail "other exits than those of the serial port"
}
