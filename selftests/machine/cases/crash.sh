# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A panic of Linux while an enclave runs: the crash kernel starts, finds Linux's memory in
# /proc/vmcore, and the enclave goes on computing beside it, unharmed by the NMIs that a panicking
# Linux broadcasts.
#
# A counter in the enclave's memory is the control: the second kernel reads it twice by its physical
# address, and it has to move.
#
# The boot has crashkernel=, and the suite has a first life: function first_life starts the enclave,
# loads the crash kernel and panics; the cases run in the kernel after that. A second kernel on the
# same machine is what cannot be had in any other way.

first_life()
{
	covirt_load
	payload e0 "count"
	wait_console e0 "payload: counts at "
	counter=$(console e0 | tr -d '\r' | sed -n 's/.*counts at //p')
	next_life crash "nr_cpus=1 covirt.counter=$counter"
	taskset -c 0 sh -c 'echo c >/proc/sysrq-trigger'
}

# The crash kernel has no use for covirt.
suite_begin()
{
	expect_match "$(word covirt.counter)" "0x*" "address of the counter"
}

test_memory_of_linux_is_there_to_be_saved()
{
	expect_eq "$(dd if=/proc/vmcore bs=1M count=100 2>/dev/null | wc -c)" $((100 << 20)) \
		"number of bytes read"
}

test_the_enclave_goes_on()
{
	before=$(devmem "$(word covirt.counter)" 64)
	counts()
	{
		[ "$(devmem "$(word covirt.counter)" 64)" != "$before" ]
	}
	wait_until counts
}
