// SPDX-License-Identifier: GPL-2.0-only
#include "mov_cr.h"

#define REX_R	BIT(2)
#define REX_B	BIT(0)

/* Prefixes that MOV to a control register ignores; LOCK would make it another instruction. */
static bool is_ignored_prefix(u8 byte)
{
	static const u8 prefixes[] = {
		0x66, 0x67, 0xf2, 0xf3, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (byte == prefixes[i])
			return true;
	return false;
}

/**
 * mov_cr_decode() - decode 0F 22 /r
 * @bytes:  instruction bytes
 * @len:    how many there are
 * @code64: 64-bit code, where 40 to 4F are REX prefixes
 * @insn:   filled in on success
 *
 * The mod field of ModRM is ignored, as the processor does (APM vol. 3, MOV CRn).
 * Return: false for anything else.
 */
bool mov_cr_decode(const u8 *bytes, u32 len, bool code64, struct mov_cr *insn)
{
	u32 i = 0;
	u8 rex = 0;

	while (i < len && is_ignored_prefix(bytes[i]))
		i++;
	if (code64 && i < len && (bytes[i] & 0xf0) == 0x40)
		rex = bytes[i++];
	if (i + 3 > len || bytes[i] != 0x0f || bytes[i + 1] != 0x22)
		return false;
	insn->cr = (bytes[i + 2] >> 3 & 7) | (rex & REX_R ? 8 : 0);
	insn->gpr = (bytes[i + 2] & 7) | (rex & REX_B ? 8 : 0);
	insn->len = i + 3;
	return true;
}
