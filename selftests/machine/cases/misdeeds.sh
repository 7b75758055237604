# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Misdeeds of a co-kernel, one a row of misdeeds.table: name, what the payload is told, what must
# come of it. Memory, MSRs, ports, instructions of virtualization, control and debug registers, the
# local APIC, interrupts: an access is contained with the right record, refused in the guest (#GP,
# #UD), or taken without effect, and counted. All rows are lives of one enclave, so each row also
# shows that the next start works. Linux is looked at after each. What covirtctl says of a row that
# is contained is in misdeeds.reports.
#
# Negative controls: suite unprotected lets the same payload through; each row says what has to be
# printed, so a payload that did nothing fails.
#
# KUnit tries the policies exhaustively, and covirt-entry-state the state after each exit. A row
# shows that the processor really exits there and that nothing else happens, which depends on bits
# of a control structure: a forgotten intercept is found here, and nowhere else. Wishes for a new
# row are cheap: a line, and perhaps a word in selftests/payloads/.

suite_begin()
{
	rows_begin misdeeds
}

# rows_begin SUITE: what row needs
rows_begin()
{
	covirt_load
	linux_remember
	sed "s/@guard/$(guard_address)/g; s/@nothing/$(address_of_nothing)/g; s/@cpu/$CPU/g" \
		"/cases/$1.table" >/tmp/misdeeds
	: >/tmp/reports
	[ ! -e "/cases/$1.reports" ] || [ "$(word covirt.reports)" = no ] ||
		sed "s/@guard/$(guard_address)/g; s/@nothing/$(address_of_nothing)/g; s/@cpu/$CPU/g" \
			"/cases/$1.reports" >/tmp/reports
	payload_make e0 hello memory=4M
}

# fault_says FIELD: what covirtctl says after that word; the sentence has none
fault_says()
{
	sed -n "s/^  ${1:+$1 *}//p" /tmp/report | head -n 1
}

# expect_report NAME: as the suite's reports have it for that row, if it has any
expect_report()
{
	[ -s /tmp/reports ] || return 0
	covirtctl faults e0 >/tmp/report
	report=$(grep -F "$1 | " /tmp/reports) || fail "misdeeds.reports has no row '$1'"
	report_insn=${report##*|}
	report=${report% |*}
	expect_match "$(fault_says "")" "${report##*| }" "the sentence"
	expect_match "$(fault_says instruction)" "${report_insn# }" "the instruction"
}

# faults REASON [KEY VALUE...]: it is contained, and the record says so
faults()
{
	wait_state e0 faulted
	expect_fault e0 reason "$@" cpu "$CPU"
	! console_has e0 "payload: hello" || fail "it went on"
	expect_eq "$(stat e0 faults)" $(($(cat /tmp/faults) + 1)) "counter faults"
	expect_report "${line%% |*}"
}

# ends REASON: by itself, without a fault
ends()
{
	wait_state e0 stopped
	expect_fault e0 reason "$1" cpu "$CPU"
}

# split_counter TEXT... [COUNTER VALUE]: into $text, $counter and $value, by the shell itself
split_counter()
{
	text=$*
	value=${text##* }
	rest=${text% *}
	counter=${rest##* }
	case $value:$counter in
	*[!0-9]*:* | *:*[!a-z_]*) counter= ;;
	*) text=${rest% *} ;;
	esac
}

# takes COUNT TEXT... [COUNTER VALUE]: it is told so that many times, and goes on
takes()
{
	times=$1
	shift
	split_counter "$@"
	wait_console e0 "payload: hello"
	expect_eq "$(grep -v "payload: hello" /tmp/console.e0 | grep -cF -- "$text")" "$times" \
		"number of lines with '$text'"
	[ ! "$counter" ] || expect_eq "$(stat e0 "$counter")" "$value" "counter $counter"
	expect_eq "$(get e0 state)" running state
	stop e0
}

# stops TEXT: it says so, and never more; it can be stopped
stops()
{
	wait_console e0 "$*"
	stop e0
	expect_eq "$(get e0 state)" stopped state
	expect_eq "$(stat e0 faults)" "$(cat /tmp/faults)" "counter faults"
}

# sets_attribute WORDS: the first of them is one of those that a row may set
sets_attribute()
{
	case $1 in
	on_unclaimed=* | com1_irq=* | apic_ids=*) ;;
	*) return 1 ;;
	esac
}

