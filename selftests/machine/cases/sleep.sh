# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sleep of the machine: whatever enclaves have claimed is void afterwards. Memory may hold what
# another kernel has left in it, so it is cleared once more before its next use; each claimed CPU
# passes through Linux once, so that microcode and memory types are set; a dump of before is
# refused. While an enclave runs there is no sleep.
#
# The guard module writes a pattern to all claimed memory (taint), as a kernel that loads an image
# may. The negative control starts an enclave without a sleep in between, where the pattern is still
# there: clean memory is not cleared twice.
#
# The machine is suspended to RAM and woken by its clock. It has no disk (that of suite hibernate
# has), so a hibernation is what it looks like to a module: /dev/snapshot is opened and closed, which
# calls the same notifiers. Linux's freezer, notifiers and CPU hotplug in their real order are the
# point.

suite_begin()
{
	covirt_load
	# Woken up, the emulated machine does not switch itself off any more.
	echo reboot >/tmp/end
}

# The clock wakes it: late enough, or a machine that is slow to fall asleep would miss it for ever.
suspend_to_ram()
{
	echo deep >/sys/power/mem_sleep
	for seconds in 10 30 90; do
		echo 0 >/sys/class/rtc/rtc0/wakealarm
		echo +$seconds >/sys/class/rtc/rtc0/wakealarm
		! echo mem >/sys/power/state || return 0
	done
	fail "woken up before it had fallen asleep"
}

# Linux makes ready for it, and hears that it is over, as a kernel does that its image has brought
# back: a program has opened and closed the device by which images are made in user space.
hibernate()
{
	true </dev/snapshot
}

# The kernel that could load no image.
restore_in_vain()
{
	true >/dev/snapshot
}

make()
{
	payload_make e0 hello cpus="$CPU2,$CPU"
}

# How many times Linux has brought the enclave's first CPU up
brought_up()
{
	dmesg | grep -c "Booting Node .* Processor $CPU2 " || true
}

# runs_once: it starts, and ends
runs_once()
{
	start e0
	wait_console e0 "payload: hello"
	stop e0
}

# void_after COMMAND: that sleeps
void_after()
{
	make
	echo 1 >"$GUARD/taint"
	"$1"
	before=$(brought_up)
	runs_once
	expect_eq "$(cat "$GUARD/taint")" 0 "number of words that another kernel left"
	expect_eq "$(($(brought_up) - before))" 1 "number of times that Linux set the CPU up"
	expect_eq "$(get e0 cpus)" "$CPU2-$CPU" "cpus"
	expect_eq "$(online_cpus)" "0-$((CPU2 - 1))" "list of Linux's CPUs"
	runs_once
	expect_eq "$(($(brought_up) - before))" 1 "number of times that Linux set the CPU up, later"
	linux_answers
}

# First of all: twice, under load, QEMU ended when a machine was to wake up whose CPUs had run
# enclaves. Why is not known.
test_after_a_suspend_claims_are_void()
{
	void_after suspend_to_ram
}

# The negative control: who writes to clean memory behind the module's back is not noticed.
test_without_a_sleep_memory_is_not_cleared_twice()
{
	make
	echo 1 >"$GUARD/taint"
	before=$(brought_up)
	# The payload may not survive what it finds there.
	set_attr e0 state start
	expect_number "$(cat "$GUARD/taint")" -gt 0 "number of words that another kernel left"
	expect_eq "$(brought_up)" "$before" "number of times that Linux set the CPU up"
}

test_after_a_hibernation_claims_are_void()
{
	void_after hibernate
}

test_after_a_restore_that_failed_claims_are_void()
{
	void_after restore_in_vain
}

test_a_dump_does_not_show_what_a_sleep_has_left()
{
	make
	runs_once
	rm -f /tmp/ask
	mkfifo /tmp/ask
	core_fd hold /dev/covirt/e0 </tmp/ask >/tmp/answers &
	exec 3>/tmp/ask
	wait_until grep -q open /tmp/answers
	hibernate
	echo >&3
	exec 3>&-
	wait_until grep -q ESTALE /tmp/answers
}

test_no_sleep_while_an_enclave_runs()
{
	make
	start e0
	expect_eq "$(write_errno /sys/power/state mem)" EBUSY "error of going to sleep"
	dmesg -s 8192 | grep -q "covirt: no suspend while an enclave runs" ||
		fail "the kernel log does not tell why"
	! hibernate 2>/dev/null || fail "an image could be made"
	expect_eq "$(get e0 state)" running state
}

test_a_cpu_that_linux_cannot_set_up_is_kept()
{
	make
	hibernate
	echo add_cpu >"$GUARD/fail"
	expect_refused EBUSY "$CLASS/e0/state" start
	echo 0 >"$GUARD/fail"
	expect_eq "$(get e0 cpus)" "$CPU2-$CPU" "cpus"
	expect_eq "$(online_cpus)" "0-$((CPU2 - 1))" "list of Linux's CPUs"
	runs_once
}

test_a_cpu_that_does_not_go_again_is_linux_s()
{
	make
	hibernate
	echo remove_cpu >"$GUARD/fail"
	expect_refused EBUSY "$CLASS/e0/state" start
	echo 0 >"$GUARD/fail"
	expect_eq "$(get e0 cpus)" "" "cpus"
	expect_all_cpus
	set_attr e0 cpus "$CPU2,$CPU"
	runs_once
}

test_a_cpu_that_goes_back_needs_no_more()
{
	make
	hibernate
	set_attr e0 cpus ""
	set_attr e0 cpus "$CPU2,$CPU"
	before=$(brought_up)
	runs_once
	expect_eq "$(brought_up)" "$before" "number of times that Linux set the CPU up"
}
