# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What exits cost, as the payload sees them; selftests/machine/bench makes a table of it.

covirt_load
enclave e0 cpus=1 memory=16M firmware=covirt/payload.elf cmdline="bench bell"
start e0
wait_console e0 "bench waits"
address=$(sed -n 's/.*bench waits //p' /tmp/console.e0 | tr -d '\r')
echo "$address 25000000" >"$GUARD/spin"
wait_console e0 "bench listens"
if grep -q covirt.bell /proc/cmdline; then
	echo "$address 10000 1" >"$GUARD/spin"
	wait_console e0 "bench doorbell"
fi
stop e0
cat /tmp/console.e0
