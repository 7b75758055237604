# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Linux without no_ipi_broadcast=1: its broadcast interrupts would reach an enclave.

test_start_is_refused()
{
	payload_make e0 "hello"
	expect_refused EPERM "$CLASS/e0/state" start
	expect_eq "$(get e0 state)" ready state
	expect_match "$(dmesg | grep covirt | tail -n 1)" "*no_ipi_broadcast*" "last line of the kernel log"
}

test_user_may_allow_it()
{
	payload e0 "hello" allow_broadcast=1
	wait_console e0 "payload: hello"
}
