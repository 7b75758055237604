# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Words for test cases (and for people, in "make vm"): enclaves, their consoles
# and faults, and what may be expected of them.

CLASS=/sys/class/covirt
GUARD=/sys/kernel/covirt_guard
BASELINE=/tmp/baseline	# the list of Linux's CPUs before the first test
WAIT=60	# seconds in which something has to move while wait_until waits

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

# apicid_of CPU: while it is Linux's
apicid_of()
{
	awk -v cpu="$1" '$1 == "processor" { here = $3 == cpu } here && $1 == "apicid" { print $3 }' \
		/proc/cpuinfo
}

# --- telling ---------------------------------------------------------------

log()
{
	echo "<6>covirt-test: $*" >/dev/kmsg
}

# note TEXT: something measured that is worth reading although the test passes
note()
{
	echo "$*" >>/tmp/notes
}

fail()
{
	echo "FAILED: $*"
	exit 1
}

skip()
{
	echo "$*"
	exit 77
}

# expect_eq ACTUAL EXPECTED WHAT
expect_eq()
{
	[ "$1" = "$2" ] || fail "$3 is '$1', expected '$2'"
}

# expect_number ACTUAL OPERATOR EXPECTED WHAT: OPERATOR as in test(1)
expect_number()
{
	[ "$1" "$2" "$3" ] || fail "$4 is $1, expected $2 $3"
}

# expect_match ACTUAL PATTERN WHAT: PATTERN as in case
expect_match()
{
	# shellcheck disable=SC2254 # the pattern is meant as one
	case $1 in
	$2) ;;
	*) fail "$3 is '$1', expected '$2'" ;;
	esac
}

# first_line FILE: by the shell itself; a process more takes an emulated machine long
first_line()
{
	read -r line_read <"$1"
	echo "$line_read"
}

# --- waiting ---------------------------------------------------------------

uptime_seconds()
{
	read -r up _ </proc/uptime
	echo "${up%.*}"
}

# enclaves_now: what changes while enclaves get on: states, counters, bytes on the consoles
enclaves_now()
{
	cat "$CLASS"/*/state "$CLASS"/*/stats/* 2>/dev/null || true
}

# patience_begin: what patience_is_left goes by
patience_begin()
{
	patience_began=$(uptime_seconds)
	patience_since=$patience_began
	patience_polls=0
	patience_seen=
}

# patience_is_left: one more poll. A loaded machine is slow, which is no reason to give up. It may
# take its time as long as anything moves: WAIT seconds count once Linux had its turn in them, too.
# What moves for ever, as a co-kernel that polls a port, ends as well.
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

# --- system calls that must fail ---------------------------------------------

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

# write_errno FILE VALUE: write, print the name of the error, or 0
write_errno()
{
	errno_of "$( (echo "$2" >"$1") 2>&1)"
}

# last_words: covirt's last line in the kernel log, with its time; all of the log takes long
last_words()
{
	dmesg -s 4096 | grep "covirt.*: " | tail -n 1
}

# expect_refused ERROR FILE VALUE: the write fails so, and the kernel log says why
expect_refused()
{
	refused_before=$(last_words)
	expect_eq "$(write_errno "$2" "$3")" "$1" "error of writing '$3' to $2"
	[ "$(last_words)" != "$refused_before" ] ||
		fail "nothing in the kernel log tells why writing '$3' to $2 failed"
}

# --- the module --------------------------------------------------------------

# covirt_is_built_in: there is no module to load, or to unload
covirt_is_built_in()
{
	[ ! -e /modules/covirt.ko ]
}

# covirt_load [unprotected]: make that build of the module the loaded one
covirt_load()
{
	guard_load
	! covirt_is_built_in || return 0
	[ "$(cat /tmp/loaded 2>/dev/null)" != "${1:-protected}" ] || [ ! -d "$CLASS" ] || return 0
	[ ! -d "$CLASS" ] || rmmod covirt
	if [ "${1:-}" = unprotected ]; then
		insmod /modules/unprotected/covirt.ko backend=auto
	else
		insmod /modules/covirt.ko backend=auto
	fi
	echo "${1:-protected}" >/tmp/loaded
}

# The backend that this machine's processor takes, by what Linux says of it.
own_backend()
{
	if grep -qw svm /proc/cpuinfo; then
		echo svm
	else
		echo vmx
	fi
}

other_backend()
{
	if [ "$(own_backend)" = svm ]; then
		echo vmx
	else
		echo svm
	fi
}

module_references()
{
	if covirt_is_built_in; then
		echo 0
	else
		cat /sys/module/covirt/refcnt
	fi
}

# Without it a co-kernel's APIC is in memory.
has_x2apic()
{
	grep -qw x2apic /proc/cpuinfo
}

# --- covirtctl -----------------------------------------------------------------

# ctl STATUS WORD...: covirtctl ends so; its output and its complaints are in /tmp/out and /tmp/err
ctl()
{
	ctl_expected=$1
	shift
	ctl_status=0
	covirtctl "$@" >/tmp/out 2>/tmp/err </dev/null || ctl_status=$?
	[ "$ctl_status" = "$ctl_expected" ] || {
		cat /tmp/out /tmp/err
		fail "covirtctl $* ends with $ctl_status, expected $ctl_expected"
	}
}

# says FILE TEXT
says()
{
	grep -qF -- "$2" "$1" || fail "$(cat "$1"): does not say '$2'"
}

# --- memory of Linux that nobody may touch -------------------------------------

guard_load()
{
	[ -d "$GUARD" ] || insmod /modules/covirt_guard.ko
}

guard_address()
{
	cat "$GUARD/address"
}

guard_checksum()
{
	first_line "$GUARD/checksum"
}

# An address well above all of this machine's RAM.
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

# Pages that are marked as not Linux's own, on the whole machine.
offline_pages()
{
	cat "$GUARD/offline_pages"
}

# --- enclaves ------------------------------------------------------------------

enclave_names()
{
	for enclave_dir in "$CLASS"/*/; do
		[ ! -e "$enclave_dir/state" ] || basename "$enclave_dir"
	done
}

