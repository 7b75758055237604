# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The wall: what the hypervisor of an enclave can reach, read back from its own page tables
# (hypervisor_map). Its own pages and its enclave, nothing of Linux's; no range that can be both
# written and executed; its configuration and its enclave it can only read.
#
# The map is made by walking the tables that the processor uses, not by asking who built them. At
# least six ranges have to be there, so an empty map does not pass. The exhaustive search and the
# proofs are about guest tables; who owns each page that the hypervisor maps is known only where
# there is a Linux beside it.

hypervisor_map()
{
	payload e0 "hello" "$@"
	wait_console e0 "payload: hello"
	get e0 hypervisor_map >/tmp/whole
	if ! has_x2apic; then
		# The registers of its own APIC, and of the guest's, which is the same.
		expect_eq "$(grep -c ' none$' /tmp/whole)" 2 "ranges of device registers"
		grep -q '^0x40130000-0x40130fff rw- none$' /tmp/whole || fail "no APIC"
		grep -q '^0xffff8000fee00000-0xffff8000fee00fff r-- none$' /tmp/whole || fail "no APIC of the guest's"
		sed -i '/ none$/d' /tmp/whole
	fi
	cat /tmp/whole
}

test_hypervisor_maps_its_own_pages_and_its_enclave_only()
{
	hypervisor_map >/tmp/map
	expect_number "$(wc -l </tmp/map)" -ge 6 "lines of the map"
	expect_eq "$(grep -cE ' linux$| none$' /tmp/map)" 0 "ranges that belong to Linux"
	expect_eq "$(grep -cvE ' hypervisor$| enclave e0$' /tmp/map)" 0 "ranges of others"
}

test_hypervisor_maps_its_own_pages_and_its_enclave_only_in_packed_layout()
{
	hypervisor_map layout=packed >/tmp/map
	expect_eq "$(grep -cvE ' hypervisor$| enclave e0$' /tmp/map)" 0 "ranges of others"
}

test_hypervisor_can_execute_its_text_only_and_write_no_text()
{
	hypervisor_map >/tmp/map
	expect_eq "$(grep -c ' .wx ' /tmp/map)" 0 "ranges both writable and executable"
	# The text, and the trampoline's page of it.
	expect_eq "$(grep -c ' r-x hypervisor$' /tmp/map)" 2 "executable ranges"
	expect_match "$(grep ' r-x ' /tmp/map)" "*0x40000000-0x4000*" "text"
}

test_hypervisor_cannot_write_its_configuration()
{
	hypervisor_map >/tmp/map
	expect_match "$(grep '^0x40100000-' /tmp/map)" "* r-- hypervisor" "configuration"
}

test_hypervisor_cannot_write_its_enclave()
{
	hypervisor_map >/tmp/map
	expect_eq "$(grep ' enclave e0$' /tmp/map | grep -cv ' r-- ')" 0 "ranges that it can write"
}
