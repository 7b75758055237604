# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The iTLB multihit erratum of Intel's processors, by which a guest that executes from large pages
# could bring the machine down: on a processor that has it, executable memory is mapped by 4 KiB
# pages.
#
# The number of nested tables tells; suite memory has the control, in which large pages need few. A
# processor that does not have the erratum fails the case, instead of passing for nothing.
#
# Boot mitigated switches the mitigation on, on Bochs' Skylake. KUnit (covirt-pt) tries PT_EXEC_4K
# itself; here it is Linux's word on the processor that has to arrive.

test_executable_memory_is_mapped_by_small_pages()
{
	vulnerable=$(cat /sys/devices/system/cpu/vulnerabilities/itlb_multihit)
	[ "$vulnerable" != "Not affected" ] || fail "this processor has not got the erratum"
	payload e0 "hello"
	wait_console e0 "payload: hello"
	# 16 MiB are eight tables of 4 KiB pages.
	expect_number "$(stat e0 nested_tables)" -gt 8 "number of nested tables"
}
