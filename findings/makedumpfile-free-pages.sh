#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# makedumpfile 1.7.6 keeps all free pages of the kernel that Debian ships with it.
#
# Seen:	makedumpfile 1.7.2 (Debian 12), 1.7.6 (13), 1.7.8 (sid), each on one dump of Debian 13's
#	cloud kernel 6.12.117 with 512 MiB, made by QEMU 10.0.13.
# Expectation: makedumpfile(8): dump level 16 excludes free pages. Where the older release does, the
#	newer one does as well. The line "The kernel version is not supported" says nothing: 1.7.2
#	prints it too.
# Behaviour: 1.7.2 and 1.7.8 keep less than half of the memory, 1.7.6 all of it, and exits with 0.
# A kdump of Debian 13 with -d 16 or more has all of the free memory in it: it takes the space and
# time of a whole dump, and what was freed, maybe secrets, is in what is sent to others.
set -eu
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

emulator
dump 6.12
# See qemu-dump-makedumpfile.sh.
headers_first

# filter RELEASE VERSION: print how much is left
filter()
{
	programs "$1" "$1" "$1" "makedumpfile=1:$2"
	exit=0
	from "$1" makedumpfile -d 16 "$work/dump" "$work/$1.filtered" >"$work/said" 2>&1 || exit=$?
	size=$(($(stat -c %s "$work/$1.filtered") >> 20))
	if [ $size -lt 256 ]; then left="less than half"; else left="all of it"; fi
	echo "$2 exits with $exit: $left, not supported: $(grep -c 'not supported' "$work/said")"
}

filter bookworm 1.7.2-1 >"$work/seen"
filter trixie 1.7.6-1 >>"$work/seen"
filter sid 1.7.8-1 >>"$work/seen"
judge "$work/seen" <<'END'
1.7.2-1 exits with 0: less than half, not supported: 1
1.7.6-1 exits with 0: all of it, not supported: 1
1.7.8-1 exits with 0: less than half, not supported: 0
END
