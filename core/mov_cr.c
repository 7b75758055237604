// SPDX-License-Identifier: GPL-2.0-only
#include "core/insn.h"
#include "core/mov_cr.h"

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

static bool is_rex(u8 byte, bool code64)
{
	return code64 && (byte & 0xf0) == 0x40;
}

/*
 * Returns the offset of the opcode. @rex is the prefix right before it, or 0: REX is ignored
 * anywhere else.
 */
static u32 skip_prefixes(const u8 *bytes, u32 len, bool code64, u8 *rex)
{
	u32 i;

	*rex = 0;
	for (i = 0; i < len && (is_ignored_prefix(bytes[i]) || is_rex(bytes[i], code64)); i++)
		*rex = is_rex(bytes[i], code64) ? bytes[i] : 0;
	return i;
}

#define LMSW_REG		6

/**
 * mov_cr_decode() - decode 0F 22 /r, and 0F 01 /6 of a register
 * @bytes:  instruction bytes
 * @len:    how many there are
 * @code64: 64-bit code, where 40 to 4F are REX prefixes
 * @insn:   filled in on success
 *
 * Of MOV the mod field of ModRM is ignored, as the processor does (APM vol. 3, MOV CRn).
 * Return: false for anything else, LMSW of memory included.
 */
bool mov_cr_decode(const u8 *bytes, u32 len, bool code64, struct mov_cr *insn)
{
	u8 rex, opcode, modrm;
	u32 i = skip_prefixes(bytes, len, code64, &rex);

	if (i + 3 > len || bytes[i] != 0x0f)
		return false;
	opcode = bytes[i + 1];
	modrm = bytes[i + 2];
	*insn = (struct mov_cr) {
		.cr = MODRM_REG(modrm) | (rex & REX_R ? 8 : 0),
		.gpr = MODRM_RM(modrm) | (rex & REX_B ? 8 : 0),
		.len = i + 3,
	};
	if (opcode == 0x22)
		return true;
	if (opcode != 0x01 || MODRM_MOD(modrm) != 3 || MODRM_REG(modrm) != LMSW_REG)
		return false;
	insn->cr = 0;
	insn->machine_status = true;
	return true;
}
