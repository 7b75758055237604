# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Logical APIC ids: a Linux in flat logical mode addresses CPU 4 by bit 4 of the logical id, and the
# x2APIC with id 4 takes that bit for its own. On a machine whose APIC ids differ from CPU numbers
# (0 1 2 4 5 6) a CPU with such an id is found and filtered, so that Linux's interrupts to another
# CPU are dropped there; others are not filtered.
#
# The negative control is the same enclave with interrupts=direct, which does get Linux's interrupt.
# Linux 6.1 has the flat mode; later kernels, and a boot with possible_cpus=9, show that without it
# nothing is filtered. A co-kernel that addresses its own CPUs by logical ids has those of the APIC ids
# that it knows.
#
# Two APICs that both take an interrupt for theirs is hardware's doing, which a model would have to
# assume.

# Linux 6.1 says when it leaves flat mode; later kernels know physical mode only.
linux_is_flat()
{
	case $(uname -r) in
	6.1.*) ! dmesg | grep -q "APIC routing to physical flat" ;;
	*) false ;;
	esac
}

# interrupt_cpu NUMBER: Linux does, as often as it takes to have it done
interrupt_cpu()
{
	taskset -c "$1" true
}

# CPU 3 has APIC id 4, whose bit means CPU 4 to Linux.
test_collision_of_logical_ids_is_filtered()
{
	linux_is_flat || skip "this Linux addresses by physical id"
	payload e0 "hello" cpus=3
	expect_eq "$(get e0 interrupts)" filtered mode
	wait_console e0 "payload: hello"
	is_dropped()
	{
		interrupt_cpu 4
		[ "$(stat e0 interrupts_dropped)" -gt 0 ]
	}
	wait_until is_dropped
	! console_has e0 "payload: got vector" || fail "it reached the co-kernel"
}

# The negative control.
test_collision_reaches_who_is_not_filtered()
{
	linux_is_flat || skip "this Linux addresses by physical id"
	payload e0 "hello" cpus=3 interrupts=direct
	wait_console e0 "payload: hello"
	expect_match "$(dmesg | grep "covirt e0")" "*possible_cpus=9*" "the kernel log"
	arrives()
	{
		interrupt_cpu 4
		console_has e0 "payload: got vector"
	}
	wait_until arrives
}

test_cpu_without_collision_is_not_filtered()
{
	payload e0 "hello" cpus=2
	expect_eq "$(get e0 interrupts)" direct mode
	wait_console e0 "payload: hello"
}

test_physical_mode_has_no_collision()
{
	! linux_is_flat || skip "this Linux addresses by logical id"
	payload e0 "hello" cpus=3
	wait_console e0 "payload: hello"
}

# CPUs 3 and 4 have APIC ids 4 and 5: bits 4 and 5 of the logical id, or bits 0 and 1.
logical_ids_reach()
{
	payload e0 "ap=$1,0 icr=$2 icr=0xc00004831 hello" cpus=3-4 apic_ids="$3"
	wait_console e0 "payload: got vector 101 on cpu $1"
	wait_console e0 "payload: hello"
	expect_eq "$(stat e0 ipi_denied)" 1 "counter ipi_denied"
}

test_logical_ids_of_a_co_kernel_are_those_of_its_apic_ids()
{
	expect_eq "$(apicid_of 3) $(apicid_of 4)" "4 5" "APIC ids"
	logical_ids_reach 1 0x200004865 own
	stop e0
	echo e0 >"$CLASS/destroy"
	logical_ids_reach 5 0x2000004865 host
}
