# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The kernel that Linux becomes by kexec while enclaves run. That they were stopped before, and
# again when that one restarts the machine, is in the kernel log: see the row in machines.py.

first_life()
{
	covirt_load
	payload e1 "hello halt" cpus="$CPU2"
	payload e0 "hello spin"
	wait_console e0 "payload: spinning"
	wait_console e1 "payload: halted"
	next_life restart "covirt.cpus=$(cat "$BASELINE")"
}

suite_end()
{
	payload e2 "hello spin"
	wait_console e2 "payload: spinning"
	echo reboot >/tmp/end
}

test_every_cpu_is_there()
{
	expect_all_cpus
	expect_eq "$(online_cpus)" "$(word covirt.cpus)" "the list of CPUs"
	linux_answers
}

test_their_cpus_run_enclaves_again()
{
	payload e0 hello cpus="$CPU2,$CPU"
	wait_console e0 "payload: hello"
	stop e0
	linux_answers
}
