# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Every file of enclaves, used at random: four threads write good, nearly good, cut, huge and
# rubbish values, read, seek and call ioctls in the files of two enclaves at once, then an ordinary
# user tries the same. Errors must be among the documented ones; an enclave must run afterwards.
#
# The host is a kernel with KASAN, lockdep and kmemleak, covirt built in (machine qemu-svm-checked),
# which speak up in the kernel log. The user's part has its control: a file that was made writable
# on purpose must be found.
#
# Races between files are races of locks and reference counts of the kernel: a program in user space
# has neither, and KUnit calls one function at a time. Each seed is told, so that a run can be
# repeated.

SEEDS="1 2 3"
STEPS=400
LEAKS=/sys/kernel/debug/kmemleak

# files_of ENCLAVE...: for a program
files_of()
{
	for fuzz_name; do
		realpath "$CLASS/$fuzz_name"
		echo "/dev/covirt/$fuzz_name"
	done
	echo "$CLASS/create" "$CLASS/destroy" "$CLASS/hypervisor_memory"
}

# destroy_others: enclaves that were created at random
destroy_others()
{
	for other in $(enclave_names); do
		case $other in e0 | e1) continue ;; esac
		echo stop >"$CLASS/$other/state" 2>/dev/null || true
		echo "$other" >"$CLASS/destroy"
	done
}

test_random_use_meets_only_errors_that_are_documented()
{
	payload_make e1 "hello spin" cpus="$CPU2"
	payload_make e0 "hello spin"
	linux_remember
	for seed in $SEEDS; do
		# shellcheck disable=SC2046 # a list of words
		fuzz_files "$seed" $STEPS $(files_of e0 e1) >/tmp/fuzz ||
			fail "seed $seed: $(cat /tmp/fuzz)"
		note "seed $seed: $(tr '\n' ' ' </tmp/fuzz)"
		destroy_others
	done
	linux_is_unharmed
}

test_an_enclave_runs_afterwards()
{
	payload e0 hello
	wait_console e0 "payload: hello"
}

test_an_ordinary_user_gets_nowhere()
{
	payload e0 "hello spin"
	wait_console e0 "payload: spinning"
	# shellcheck disable=SC2046 # a list of words
	fuzz_files user $(files_of e0) >/tmp/fuzz || fail "$(cat /tmp/fuzz)"
	expect_eq "$(get e0 state)" running state
	chmod 666 "$CLASS/e0/on_fault"
	! fuzz_files user "$CLASS/e0/on_fault" || fail "a file that can be written is not found"
	chmod 644 "$CLASS/e0/on_fault"
}

# Twice: what the first scan found may have been on its way.
test_nothing_has_leaked()
{
	[ -e $LEAKS ] || skip "this kernel has no kmemleak"
	echo scan >$LEAKS
	echo scan >$LEAKS
	! grep -q covirt $LEAKS || fail "$(cat $LEAKS)"
}
