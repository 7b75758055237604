# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Enclaves: the module, their files, their co-kernels, and that nothing of them is left.

CLASS=/sys/class/covirt

# --- the module ------------------------------------------------------------------

# covirt_is_built_in: there is no module to load, or to unload
covirt_is_built_in()
{
	[ ! -e /modules/covirt.ko ]
}

# covirt_is_loaded: its class is there
covirt_is_loaded()
{
	[ -d "$CLASS" ]
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

# module_references: the number of users that keep the module from being unloaded
module_references()
{
	if covirt_is_built_in; then
		echo 0
	else
		cat /sys/module/covirt/refcnt
	fi
}

# no_references: nobody keeps the module from being unloaded
no_references()
{
	[ "$(module_references)" = 0 ]
}

# --- covirtctl -------------------------------------------------------------------

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

# --- enclaves --------------------------------------------------------------------

# enclave_names: the enclaves that exist, one a line
enclave_names()
{
	for enclave_dir in "$CLASS"/*/; do
		[ ! -e "$enclave_dir/state" ] || basename "$enclave_dir"
	done
}

# enclaves_now: what changes while enclaves get on: states, counters, bytes on the consoles
enclaves_now()
{
	cat "$CLASS"/*/state "$CLASS"/*/stats/* 2>/dev/null || true
}

# get ENCLAVE ATTRIBUTE: print its value
get()
{
	cat "$CLASS/$1/$2"
}

# set_attr ENCLAVE ATTRIBUTE VALUE: write it, which has to succeed
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

# start ENCLAVE: start it, and follow its console
start()
{
	set_attr "$1" state start
	console_follow "$1"
}

# stop ENCLAVE: stop it; what it printed has been read then
stop()
{
	set_attr "$1" state stop
	wait_until console_is_read "$1"
}

# state_is ENCLAVE STATE: that is its state now
state_is()
{
	read -r state_now <"$CLASS/$1/state"
	[ "$state_now" = "$2" ]
}

# wait_state ENCLAVE STATE: wait for it; what it printed until it ended has been read then
wait_state()
{
	wait_until state_is "$1" "$2" || {
		console "$1"
		get "$1" fault
		fail "$1 is $(get "$1" state), expected $2"
	}
	wait_until console_is_read "$1" || fail "the console of $1 does not end"
}

# stat ENCLAVE COUNTER: print a counter
stat()
{
	first_line "$CLASS/$1/stats/$2"
}

# stats ENCLAVE: print every counter by name, one a line
stats()
{
	(cd "$CLASS/$1/stats" && grep -H . ./*) | sed 's,^\./,,'
}

# differences BEFORE AFTER: the counters of two outputs of stats that changed, "name count" a line
differences()
{
	awk -F: 'NR == FNR { before[$1] = $2; next } $2 != before[$1] { print $1, $2 - before[$1] }' \
		"$1" "$2"
}

# expect_fault ENCLAVE KEY VALUE [KEY VALUE...]: its fault record has these, VALUE a pattern as in
# case
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

# debian_start ENCLAVE: start it until it is in user space; a note tells when that took more than
# one start
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

# break_hypervisor FUNCTION HOW: damage a function of its image, until mend_hypervisor; see
# guard/break.c
break_hypervisor()
{
	offset=$(sed -n "s/ $1$//p" /lib/covirt/hypervisor_symbols)
	[ "$offset" ] || fail "the hypervisor has no function $1"
	while read -r range; do
		[ "$(write_errno "$GUARD/break" "$range $offset $2")" != 0 ] || return 0
	done <"$CLASS/hypervisor_memory"
	fail "no image in the hypervisor's memory"
}

# mend_hypervisor: load a new image of it, while there is no enclave
mend_hypervisor()
{
	rmmod covirt
	covirt_load
}

# --- before and after ------------------------------------------------------------

# leave_no_trace: take everything down; complain about what cannot be, or was not given back
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
