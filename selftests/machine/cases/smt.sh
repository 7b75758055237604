# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Threads of a core: half a core is refused unless it is allowed, a sibling that comes online at the
# same moment is noticed by one of the two, and stays offline while its core is taken. Linux's
# switch for SMT may be turned while an enclave has a core: CPUs that Linux does not want online
# count as returned, and whoever turns the switch gets the rest of the CPUs.
#
# The list of Linux's CPUs is compared at each step; for the sibling on its way exactly one of two
# writers may succeed, with the delay between them varied.
#
# QEMU has two threads a core in this boot (CPUs 0 and 1, 2 and 3). The order of Linux's hotplug
# callbacks against our claim is what is tried, which no fake would have right.

test_half_a_core_is_refused()
{
	enclave e0
	for list in 3 2 1-2; do
		expect_refused EBUSY "$CLASS/e0/cpus" $list
	done
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
}

test_whole_core_is_taken()
{
	enclave e0 cpus=2-3
	expect_eq "$(online_cpus)" 0-1 "list of Linux's CPUs"
}

test_half_a_core_may_be_allowed()
{
	enclave e0 allow_smt_sharing=1 cpus=3 memory=16M firmware=covirt/payload.elf cmdline=hello
	start e0
	wait_console e0 "payload: hello"
}

# The sibling passed our callback before the core was taken. When it is there depends on the machine.
test_sibling_on_its_way_to_linux_is_noticed()
{
	enclave e0
	for delay in 5000 10000 20000 30000 40000 50000 60000 80000; do
		echo 0 >/sys/devices/system/cpu/cpu2/online
		write_errno /sys/devices/system/cpu/cpu2/online 1 >/tmp/online &
		usleep $delay
		taken=$(write_errno "$CLASS/e0/cpus" 3)
		wait $!
		case "$taken $(cat /tmp/online)" in
		"0 EBUSY" | "EBUSY 0") ;;
		*) fail "after $delay us: to take CPU 3 gives $taken, to bring CPU 2 online $(cat /tmp/online)" ;;
		esac
		set_attr e0 cpus ""
		echo 1 >/sys/devices/system/cpu/cpu2/online
		expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
	done
}

test_sibling_stays_offline_while_its_core_is_taken()
{
	echo 0 >/sys/devices/system/cpu/cpu2/online
	enclave e0 cpus=3
	expect_eq "$(write_errno /sys/devices/system/cpu/cpu2/online 1)" EBUSY "error of bringing the sibling online"
	set_attr e0 cpus ""
	echo 1 >/sys/devices/system/cpu/cpu2/online
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
}

# A sibling may come online only while the core is marked as nobody's.
test_both_threads_pass_through_linux_after_a_sleep()
{
	enclave e0 cpus=2-3 memory=16M firmware=covirt/payload.elf cmdline=hello
	true </dev/snapshot
	start e0
	wait_console e0 "payload: hello"
	expect_eq "$(online_cpus)" 0-1 "list of Linux's CPUs"
}

SMT=/sys/devices/system/cpu/smt/control

# 6.1 does not know QEMU's EPYC for a processor with threads.
need_smt_switch()
{
	smt_is=$(cat $SMT)
	[ "$smt_is" = on ] || skip "SMT is $smt_is here"
}

# Linux refuses to bring a second thread online: it is Linux's all the same, and nothing of ours
# is left.
test_cpu_that_linux_leaves_offline_is_given_back()
{
	need_smt_switch
	enclave e0 cpus=2-3 memory=16M firmware=covirt/payload.elf cmdline=hello
	start e0
	wait_console e0 "payload: hello"
	echo off >$SMT
	stop e0
	echo e0 >"$CLASS/destroy"
	expect_eq "$(online_cpus)" 0,2 "list of Linux's CPUs"
	dmesg -s 8192 | grep -q "CPU 3 was given back, and Linux leaves it offline" || fail "nothing tells of it"
	# Pages on which it may be parked stay, and the module may go.
	rmmod covirt
	covirt_load
	echo on >$SMT
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
	linux_answers
}

hypervisor_pieces()
{
	wc -l <"$CLASS/hypervisor_memory"
}

