# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Memory on its way from Linux to an enclave and back. Counted to the page; kept within the reserve
# that Linux is left, or beyond it by force; grown and shrunk in place; ended by a signal; taken in
# hundreds of pieces where Linux's memory is in holes; refused with the amount that can be had. The
# contents are looked at, too: nothing of Linux's comes with it, nothing of the enclave's goes back.
#
# The guard module marks pages, searches physical memory for the payload's pattern, and counts the
# pages that Linux does not own. Each search for "nothing" has a control before it that finds the
# pattern. All that Linux can spare is taken once, of which Linux has died before.
#
# Page allocator, reclaim and migration are Linux's own. Holes are made by the guard module at the
# end of the suite, where memory is no longer what it was; KUnit (covirt-blocks, covirt-layout) has
# the arithmetic.

MIB_PAGES=256

expect_claimed()
{
	expect_eq "$(offline_pages)" $(($1 * MIB_PAGES)) "number of pages taken from Linux"
}

# Host-physical address of the enclave's first RAM extent above low memory.
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
		expect_claimed $mib
	done
	set_attr e0 memory 0
	expect_eq "$(get e0 memory)" 0 "memory"
	expect_claimed 0
}

test_suffixes_and_plain_bytes_are_understood()
{
	once_is_enough
	enclave e0
	for value in 4194304 4096K 4M 0x400000; do
		set_attr e0 memory $value
		expect_eq "$(get e0 memory)" 4194304 "memory after '$value'"
	done
}

test_enclaves_have_memory_of_their_own()
{
	once_is_enough
	enclave e0 memory=16M
	enclave e1 memory=32M
	expect_claimed 48
	echo e0 >"$CLASS/destroy"
	expect_claimed 32
}

test_too_much_memory_takes_none()
{
	enclave e0
	expect_refused ENOMEM "$CLASS/e0/memory" 1T
	expect_claimed 0
	set_attr e0 memory 16M
	expect_match "$(write_errno "$CLASS/e0/memory" 4G)" ENOMEM "error of asking for more than there is"
	expect_claimed 16
	expect_eq "$(get e0 memory)" $((16 << 20)) "memory"
}

# spare_mib: what Linux can give away beside its reserve
spare_mib()
{
	awk '{ sum += $2 } END { print int(sum / 1048576) }' "$CLASS/memory_spare"
}

# leave_mib MIB: a reserve of which so much is left to be taken, and no more
leave_mib()
{
	echo 0 >"$CLASS/memory_reserve"
	echo $(($(spare_mib) - $1))M >"$CLASS/memory_reserve"
}

test_reserve_is_settable()
{
	once_is_enough
	expect_eq "$(cat "$CLASS/memory_reserve")" auto "reserve"
	for value in much -1M 1M1 99999999999999999999G; do
		expect_refused EINVAL "$CLASS/memory_reserve" $value
	done
	echo 300M >"$CLASS/memory_reserve"
	expect_eq "$(cat "$CLASS/memory_reserve")" $((300 << 20)) "reserve"
	echo auto >"$CLASS/memory_reserve"
	expect_eq "$(cat "$CLASS/memory_reserve")" auto "reserve"
}

test_linux_keeps_its_reserve()
{
	enclave e0
	leave_mib 64
	expect_refused ENOMEM "$CLASS/e0/memory" 128M
	expect_match "$(last_words)" "*at most [56]?M can be had now of node 0, since Linux keeps *" "words"
	expect_refused ENOMEM "$CLASS/e0/memory" 1T
	expect_claimed 0
	set_attr e0 memory "$(spare_mib)M"
	expect_refused ENOMEM "$CLASS/e0/memory" 128M
	set_attr e0 memory "128M force"
	expect_claimed 128
	echo auto >"$CLASS/memory_reserve"
}

test_growing_keeps_what_there_is()
{
	once_is_enough
	enclave e0 memory=64M
	enclave e1
	leave_mib 24
	expect_refused ENOMEM "$CLASS/e1/memory" 72M
	set_attr e0 memory 72M
	expect_claimed 72
	echo auto >"$CLASS/memory_reserve"
}

test_shrinking_takes_no_new_memory()
{
	once_is_enough
	enclave e0 memory=64M
	leave_mib 0
	for mib in 62 16 2; do
		set_attr e0 memory ${mib}M
		expect_claimed $mib
	done
	echo auto >"$CLASS/memory_reserve"
}

test_memory_that_is_given_back_by_shrinking_is_cleared()
{
	payload_make e0 hello memory=64M
	end=$(($(awk '$4 == "ram" { split($1, range, "-"); last = range[2] } END { print last }' \
		"$CLASS/e0/memory_map") + 1))
	set_attr e0 cmdline "write=$(printf '0x%x' $((end - 4096)))"
	start e0
	wait_console e0 "payload: wrote"
	stop e0
	expect_number "$(pattern_count $((end - 0x200000)) $((2 << 20)))" -ge 1 \
		"number of the payload's words before"
	set_attr e0 memory 2M
	expect_eq "$(pattern_count $((end - 0x200000)) $((2 << 20)))" 0 \
		"number of the payload's words afterwards"
}

