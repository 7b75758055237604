# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Isolated CPUs: Linux keeps its own work to CPUs 1 and 3 (isolcpus=0,2), and were both taken the
# host would stand still with CPU 0 online. The last CPU for that work is refused with words,
# covirtctl check says which CPUs may go, and covirtctl run takes the isolated ones first.
#
# That a kernel stands still is what nobody wants to see as a negative control; the list of isolated
# CPUs is checked before the first case, so that the suite cannot pass on a Linux that isolates
# none. The masks are made by Linux from its command line when it boots, hence a boot of its own.

suite_begin()
{
	expect_eq "$(cat /sys/devices/system/cpu/isolated)" 0,2 "isolated CPUs"
	covirt_load
}

test_last_cpu_for_linuxs_own_work_is_refused()
{
	enclave e0
	for list in 1,3 1-3; do
		expect_refused EBUSY "$CLASS/e0/cpus" $list
		expect_match "$(last_words)" "*leave it one of 1,3*" "what last_error says"
	done
	set_attr e0 cpus 2-3
	enclave e1
	expect_refused EBUSY "$CLASS/e1/cpus" 1
	expect_eq "$(online_cpus)" 0-1 "list of Linux's CPUs"
}

test_check_tells_which_cpus_may_go()
{
	ctl 0 check
	says /tmp/out "2-3 of 0-3 can be given away; not 0: it boots and wakes Linux; not 1: it does Linux's own work"
}

# run_takes COUNT LIST
run_takes()
{
	ctl 0 run --kernel /lib/firmware/covirt/payload.elf --memory 16M --cpus "$1" --name e0 \
		--keep --append "hello poweroff"
	expect_eq "$(get e0 cpus)" "$2" "CPUs that covirtctl run takes"
	echo e0 >"$CLASS/destroy"
}

test_isolated_cpus_are_taken_first()
{
	run_takes 1 2
	run_takes 2 2-3
	ctl 1 run --kernel /lib/firmware/covirt/payload.elf --memory 16M --cpus 3
	expect_all_cpus
}
