# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A processor without virtualization: the module refuses to load, whichever backend is asked for,
# with ENODEV and a line in the kernel log that says what is missing, and leaves no class behind.
#
# The boot has QEMU's EPYC without SVM. On all other machines the same module loads, which is the
# control.

suite_begin()
{
	guard_load
}

test_module_refuses_to_load()
{
	for backend in auto svm vmx; do
		expect_match "$(insmod /modules/covirt.ko backend=$backend 2>&1)" "*No such device*" \
			"loading with backend=$backend"
		[ ! -e "$CLASS" ] || fail "$CLASS is there"
	done
}

test_kernel_log_says_why()
{
	insmod /modules/covirt.ko 2>/dev/null && fail "the module loaded"
	expect_match "$(dmesg | grep "covirt: " | tail -n 1)" "*SVM*" "last line of the kernel log"
}