get()
{
	cat "$CLASS/$1/$2"
}

# set_attr ENCLAVE ATTRIBUTE VALUE
set_attr()
{
	echo "$3" >"$CLASS/$1/$2" || {
		dmesg | tail -n 5
		fail "cannot set $2 of $1 to '$3'"
	}
}

# enclave ENCLAVE ATTRIBUTE=VALUE...: create it so
enclave()
{
	enclave_name=$1
	shift
	echo "$enclave_name" >"$CLASS/create" || fail "cannot create $enclave_name"
	for setting; do
		set_attr "$enclave_name" "${setting%%=*}" "${setting#*=}"
	done
}

# start ENCLAVE: and follow its console
start()
{
	set_attr "$1" state start
	console_follow "$1"
}

# stop ENCLAVE: what it printed has been read then
stop()
{
	set_attr "$1" state stop
	wait_until console_is_read "$1"
}

state_is()
{
	read -r state_now <"$CLASS/$1/state"
	[ "$state_now" = "$2" ]
}

# wait_state ENCLAVE STATE: what it printed until it ended has been read then
wait_state()
{
	wait_until state_is "$1" "$2" || {
		console "$1"
		get "$1" fault
		fail "$1 is $(get "$1" state), expected $2"
	}
	wait_until console_is_read "$1" || fail "the console of $1 does not end"
}

# stat ENCLAVE COUNTER
stat()
{
	first_line "$CLASS/$1/stats/$2"
}

