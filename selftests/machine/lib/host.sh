# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The emulated Linux: its CPUs, its memory that nobody may touch, and its next kernel.

GUARD=/sys/kernel/covirt_guard
BASELINE=/tmp/baseline	# the list of Linux's CPUs before the first test

# --- the machine -----------------------------------------------------------------

# word NAME: the value of NAME=... on the kernel command line
word()
{
	tr ' ' '\n' </proc/cmdline | sed -n "s/^$1=//p"
}

# cpus_in LIST: the CPUs of a list in the kernel's notation, one a line
cpus_in()
{
	echo "$1" | tr , '\n' | while IFS=- read -r first last; do
		seq "$first" "${last:-$first}"
	done
}

# machine_facts: what is the same in all test cases, as assignments.
# COKERNEL_PARAMS: what the machine asks a Linux co-kernel to be told, covirt.cokernel=WORD,WORD...
# CPU and CPU2: those that enclaves get, Linux's last one, and for a second enclave the one before.
machine_facts()
{
	echo "COKERNEL_PARAMS='$(word covirt.cokernel | tr , ' ')'"
	echo "CPU=$(cpus_in "$(cat "$BASELINE")" | tail -n 1)"
	echo "CPU2=$(cpus_in "$(cat "$BASELINE")" | tail -n 2 | head -n 1)"
}

# Found out once: each test case reads this file anew, and an emulated machine is slow.
if [ ! -e "$BASELINE" ]; then
	cat /sys/devices/system/cpu/online >"$BASELINE"
	machine_facts >/tmp/facts
fi
. /tmp/facts

# apicid_of CPU: the APIC id of a CPU that is online
apicid_of()
{
	awk -v cpu="$1" '$1 == "processor" { here = $3 == cpu } here && $1 == "apicid" { print $3 }' \
		/proc/cpuinfo
}

# has_x2apic: the processor has it; otherwise the registers of a co-kernel's APIC are in memory
has_x2apic()
{
	grep -qw x2apic /proc/cpuinfo
}

# cokernel_id PLACE CPU: the APIC id by which a co-kernel knows CPU, which is online yet, the PLACE-th
# of its CPUs from 0 on, which share no core; without x2APIC that is the processor's
cokernel_id()
{
	if has_x2apic; then
		echo "$1"
	else
		apicid_of "$2"
	fi
}

# machine_is_slow: an emulator of one thread, which needs minutes for what takes others seconds
machine_is_slow()
{
	[ "$(word covirt.slow)" ]
}

# once_is_enough: what no processor changes is shown in the faster machines only
once_is_enough()
{
	! machine_is_slow || skip "the same on any processor"
}

# own_backend: the backend that covirt has to choose here, by what Linux says of the processor
own_backend()
{
	if grep -qw svm /proc/cpuinfo; then
		echo svm
	else
		echo vmx
	fi
}

# other_backend: the backend of the other vendor, which covirt has to refuse here
other_backend()
{
	if [ "$(own_backend)" = svm ]; then
		echo vmx
	else
		echo svm
	fi
}

# --- memory of Linux that nobody may touch ---------------------------------------

# guard_load: the module that has a region of Linux's memory with a checksum, and test-only tools
guard_load()
{
	[ -d "$GUARD" ] || insmod /modules/covirt_guard.ko
}

# guard_address: the physical address of that region
guard_address()
{
	cat "$GUARD/address"
}

# guard_checksum: the checksum of that region, as it is now
guard_checksum()
{
	first_line "$GUARD/checksum"
}

# address_of_nothing: an address well above all of this machine's RAM
address_of_nothing()
{
	top=$(sed -n 's/^[0-9a-f]*-\([0-9a-f]*\) : System RAM$/\1/p' /proc/iomem | tail -n 1)
	printf '0x%x' $(((0x$top >> 30) + 2 << 30))
}

# pattern_count ADDRESS LENGTH: how often the payload's pattern stands in that memory
pattern_count()
{
	echo "$1 $2" >"$GUARD/search"
	cat "$GUARD/search"
}

# offline_pages: the number of pages that are marked as not Linux's own, on the whole machine
offline_pages()
{
	cat "$GUARD/offline_pages"
}

