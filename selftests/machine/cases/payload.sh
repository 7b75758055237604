# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The life of an enclave with the payload, a co-kernel of our own that does one thing when told: its
# states in their order, what boot information says, which processor the payload sees (no SVM, no
# VMX), which date, and how a life ends or begins again: on_fault and on_reset, their limit in a
# minute, what is known of a triple fault.
#
# Ends by reset, power-off, string I/O and faults, and all that is refused, are rows of suite
# misdeeds; this suite is about what must work, and is run with both modes of a co-kernel's APIC and
# on each kernel. KUnit (covirt-cpuid-policy, covirt-cmos, covirt-layout) has the values; the
# payload reads them as a kernel would, through a processor.

# says COMMAND TEXT [ATTRIBUTE=VALUE...]: the payload, told COMMAND, prints TEXT
says()
{
	says_command=$1
	says_text=$2
	shift 2
	payload e0 "$says_command" "$@"
	wait_console e0 "$says_text"
}

test_payload_says_hello_in_packed_layout()
{
	says "hello" "payload: hello" layout=packed
}

test_states_follow_each_other()
{
	enclave e0
	expect_eq "$(get e0 state)" empty state
	set_attr e0 cpus "$CPU"
	set_attr e0 memory 16M
	set_attr e0 firmware covirt/payload.elf
	set_attr e0 cmdline hello
	expect_eq "$(get e0 state)" ready state
	start e0
	wait_console e0 "payload: hello"
	expect_eq "$(get e0 state)" running state
	stop e0
	expect_eq "$(get e0 state)" stopped state
	set_attr e0 memory 0
	expect_eq "$(get e0 state)" empty state
}

test_boot_information_describes_the_enclave()
{
	apicid=$(cokernel_id 0 "$CPU")
	says "bootinfo hello" "payload: hello"
	expect_match "$(console e0)" "*payload: ram*" "boot information"
	expect_match "$(console e0)" "*cpus 1 apicid $apicid *" "boot information"
	expect_match "$(console e0)" "*tsc_khz [1-9]*" "boot information"
	expect_eq "$(get e0 state)" running state
	expect_eq "$(get e0 fault)" none fault
}

test_what_any_kernel_does_is_taken()
{
	says "selfipi=100 wrmsr=0xc0010015,0x1000000 xsetbv=1 in=0x62 hello" "payload: hello"
	for text in "got vector 100" "wrmsr 0xc0010015" "xsetbv ok" "in 0x62 = 0x0"; do
		console_has e0 "payload: $text" || fail "$(console e0): no '$text'"
	done
}

# In BCD, so that it reads as a hexadecimal number. A day may end meanwhile.
test_real_time_clock_tells_linuxs_date()
{
	before=$(date -u +"0x%y 0x%m 0x%d" | sed s/0x0/0x/g)
	payload e0 "out=0x70,9 in=0x71 out=0x70,8 in=0x71 out=0x70,7 in=0x71 hello"
	wait_console e0 "payload: hello"
	after=$(date -u +"0x%y 0x%m 0x%d" | sed s/0x0/0x/g)
	told=$(console e0 | tr -d '\r' | sed -n 's/payload: in 0x71 = //p' | tr '\n' ' ')
	[ "$told" = "$before " ] || expect_eq "$told" "$after " "the date"
	expect_eq "$(stat e0 port_unclaimed)" 0 "counter port_unclaimed"
}

test_svm_is_hidden()
{
	says "rdmsr=0xc0000080 cpuid=0x80000001" "payload: cpuid"
	# EFER.SVME, bit 12.
	efer=$(console e0 | sed -n 's/.*rdmsr .* = //p')
	expect_match "$efer" "0x[0-9a-f]*" "EFER"
	expect_eq $((efer >> 12 & 1)) 0 "EFER.SVME"
	ecx=$(console e0 | sed -n 's/.* ecx \(0x[0-9a-f]*\) .*/\1/p')
	expect_eq $((ecx >> 2 & 1)) 0 "CPUID Fn8000_0001_ECX[SVM]"
}

test_vmx_is_hidden()
{
	says "cpuid=1 cr4" "payload: cr4"
	ecx=$(console e0 | sed -n 's/.* ecx \(0x[0-9a-f]*\) .*/\1/p')
	expect_eq $((ecx >> 5 & 1)) 0 "CPUID.1:ECX.VMX"
	cr4=$(console e0 | sed -n 's/.*cr4 = //p' | tail -n 1)
	expect_eq $((cr4 >> 13 & 1)) 0 "CR4.VMXE"
}

# VMX tells the instruction; SVM's record says where and how the CPU began: in 64-bit mode.
test_triple_fault_tells_what_is_known()
{
	payload e0 "in=0x61 triplefault"
	wait_state e0 faulted
	expect_fault e0 reason triple-fault rip "0x[1-9a-f]*" cr0 "0x8*" cr3 "0x[1-9a-f]*" efer "0x5*"
	if [ "$(own_backend)" = vmx ]; then
		expect_fault e0 detail 0x0 insn "0f 0b *"
	else
		expect_fault e0 detail 0x1 insn none
	fi
}

test_on_fault_kill_gives_everything_back()
{
	payload e0 "triplefault" on_fault=kill
	wait_state e0 empty
	expect_all_cpus
	expect_eq "$(offline_pages)" 0 "number of pages taken"
	expect_fault e0 reason triple-fault
}

# Restarts after a reset and after a fault share one limit for a minute.
test_on_reset_restart_starts_again_but_not_after_a_power_off()
{
	payload e1 "out=0xcf9,6" on_reset=restart
	given_up()
	{
		dmesg -s 4096 | grep -q "covirt e1: .*it stays down"
	}
	wait_until given_up
	expect_number "$(stat e1 starts)" -ge 6 "counter starts"
	expect_eq "$(stat e1 faults)" 0 "counter faults"
	wait_state e1 stopped
	expect_fault e1 reason guest-reset
	echo e1 >"$CLASS/destroy"
	payload e0 poweroff on_reset=restart
	wait_state e0 stopped
	set_attr e0 cmdline hello
	start e0
	wait_console e0 "payload: hello"
	expect_eq "$(stat e0 starts)" 2 "counter starts"
}

test_reset_stops_by_default()
{
	payload e0 "out=0xcf9,6" on_fault=restart
	wait_state e0 stopped
	expect_fault e0 reason guest-reset
	set_attr e0 cmdline hello
	start e0
	wait_console e0 "payload: hello"
	expect_eq "$(stat e0 starts)" 2 "counter starts"
}

test_on_fault_restart_starts_again()
{
	payload e0 "triplefault" on_fault=restart
	# Five times in a minute, which is more than they need; the user may go on.
	given_up()
	{
		dmesg -s 4096 | grep -q "covirt e0: .*it stays down"
	}
	wait_until given_up
	expect_number "$(stat e0 starts)" -ge 6 "counter starts"
	expect_eq "$(stat e0 faults)" "$(stat e0 starts)" "counter faults"
	wait_state e0 faulted
	set_attr e0 cmdline hello
	start e0
	wait_console e0 "payload: hello"
}
