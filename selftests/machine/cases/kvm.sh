# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# KVM beside Covirt: Linux's own hypervisor runs a small guest (programs/kvm_guest.c) on Linux's
# CPUs while enclaves start, are contained and stop, and on the enclave's CPU before and afterwards.
# The guest computes a sum that is known, so a wrong register or a lost page would show.
#
# Virtualization is switched on for each CPU, in registers that both hypervisors own in turn
# (EFER.SVME and HSAVE, or CR4.VMXE and VMXON): only a processor has them. Debian's modules kvm and
# kvm-amd or kvm-intel are needed.

suite_begin()
{
	covirt_load
	for module in irqbypass kvm "kvm-$(kvm_vendor)"; do
		insmod "/modules/kvm/$module.ko"
	done
	rm -f /tmp/kvm_end
}

kvm_vendor()
{
	if [ "$(own_backend)" = svm ]; then
		echo amd
	else
		echo intel
	fi
}

suite_end()
{
	rmmod "kvm-$(kvm_vendor)"
	rmmod kvm
}

# guest_begin: one on each of Linux's first two CPUs
guest_begin()
{
	for cpu in 0 1; do
		taskset -c $cpu kvm_guest /tmp/kvm_end >/tmp/kvm_guest.$cpu 2>&1 &
	done
}

guest_end()
{
	touch /tmp/kvm_end
	wait_until guest_said 0
	wait_until guest_said 1
	rm /tmp/kvm_end
	for cpu in 0 1; do
		expect_match "$(cat /tmp/kvm_guest.$cpu)" "right: [1-9]*" "what the guest on CPU $cpu says"
	done
	note "$(cat /tmp/kvm_guest.0 /tmp/kvm_guest.1 | tr '\n' ' ')"
}

guest_said()
{
	[ -s /tmp/kvm_guest."$1" ]
}

test_a_guest_runs_while_enclaves_come_and_go()
{
	linux_remember
	guest_begin
	for cycle in 1 2; do
		payload e0 "hello spin"
		wait_console e0 "payload: spinning"
		stop e0
		echo e0 >"$CLASS/destroy"
		console_unfollow
	done
	payload e0 "write=$(guard_address) hello"
	wait_state e0 faulted
	expect_fault e0 reason memory-violation owner linux
	guest_end
	linux_is_unharmed
}

# The CPU's virtualization was KVM's before, and is again afterwards.
test_the_enclaves_cpu_runs_a_guest_before_and_afterwards()
{
	taskset -c "$CPU" kvm_guest /tmp >/tmp/kvm_guest.0 2>&1 || fail "$(cat /tmp/kvm_guest.0)"
	payload e0 hello
	wait_console e0 "payload: hello"
	stop e0
	echo e0 >"$CLASS/destroy"
	taskset -c "$CPU" kvm_guest /tmp >/tmp/kvm_guest.0 2>&1 || fail "$(cat /tmp/kvm_guest.0)"
}
