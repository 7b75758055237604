# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A CPU with an APIC id above 255, which no MSI can name in 8 bits, as machines with two sockets
# have: Debian's kernel uses both CPUs, ids 3 and 280, takes one offline and back, and Covirt's log
# tells which Linux would leave it out.
#
# The APIC ids are checked first. QEMU with an interrupt remapping unit and room for 162 CPUs is
# needed, of which five are there. What a kernel does with such an id before it believes in it is in
# no manual, so a real one boots.

test_debian_uses_a_cpu_with_an_apic_id_above_255()
{
	expect_eq "$(apicid_of "$CPU2") $(apicid_of "$CPU")" "3 280" "APIC ids"
	debian e0 smp cpus="$CPU2,$CPU"
	dmesg -s 4096 | grep -q "covirt e0: CPU $CPU has APIC id 280: Linux as a co-kernel" ||
		fail "the kernel log does not tell which Linux leaves it out"
	wait_console e0 "cokernel: smp done"
	expect_match "$(console e0)" "*cokernel: 2 CPU*" "number of its CPUs"
	console_has e0 "cokernel: 1 offline, 1 online again" || fail "no hotplug"
	expect_eq "$(get e0 state)" running state
	linux_answers
}