# leaves_while_smt_is_off FUNCTION: e0 runs on a core, and ends while Linux does not want the second
# thread; FUNCTION fails then, or none when it is 0
leaves_while_smt_is_off()
{
	enclave e0 cpus=2-3 memory=16M firmware=covirt/payload.elf cmdline=hello
	start e0
	wait_console e0 "payload: hello"
	echo off >$SMT
	stop e0
	echo "$1" >"$GUARD/fail"
	set_attr e0 cpus ""
	echo 0 >"$GUARD/fail"
	expect_eq "$(online_cpus)" 0,2 "list of Linux's CPUs"
}

# The INIT is lost: the CPU stays parked, in pages that nobody may have before it has left them.
test_pages_of_a_cpu_that_took_no_init_stay()
{
	need_smt_switch
	linux_remember
	id=$(apicid_of 3)
	before=$(hypervisor_pieces)
	leaves_while_smt_is_off hv_boot_halt
	echo e0 >"$CLASS/destroy"
	expect_number "$(hypervisor_pieces)" -gt "$before" "number of pieces of hypervisor memory"
	rmmod covirt
	for _ in 1 2 3; do
		echo "$id" >"$GUARD/nmi"
		usleep 100000
	done
	covirt_load
	echo on >$SMT
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
	linux_is_unharmed
}

test_pages_of_a_cpu_that_came_online_later_are_free()
{
	need_smt_switch
	before=$(hypervisor_pieces)
	leaves_while_smt_is_off 0
	echo on >$SMT
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
	echo e0 >"$CLASS/destroy"
	expect_eq "$(hypervisor_pieces)" "$before" "number of pieces of hypervisor memory"
}

# SMT is switched on just behind Linux's refusal: who is Linux's gets no INIT.
test_cpu_that_comes_online_behind_the_refusal_is_left_alone()
{
	enclave e0 cpus=2-3 memory=16M firmware=covirt/payload.elf cmdline=hello
	start e0
	wait_console e0 "payload: hello"
	stop e0
	echo "add_cpu -1 late" >"$GUARD/fail"
	set_attr e0 cpus ""
	echo 0 >"$GUARD/fail"
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
	linux_answers
}

# It was online, so it is in no page of e0's, whoever has taken it since.
test_pages_of_a_cpu_that_was_online_meanwhile_are_free()
{
	need_smt_switch
	before=$(hypervisor_pieces)
	leaves_while_smt_is_off 0
	echo on >$SMT
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
	echo off >$SMT
	expect_eq "$(online_cpus)" 0,2 "list of Linux's CPUs"
	echo e0 >"$CLASS/destroy"
	expect_eq "$(hypervisor_pieces)" "$before" "number of pieces of hypervisor memory"
	echo on >$SMT
}

are_online()
{
	[ "$(online_cpus)" = "$1" ]
}

# Linux stops at the first that cannot be had, and would leave CPU 3 offline.
test_threads_come_online_beside_one_that_is_taken()
{
	need_smt_switch
	enclave e0 allow_smt_sharing=1 cpus=1
	echo off >$SMT
	expect_eq "$(online_cpus)" 0,2 "list of Linux's CPUs"
	echo on >$SMT || true
	wait_until are_online 0,2-3
	set_attr e0 cpus ""
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
}

is_locked()
{
	[ "$(cat "$GUARD/lock")" = 1 ]
}

# Somebody else has the CPU's device locked just then: it is not who brings it online.
test_threads_come_online_whoever_looks_at_the_one_that_is_taken()
{
	need_smt_switch
	enclave e0 allow_smt_sharing=1 cpus=1
	echo off >$SMT
	echo 1 >"$GUARD/lock" &
	wait_until is_locked
	echo on >$SMT || true
	wait_until are_online 0,2-3
	echo -1 >"$GUARD/lock"
	wait $!
	set_attr e0 cpus ""
	expect_eq "$(online_cpus)" 0-3 "list of Linux's CPUs"
}

test_one_cpu_that_is_refused_brings_no_other_online()
{
	enclave e0 allow_smt_sharing=1 cpus=1
	echo 0 >/sys/devices/system/cpu/cpu3/online
	expect_eq "$(write_errno /sys/devices/system/cpu/cpu1/online 1)" EBUSY "error of bringing it online"
	# Work that is queued is done once the module is gone.
	set_attr e0 cpus ""
	echo e0 >"$CLASS/destroy"
	rmmod covirt
	expect_eq "$(online_cpus)" 0-2 "list of Linux's CPUs"
	echo 1 >/sys/devices/system/cpu/cpu3/online
}
