# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# CPUs on their way from Linux to an enclave and back: claimed, released, moved by writing another
# list, refused (the boot CPU, an offline one, another enclave's, a list that ends badly), and kept
# from coming online behind the enclave's back, be it idle or running.
#
# The list of Linux's CPUs is compared before and after each case, and a CPU that came back has to
# take timer interrupts again; refusals have to leave that list as it was.
#
# CPU hotplug is Linux's own, with its callbacks and locks, and how a CPU is woken depends on the
# vendor: nothing but a running kernel has either. What each error of hotplug leads to is shown by
# suite failures, threads of a core by suite smt.

test_claimed_cpu_leaves_linux_and_comes_back()
{
	enclave e0 cpus=3
	expect_eq "$(get e0 cpus)" 3 "cpus"
	expect_eq "$(online_cpus)" 0-2 "list of Linux's CPUs"
	set_attr e0 cpus ""
	expect_eq "$(get e0 cpus)" "" "cpus"
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
	linux_answers
}

test_all_but_the_boot_cpu_can_be_taken()
{
	enclave e0 cpus=1-3
	expect_eq "$(online_cpus)" 0 "list of Linux's CPUs"
	expect_eq "$(get e0 cpus)" 1-3 "cpus"
}

test_boot_cpu_is_refused()
{
	once_is_enough
	enclave e0
	for list in 0 0-1 0-3 0,2; do
		expect_refused EINVAL "$CLASS/e0/cpus" "$list"
	done
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
}

test_cpu_of_another_enclave_is_refused()
{
	once_is_enough
	enclave e0 cpus=3
	enclave e1
	expect_refused EBUSY "$CLASS/e1/cpus" 3
	expect_refused EBUSY "$CLASS/e1/cpus" 2-3
	expect_eq "$(online_cpus)" 0-2 "list of Linux's CPUs"
	expect_eq "$(get e1 cpus)" "" "cpus of the second"
}

test_offline_cpu_is_refused()
{
	once_is_enough
	echo 0 >/sys/devices/system/cpu/cpu2/online
	enclave e0
	expect_refused EINVAL "$CLASS/e0/cpus" 2-3
	echo 1 >/sys/devices/system/cpu/cpu2/online
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
}

test_list_that_ends_badly_takes_nothing()
{
	once_is_enough
	enclave e0
	for list in 2,99 1-99 3,2-1; do
		expect_refused EINVAL "$CLASS/e0/cpus" "$list"
	done
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
}

test_writing_another_list_changes_only_the_difference()
{
	enclave e0 cpus=2-3
	set_attr e0 cpus 1,3
	expect_eq "$(get e0 cpus)" "1,3" "cpus"
	expect_eq "$(online_cpus)" "0,2" "list of Linux's CPUs"
	set_attr e0 cpus 1,3
	expect_eq "$(online_cpus)" "0,2" "list of Linux's CPUs"
}

test_claimed_cpu_cannot_be_brought_online()
{
	enclave e0 cpus=3
	expect_eq "$(write_errno /sys/devices/system/cpu/cpu3/online 1)" EBUSY "error of bringing it online"
	expect_eq "$(online_cpus)" 0-2 "list of Linux's CPUs"
}

test_running_cpu_cannot_be_brought_online()
{
	payload e0 "hello"
	wait_console e0 "payload: hello"
	expect_eq "$(write_errno /sys/devices/system/cpu/cpu3/online 1)" EBUSY "error of bringing it online"
	expect_eq "$(get e0 state)" running state
	expect_eq "$(online_cpus)" 0-2 "list of Linux's CPUs"
}

test_other_cpus_still_go_offline_and_online()
{
	payload e0 "hello"
	wait_console e0 "payload: hello"
	echo 0 >/sys/devices/system/cpu/cpu2/online
	expect_eq "$(online_cpus)" 0-1 "list of Linux's CPUs"
	echo 1 >/sys/devices/system/cpu/cpu2/online
	expect_eq "$(online_cpus)" 0-2 "list of Linux's CPUs"
	expect_eq "$(get e0 state)" running state
}

test_returned_cpu_works_for_linux()
{
	payload e0 "hello"
	wait_console e0 "payload: hello"
	stop e0
	set_attr e0 cpus ""
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
	linux_answers
	before=$(interrupts LOC 3)
	timer_advanced()
	{
		[ "$(interrupts LOC 3)" -gt "$before" ]
	}
	wait_until timer_advanced
}
