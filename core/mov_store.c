// SPDX-License-Identifier: GPL-2.0-only
/*
 * 89 /r, C7 /0 and A3 with 32-bit operands (SDM vol. 2, MOV; APM vol. 3, MOV). Where the
 * memory operand lies is not asked: the processor has said which address was written. Only
 * its length matters.
 */
#include "core/insn.h"
#include "core/mov_store.h"

#define OPERAND_SIZE	0x66
#define ADDRESS_SIZE	0x67

#define MOV_REGISTER	0x89
#define MOV_IMMEDIATE	0xc7
#define MOV_OFFSET	0xa3	/* of EAX, to an address in the instruction */
#define IMMEDIATE_LEN	4

/**
 * struct prefixes - what stands in front of the opcode
 * @len:     bytes
 * @operand: there is an operand-size prefix
 * @address: there is an address-size prefix
 * @rex:     REX prefix right before the opcode, or 0: anywhere else it is ignored
 */
struct prefixes {
	u32 len;
	bool operand;
	bool address;
	u8 rex;
};

/* LOCK, REPNE and REP are none of ours: of a store they make something else, or nothing. */
static bool is_legacy_prefix(u8 byte)
{
	static const u8 prefixes[] = {
		OPERAND_SIZE, ADDRESS_SIZE, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (byte == prefixes[i])
			return true;
	return false;
}

static bool is_rex(u8 byte, enum mov_code code)
{
	return code == MOV_CODE_64 && (byte & 0xf0) == 0x40;
}

static struct prefixes prefixes_read(const u8 *bytes, u32 len, enum mov_code code)
{
	struct prefixes read = {};
	u8 byte;

	for (; read.len < len; read.len++) {
		byte = bytes[read.len];
		if (!is_legacy_prefix(byte) && !is_rex(byte, code))
			break;
		read.operand |= byte == OPERAND_SIZE;
		read.address |= byte == ADDRESS_SIZE;
		read.rex = is_rex(byte, code) ? byte : 0;
	}
	return read;
}

/* 16-bit code has 16-bit operands unless it says otherwise, other code the other way round. */
static bool is_32_bit(const struct prefixes *prefixes, enum mov_code code)
{
	return !(prefixes->rex & REX_W) && prefixes->operand == (code == MOV_CODE_16);
}

/* Bytes of an address: SDM vol. 1, 3.6.1. */
static u32 address_len(const struct prefixes *prefixes, enum mov_code code)
{
	static const u8 lens[][2] = {
		[MOV_CODE_16] = { 2, 4 }, [MOV_CODE_32] = { 4, 2 }, [MOV_CODE_64] = { 8, 4 },
	};

	return lens[code][prefixes->address];
}

/* A displacement of @wide bytes where mod says so, or where there is nothing else. */
static u32 displacement_len(u8 mod, bool alone, u32 wide)
{
	if (mod == 1)
		return 1;
	return mod == 2 || alone ? wide : 0;
}

/*
 * Bytes of a memory operand, ModRM, SIB and displacement (SDM vol. 2, tables 2-1 to 2-3);
 * 0 where it is a register, or cut off.
 */
static u32 operand_len(const u8 *bytes, u32 len, u32 address)
{
	u8 mod, rm;

	if (!len || MODRM_MOD(bytes[0]) == 3)
		return 0;
	mod = MODRM_MOD(bytes[0]);
	rm = MODRM_RM(bytes[0]);
	if (address == 2)
		return 1 + displacement_len(mod, !mod && rm == 6, 2);
	if (rm != MODRM_RM_SIB)
		return 1 + displacement_len(mod, !mod && rm == 5, 4);
	if (len < 2)
		return 0;
	return 2 + displacement_len(mod, !mod && SIB_BASE(bytes[1]) == SIB_BASE_NONE, 4);
}

static u32 immediate_read(const u8 *bytes)
{
	return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (u32)bytes[3] << 24;
}

/**
 * mov_store_decode() - decode a MOV of 32 bits to memory
 * @bytes: instruction bytes
 * @len:   how many there are, at most 15
 * @code:  what code they are
 * @insn:  filled in on success
 *
 * Return: false for any other instruction, and one that is cut off.
 */
bool mov_store_decode(const u8 *bytes, u32 len, enum mov_code code, struct mov_store *insn)
{
	const struct prefixes prefixes = prefixes_read(bytes, len, code);
	u32 opcode_end = prefixes.len + 1, address = address_len(&prefixes, code), operand, end;
	u8 opcode;

	if (opcode_end >= len || !is_32_bit(&prefixes, code))
		return false;
	opcode = bytes[prefixes.len];
	operand = opcode == MOV_OFFSET ? address :
		  operand_len(bytes + opcode_end, len - opcode_end, address);
	end = opcode_end + operand + (opcode == MOV_IMMEDIATE ? IMMEDIATE_LEN : 0);
	if (!operand || end > len)
		return false;
	*insn = (struct mov_store) { .len = end };
	switch (opcode) {
	case MOV_OFFSET:
		return true;
	case MOV_REGISTER:
		insn->gpr = MODRM_REG(bytes[opcode_end]) | (prefixes.rex & REX_R ? 8 : 0);
		return true;
	case MOV_IMMEDIATE:
		insn->immediate = true;
		insn->value = immediate_read(bytes + end - IMMEDIATE_LEN);
		return !MODRM_REG(bytes[opcode_end]);
	default:
		return false;
	}
}
