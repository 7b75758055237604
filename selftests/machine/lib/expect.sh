# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Test cases say, wait for and expect something, whatever it is about.

# kselftest's exit status of what was skipped. Other programs end with 4 as well (covirtctl, where
# there is no such enclave), so a test case was skipped only if it left a reason, too.
KSFT_SKIP=4
SKIPPED=/tmp/skipped
WAIT=60	# seconds in which something has to move while wait_until waits

# --- reporting -------------------------------------------------------------------

# log TEXT: a line in the kernel log, so that the log of a run says which test case was going on
log()
{
	echo "<6>covirt-test: $*" >/dev/kmsg
}

# note TEXT: something measured that is worth reading although the test passes
note()
{
	echo "$*" >>/tmp/notes
}

# fail TEXT: the test case ends here, failed
fail()
{
	echo "FAILED: $*"
	exit 1
}

# skip TEXT: the test case ends here, for a reason that lies in the machine
skip()
{
	echo "$*" >$SKIPPED
	exit $KSFT_SKIP
}

# --- expecting -------------------------------------------------------------------

# expect_eq ACTUAL EXPECTED WHAT: both are the same text
expect_eq()
{
	[ "$1" = "$2" ] || fail "$3 is '$1', expected '$2'"
}

# expect_number ACTUAL OPERATOR EXPECTED WHAT: numbers compare so, OPERATOR as in test(1)
expect_number()
{
	[ "$1" "$2" "$3" ] || fail "$4 is $1, expected $2 $3"
}

# expect_match ACTUAL PATTERN WHAT: the text matches, PATTERN as in case
expect_match()
{
	# shellcheck disable=SC2254 # the pattern is meant as one
	case $1 in
	$2) ;;
	*) fail "$3 is '$1', expected '$2'" ;;
	esac
}

# first_line FILE: read by the shell itself, since a process more takes an emulated machine long
first_line()
{
	read -r line_read <"$1"
	echo "$line_read"
}

# says FILE TEXT: a line of the file has the text in it, to the letter
says()
{
	grep -qF -- "$2" "$1" || fail "$(cat "$1"): does not say '$2'"
}

# --- system calls that must fail -------------------------------------------------

# errno_of TEXT: the name of the error that a shell reports in words
errno_of()
{
	case $1 in
	*"Invalid argument"*) echo EINVAL ;;
	*"Device or resource busy"*) echo EBUSY ;;
	*"File exists"*) echo EEXIST ;;
	*"No such file or directory"*) echo ENOENT ;;
	*"Cannot allocate memory"*) echo ENOMEM ;;
	*"Exec format error"*) echo ENOEXEC ;;
	*"Operation not permitted"*) echo EPERM ;;
	*"Operation not supported"*) echo EOPNOTSUPP ;;
	*"No such device"*) echo ENODEV ;;
	*"Numerical result out of range"*) echo ERANGE ;;
	*"Permission denied"*) echo EACCES ;;
	*"File too large"*) echo EFBIG ;;
	*"Bad address"*) echo EFAULT ;;
	*"Input/output error"*) echo EIO ;;
	*"Text file busy"*) echo ETXTBSY ;;
	*"timed out"*) echo ETIMEDOUT ;;
	"") echo 0 ;;
	*) echo "$1" ;;
	esac
}

# write_errno FILE VALUE: write, then print the name of the error, or 0
write_errno()
{
	errno_of "$( (echo "$2" >"$1") 2>&1)"
}

# last_words: the newest refusal, whosever it is: NUMBER WRITER ERRNO TEXT
last_words()
{
	cat "$CLASS/last_error"
}

# expect_refused ERROR FILE VALUE: the write fails so, and last_error says why
expect_refused()
{
	refused_before=$(last_words)
	expect_eq "$(write_errno "$2" "$3")" "$1" "error of writing '$3' to $2"
	[ "$(last_words)" != "$refused_before" ] ||
		fail "last_error does not tell why writing '$3' to $2 failed"
}

# --- waiting ---------------------------------------------------------------------

# uptime_seconds: the seconds since Linux began, which stand still while the machine has no turn
uptime_seconds()
{
	read -r up _ </proc/uptime
	echo "${up%.*}"
}

# patience_begin: from here on patience_is_left counts
patience_begin()
{
	patience_began=$(uptime_seconds)
	patience_since=$patience_began
	patience_polls=0
	patience_seen=
}

# patience_is_left: called once a poll. A loaded machine is slow, which is no reason to give up. It
# may take its time as long as anything moves: WAIT seconds count once Linux had its turn in them,
# too. A wait ends as well where something moves for ever, as a co-kernel that polls a port does.
patience_is_left()
{
	patience_polls=$((patience_polls + 1))
	patience_now=$(uptime_seconds)
	[ $((patience_now - patience_since)) -ge "$WAIT" ] && [ $patience_polls -ge $((3 * WAIT)) ] ||
		return 0
	[ $((patience_now - patience_began)) -lt $((16 * WAIT)) ] || return 1
	patience_saw=$patience_seen
	patience_seen="seen $(enclaves_now)"
	patience_since=$patience_now
	patience_polls=0
	[ "$patience_seen" != "$patience_saw" ]
}

# wait_until COMMAND...: poll until it succeeds; fail when nothing moves any more
wait_until()
{
	! "$@" || return 0
	patience_begin
	until "$@"; do
		patience_is_left || {
			echo "gave up after $((patience_now - patience_began)) s: $*"
			return 1
		}
		sleep 0.1
	done
}
