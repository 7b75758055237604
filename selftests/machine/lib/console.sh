# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Consoles of enclaves: followed while they run, and what is printed there.

# console_follow ENCLAVE: what it prints until it ends is kept for console_has.
# The device says end of file where nothing runs: follow after the start.
console_follow()
{
	: >>"/tmp/console.$1"
	cat "/dev/covirt/$1" >>"/tmp/console.$1" 2>/dev/null &
	echo $! >>/tmp/background
	echo $! >"/tmp/reader.$1"
}

# console_is_read ENCLAVE: while it runs there is no end; behind it nobody reads any more
console_is_read()
{
	[ -e "/tmp/reader.$1" ] || return 0
	! state_is "$1" running || return 0
	read -r reader <"/tmp/reader.$1"
	! kill -0 "$reader" 2>/dev/null
}

# console_unfollow: nobody reads any console any more
console_unfollow()
{
	[ ! -e /tmp/background ] || xargs kill </tmp/background 2>/dev/null || true
	rm -f /tmp/background /tmp/reader.* /tmp/console.*
}

console()
{
	cat "/tmp/console.$1" 2>/dev/null || true
}

console_has()
{
	grep -qF -- "$2" "/tmp/console.$1"
}

# console_has_line ENCLAVE TEXT: the end of the line, too; the co-kernel prints by the character.
# While the text is not there one process tells, which counts where the emulator is slow.
console_has_line()
{
	console_has "$1" "$2" &&
		head -n "$(wc -l <"/tmp/console.$1")" "/tmp/console.$1" | grep -F -- "$2" >/dev/null
}

# wait_printed FUNCTION ENCLAVE TEXT: until the first says that it is there
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

# wait_console ENCLAVE TEXT: a line with it
wait_console()
{
	wait_printed console_has_line "$1" "$2"
}

# wait_prompt ENCLAVE TEXT: what no end of line follows
wait_prompt()
{
	wait_printed console_has "$1" "$2"
}