# The writer is a program of its own, which the signal ends or which says EINTR.
test_a_claim_ends_by_a_signal()
{
	for signal in KILL TERM; do
		enclave e0
		sh -c "exec busybox printf '%s\n' $(spare_mib)M" >"$CLASS/e0/memory" 2>/dev/null &
		writer=$!
		wait_until claimed_any
		kill -$signal $writer 2>/dev/null || true
		wait $writer 2>/dev/null || true
		if [ "$(get e0 memory)" = 0 ]; then
			expect_match "$(last_words)" "*a signal ended the taking of memory*" "words"
			expect_claimed 0
		else
			note "memory was there before SIG$signal came"
		fi
		echo e0 >"$CLASS/destroy"
	done
}

claimed_any()
{
	[ "$(offline_pages)" -gt 0 ]
}

test_memory_stays_through_stop_and_start()
{
	payload e0 "hello"
	wait_console e0 "payload: hello"
	stop e0
	expect_claimed 16
	start e0
	expect_claimed 16
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
	words=0
	while read -r range hpa _ kind; do
		[ "$kind" = ram ] || continue
		bytes=$((${range#*-} - ${range%-*} + 1))
		words=$((words + $(pattern_count "$hpa" $bytes)))
	done <"$CLASS/e0/memory_map"
	expect_eq "$words" 0 "number of Linux's words in the enclave"
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
	expect_number "$(stat e0 nested_tables)" -lt 10 "number of nested tables"
}

# From here on memory is no longer what it was: its large pieces have been cut up.

# Linux has died of it.
test_linux_lives_when_all_it_can_spare_is_taken()
{
	[ "$(spare_mib)" -gt 600 ] || skip "a machine that is too slow for this"
	enclave e0
	before=$(spare_mib)
	set_attr e0 memory "${before}M"
	expect_refused ENOMEM "$CLASS/e0/memory" $((before + $(spare_mib) + 16))M
	expect_claimed "$before"
	dd if=/dev/zero of=/dev/null bs=64M count=1 2>/dev/null || fail "no program gets 64M"
	linux_answers
	echo e0 >"$CLASS/destroy"
	expect_claimed 0
}

# pieces: of e0's memory
pieces()
{
	grep -c " ram$" "$CLASS/e0/memory_map"
}

# fragmented MIB NUMBER: e0 has at least that much memory, in more than that number of pieces, or all
# that there is; $mib tells how much. Every second 2 MiB of what is free has a page that cannot be
# moved. Linux's memory in use has none, and is taken in larger pieces: how much of it there is
# depends on what ran before.
fragmented()
{
	echo 2 >"$GUARD/fragment"
	mib=$1
	set_attr e0 memory "${mib}M"
	while [ "$(pieces)" -le "$2" ] && [ "$(write_errno "$CLASS/e0/memory" $((mib + 32))M)" = 0 ]; do
		mib=$((mib + 32))
	done
	echo 0 >"$GUARD/fragment"
	note "${mib}M in $(pieces) pieces"
}

test_memory_in_holes_is_taken()
{
	enclave e0 cpus="$CPU" layout=packed firmware=covirt/payload.elf cmdline=hello
	fragmented 192 32
	expect_claimed "$mib"
	expect_number "$(pieces)" -gt 32 "number of pieces"
	cat "$CLASS/e0/memory_map" >/tmp/map
	dd if="$CLASS/e0/memory_map" bs=37 2>/dev/null | cmp - /tmp/map
	start e0
	wait_console e0 "payload: hello"
	stop e0
}

# The boot protocols tell of 128 pieces.
test_too_many_pieces_for_a_layout_are_refused()
{
	[ "$(spare_mib)" -gt 600 ] || skip "not enough memory in holes"
	enclave e0 cpus="$CPU" firmware=covirt/payload.elf cmdline=hello
	fragmented 400 128
	[ "$(pieces)" -gt 128 ] || skip "there were larger holes"
	expect_refused EINVAL "$CLASS/e0/state" start
	expect_match "$(last_words)" "*use layout packed*" "words"
	set_attr e0 layout packed
	start e0
	wait_console e0 "payload: hello"
	stop e0
}

test_what_is_in_the_way_is_told()
{
	enclave e0
	echo 1 >"$GUARD/fragment"
	refused=$(write_errno "$CLASS/e0/memory" "$(spare_mib)M")
	words=$(last_words)
	echo 0 >"$GUARD/fragment"
	expect_eq "$refused" ENOMEM "error where all is in pieces"
	expect_match "$words" "*could free only *M for it in blocks of 2M on node 0*" "words"
	expect_claimed 0
}
