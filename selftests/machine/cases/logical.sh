# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# APIC ids that differ from CPU numbers (-smp 6,cores=3,sockets=2: 0 1 2 4 5 6): a Linux in flat
# logical mode addresses CPU 4 by bit 4 of the logical id, which is that of the x2APIC with id 4.

# Linux 6.1 says when it leaves flat mode; later kernels know physical mode only.
linux_is_flat()
{
	case $(uname -r) in
	6.1.*) ! dmesg | grep -q "APIC routing to physical flat" ;;
	*) false ;;
	esac
}

test_collision_of_logical_ids_is_refused()
{
	linux_is_flat || skip "this Linux addresses by physical id"
	# CPU 3 has APIC id 4, whose bit means CPU 4 to Linux.
	payload_make e0 "hello" cpus=3
	expect_refused EPERM "$CLASS/e0/state" start
	expect_match "$(dmesg | grep covirt | tail -n 1)" "*possible_cpus=9*" "last line of the kernel log"
	expect_eq "$(get e0 state)" ready state
}

test_cpu_without_collision_starts()
{
	payload e0 "hello" cpus=2
	wait_console e0 "payload: hello"
}

test_physical_mode_has_no_collision()
{
	! linux_is_flat || skip "this Linux addresses by logical id"
	payload e0 "hello" cpus=3
	wait_console e0 "payload: hello"
}
