# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Consoles of enclaves: followed while they run, and what is printed there.

# console_follow ENCLAVE: keep what it prints until it ends for console_has. The device says end of
# file where nothing runs, so follow after the start.
console_follow()
{
	: >>"/tmp/console.$1"
	cat "/dev/covirt/$1" >>"/tmp/console.$1" 2>/dev/null &
	echo $! >>/tmp/background
	echo $! >"/tmp/reader.$1"
}

# console_is_read ENCLAVE: all that it printed has been kept. There is no end while it runs;
# afterwards the reader has ended, too.
console_is_read()
{
	[ -e "/tmp/reader.$1" ] || return 0
	! state_is "$1" running || return 0
	read -r reader <"/tmp/reader.$1"
	! kill -0 "$reader" 2>/dev/null
}

# console_unfollow: end all readers, and forget what they kept
console_unfollow()
{
	[ ! -e /tmp/background ] || xargs kill </tmp/background 2>/dev/null || true
	rm -f /tmp/background /tmp/reader.* /tmp/console.*
}

# console ENCLAVE: print what was kept
console()
{
	cat "/tmp/console.$1" 2>/dev/null || true
}

# console_has ENCLAVE TEXT: the text was printed, be it in a line that has not ended yet
console_has()
{
	grep -qF -- "$2" "/tmp/console.$1"
}

# console_has_line ENCLAVE TEXT: a line with the text was printed to its end, since the co-kernel
# prints by the character. While the text is not there a single process tells, which counts in a
# slow emulator.
console_has_line()
{
	console_has "$1" "$2" &&
		head -n "$(wc -l <"/tmp/console.$1")" "/tmp/console.$1" | grep -F -- "$2" >/dev/null
}

# console_has_moved: the interrupt of Debian's console went to another CPU and back, in e0
console_has_moved()
{
	for moved in "CPU 1" "CPU 0" "CPU 1 again"; do
		console_has e0 "cokernel: console interrupts $moved" ||
			fail "the console does not interrupt $moved: $(console e0 | grep "console interrupts")"
	done
	expect_eq "$(stat e0 ioapic_dropped)" 0 "counter ioapic_dropped"
}

# wait_printed FUNCTION ENCLAVE TEXT: wait until the function says that the text is there
wait_printed()
{
	wait_until "$1" "$2" "$3" || {
		echo "--- console of $2:"
		console "$2" | tail -n 30
		echo "--- state $(get "$2" state), fault:"
		get "$2" fault
		fail "$2 did not print '$3'"
	}
}

# wait_console ENCLAVE TEXT: wait for a line with the text
wait_console()
{
	wait_printed console_has_line "$1" "$2"
}

# wait_prompt ENCLAVE TEXT: wait for a text that no end of line follows
wait_prompt()
{
	wait_printed console_has "$1" "$2"
}
