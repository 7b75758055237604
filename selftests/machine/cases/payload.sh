# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The life of an enclave, and the processor that its co-kernel sees.

# says COMMAND TEXT [ATTRIBUTE=VALUE...]: the payload, told COMMAND, prints TEXT
says()
{
	says_command=$1
	says_text=$2
	shift 2
	payload e0 "$says_command" "$@"
	wait_console e0 "$says_text"
}

again()
{
	stop e0
	set_attr e0 cmdline "$1"
	start e0
}

test_payload_says_hello()
{
	says "hello" "payload: hello"
	expect_eq "$(get e0 state)" running state
	expect_eq "$(get e0 fault)" none fault
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
	apicid=$(apicid_of "$CPU")
	says "bootinfo" "payload: ram"
	expect_match "$(console e0)" "*cpus 1 apicid $apicid *" "boot information"
	expect_match "$(console e0)" "*tsc_khz [1-9]*" "boot information"
}

test_self_ipi_arrives()
{
	says "selfipi=100" "payload: got vector 100"
}

test_exceptions_stay_with_the_co_kernel()
{
	# command, what the payload prints
	first=yes
	while read -r command text; do
		if [ $first = yes ]; then
			payload e0 "$command"
			first=no
		else
			again "$command"
		fi
		wait_console e0 "$text"
		expect_eq "$(get e0 state)" running "state after $command"
		log "$command: $(console e0 | tail -n 1)"
	done <<-END
		vmrun payload: #UD at vmrun
		vmmcall payload: #UD at vmmcall
		rdmsr=0xc0010117 payload: #GP at rdmsr
		wrmsr=0xc0010117,0 payload: #GP at wrmsr
		rdmsr=0xc0010114 payload: #GP at rdmsr
		wrmsr=0xc0010015,0x1000000 payload: wrmsr
		rdmsr=0x3a payload: #GP at rdmsr
		rdmsr=0x480 payload: #GP at rdmsr
		vmcall payload: #UD at vmcall
		xsetbv=0 payload: #GP at xsetbv
		xsetbv=4 payload: #GP at xsetbv
		xsetbv=1 payload: xsetbv ok
		invd payload: invd ok
		in=0x61 payload: in 0x61 = 0x0
	END
}

test_denied_msrs_are_counted()
{
	says "rdmsr=0xc0010117" "payload: #GP at rdmsr"
	expect_eq "$(stat e0 msr_denied)" 1 "counter msr_denied"
}

test_ports_that_nobody_granted_are_counted()
{
	says "in=0x61" "payload: in 0x61 = 0x0"
	expect_eq "$(stat e0 port_unclaimed)" 1 "counter port_unclaimed"
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
	says "rdmsr=0xc0000080" "payload: rdmsr"
	# EFER.SVME, bit 12.
	expect_match "$(console e0)" "*= 0x[0-9a-f]*" "EFER"
	efer=$(console e0 | sed -n 's/.* = //p' | head -n 1)
	expect_eq $((efer >> 12 & 1)) 0 "EFER.SVME"
	again "cpuid=0x80000001"
	wait_console e0 "payload: cpuid"
	ecx=$(console e0 | sed -n 's/.* ecx \(0x[0-9a-f]*\) .*/\1/p')
	expect_eq $((ecx >> 2 & 1)) 0 "CPUID Fn8000_0001_ECX[SVM]"
}

test_vmx_is_hidden()
{
	says "cpuid=1" "payload: cpuid"
	ecx=$(console e0 | sed -n 's/.* ecx \(0x[0-9a-f]*\) .*/\1/p')
	expect_eq $((ecx >> 5 & 1)) 0 "CPUID.1:ECX.VMX"
	again "cr4"
	wait_console e0 "payload: cr4"
	cr4=$(console e0 | sed -n 's/.*cr4 = //p' | tail -n 1)
	expect_eq $((cr4 >> 13 & 1)) 0 "CR4.VMXE"
}

test_efer_svme_cannot_be_cleared()
{
	says "wrmsr=0xc0000080,0x500 hello" "payload: hello"
	expect_eq "$(get e0 state)" running state
}

# expect_end COMMAND STATE REASON
expect_end()
{
	payload e0 "$1"
	wait_state e0 "$2"
	expect_fault e0 reason "$3" cpu "$CPU"
	linux_answers
}

test_reset_by_port_cf9_ends_the_enclave_only()
{
	expect_end reset stopped guest-reset
}

test_reset_by_keyboard_controller_ends_the_enclave_only()
{
	expect_end kbdreset stopped guest-reset
}

test_power_off_ends_the_enclave_only()
{
	expect_end poweroff stopped power-off
}

test_triple_fault_is_contained()
{
	expect_end triplefault faulted triple-fault
	expect_eq "$(stat e0 faults)" 1 "counter faults"
}

test_string_io_is_contained()
{
	expect_end outs=0x3f8 faulted string-io
}

test_enclave_starts_again_after_a_fault()
{
	expect_end triplefault faulted triple-fault
	set_attr e0 cmdline hello
	start e0
	wait_console e0 "payload: hello"
	expect_eq "$(stat e0 starts)" 2 "counter starts"
}

# Where the processor tells it, the instruction; elsewhere where and how it began: in 64-bit mode.
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

# Its counter of restarts in a minute is the same as after faults.
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