# --- Linux -----------------------------------------------------------------------

# linux_is_shared: others use this Linux meanwhile, and what they allocate is not the test's
linux_is_shared()
{
	[ "${SHARED_LINUX:-}" ]
}

# online_cpus: the list of CPUs that Linux has now
online_cpus()
{
	cat /sys/devices/system/cpu/online
}

# expect_all_cpus: Linux has the CPUs that it had before the first test
expect_all_cpus()
{
	expect_eq "$(online_cpus)" "$(cat "$BASELINE")" "the list of Linux's CPUs"
}

# interrupts ROW CPU: the number of interrupts of a kind (a row of /proc/interrupts) that a CPU has
# taken
interrupts()
{
	awk -v row="$1:" -v cpu="CPU$2" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == cpu) column = i + 1 }
		$1 == row { print $column }' /proc/interrupts
}

# log_of_test: the lines of the kernel log since the test case began
log_of_test()
{
	dmesg | sed -n '/covirt-test:/h; //!H; $ { g; p }'
}

# cmos_byte: a byte of the real-time clock's memory, whose index is 0x5f
cmos_byte()
{
	first_line "$GUARD/cmos"
}

# linux_answers: each online CPU of Linux runs a process
linux_answers()
{
	deaf=$(visit_cpus) || fail "CPU $deaf of Linux does not answer"
}

CLOCK=/sys/devices/system/clocksource/clocksource0/current_clocksource

# clock_is_settled: Linux does not measure any more which clock it will have
clock_is_settled()
{
	case $(first_line $CLOCK) in
	*-early) return 1 ;;
	esac
}

# linux_remember: write down what linux_is_unharmed compares with
linux_remember()
{
	wait_until clock_is_settled
	guard_checksum >/tmp/checksum
	first_line $CLOCK >/tmp/clock
}

# linux_is_unharmed: checksum and clock of Linux are as remembered, and each CPU answers
linux_is_unharmed()
{
	expect_eq "$(guard_checksum)" "$(first_line /tmp/checksum)" "checksum of Linux's memory"
	expect_eq "$(first_line $CLOCK)" "$(first_line /tmp/clock)" "Linux's clock"
	linux_answers
}

# --- the next kernel -------------------------------------------------------------

# is_reborn: this Linux was started by next_life
is_reborn()
{
	grep -qw covirt.reborn /proc/cmdline
}

# LEFT_BEHIND: the files that the next life can do without, so that it is loaded soon
LEFT_BEHIND="./tmp/* ./modules/kvm ./modules/unprotected ./lib/firmware/covirt/vmlinuz ./lib/firmware/covirt/initrd"

# next_life restart|crash WORD...: load this kernel once more, with the same files, and more words
# on its command line. "restart" starts it at once, "crash" when this one panics.
next_life()
{
	how=$1
	shift
	set -f
	# shellcheck disable=SC2086 # a list of patterns
	(cd / && find . -xdev $(printf -- '-path %s -prune -o ' $LEFT_BEHIND) -print |
		cpio -o -H newc 2>/dev/null) >/tmp/initrd
	set +f
	relaunch "$how" /lib/firmware/covirt/vmlinuz /tmp/initrd \
		"$(sed 's/ crashkernel=[^ ]*//' /proc/cmdline) covirt.reborn $*"
	rm /tmp/initrd
}

# --- a disk that keeps a Linux while the machine is reset --------------------------

DISK=/dev/nvme0n1

# disk_is_there: Linux looks for it while the first program runs already
disk_is_there()
{
	while [ ! -b $DISK ]; do
		usleep 100000
	done
}

# an_image_waits: the disk has a Linux that has hibernated (kernel/power/swap.c)
an_image_waits()
{
	[ "$(word covirt.disk)" = yes ] || return 1
	disk_is_there
	[ "$(dd if=$DISK bs=1 skip=4086 count=9 2>/dev/null)" = S1SUSPEND ]
}

# wake_up: give way to it, and leave a pattern in all memory that is free
wake_up()
{
	guard_load
	echo 1 >"$GUARD/paint"
	cat "/sys/class/block/${DISK#/dev/}/dev" >/sys/power/resume
}
