#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# makedumpfile does not read the ELF cores that QEMU writes, because of the order of their headers.
#
# Seen:	QEMU 10.0.13 (Debian 13); makedumpfile 1.7.2 (Debian 12), 1.7.6 (13), 1.7.8 (sid); Debian's
#	cloud kernel 6.12.117.
# Expectation: makedumpfile(8) takes a memory image in ELF with a note VMCOREINFO, which QEMU's
#	dump-guest-memory writes. That QEMU puts the section headers before the program headers
#	matters to nobody: System V ABI, chapter 4, ELF header: e_phoff says where the latter are.
# Behaviour: makedumpfile looks for them right behind the ELF header only: "Can't get the number of
#	PT_LOAD", exit status 1. The same file with its program headers moved there is read; readelf
#	reads both.
# Who writes core dumps of a co-kernel or a virtual machine puts the program headers at offset 64.
set -eu
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

emulator
dump 6.12
programs bookworm bookworm bookworm makedumpfile=1:1.7.2-1
programs trixie trixie trixie makedumpfile=1:1.7.6-1
programs sid sid sid makedumpfile=1:1.7.8-1

# read_log: what each release says of the kernel's log in the dump
read_log()
{
	echo "program headers at $(($(od -An -tu8 -j32 -N8 "$work/dump"))):" \
		"$(readelf -lW "$work/dump" | grep -c ' LOAD ') of LOAD"
	for release in bookworm trixie sid; do
		rm -f "$work/log"
		exit=0
		from "$release" makedumpfile --dump-dmesg "$work/dump" "$work/log" \
			>"$work/said" 2>&1 || exit=$?
		said=$(grep -o 'The dmesg log is saved\|Can.t get .*' "$work/said" || true)
		echo "$release exits with $exit: $said"
	done
}

read_log >"$work/seen"
headers_first
read_log >>"$work/seen"
judge "$work/seen" <<'END'
program headers at 192: 2 of LOAD
bookworm exits with 1: Can't get the number of PT_LOAD.
trixie exits with 1: Can't get the number of PT_LOAD.
sid exits with 1: Can't get the number of PT_LOAD.
program headers at 64: 2 of LOAD
bookworm exits with 0: The dmesg log is saved
trixie exits with 0: The dmesg log is saved
sid exits with 0: The dmesg log is saved
END
