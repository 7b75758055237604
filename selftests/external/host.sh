# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# In the emulated host: each line of the list is a program that runs as a co-kernel. What it prints
# stands between two lines with its name.

EXTERNAL=/lib/firmware/covirt/files

# cpus_of NUMBER: so many of the last CPUs
cpus_of()
{
	cpus_in "$(cat "$BASELINE")" | tail -n "$1" | tr '\n' , | sed 's/,$//'
}

# has_ended: it says that it is done, and halts; or it was stopped
has_ended()
{
	! state_is e0 running || console_has e0 "--- DONE: "
}

# still: no exit in a second
still()
{
	exits=$(stat e0 exits)
	sleep 1
	[ "$(stat e0 exits)" = "$exits" ]
}

# await SECONDS: until it has ended; how it did is in $end
await()
{
	deadline=$(($(uptime_seconds) + $1))
	while [ "$(uptime_seconds)" -lt "$deadline" ]; do
		if has_ended; then
			end=$(get e0 state)
			return
		fi
		sleep 0.2
	done
	if still; then
		end=still
	else
		end=late
	fi
}

# why: what contained it
why()
{
	[ "$end" != faulted ] || get e0 fault | sed -n 's/^\(reason\|gpa\|rip\): //p' | tr '\n' ' '
}

# run_program NAME FILE CPUS SECONDS ARGUMENTS
run_program()
{
	echo "=== $1"
	rm -f /tmp/console.e0
	enclave e0 cpus="$(cpus_of "$3")" memory=128M layout=packed firmware="covirt/files/$2" \
		initrd="covirt/files/$1.env" cmdline="$2 $5"
	start e0
	await "$4"
	case $end in
	running | late | still) stop e0 ;;
	esac
	console e0
	echo
	[ "$end" != faulted ] || get e0 fault
	echo "=== $1 ended: $end $(why)"
	leave_no_trace
}

covirt_load
while IFS='|' read -r name file cpus seconds arguments; do
	(run_program "$name" "$file" "$cpus" "$seconds" "$arguments" </dev/null) || {
		echo "=== $name ended: refused"
		leave_no_trace
	}
done <"$EXTERNAL/list"
