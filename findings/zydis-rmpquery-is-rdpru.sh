#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Zydis decodes RMPQUERY as RDPRU.
#
# Seen:	Zydis 4.1.1 (Debian 13), beside objdump of binutils 2.44.
# Expectation: AMD APM vol. 3: 0F 01 FD is RDPRU, and F3 0F 01 FD is RMPQUERY. Zydis knows others of
#	SEV-SNP that only a prefix tells apart (F3 0F 01 FE is RMPADJUST, F2 0F 01 FE RMPUPDATE). So
#	it knows RMPQUERY too, as objdump does, or says that it cannot decode it.
# Behaviour: it succeeds: four bytes, mnemonic rdpru.
# RDPRU reads a counter, for user space too; RMPQUERY asks the table that guards guests' memory.
# Who reports what a guest executed (an intercept, a fault) has to look at the prefix first.
set -eu
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

programs zydis trixie trixie libzydis-dev=4.1.1-1 libzycore-dev=1.5.2-1 binutils=2.44-3
cat >"$work/decode.c" <<'END'
#include <stdio.h>
#include <Zydis/Zydis.h>

static const unsigned char code[][4] = {
	{ 0x0f, 0x01, 0xfd, 0x90 },
	{ 0xf3, 0x0f, 0x01, 0xfd },
	{ 0xf3, 0x0f, 0x01, 0xfe },
	{ 0xf2, 0x0f, 0x01, 0xfe },
};

int main(void)
{
	ZydisDisassembledInstruction insn;
	unsigned int i;

	for (i = 0; i < sizeof(code) / sizeof(code[0]); i++) {
		if (ZYAN_FAILED(ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64, 0, code[i],
						      sizeof(code[i]), &insn)))
			printf("Zydis: cannot decode\n");
		else
			printf("Zydis: %u bytes, %s\n", insn.info.length,
			       ZydisMnemonicGetString(insn.info.mnemonic));
	}
	return 0;
}
END
gcc -Wall -I"$work/zydis/usr/include" -o "$work/zydis/usr/bin/decode" "$work/decode.c" \
	-L"$work/zydis/usr/lib/x86_64-linux-gnu" -lZydis \
	-Wl,--unresolved-symbols=ignore-in-shared-libs
from zydis decode >"$work/seen"
printf '\017\1\375\220\363\017\1\375\363\017\1\376\362\017\1\376' >"$work/code"
from zydis objdump -D -b binary -m i386:x86-64 "$work/code" |
	sed -n 's/ *$//; s/^ .*\t/objdump: /p' >>"$work/seen"
judge "$work/seen" <<'END'
Zydis: 3 bytes, rdpru
Zydis: 4 bytes, rdpru
Zydis: 4 bytes, rmpadjust
Zydis: 4 bytes, rmpupdate
objdump: rdpru
objdump: nop
objdump: rmpquery
objdump: rmpadjust
objdump: rmpupdate
END
