# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# "make soak": random misdeeds until one is not contained, which tells its seed.

. /cases/random.sh

set -eu
# Linux's own messages are not what one wants to watch.
dmesg -n 1
seed=$(word covirt.seed)
seed=${seed:-$(date +%s)}
suite_begin
payload_make e0 hello memory=4M
while :; do
	: >/tmp/notes
	live_on "$seed" $STEPS
	cat /tmp/notes
done
