# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A dry run of "make verify-hardware" (selftests/hardware/): this emulated machine takes the place
# of the hardware, a copy of its file system that of the tree which is made there. The verification
# must find that the machine matches, name a case that fails, tell what is missing where Covirt is
# in use already, and put everything back when it is interrupted.
#
# The case that fails is made up (broken.sh), and a machine that is not fit is this one with the
# module loaded. Mounts, the path of firmware and the module are compared afterwards. It is meant
# for machines that we do not have; a stranger's first run of it should not be the first run.

TREE=/tmp/tree

suite_begin()
{
	forget_covirt
	mkdir -p $TREE
	for folder in proc sys dev tmp; do
		mkdir -p $TREE/$folder
	done
	cp -a /bin /cases /modules /lib $TREE
	# Only there: the kernel has to be told.
	mv /lib/firmware/covirt /lib/firmware/elsewhere
	cat >$TREE/cases/broken.sh <<-'END'
		test_what_works()
		{
			true
		}

		test_what_does_not()
		{
			false
		}
	END
}

suite_end()
{
	mv /lib/firmware/elsewhere /lib/firmware/covirt
	nothing_mounted && rm -rf $TREE
}

forget_covirt()
{
	! covirt_is_loaded || rmmod covirt
	[ ! -d "$GUARD" ] || rmmod covirt_guard
	rm -f /tmp/loaded
}

nothing_mounted()
{
	! grep -q " $TREE" /proc/mounts
}

# forget_verification: the tree is as when it has just been made
forget_verification()
{
	rm -rf $TREE/report $TREE/tmp/*
}

# verify STATUS SUITE...: the verification of this machine, and how it must end
verify()
{
	wanted=$1
	shift
	forget_verification
	status=0
	VERSION=dry-run sh /lib/covirt/enter.sh $TREE sh /lib/covirt/verify.sh "$@" || status=$?
	expect_eq "$status" "$wanted" "exit status"
	expect_eq "$(cat /sys/module/firmware_class/parameters/path)" "" "path of firmware"
	nothing_mounted || fail "the tree has mounts left"
}

reports()
{
	grep -q "$1" $TREE/report || fail "the report does not say '$1'"
}

test_an_emulated_machine_matches_the_emulated_machines()
{
	verify 0 wall escape
	reports "^covirt: dry-run"
	reports "^model name"
	reports "^flags"
	reports "    ok 5 hypervisor cannot write its enclave"
	reports "^exits_cpuid 4096"
	reports "^cpuid: [1-9][0-9.]*"
	reports "covirt-test: escape: "
	reports "^this machine matches the emulated ones: 9 cases"
	! covirt_is_loaded || fail "the module is still loaded"
}

test_a_case_that_fails_differs()
{
	once_is_enough
	verify 1 broken
	reports "^this machine DIFFERS"
	reports "^broken: what does not"
	reports "    ok 1 what works"
}

test_an_unfit_machine_is_told_what_to_do()
{
	once_is_enough
	covirt_load
	verify $KSFT_SKIP wall
	reports "not fit: stop your enclaves, then rmmod covirt"
	! grep -q "^this machine" $TREE/report || fail "there is a verdict"
	covirt_is_loaded || fail "a module that is none of its business was unloaded"
	forget_covirt
}

e0_runs()
{
	[ -e "$CLASS/e0/state" ] && state_is e0 running
}

# The signal is that of Ctrl-C, which all of its processes hear.
test_an_interrupted_verification_puts_everything_back()
{
	once_is_enough
	forget_verification
	sh /lib/covirt/enter.sh $TREE sh /lib/covirt/verify.sh steady &
	wait_until e0_runs
	# shellcheck disable=SC2046 # a list of numbers
	kill -TERM $(ps | awk '/verify.sh steady|suites.sh steady/ && !/awk/ { print $1 }')
	status=0
	wait $! || status=$?
	expect_eq "$status" 130 "exit status"
	expect_eq "$(cat /sys/module/firmware_class/parameters/path)" "" "path of firmware"
	nothing_mounted || fail "the tree has mounts left"
	! covirt_is_loaded || fail "the module is still loaded"
	expect_all_cpus
}
