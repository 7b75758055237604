# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Enclaves of several CPUs: they start, interrupt, reset and NMI each other and nobody else, print
# at once without losing a byte, and end together, whichever of them violates, faults or powers off.
# Debian's kernel uses all of its CPUs, takes one offline and back, and asks all for a backtrace.
#
# Interrupts sent to Linux's CPUs from here are counted as denied; a broadcast arrives at the other
# CPU, while Linux's count of that vector stays. Each ending is followed by CPUs that Linux has
# back.
#
# KUnit decides who may interrupt whom (covirt-icr) and the inbox between CPUs (covirt-inbox); INIT,
# start-up and NMI are delivered by APICs, and two CPUs that leave the hypervisor at once are real
# only here.

# The CPU that boots is the lower one.
BOOT=$CPU2
OTHER=$CPU

# pair COMMAND [ATTRIBUTE=VALUE...]: the payload on two CPUs
pair()
{
	pair_command=$1
	shift
	payload e0 "$pair_command" cpus="$BOOT,$OTHER" "$@"
}

# The other CPU does one of these once it runs, see payloads/command_smp.c.
WAITS=0
WRITES=1
SPINS=2
PRINTS=3
STORMS=4
TRIPLE_FAULTS=5

# ids: the APIC ids as the co-kernel knows them, while both CPUs are Linux's
ids()
{
	boot_id=$(cokernel_id 0 "$BOOT")
	other_id=$(cokernel_id 1 "$OTHER")
}

# host_ids: those of the processors, with apic_ids=host
host_ids()
{
	boot_id=$(apicid_of "$BOOT")
	other_id=$(apicid_of "$OTHER")
	linux_id=$(apicid_of 0)
}

test_the_other_cpu_waits_until_it_is_started()
{
	ids
	pair "hello bootinfo"
	wait_console e0 "payload: hello"
	wait_console e0 "cpus 2 apicid $boot_id"
	stop e0
	expect_eq "$(get e0 state)" stopped state
	expect_eq "$(get e0 fault)" none fault
}

test_fixed_interrupts_arrive()
{
	ids
	pair "ap=$other_id,$WAITS ipi=$other_id,100"
	wait_console e0 "payload: cpu $other_id runs"
	wait_console e0 "payload: got vector 100 on cpu $other_id"
	expect_eq "$(stat e0 ipi_denied)" 0 "counter ipi_denied"
}

test_fixed_interrupts_arrive_by_ids_of_the_host()
{
	host_ids
	pair "ap=$other_id,$WAITS ipi=$other_id,100 nmi=$other_id bootinfo" apic_ids=host
	wait_console e0 "payload: got vector 100 on cpu $other_id"
	wait_console e0 "payload: got NMI on cpu $other_id"
	wait_console e0 "cpus 2 apicid $boot_id"
	expect_eq "$(stat e0 ipi_denied)" 0 "counter ipi_denied"
}

# The id of the other CPU is one that the co-kernel does not know, by any address.
test_ids_of_the_host_name_nobody_where_the_enclave_has_its_own()
{
	has_x2apic || skip "without x2APIC there are no others"
	host_ids
	own_id=$(cokernel_id 1 "$OTHER")
	pair "ap=$own_id,$WAITS ipi=$other_id,100 nmi=$other_id init=$other_id icr=$((1 << other_id << 32 | 0x4831)) hello"
	wait_console e0 "payload: hello"
	expect_eq "$(stat e0 ipi_denied)" 4 "counter ipi_denied"
	expect_eq "$(get e0 apic_ids)" own apic_ids
	! console_has e0 "payload: got" || fail "it arrived"
}

test_a_broadcast_stays_in_the_enclave()
{
	ids
	before=$(interrupts PIN 0)
	pair "ap=$other_id,$WAITS icr=0xc40f2"
	wait_console e0 "payload: got vector 242 on cpu $other_id"
	expect_eq "$(stat e0 ipi_denied)" 0 "counter ipi_denied"
	expect_eq "$(interrupts PIN 0)" "$before" "interrupts that Linux has taken"
	linux_answers
}

