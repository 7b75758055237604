# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The next kernel by kexec while enclaves run: Linux stops them first, the kernel that comes has all
# CPUs and can give them to enclaves again. At the end that kernel restarts the machine with an
# enclave running, which has to be stopped as well. That both were said, in this order, is in the
# row of the boot (says, machines.py).
#
# The suite has a first life: function first_life starts the enclaves and the next kernel; the cases
# run there. Had a CPU stayed in the hypervisor, the new kernel could not bring it up, which is the
# first case. A reboot notifier is called by a rebooting kernel and nobody else.

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
