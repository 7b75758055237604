#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# iasl drops the Online Capable flag of a local x2APIC in the MADT.
#
# Seen:	acpica-tools 20200925 (Debian 12), 20250404 (13), 20260408 (sid).
# Expectation: ACPI 6.5, 5.2.12.12: a Processor Local x2APIC structure has the flags of a Processor
#	Local APIC structure (5.2.12.2), whose bit 1 is Online Capable. So iasl, which names it in
#	the one, names it in the other, and what it has disassembled it can compile again.
# Behaviour: it shows the flags as a number and names bit 0 only. Compiled again, the bit is gone:
#	exit status 0, no warning. The local APIC's keeps it.
# Who builds firmware tables for hot-plugged CPUs and edits them by way of iasl loses all those
# with an APIC id above 254: the operating system takes them for CPUs that can never be there.
set -eu
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

# A header, a local APIC and a local x2APIC (id 256), both Online Capable; the sum of all is 0.
{
	printf 'APIC\104\0\0\0\5\223COVIRTFINDING \1\0\0\0GNU \1\0\0\0'
	printf '\0\0\340\376\0\0\0\0'
	printf '\0\10\0\0\2\0\0\0'
	printf '\11\20\0\0\0\1\0\0\2\0\0\0\1\0\0\0'
} >"$work/table.aml"

# flags TABLE: of the two structures
flags()
{
	od -An -tu4 -j48 -N4 "$1"
	od -An -tu4 -j60 -N4 "$1"
}

# round_trip RELEASE VERSION
round_trip()
{
	programs "$1" "$1" "$1" "acpica-tools=$2"
	text=$work/$1.dsl
	from "$1" iasl -p "$work/$1" -d "$work/table.aml" >/dev/null 2>&1
	from "$1" iasl -p "$work/$1" "$text" >"$work/said" 2>&1
	# shellcheck disable=SC2046,SC2086 # words
	echo $2: $(flags "$work/table.aml"), $(grep -c 'Online Capable : 1' "$text") named, \
		compiled again $(flags "$work/$1.aml"), $(grep -o '[0-9]* Warnings' "$work/said")
}

round_trip bookworm 20200925-8 >"$work/seen"
round_trip trixie 20250404-1 >>"$work/seen"
round_trip sid 20260408-1 >>"$work/seen"
judge "$work/seen" <<END
20200925-8: 2 2, 1 named, compiled again 2 0, 0 Warnings
20250404-1: 2 2, 1 named, compiled again 2 0, 0 Warnings
20260408-1: 2 2, 1 named, compiled again 2 0, 0 Warnings
END
