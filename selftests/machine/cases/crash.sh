# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The kernel that takes the dump when Linux has panicked while an enclave runs.

first_life()
{
	covirt_load
	payload e0 "count"
	wait_console e0 "payload: counts at "
	counter=$(console e0 | tr -d '\r' | sed -n 's/.*counts at //p')
	next_life crash "nr_cpus=1 covirt.counter=$counter"
	taskset -c 0 sh -c 'echo c >/proc/sysrq-trigger'
}

# It has no use for covirt.
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
