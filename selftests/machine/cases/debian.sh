# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Debian's own unmodified kernel as a co-kernel.

test_debian_boots_to_user_space()
{
	debian e0 idle
	wait_console e0 "cokernel: idle"
	expect_match "$(console e0)" "*cokernel: hello from user space*" console
	expect_match "$(console e0)" "*cokernel: Linux * $(uname -r) *" "kernel version on the console"
	expect_match "$(console e0)" "*cokernel: 1 CPU*" "number of its CPUs"
	kib=$(console e0 | sed -n 's/.*MemTotal: *\([0-9]*\) kB.*/\1/p')
	expect_number "$kib" -lt $((320 * 1024)) "its memory in KiB"
	expect_number "$kib" -gt $((200 * 1024)) "its memory in KiB"
	expect_eq "$(get e0 state)" running state
	note "$(console e0 | grep "cokernel: Linux")"
	linux_answers
}

test_debian_boots_with_earlycon()
{
	debian e0 idle cmdline="earlycon=uart8250,io,0x3f8 console=ttyS0 covirt.do=idle $COKERNEL_PARAMS"
	wait_console e0 "bootconsole [uart8250"
	wait_console e0 "cokernel: idle"
}

test_debian_boots_in_packed_layout()
{
	debian e0 idle layout=packed
	wait_console e0 "cokernel: idle"
}

test_debian_boots_again_after_a_stop()
{
	debian e0 idle
	wait_console e0 "cokernel: idle"
	stop e0
	: >/tmp/console.e0
	start e0
	wait_console e0 "cokernel: idle"
}

test_wild_write_of_debians_root_is_contained()
{
	checksum=$(guard_checksum)
	debian e0 "devmem=$(guard_address)"
	wait_console e0 "cokernel: root writes to $(guard_address)"
	wait_state e0 faulted
	expect_fault e0 reason memory-violation gpa "$(guard_address)" access write owner linux cpu "$CPU"
	! console_has e0 "cokernel: wrote to" || fail "the write went through"
	expect_eq "$(guard_checksum)" "$checksum" "checksum of Linux's memory"
	linux_answers
}

test_power_off_of_debian_is_reported()
{
	debian e0 poweroff
	wait_state e0 stopped
	expect_fault e0 reason power-off
	linux_answers
}

test_reboot_of_debian_is_reported()
{
	debian e0 reboot
	wait_state e0 stopped
	expect_fault e0 reason guest-reset
	linux_answers
}

test_panic_of_debian_stays_with_it()
{
	debian e0 panic
	wait_console e0 "Kernel panic - not syncing: sysrq triggered crash"
	expect_eq "$(get e0 state)" running state
	linux_answers
	stop e0
}

test_a_shell_in_debian_answers()
{
	debian e0 shell
	wait_console e0 "/ # "
	echo 'echo it is $((6 * 7)) on $(nproc) CPU' >/dev/covirt/e0
	wait_console e0 "it is 42 on 1 CPU"
}
