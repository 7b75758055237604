# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Failures of Linux, put into each step of an enclave's life in turn: the guard module makes the
# N-th call from covirt of an allocator, remove_cpu(), add_cpu(), the firmware loader or the device
# core return an error, until a life comes through in which none was hit. After each, CPUs, pages,
# the hypervisor's memory and references must be what they were, and the log must say why. Every
# errno that CPU hotplug can give has words. CPUs that do not answer, do not take part, or meet a
# panic of the hypervisor, are kept or come back as the guide says.
#
# The count of steps is the control: fewer than twenty would mean that the injection has missed. The
# life in which nothing fails ends the loop, and has to succeed.
#
# Kprobes at the entry of functions are needed, since Debian's kernels have no fault injection, and
# the module is the one that users load. They patch Linux's code all the time, so the CPUs of this
# boot take turns (see testing.rst on QEMU). KUnit cannot have CPU hotplug fail under a module that
# was built for another kernel.

# The N-th call from covirt that may fail does.
let_fail()
{
	echo "$1" >"$GUARD/fail"
}

let_none_fail()
{
	echo 0 >"$GUARD/fail"
}

has_failed()
{
	! grep -q none "$GUARD/fail"
}

# attempt: an enclave's life up to its start; the error of the first step that fails
attempt()
{
	while read -r file value; do
		error=$(write_errno "$CLASS/$file" "$value")
		[ "$error" = 0 ] || return 0
	done <<-END
		create e0
		e0/cpus $CPU2,$CPU
		e0/memory 4M
		e0/firmware covirt/payload.elf
		e0/initrd covirt/payload.elf
		e0/cmdline hello
		e0/layout packed
		e0/state start
	END
}

# expect_nothing_left WHAT PIECES: a step that failed left nothing
expect_nothing_left()
{
	case $(get e0 state 2>/dev/null) in
	running) stop e0 ;;
	esac
	[ ! -e "$CLASS/e0" ] || echo e0 >"$CLASS/destroy"
	expect_all_cpus
	expect_eq "$(offline_pages)" 0 "number of pages taken, after $1"
	expect_eq "$(cat "$CLASS/hypervisor_memory" | wc -l)" "$2" \
		"pieces of the hypervisor's memory, after $1"
	no_references || fail "the module has references after $1"
}

test_each_step_of_a_start_fails_in_turn()
{
	before=$(wc -l <"$CLASS/hypervisor_memory")
	step=1
	: >/tmp/failures
	while :; do
		said=$(last_words)
		let_fail $step
		attempt
		what="step $step: $(cat "$GUARD/fail"), error $error"
		has_failed || break
		let_none_fail
		echo "$what" >>/tmp/failures
		case $error in
		0 | ENOMEM | EBUSY | EIO | ETIMEDOUT) ;;
		*) fail "$what" ;;
		esac
		# A lack of memory needs no explanation.
		[ "$error" = 0 ] || [ "$error" = ENOMEM ] || [ "$(last_words)" != "$said" ] ||
			fail "nothing in last_error, $what"
		expect_nothing_left "$what" "$before"
		step=$((step + 1))
	done
	let_none_fail
	expect_eq "$error" 0 "error where nothing failed"
	wait_until state_is e0 running
	stop e0
	note "$((step - 1)) steps failed in turn: $(sed 's/.*: [0-9]* \([a-z_]*\), error/\1/' /tmp/failures |
		sort | uniq -c | tr -s ' ' | tr '\n' ',')"
	expect_number $step -gt 20 "number of steps"
}

# The CPU that cannot be brought back is kept, and the next try may have it.
test_cpu_that_does_not_come_back_is_kept()
{
	payload e0 hello
	wait_console e0 "payload: hello"
	stop e0
	step=1
	while [ "$step" -lt 10 ]; do
		let_fail $step
		error=$(write_errno "$CLASS/e0/cpus" "")
		failed=$(cat "$GUARD/fail")
		let_none_fail
		case $failed in *add_cpu) break ;; esac
		step=$((step + 1))
	done
	expect_match "$failed" "*add_cpu" "what failed"
	expect_eq "$error" EBUSY "error where add_cpu() failed"
	expect_eq "$(get e0 cpus)" "$CPU" "cpus"
	start e0
	wait_console e0 "payload: hello"
	stop e0
	set_attr e0 cpus ""
	expect_all_cpus
	linux_answers
}

