#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# suites.sh "NAME NAME ...": run the suites cases/NAME.sh, write KTAP.
#
# A suite is a file with functions test_SOMETHING, each of them a test case, and
# may have suite_begin and suite_end. Each runs in a process of its own, has a
# time limit, and fails when a command or an expectation fails. After each test
# case everything is taken down, and what it left behind makes it fail.
#
# A suite with a function first_life is about what comes after this Linux: that function starts
# another kernel (next_life in lib/host.sh) and does not come back, and the suite is run there.
#
# With a file NAME.table beside it, each row of that (NAME | ...) is a test case too:
# function "row LINE" carries it out. Rows come first and share what suite_begin made,
# which is taken down behind the last of them.

# Limits of a test case, in seconds: a loaded machine may take long, but something moves meanwhile.
LIMIT=300	# without anything that moved
LAST=1800	# whatever moves
SIGN=20		# between signs of life, for who waits outside; see SILENCE in run
KILLED=137	# the exit status of what was killed
UNDER_TEST=/tmp/under_test	# the process of the test case

say()
{
	echo "    $*"
}

# The words of a diagnostic, where KTAP wants them.
quote()
{
	[ ! -s "$1" ] || tail -n 60 "$1" | sed 's/^/    # /'
}

# progress: what changes while a test case gets on: Linux computes (each number is 10 s of a CPU's
# time), or an enclave does
progress()
{
	read -r _ user nice system _ </proc/stat
	echo "$(cat $UNDER_TEST) $(((user + nice + system) / 1000))"
	enclaves_now
}

# watch_over: in the background, until the suites have ended or were ended
watch_over()
{
	seen=
	while sleep $SIGN && kill -0 $$; do
		echo "<6>the suites go on" >/dev/kmsg
		now=$(progress)
		if [ "$now" != "$seen" ]; then
			seen=$now
			moved=$(uptime_seconds)
		elif [ $(($(uptime_seconds) - moved)) -ge $LIMIT ]; then
			xargs kill -KILL <$UNDER_TEST
		fi
	done
}

# in_process SUITE FUNCTION OUTPUT: for itself, and not for longer than it gets on
in_process()
{
	timeout -s KILL "$LAST" sh -c "
		echo \$\$ >$UNDER_TEST
		. /lib/covirt/expect.sh
		. /lib/covirt/host.sh
		. /lib/covirt/console.sh
		. /lib/covirt/enclave.sh
		. /cases/$1.sh
		set -eu
		$2" >"$3" 2>&1
	in_process_status=$?
	: >$UNDER_TEST
	[ $in_process_status != $KILLED ] || echo "it was killed: it took too long" >>"$3"
	return $in_process_status
}

has_function()
{
	grep -q "^$2()" "/cases/$1.sh"
}

# beginning_of SUITE: what has to succeed before its test cases
beginning_of()
{
	if has_function "$1" first_life && ! is_reborn; then
		echo "first_life; fail 'Linux goes on'"
	elif has_function "$1" suite_begin; then
		echo suite_begin
	else
		echo covirt_load
	fi
}

# rows_of SUITE: the numbers of the lines that are rows
rows_of()
{
	[ ! -e "/cases/$1.table" ] || grep -n '^[^#]' "/cases/$1.table" | cut -d: -f1
}

# tests_of SUITE: its test cases, by function or by line of the table
tests_of()
{
	rows_of "$1"
	sed -n 's/^\(test_[a-z0-9_]*\)()$/\1/p' "/cases/$1.sh"
}

# name_of SUITE TEST: for people
name_of()
{
	case $2 in
	test_*) echo "${2#test_}" | tr _ ' ' ;;
	*) sed -n "$2s/ *|.*//p" "/cases/$1.table" ;;
	esac
}

# tidied SUITE TEST: what it may not leave behind is not there
tidied()
{
	# A negative control may have wrecked this Linux: then there is nothing to tidy.
	[ ! -e /tmp/wrecked ] || return 0
	case $2 in
	test_* | "$last_row") in_process "$1" leave_no_trace /tmp/traces ;;
	esac
}

# judge STATUS: $verdict and $directive of a test case that ended so, as KTAP has them
judge()
{
	verdict="not ok"
	directive=
	case $1 in
	0)
		verdict=ok
		;;
	"$KSFT_SKIP")
		[ -s $SKIPPED ] || return 0
		verdict=ok
		directive=" # SKIP $(cat $SKIPPED)"
		;;
	"$KILLED")
		directive=" # TIMEOUT"
		;;
	esac
}

# run_test SUITE TEST: its verdict line goes to the output
run_test()
{
	name=$(name_of "$1" "$2")
	log "$1: $name"
	rm -f $SKIPPED
	: >/tmp/notes
	: >/tmp/traces
	case $2 in
	test_*) in_process "$1" "$2" /tmp/output ;;
	*) in_process "$1" "row $2" /tmp/output ;;
	esac
	judge $?
	tidied "$1" "$2" || verdict="not ok"
	[ "$verdict" = ok ] || quote /tmp/output
	quote /tmp/traces
	quote /tmp/notes
	number=$((number + 1))
	say "$verdict $number $name$directive"
	[ "$verdict" = ok ]
}

# run_suite NAME
run_suite()
{
	tests=$(tests_of "$1")
	last_row=$(rows_of "$1" | tail -n 1)
	number=0
	failed=0
	begun=yes
	in_process "$1" "$(beginning_of "$1")" /tmp/output || begun=no
	say "KTAP version 1"
	say "# Subtest: $1"
	say "1..$(echo "$tests" | wc -w)"
	if [ $begun = no ]; then
		quote /tmp/output
		for test in $tests; do
			number=$((number + 1))
			say "not ok $number $(name_of "$1" "$test")"
		done
		return 1
	fi
	for test in $tests; do
		run_test "$1" "$test" || failed=$((failed + 1))
	done
	! has_function "$1" suite_end || in_process "$1" suite_end /tmp/output || quote /tmp/output
	[ "$failed" = 0 ]
}

. /lib/covirt/expect.sh
. /lib/covirt/host.sh
. /lib/covirt/enclave.sh
# Before anything of ours is loaded: see rerun.py.
log "the suites begin"
: >$UNDER_TEST
watch_over >/dev/null 2>&1 &
watcher=$!
# shellcheck disable=SC2086 # a list of words
set -- $1
echo "KTAP version 1"
echo "1..$#"
done=0
for suite; do
	done=$((done + 1))
	if run_suite "$suite"; then
		echo "ok $done $suite"
	else
		echo "not ok $done $suite"
	fi
done
kill $watcher
