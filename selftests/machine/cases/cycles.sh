# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Starting and stopping again and again, to see that nothing gets lost: the lives of one enclave, of
# enclaves that are created for a single life, and of Debian's kernel, stopped at random moments of
# their boot (in the hypervisor, at the first instruction, while printing). The moments are drawn
# from a fixed seed, so that runs are alike.
#
# After each life the accounts are compared: Linux's CPUs, the pages taken from Linux, the
# references of the module; after all of them the pages in use. A leak of a single page in each life
# is found, since fewer pages than lives may be missing at the end.
#
# The parameter covirt.cycles says how many: 200 on one machine, 20 where an emulator is slow.
# Allocations have fault injection in suite failures and kmemleak in suite files; races of a stop
# with a start need CPUs that run at once.

# Machines may ask for more or fewer: see machines.py.
CYCLES=$(word covirt.cycles)
CYCLES=${CYCLES:-50}
LIVES=10
SEED=2

# A pseudo-random number below $1; the sequence is the same in each run.
random_below()
{
	random=$(((random * 1103515245 + 12345) & 0x7fffffff))
	drawn=$((random / 65536 % $1))
}

expect_accounts()
{
	expect_eq "$(online_cpus)" "$1" "list of Linux's CPUs in cycle $cycle"
	expect_eq "$(offline_pages)" "$2" "number of pages taken in cycle $cycle"
	expect_eq "$(module_references)" "$3" "references of the module in cycle $cycle"
}

# run_and_stop CYCLE: e0, which is stopped in most cycles wherever it is by then: in the
# hypervisor, at its first instruction, printing.
run_and_stop()
{
	set_attr e0 state start
	if [ $(($1 % 4)) = 0 ]; then
		console_follow e0
		wait_console e0 "payload: spinning"
		stop e0
		console_unfollow
	else
		random_below 30000
		usleep "$drawn"
		stop e0
	fi
}

test_lives_of_one_enclave()
{
	random=$SEED
	payload_make e0 "ap=$(cokernel_id 1 "$CPU"),0 hello spin" cpus="$CPU2,$CPU"
	idle=$(module_references)
	without=$(online_cpus)
	for cycle in $(seq $LIVES); do
		run_and_stop "$cycle"
		expect_accounts "$without" 4096 "$idle"
	done
	expect_eq "$(stat e0 starts)" $LIVES "counter starts"
	expect_eq "$(stat e0 faults)" 0 "counter faults"
}

# life CYCLE: of an enclave that is created for it
life()
{
	payload_make e0 "hello spin" memory=$((2 * ($1 % 5) + 4))M
	run_and_stop "$1"
	echo e0 >"$CLASS/destroy"
}

# lives FIRST: CYCLES of them, from that number on
lives()
{
	for cycle in $(seq "$1" $(($1 + CYCLES - 1))); do
		life "$cycle"
		expect_accounts "$(cat "$BASELINE")" 0 "$idle"
	done
}

pages_lost()
{
	lost=$(($(cat "$GUARD/used_pages") - used))
}

# Linux's slabs breathe by some dozens of pages, however many enclaves there are; a page lost with each
# grows with them. So lives that have not told one from the other are followed by as many more.
test_enclaves_after_each_other()
{
	random=$((SEED + 1))
	idle=$(module_references)
	# Linux's own allocations on first use are not counted.
	for cycle in 1 2 3 4; do
		life $cycle
	done
	used=$(cat "$GUARD/used_pages")
	for round in 1 2 3 4; do
		lives $(((round - 1) * CYCLES + 1))
		pages_lost
		note "pages in use: $used before, $lost more after $((round * CYCLES)) enclaves"
		if linux_is_shared || machine_is_slow || [ $lost -lt $((round * CYCLES)) ]; then
			break
		fi
	done
	linux_is_shared || machine_is_slow ||
		expect_number $lost -lt $((round * CYCLES)) "number of pages lost"
	linux_answers
}

test_debian_stopped_at_random_moments_of_its_boot()
{
	random=$((SEED + 2))
	enclave e0 cpus="$CPU" memory=320M firmware=covirt/vmlinuz initrd=covirt/initrd \
		cmdline="console=ttyS0 earlycon=uart8250,io,0x3f8 $COKERNEL_PARAMS"
	for cycle in 1 2 3 4 5; do
		set_attr e0 state start
		random_below 1500000
		usleep "$drawn"
		expect_eq "$(get e0 state)" running "state in cycle $cycle"
		stop e0
		expect_eq "$(get e0 state)" stopped "state in cycle $cycle"
	done
}