test_an_nmi_arrives()
{
	ids
	pair "ap=$other_id,$WAITS nmi=$other_id"
	wait_console e0 "payload: got NMI on cpu $other_id"
	expect_eq "$(get e0 state)" running state
}

test_an_nmi_reaches_a_cpu_with_interrupts_off()
{
	ids
	pair "ap=$other_id,$SPINS nmi=$other_id"
	wait_console e0 "payload: got NMI on cpu $other_id"
}

test_an_nmi_to_itself_arrives()
{
	ids
	pair "nmi=$boot_id hello"
	wait_console e0 "payload: got NMI"
	wait_console e0 "payload: hello"
}

test_a_cpu_is_reset_and_starts_again()
{
	ids
	pair "ap=$other_id,$SPINS init=$other_id ap=$other_id,$WAITS ipi=$other_id,101"
	wait_console e0 "payload: got vector 101 on cpu $other_id"
}

test_cpus_outside_are_out_of_reach()
{
	host_ids
	pair "ap=$other_id,$WAITS ipi=$linux_id,242 nmi=$linux_id init=$linux_id startup=$linux_id,8 hello" \
		apic_ids=host
	wait_console e0 "payload: hello"
	expect_eq "$(stat e0 ipi_denied)" 4 "counter ipi_denied"
	linux_answers
}

test_a_violation_of_one_cpu_ends_all()
{
	ids
	linux_remember
	pair "ap=$other_id,$WRITES,$(guard_address) spin"
	wait_state e0 faulted
	expect_fault e0 reason memory-violation gpa "$(guard_address)" cpu "$OTHER"
	! console_has e0 "wrote on another cpu" || fail "the write went through"
	set_attr e0 cpus ""
	expect_all_cpus
	linux_is_unharmed
}

test_a_triple_fault_of_one_cpu_ends_all()
{
	ids
	pair "ap=$other_id,$TRIPLE_FAULTS spin"
	wait_state e0 faulted
	expect_fault e0 reason triple-fault cpu "$OTHER"
	# The CPU began in real mode, at the start of the page that the start-up IPI named.
	[ "$(own_backend)" = vmx ] || expect_fault e0 detail 0x1 rip 0x0 cr0 "0x*0" cr3 0x0 efer 0x0
}

test_a_power_off_ends_all()
{
	ids
	pair "ap=$other_id,$SPINS poweroff"
	wait_state e0 stopped
	expect_fault e0 reason power-off cpu "$BOOT"
	set_attr e0 cpus ""
	expect_all_cpus
}

test_stops_while_one_interrupts_the_other_for_ever()
{
	ids
	pair "ap=$other_id,$STORMS,$boot_id hello"
	wait_console e0 "payload: got vector 50"
	stop e0
	expect_eq "$(get e0 state)" stopped state
	set_attr e0 cpus ""
	expect_all_cpus
	linux_answers
}

test_both_print_and_no_byte_is_lost()
{
	ids
	pair "ap=$other_id,$PRINTS,300 print=300 hello"
	all_printed()
	{
		[ "$(console e0 | tr -dc '#' | wc -c)" = 300 ] &&
			[ "$(console e0 | tr -dc @ | wc -c)" = 300 ]
	}
	wait_until all_printed
}

test_debian_uses_all_its_cpus()
{
	all=$(cpus_in "$(cat "$BASELINE")" | grep -vx 0 | tail -n 3 | tr '\n' ,)
	debian e0 smp cpus="${all%,}"
	wait_console e0 "cokernel: smp done"
	number=$(echo "$all" | tr -dc , | wc -c)
	expect_match "$(console e0)" "*cokernel: $number CPU*" "number of its CPUs"
	console_has e0 "cokernel: 1 offline, 1 online again" || fail "no hotplug"
	console_has e0 "NMI backtrace for cpu 1" || fail "no backtrace of another CPU"
	console_has_moved
	expect_eq "$(get e0 state)" running state
	linux_answers
}