# stats ENCLAVE: every counter by name, one per line
stats()
{
	(cd "$CLASS/$1/stats" && grep -H . ./*) | sed 's,^\./,,'
}

# differences BEFORE AFTER: counters of stats that changed, "name count" a line
differences()
{
	awk -F: 'NR == FNR { before[$1] = $2; next } $2 != before[$1] { print $1, $2 - before[$1] }' \
		"$1" "$2"
}

# expect_fault ENCLAVE KEY VALUE [KEY VALUE...]: VALUE is a pattern as in case
expect_fault()
{
	fault_name=$1
	fault_record="
$(get "$1" fault)
"
	shift
	while [ $# -gt 0 ]; do
		fault_value=${fault_record#*"
$1: "}
		fault_value=${fault_value%%"
"*}
		case $fault_value in
		$2) ;;
		*)
			echo "$fault_record"
			fail "fault record: $1 is '$fault_value', expected '$2'"
			;;
		esac
		shift 2
	done
}

# --- consoles ------------------------------------------------------------------

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

# --- co-kernels ------------------------------------------------------------------

# payload_make ENCLAVE COMMAND [ATTRIBUTE=VALUE...]: an enclave for the payload, not started
payload_make()
{
	payload_name=$1
	payload_command=$2
	shift 2
	enclave "$payload_name" cpus="$CPU" memory=16M firmware=covirt/payload.elf \
		cmdline="$payload_command" "$@"
}

# payload ENCLAVE COMMAND [ATTRIBUTE=VALUE...]: start the payload, told COMMAND
payload()
{
	payload_name=$1
	payload_command=$2
	shift 2
	payload_make "$payload_name" "$payload_command" "$@"
	start "$payload_name"
}

# debian ENCLAVE TODO [ATTRIBUTE=VALUE...]: boot Debian's kernel, its init told TODO
debian()
{
	debian_name=$1
	debian_todo=$2
	shift 2
	enclave "$debian_name" cpus="$CPU" memory=320M firmware=covirt/vmlinuz initrd=covirt/initrd \
		cmdline="console=ttyS0 covirt.do=$debian_todo $COKERNEL_PARAMS" "$@"
	debian_start "$debian_name"
}

# Linux measures its APIC's timer in the first tenth of a second that it finds. Who gave an emulated
# CPU no turn in it has a kernel without a timer, which stands still for ever.
STANDS_STILL="APIC frequency too slow, disabling apic timer"

# debian_has_begun ENCLAVE: it is in user space, or will never be
debian_has_begun()
{
	! state_is "$1" running || grep -qF -e "cokernel: hello" -e "$STANDS_STILL" "/tmp/console.$1"
}

# debian_start ENCLAVE: until it is in user space; it is told when that took more than one start
debian_start()
{
	for debian_attempt in 1 2 3 4 5; do
		: >"/tmp/console.$1"
		start "$1"
		wait_printed debian_has_begun "$1" "cokernel: hello"
		console_has "$1" "$STANDS_STILL" || return 0
		note "start $debian_attempt: the emulator gave the co-kernel no turn to measure its timer"
		stop "$1"
	done
	fail "$1 found no timer in $debian_attempt starts"
}

# break_hypervisor FUNCTION HOW: until mend_hypervisor; see guard/break.c
break_hypervisor()
{
	offset=$(sed -n "s/ $1$//p" /lib/covirt/hypervisor_symbols)
	[ "$offset" ] || fail "the hypervisor has no function $1"
	while read -r range; do
		[ "$(write_errno "$GUARD/break" "$range $offset $2")" != 0 ] || return 0
	done <"$CLASS/hypervisor_memory"
	fail "no image in the hypervisor's memory"
}

# mend_hypervisor: a new image; there is no enclave
mend_hypervisor()
{
	rmmod covirt
	covirt_load
}

# --- Linux ---------------------------------------------------------------------

# Others use this Linux meanwhile: what they allocate is not the test's.
linux_is_shared()
{
	[ "${SHARED_LINUX:-}" ]
}

online_cpus()
{
	cat /sys/devices/system/cpu/online
}

# Interrupts of a kind (a row of /proc/interrupts) that a CPU has taken.
# interrupts ROW CPU
interrupts()
{
	awk -v row="$1:" -v cpu="CPU$2" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == cpu) column = i + 1 }
		$1 == row { print $column }' /proc/interrupts
}

# cmos_byte: one of the real-time clock's memory, whose index is 0x5f
cmos_byte()
{
	first_line "$GUARD/cmos"
}

# Each online CPU of Linux runs a process and takes timer interrupts.
linux_answers()
{
	for cpu_dir in /sys/devices/system/cpu/cpu[0-9]*; do
		cpu_number=${cpu_dir##*/cpu}
		# The boot CPU has no such file.
		cpu_online=1
		[ ! -e "$cpu_dir/online" ] || read -r cpu_online <"$cpu_dir/online"
		[ "$cpu_online" = 1 ] || continue
		taskset -c "$cpu_number" true ||
			fail "CPU $cpu_number of Linux does not answer"
	done
}

CLOCK=/sys/devices/system/clocksource/clocksource0/current_clocksource

# linux_remember: what linux_is_unharmed compares with
linux_remember()
{
	guard_checksum >/tmp/checksum
	first_line $CLOCK >/tmp/clock
}

linux_is_unharmed()
{
	expect_eq "$(guard_checksum)" "$(first_line /tmp/checksum)" "checksum of Linux's memory"
	expect_eq "$(first_line $CLOCK)" "$(first_line /tmp/clock)" "Linux's clock"
	linux_answers
}

# --- the next kernel -------------------------------------------------------------

is_reborn()
{
	grep -qw covirt.reborn /proc/cmdline
}

# What the next life can do without, so that it is loaded soon.
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

# --- before and after ------------------------------------------------------------

expect_all_cpus()
{
	expect_eq "$(online_cpus)" "$(cat "$BASELINE")" "the list of Linux's CPUs"
}

covirt_is_loaded()
{
	[ -d "$CLASS" ]
}

no_references()
{
	[ "$(module_references)" = 0 ]
}

# Take everything down; complain about what cannot be, or was not given back.
leave_no_trace()
{
	console_unfollow
	covirt_is_loaded || return 0
	for enclave_name in $(enclave_names); do
		case $(get "$enclave_name" state) in
		running | faulted) stop "$enclave_name" ;;
		esac
		echo "$enclave_name" >"$CLASS/destroy" || fail "cannot destroy $enclave_name"
	done
	expect_all_cpus
	[ ! -d "$GUARD" ] || expect_eq "$(offline_pages)" 0 "the number of pages still taken from Linux"
	WAIT=5 wait_until no_references || fail "the module still has $(module_references) references"
}
