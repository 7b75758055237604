# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A CPU with an APIC id above 255, which no MSI can name in 8 bits, as machines with two sockets
# have: Debian's kernel uses both CPUs, ids 3 and 280, and takes one offline and back. With ids of
# the enclave's own it knows them as 0 and 1, and nothing is to be said; with those of the host
# Covirt's log tells which Linux would leave one out.
#
# The APIC ids are checked first. QEMU with an interrupt remapping unit and room for 162 CPUs is
# needed, of which five are there. What a kernel does with such an id before it believes in it is in
# no manual, so a real one boots.

# use_both ATTRIBUTE=VALUE...: Debian on both CPUs
use_both()
{
	expect_eq "$(apicid_of "$CPU2") $(apicid_of "$CPU")" "3 280" "APIC ids"
	debian e0 smp cpus="$CPU2,$CPU" "$@"
	wait_console e0 "cokernel: smp done"
	expect_match "$(console e0)" "*cokernel: 2 CPU*" "number of its CPUs"
	console_has e0 "cokernel: 1 offline, 1 online again" || fail "no hotplug"
	expect_eq "$(get e0 state)" running state
	linux_answers
}

log_names_the_cpu()
{
	log_of_test | grep -q "covirt e0: CPU $CPU has APIC id 280: Linux as a co-kernel"
}

test_debian_uses_a_cpu_with_an_apic_id_above_255()
{
	use_both
	! log_names_the_cpu || fail "the kernel log speaks of an id that the co-kernel does not see"
}

test_debian_uses_it_by_the_id_of_the_host()
{
	use_both apic_ids=host
	log_names_the_cpu || fail "the kernel log does not tell which Linux leaves it out"
}
