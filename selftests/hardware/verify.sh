#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# verify.sh [SUITE...]: does this machine's processor do what the emulated ones do?
#
# Checks the machine, runs the suites that ask nothing of Linux that people who use it
# would notice, counts and times exits, and writes all of it to /report, the verdict
# last. Exit status: 0 it matches, 1 it differs, 4 (KSFT_SKIP) this machine cannot tell.
#
# The emulators' side of the comparison: there every case passes, and the payload's
# bench makes as many exits as EXITS says (selftests/machine/cases/verify.sh keeps both true).

. /lib/covirt/expect.sh
. /lib/covirt/host.sh
. /lib/covirt/console.sh
. /lib/covirt/enclave.sh

# Without x2APIC other misdeeds are possible, and no co-kernel takes interrupts without an exit.
# The payload asks once by an MSR where its APIC is and, if that is one too, for its id.
if has_x2apic; then
	OWN="misdeeds steady"
	EXITS="exits_cpuid=4096 exits_msr_read=4098"
else
	OWN=xapic
	EXITS="exits_cpuid=4096 exits_msr_read=4097"
fi
# shellcheck disable=SC2086 # a list of suites
[ $# -gt 0 ] || set -- payload wall contain $OWN escape doorbell smp console cycles debian
REPORT=/report
MIB_NEEDED=512

# --- the report ----------------------------------------------------------------

# report TEXT: to the report, and who waits for it
report()
{
	echo "$*" | tee -a $REPORT
}

section()
{
	printf '\n== %s\n' "$1" >>$REPORT
}

# differs TEXT: one thing that is not as in the emulators
differs()
{
	echo "$*" >>/tmp/differences
	report "  DIFFERS $*"
}

# --- is this machine fit? --------------------------------------------------------

is_root()
{
	[ "$(id -u)" = 0 ]
}

kernel_is_recent()
{
	uname -r | awk -F. '{ exit !($1 > 6 || $1 == 6 && $2 >= 1) }'
}

has_virtualization()
{
	grep -qwE 'svm|vmx' /proc/cpuinfo
}

has_four_cpus()
{
	[ "$(cpus_in "$(online_cpus)" | wc -l)" -ge 4 ]
}

has_no_siblings()
{
	[ "$(cat /sys/devices/system/cpu/smt/active 2>/dev/null || echo 0)" = 0 ]
}

has_memory()
{
	awk -v needed=$MIB_NEEDED '$1 == "MemAvailable:" { exit !($2 >= needed * 1024) }' /proc/meminfo
}

sends_no_broadcasts()
{
	[ "$(word no_ipi_broadcast)" = 1 ]
}

is_free_of_covirt()
{
	! covirt_is_loaded && [ ! -d "$GUARD" ]
}

runs_no_guests()
{
	! grep -qE '^kvm_(amd|intel) [0-9]+ [1-9]' /proc/modules 2>/dev/null
}

# need CONDITION WHAT-TO-DO
need()
{
	"$1" && return
	report "  not fit: $2"
	touch /tmp/unfit
}

check_machine()
{
	need is_root "run this as root"
	need kernel_is_recent "boot Linux 6.1 or later"
	need has_virtualization "switch on SVM or VT-x in the firmware's setup"
	need has_four_cpus "four CPUs have to be online"
	need has_no_siblings "echo off > /sys/devices/system/cpu/smt/control"
	need has_memory "$MIB_NEEDED MiB of memory have to be available"
	need sends_no_broadcasts "boot Linux with no_ipi_broadcast=1"
	need is_free_of_covirt "stop your enclaves, then rmmod covirt (and covirt_guard)"
	need runs_no_guests "stop the virtual machines that use KVM here"
	[ ! -e /tmp/unfit ]
}

describe_machine()
{
	section machine
	{
		echo "covirt: ${VERSION:-unknown version}"
		echo "date: $(date -u)"
		echo "product: $(cat /sys/class/dmi/id/product_name 2>/dev/null || echo unknown)"
		echo "kernel: $(uname -srvm)"
		echo "command line: $(cat /proc/cmdline)"
		echo "CPUs: $(online_cpus), of which enclaves get $CPU2 and $CPU"
		grep MemTotal /proc/meminfo
		sed '/^$/q' /proc/cpuinfo
	} >>$REPORT
	report "  $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(uname -r)"
}

# --- what it does ------------------------------------------------------------------

# covirt_answers: the module loads here, and says what it found
covirt_answers()
{
	covirt_load 2>/tmp/problem && return
	report "  not fit: the module does not load: $(cat /tmp/problem) $(dmesg | grep 'covirt: ' | tail -n 1)"
	return 1
}

# run_cases SUITE
run_cases()
{
	section "suite $1"
	sh /lib/covirt/suites.sh "$1" >/tmp/ktap 2>&1
	cat /tmp/ktap >>$REPORT
	report "  $1: $(grep -c '^    ok ' /tmp/ktap) passed, $(grep -c '^    not ok ' /tmp/ktap) failed," \
		"$(grep -c '^    ok .*# SKIP' /tmp/ktap) of them skipped"
	grep -q "^ok 1 $1" /tmp/ktap || [ "$(grep -c '^    not ok ' /tmp/ktap)" != 0 ] ||
		differs "$1 ended early"
	sed -n 's/^    not ok [0-9]* //p' /tmp/ktap | while read -r name; do
		differs "$1: $name"
	done
	grep -c '^    ok ' /tmp/ktap >>/tmp/passed
}

count_exits()
{
	section exits
	cat /tmp/exits >>$REPORT
	for expected in $EXITS; do
		name=${expected%=*}
		count=$(sed -n "s/^$name //p" /tmp/exits)
		[ "${count:-0}" = "${expected#*=}" ] ||
			differs "bench: ${count:-0} $name, ${expected#*=} there"
	done
}

time_exits()
{
	section "cost of an exit round trip, in counts of the time-stamp counter"
	sed -n 's/\r//; s/^payload: bench \([a-z]* [0-9]* [0-9]* .*\)/\1/p' /tmp/console.e0 |
		awk '$4 == "/" { printf "%s: %.1f\n", $1, $2 / $5 }' >/tmp/costs
	cat /tmp/costs >>$REPORT
	report "  counts an exit: $(tr '\n' ' ' </tmp/costs)"
}

run_bench()
{
	# More than a cache line takes from one CPU to the other.
	if (BELL=1000; . /lib/covirt/bench.sh) >/tmp/output 2>&1; then
		count_exits
		time_exits
	else
		section exits
		cat /tmp/output >>$REPORT
		differs "bench: $(tail -n 1 /tmp/output)"
	fi
	(leave_no_trace) >/tmp/output || differs "bench: $(cat /tmp/output)"
}

read_kernel_log()
{
	section "kernel log"
	sed -n '/covirt-test: verification begins/,$p' /tmp/kmsg >/tmp/log
	[ -s /tmp/log ] || differs "kernel log: /dev/kmsg does not tell it"
	grep -E 'covirt' /tmp/log >>$REPORT
	grep -E -f /lib/covirt/alarms /tmp/log | while read -r line; do
		differs "kernel log: $line"
	done
}

verdict()
{
	section verdict
	if [ -s /tmp/differences ]; then
		report "this machine DIFFERS from the emulated ones in $(wc -l </tmp/differences) respects:"
		report "$(cat /tmp/differences)"
		return 1
	fi
	report "this machine matches the emulated ones:" \
		"$(awk '{ sum += $1 } END { print sum }' /tmp/passed) cases, exits, kernel log"
}

# On every way out; what follows the log would keep the tree's mounts busy.
leave()
{
	(leave_no_trace) >/dev/null 2>&1
	rmmod covirt 2>/dev/null
	rmmod covirt_guard 2>/dev/null
	kill "$follower" 2>/dev/null
}

echo "Covirt: verification of a machine" >$REPORT
# Others' allocations are not ours to count.
export SHARED_LINUX=yes
check_machine || exit $KSFT_SKIP
trap leave EXIT
trap 'exit 130' INT TERM HUP
log "verification begins"
# From here on, as it comes: a long run is more than the kernel keeps.
cat /dev/kmsg >/tmp/kmsg &
follower=$!
describe_machine
covirt_answers || exit $KSFT_SKIP
for suite; do
	run_cases "$suite"
done
run_bench
read_kernel_log
verdict
