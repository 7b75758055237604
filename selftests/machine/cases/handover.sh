# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The state of a CPU when it changes hands. A co-kernel writes every MSR that core/msr_policy.c lets
# it write (the list is taken from there) and fills x87, vector and debug registers; Linux must find
# each MSR as before, and the next enclave no register and no MSR that holds it. Nor may an enclave
# find what Linux had in its registers.
#
# The negative control makes the hypervisor's scrub_registers() do nothing: registers hold the
# pattern then.
#
# Which registers a processor loads and stores with a world switch, and which it leaves, is the
# question here, and only a processor answers it; KUnit (covirt-apic-handover) has the order of APIC
# accesses, with a fake for the one state that no emulator has.

# msr_of CPU MSR: as Linux reads it, or "none"
msr_of()
{
	echo "$1 $2" >"$GUARD/msr"
	first_line "$GUARD/msr"
}

# Each MSR that the policy lets a co-kernel write, in decimal, one a line.
writable_msrs()
{
	while read -r first last; do
		seq $((first)) $((last))
	done </lib/covirt/writable_msrs
}

# scribble_for MSR: a value that the processor takes, and Linux would not have
scribble_for()
{
	case $(printf %x "$1") in
	48 | 49) echo 0x1 ;;
	1d9) echo 0x2 ;;
	277) echo 0x0606060606060606 ;;
	6e0) echo 0x7fffffffffffffff ;;
	808) echo 0x50 ;;
	80b | 828) echo 0x0 ;;
	80f) echo 0x1ee ;;
	82f | 83[2-7]) echo 0x100ee ;;
	838) echo 0x7654321 ;;
	83e) echo 0x9 ;;
	83f) echo 0x31 ;;
	c0000080) echo 0x501 ;;
	c0000103) echo 0x55aa ;;
	c0000084) echo 0x55aa0 ;;
	*) echo 0x55aa55aa5000 ;;
	esac
}

# is_of_the_moment MSR: it differs between two readings without a co-kernel, too
is_of_the_moment()
{
	case $(printf %x "$1") in
	6e0 | 808 | 828 | 838 | c0000100 | c0000102) ;;
	*) return 1 ;;
	esac
}

test_no_msr_keeps_what_the_co_kernel_wrote()
{
	command=
	for msr in $(writable_msrs); do
		msr_of "$CPU" "$msr" >"/tmp/msr.$msr"
		command="$command wrmsr=$(printf '0x%x' "$msr"),$(scribble_for "$msr")"
	done
	payload e0 "$command hello"
	wait_console e0 "payload: hello"
	written=$(console e0 | grep -c "payload: wrmsr 0x")
	note "$written of $(writable_msrs | wc -l) writable MSRs were written; the others are not on this processor"
	expect_number "$written" -ge 25 "number of MSRs that were written"
	stop e0
	set_attr e0 cpus ""
	for msr in $(writable_msrs); do
		before=$(first_line "/tmp/msr.$msr")
		after=$(msr_of "$CPU" "$msr")
		name=$(printf 'MSR 0x%x' "$msr")
		[ "$after" = none ] || [ "$((after))" != $(($(scribble_for "$msr"))) ] ||
			[ "$after" = "$before" ] || fail "$name kept what the co-kernel wrote"
		is_of_the_moment "$msr" || expect_eq "$after" "$before" "$name"
	done
	linux_answers
}

# The next enclave on that CPU, too, finds nothing of it.
test_no_msr_keeps_it_for_the_next_enclave()
{
	payload e0 "wrmsr=0xc0000082,0x55aa55aa5000 wrmsr=0x175,0x55aa55aa5000 wrmsr=0xc0000103,0x55aa hello"
	wait_console e0 "payload: hello"
	stop e0
	echo e0 >"$CLASS/destroy"
	payload e1 "rdmsr=0xc0000082 rdmsr=0x175 rdmsr=0xc0000103 hello"
	wait_console e1 "payload: hello"
	expect_eq "$(console e1 | grep -c "payload: rdmsr .* = 0x0")" 3 "number of MSRs that read as 0"
}

PATTERN=0x5c0b71d5c0b71d55

# follow_scribbler: what the payload finds in the registers after a co-kernel that filled them
follow_scribbler()
{
	payload e0 "scribble=$PATTERN"
	wait_console e0 "payload: scribbled"
	stop e0
	set_attr e0 cpus ""
	echo e0 >"$CLASS/destroy"
	payload e1 "registers"
	wait_console e1 "payload: registers seen"
}

test_no_register_keeps_it_for_the_next_enclave()
{
	follow_scribbler
	! console_has e1 "registers hold" || fail "$(console e1)"
}

# Linux sets the debug registers and leaves what its programs had in the others.
test_no_register_of_linux_reaches_an_enclave()
{
	echo "$CPU $PATTERN" >"$GUARD/debug_registers"
	taskset -c "$CPU" awk 'BEGIN { for (i = 0; i < 100; i++) x += i / 3; print x }' >/dev/null
	payload e0 "registers"
	wait_console e0 "payload: registers seen"
	! console_has e0 "registers hold" || fail "$(console e0)"
}

# The negative control: without scrubbing, they do.
test_without_scrubbing_registers_pass_on()
{
	break_hypervisor scrub_registers skip
	echo "$CPU $PATTERN" >"$GUARD/debug_registers"
	follow_scribbler
	console_has e1 "registers hold" || fail "the test sees no difference"
	note "without scrubbing, registers hold: $(console e1 | sed -n 's/.*registers hold //p' | tr '\n' ',')"
	stop e1
	set_attr e1 cpus ""
	echo e1 >"$CLASS/destroy"
	mend_hypervisor
}
