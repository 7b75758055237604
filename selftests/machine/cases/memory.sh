# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Memory on its way from Linux to an enclave and back.

MIB_PAGES=256

expect_taken()
{
	expect_eq "$(offline_pages)" $(($1 * MIB_PAGES)) "number of pages taken from Linux"
}

# Host-physical address of the enclave's first RAM extent above the low window.
ram_address()
{
	awk '$4 == "ram" { split($1, range, "-"); if (length(range[1]) > 7) { print $2; exit } }' \
		"$CLASS/$1/memory_map"
}

test_claimed_memory_is_counted_to_the_page()
{
	enclave e0
	for mib in 2 16 64 6 256; do
		set_attr e0 memory ${mib}M
		expect_eq "$(get e0 memory)" $((mib << 20)) "memory"
		expect_taken $mib
	done
	set_attr e0 memory 0
	expect_eq "$(get e0 memory)" 0 "memory"
	expect_taken 0
}

test_suffixes_and_plain_bytes_are_understood()
{
	enclave e0
	for value in 4194304 4096K 4M 0x400000; do
		set_attr e0 memory $value
		expect_eq "$(get e0 memory)" 4194304 "memory after '$value'"
	done
}

test_enclaves_have_memory_of_their_own()
{
	enclave e0 memory=16M
	enclave e1 memory=32M
	expect_taken 48
	echo e0 >"$CLASS/destroy"
	expect_taken 32
}

test_too_much_memory_takes_none()
{
	enclave e0
	expect_refused ENOMEM "$CLASS/e0/memory" 1T
	expect_taken 0
	set_attr e0 memory 16M
	expect_match "$(write_errno "$CLASS/e0/memory" 4G)" ENOMEM "error of asking for more than there is"
	expect_taken 16
	expect_eq "$(get e0 memory)" $((16 << 20)) "memory"
}

test_destroy_gives_memory_back()
{
	enclave e0 memory=64M
	echo e0 >"$CLASS/destroy"
	expect_taken 0
}

test_memory_stays_through_stop_and_start()
{
	payload e0 "hello"
	wait_console e0 "payload: hello"
	stop e0
	expect_taken 16
	start e0
	expect_taken 16
}

test_memory_map_lists_what_the_enclave_has()
{
	payload e0 "hello"
	expect_eq "$(awk '$4 == "ram" { split($1, r, "-"); n++ } END { print (n > 0) }' "$CLASS/e0/memory_map")" \
		1 "presence of RAM in the map"
	expect_match "$(get e0 memory_map)" "*blank*" "map"
}

test_memory_comes_without_what_linux_left_in_it()
{
	echo 1 >"$GUARD/paint"
	payload e0 "hello" memory=64M
	wait_console e0 "payload: hello"
	address=$(ram_address e0)
	expect_eq "$(pattern_count "$address" $((60 << 20)))" 0 "number of Linux's words in the enclave"
}

test_memory_goes_back_without_what_the_enclave_left_in_it()
{
	payload e0 "hello"
	wait_console e0 "payload: hello"
	address=$(ram_address e0)
	stop e0
	set_attr e0 cmdline "write=$(printf '0x%x' $((address + 0x780000)))"
	start e0
	wait_console e0 "payload: wrote"
	stop e0
	expect_number "$(pattern_count "$address" $((14 << 20)))" -ge 1 "number of the payload's words before"
	set_attr e0 memory 0
	expect_eq "$(pattern_count "$address" $((14 << 20)))" 0 "number of the payload's words afterwards"
}

test_memory_is_mapped_by_large_pages()
{
	payload e0 "hello"
	wait_console e0 "payload: hello"
	expect_number "$(stat e0 nested_tables)" -lt 8 "number of nested tables"
}
