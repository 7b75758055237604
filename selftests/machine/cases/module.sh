# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The module itself: it chooses the backend of the processor and refuses the other vendor's, is not
# unloaded under an enclave, keeps the machine from a suspend while one runs, and can be unloaded
# and loaded again.
#
# Its refusals are checked by what is there afterwards, /sys/class/covirt and the parameter, as well
# as by the error. Which backend is right depends on the processor, hence every machine; a machine
# without virtualization has suite nohardware.

test_backend_parameter_names_the_choice()
{
	expect_eq "$(cat /sys/module/covirt/parameters/backend)" "$(own_backend)" "parameter backend"
}

test_module_does_not_unload_under_an_enclave()
{
	payload e0 "hello"
	! rmmod covirt 2>/dev/null || fail "the module went away under a running enclave"
	expect_eq "$(get e0 state)" running state
}

test_suspend_is_refused_while_an_enclave_runs()
{
	payload e0 "hello"
	expect_eq "$(write_errno /sys/power/state freeze)" EBUSY "error of going to sleep"
	dmesg -s 8192 | grep -q "covirt: no suspend while an enclave runs" ||
		fail "the kernel log does not tell why"
	expect_eq "$(get e0 state)" running state
}

test_unload_and_load_again()
{
	rmmod covirt
	[ ! -e "$CLASS" ] || fail "$CLASS is still there"
	insmod /modules/covirt.ko
	payload e0 "hello"
	wait_console e0 "payload: hello"
}

test_other_backends_are_refused_here()
{
	rmmod covirt
	expect_match "$(insmod /modules/covirt.ko "backend=$(other_backend)" 2>&1)" "*No such device*" \
		"loading with the other vendor's backend"
	expect_match "$(dmesg | grep "covirt: " | tail -n 1)" "*backend $(other_backend): this processor has no*" \
		"last line of the kernel log"
	expect_match "$(insmod /modules/covirt.ko backend=none 2>&1)" "*[Ii]nvalid*" "loading with backend=none"
	[ ! -e "$CLASS" ] || fail "$CLASS is there after a failed load"
	insmod /modules/covirt.ko "backend=$(own_backend)"
	expect_eq "$(cat /sys/module/covirt/parameters/backend)" "$(own_backend)" "parameter backend"
}