# row LINE: of the table; its first words may set attributes, and are not for the payload
row()
{
	line=$(sed -n "$1p" /tmp/misdeeds)
	outcome=${line##*| }
	command=${line% |*}
	# A row that failed may have left it running.
	! state_is e0 running || stop e0
	stat e0 faults >/tmp/faults
	: >/tmp/console.e0
	words=${command##*| }
	set_attr e0 on_unclaimed ignore
	set_attr e0 apic_ids own
	set_attr e0 com1_irq on
	while sets_attribute "$words"; do
		word=${words%% *}
		set_attr e0 "${word%%=*}" "${word#*=}"
		words=${words#* }
	done
	set_attr e0 cmdline "$words hello"
	start e0
	# shellcheck disable=SC2086 # a list of words
	$outcome
	linux_is_unharmed
}

# RAX held 0x1122334455667788 before each of them; readsp reads into RSP.
test_reads_of_nothing_are_all_ones_in_the_part_of_the_register_that_is_read()
{
	nothing=$(address_of_nothing)
	payload e0 "read8=$nothing read8h=$nothing read16=$nothing read32=$nothing read=$nothing zero8=$nothing zero16=$nothing sign8=$nothing sign16=$nothing sign32=$nothing readsp=$nothing gs=$nothing hello"
	wait_console e0 "payload: hello"
	while read -r how value; do
		console_has e0 "payload: $how $nothing = $value" || fail "$how: $(console e0)"
	done <<-END
		read8 0x11223344556677ff
		read8h 0x112233445566ff88
		read16 0x112233445566ffff
		read32 0xffffffff
		read 0xffffffffffffffff
		zero8 0x11223344556600ff
		zero16 0xffff
		sign8 0xffffffff
		sign16 0xffffffffffffffff
		sign32 0xffffffffffffffff
		readsp 0xffffffffffffffff
	END
	expect_eq "$(stat e0 unclaimed_reads)" 12 "counter unclaimed_reads"
	expect_eq "$(stat e0 exits_nested_fault)" 12 "nested faults"
}

# The log names the first access to a page, and no other to the same page.
test_log_names_each_page_once()
{
	nothing=$(address_of_nothing)
	payload e0 "read=$nothing write=$nothing,1 read=$(printf '0x%x' $((nothing + 0x1008))) write=0xfed803c0,0 hello"
	wait_console e0 "payload: hello"
	stop e0
	log_of_test >/tmp/log
	expect_eq "$(grep -c "covirt e0: the co-kernel .* which is nobody's" /tmp/log)" 3 "lines"
	grep -q "the co-kernel read guest-physical $nothing, which is nobody's, .*: it read all ones" \
		/tmp/log || fail "$(cat /tmp/log)"
	grep -q "the co-kernel wrote to guest-physical 0xfed803c0, .*: the write was dropped" \
		/tmp/log || fail "$(cat /tmp/log)"
}

# The same two get through in suite "unprotected".
test_msr_write_leaves_nothing_behind()
{
	payload e0 "wrmsr=0x20e,0x1234000 rdmsr=0x20e hello"
	wait_console e0 "payload: hello"
	console_has e0 "#GP at wrmsr" || fail "the write went through"
	console_has e0 "#GP at rdmsr" || fail "the read went through"
}

test_port_write_leaves_nothing_behind()
{
	before=$(cmos_byte)
	payload e0 "out=0x70,0x5f out=0x71,$((before ^ 0xff)) hello"
	wait_console e0 "payload: hello"
	expect_eq "$(cmos_byte)" "$before" "byte of CMOS memory"
}

# Every piece of a neighbour's: image, configuration, control block, stack, rings, both
# kinds of tables. One's own come and go with each start.
test_memory_of_the_hypervisor_is_out_of_reach()
{
	payload e1 hello cpus="$CPU2"
	wait_console e1 "payload: hello"
	sed 's/-.*//' "$CLASS/hypervisor_memory" >/tmp/pieces
	payload_make e0 hello memory=4M
	expect_number "$(wc -l </tmp/pieces)" -ge 5 "number of pieces"
	while read -r address; do
		for command in write read exec; do
			rm -f /tmp/console.e0
			set_attr e0 cmdline "$command=$address hello"
			start e0
			wait_state e0 faulted
			expect_fault e0 reason memory-violation access $command owner hypervisor \
				gpa "$address"
		done
	done </tmp/pieces
	expect_eq "$(get e1 state)" running "state of the neighbour"
	linux_is_unharmed
	stop e1
	note "$(wc -l </tmp/pieces) pieces of the hypervisor's memory, each written, read, executed"
}
