# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The cost of exits, as the payload sees it; selftests/machine/bench and verify.sh make
# tables of it. The console is left in /tmp/console.e0, exits by name in /tmp/exits.

# CPUs of the enclave; one, or 16, of which one sends to all.
CPUS=${CPUS:-$(word covirt.bench)}
# Counts that only a doorbell takes; nothing: they are not measured.
BELL=${BELL:-$(word covirt.bell)}

covirt_load
apicid=$(apicid_of "$CPU")
enclave e0 cpus="${CPUS:-$CPU}" memory=16M firmware=covirt/payload.elf cmdline="bench${BELL:+ bell=$BELL}"
stats e0 >/tmp/before
start e0
wait_console e0 "bench waits"
address=$(sed -n 's/.*bench waits //p' /tmp/console.e0 | tr -d '\r')
echo "$address 25000000" >"$GUARD/spin"
wait_console e0 "bench port"
stats e0 >/tmp/after
if [ "$BELL" ]; then
	# Doorbells get lost in each other where the two CPUs do not run at one speed.
	heard_enough()
	{
		echo "$address 10000 $apicid" >"$GUARD/spin"
		console_has e0 "bench doorbell"
	}
	wait_console e0 "bench listens"
	WAIT=5 wait_until heard_enough || echo "no doorbell stands out"
fi
stop e0
differences /tmp/before /tmp/after >/tmp/exits
cat /tmp/console.e0