# Somebody else brings the CPU online behind the error: it is Linux's, and an enclave that kept it
# would send it an INIT.
test_cpu_that_comes_back_late_is_linux_s()
{
	enclave e0 cpus="$CPU2,$CPU"
	let_fail "add_cpu -5 late"
	set_attr e0 cpus ""
	let_none_fail
	expect_eq "$(get e0 cpus)" "" "cpus"
	expect_all_cpus
	set_attr e0 cpus "$CPU2,$CPU"
}

# told VALUE: what last_error says of that error, when CPU hotplug gives it, is a cause and a remedy
told()
{
	expect_match "$(last_words)" "*[:] *; *(error $1)*" "what is said of error $1"
}

# The errors are those that Linux gives for some cause, and one that it does not.
test_each_error_of_cpu_hotplug_has_words()
{
	enclave e0
	for value in 1 -1 -11 -12 -16 -22 -28 -95 -71; do
		let_fail "remove_cpu $value"
		[ "$(write_errno "$CLASS/e0/cpus" "$CPU")" != 0 ] || fail "taken in spite of error $value"
		told $value
		expect_eq "$(get e0 cpus)" "" "cpus after error $value"
		expect_all_cpus
	done
	let_none_fail
	set_attr e0 cpus "$CPU"
	for value in -5 -11 -12 -16 -19 -22 -38 -110 -125 -71; do
		let_fail "add_cpu $value"
		expect_eq "$(write_errno "$CLASS/e0/cpus" "")" EBUSY "error where Linux gives $value"
		told $value
		expect_eq "$(get e0 cpus)" "$CPU" "cpus after error $value"
	done
	let_none_fail
	set_attr e0 cpus ""
}

# Not one doorbell reaches them: they and their memory stay the enclave's until one does.
test_cpus_that_never_answer_are_kept_and_reported()
{
	payload e0 "hello spin" cpus="$CPU2,$CPU"
	wait_console e0 "payload: spinning"
	checksum=$(guard_checksum)
	let_fail ipi_doorbell
	expect_refused ETIMEDOUT "$CLASS/e0/state" stop
	expect_eq "$(get e0 state)" faulted state
	expect_fault e0 reason cpu-lost
	expect_refused EBUSY "$CLASS/e0/state" start
	expect_refused EBUSY "$CLASS/e0/cpus" ""
	expect_refused EBUSY "$CLASS/e0/memory" 0
	! rmmod covirt 2>/dev/null || fail "the module was unloaded"
	linux_answers
	let_none_fail
	stop e0
	expect_eq "$(get e0 state)" stopped state
	set_attr e0 cpus ""
	expect_all_cpus
	expect_eq "$(guard_checksum)" "$checksum" "checksum of Linux's memory"
}

# In the turns above this is one of the steps: here what is left is looked at closely.
test_a_start_of_which_a_cpu_does_not_take_part_is_undone()
{
	payload_make e0 hello cpus="$CPU2,$CPU"
	let_fail hv_boot_cpu
	expect_refused ETIMEDOUT "$CLASS/e0/state" start
	let_none_fail
	expect_eq "$(get e0 state)" ready state
	start e0
	wait_console e0 "payload: hello"
}

test_panic_of_the_hypervisor_stays_with_the_enclave()
{
	linux_remember
	other_id=$(cokernel_id 1 "$CPU")
	payload e0 "ap=$other_id,2 hear=1 cpuid=0 hello" cpus="$CPU2,$CPU"
	wait_console e0 "payload: listening"
	break_hypervisor exit_cpuid panic
	echo now >/dev/covirt/e0
	wait_state e0 faulted
	expect_fault e0 reason hypervisor-panic cpu "$CPU2" detail 0x6
	! console_has e0 "payload: hello" || fail "it went on"
	# The other CPU has ended too; both are Linux's again, and the memory comes clean.
	set_attr e0 cpus ""
	expect_all_cpus
	set_attr e0 memory 0
	echo e0 >"$CLASS/destroy"
	linux_is_unharmed
	mend_hypervisor
}
