# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The iTLB multihit erratum: a guest that executes from large pages could bring the machine down.

test_executable_memory_is_mapped_by_small_pages()
{
	vulnerable=$(cat /sys/devices/system/cpu/vulnerabilities/itlb_multihit)
	[ "$vulnerable" != "Not affected" ] || fail "this processor has not got the erratum"
	payload e0 "hello"
	wait_console e0 "payload: hello"
	# 16 MiB are eight tables of 4 KiB pages.
	expect_number "$(stat e0 nested_tables)" -gt 8 "number of nested tables"
}
