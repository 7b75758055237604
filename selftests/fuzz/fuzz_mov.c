// SPDX-License-Identifier: GPL-2.0-only
/* Our decoder of loads and stores of registers in memory against Zydis, a disassembler. */
#include "core/mov.h"
#include "fuzz.h"
#include "include/uapi/linux/covirt.h"

/* Behind ours: its <assert.h> has a static_assert() that wants a text. */
#include <Zydis/Zydis.h>

#define MAX_LEN	15	/* of any instruction */

/**
 * struct judge - what Zydis says of some bytes
 * @insn: the instruction
 * @op:   its operands
 * @ok:   it is one
 * @code: what code they are
 */
struct judge {
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand op[ZYDIS_MAX_OPERAND_COUNT];
	bool ok;
	enum mov_code code;
};

static void judge_ask(struct judge *judge, const u8 *bytes, u32 len, enum mov_code code)
{
	static const struct {
		ZydisMachineMode mode;
		ZydisStackWidth stack;
	} modes[] = {
		[MOV_CODE_16] = { ZYDIS_MACHINE_MODE_LEGACY_16, ZYDIS_STACK_WIDTH_16 },
		[MOV_CODE_32] = { ZYDIS_MACHINE_MODE_LEGACY_32, ZYDIS_STACK_WIDTH_32 },
		[MOV_CODE_64] = { ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64 },
	};
	ZydisDecoder decoder;

	judge->code = code;
	ZydisDecoderInit(&decoder, modes[code].mode, modes[code].stack);
	judge->ok = ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes, len, &judge->insn,
							judge->op));
}

static bool is_memory(const ZydisDecodedOperand *op)
{
	return op->type == ZYDIS_OPERAND_TYPE_MEMORY;
}

static bool is_gpr(const ZydisDecodedOperand *op)
{
	if (op->type != ZYDIS_OPERAND_TYPE_REGISTER)
		return false;
	switch (ZydisRegisterGetClass(op->reg.value)) {
	case ZYDIS_REGCLASS_GPR8:
	case ZYDIS_REGCLASS_GPR16:
	case ZYDIS_REGCLASS_GPR32:
	case ZYDIS_REGCLASS_GPR64:
		return true;
	default:
		return false;
	}
}

static bool is_mov(ZydisMnemonic mnemonic)
{
	return mnemonic == ZYDIS_MNEMONIC_MOV || mnemonic == ZYDIS_MNEMONIC_MOVZX ||
	       mnemonic == ZYDIS_MNEMONIC_MOVSX || mnemonic == ZYDIS_MNEMONIC_MOVSXD;
}

/* A move between memory and a general register, or of a constant to memory. */
static bool is_ours(const struct judge *judge)
{
	const ZydisDecodedOperand *to = &judge->op[0], *from = &judge->op[1];

	if (!judge->ok || !is_mov(judge->insn.mnemonic))
		return false;
	if (is_memory(to))
		return is_gpr(from) || from->type == ZYDIS_OPERAND_TYPE_IMMEDIATE;
	return is_gpr(to) && is_memory(from);
}

/* Prefixes that mean more than ours does, or nothing; the form of which vendors do not agree. */
static bool is_left_alone(const struct judge *judge)
{
	u32 i;

	if (judge->insn.mnemonic == ZYDIS_MNEMONIC_MOVSXD && judge->op[0].size == 16)
		return true;
	for (i = 0; i < judge->insn.raw.prefix_count; i++)
		switch (judge->insn.raw.prefixes[i].value) {
		case 0xf0:
		case 0xf2:
		case 0xf3:
			return true;
		}
	return false;
}

static void judge_register(const ZydisDecodedOperand *op, const struct mov *got)
{
	ZydisRegister reg = op->reg.value;
	bool high = reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH;
	ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);

	CHECK(got->high == high);
	CHECK(got->gpr == (u8)ZydisRegisterGetId(whole));
	CHECK(got->width == op->size / 8);
}

static u8 judge_base(ZydisRegister reg)
{
	if (reg == ZYDIS_REGISTER_NONE)
		return MOV_NOTHING;
	if (reg == ZYDIS_REGISTER_RIP || reg == ZYDIS_REGISTER_EIP)
		return MOV_RIP;
	reg = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
	return ZydisRegisterGetId(reg);
}

/*
 * Without a base there is a displacement of 32 bits, and REX.B makes no difference (SDM vol. 2,
 * table 2-5). Zydis 4.0 reads that displacement, but says that the base is R13.
 */
static bool is_misread(const ZydisDecodedInstruction *insn)
{
	return insn->raw.sib.offset && !insn->raw.modrm.mod && insn->raw.sib.base == 5;
}

static void judge_address(const struct judge *judge, const ZydisDecodedOperand *op,
			  const struct mov *got)
{
	u8 segment = ZydisRegisterGetId(op->mem.segment);

	/* The others have no base in 64-bit code. */
	if (judge->code != MOV_CODE_64 || segment >= MOV_SEGMENT_FS ||
	    got->operand.segment >= MOV_SEGMENT_FS)
		CHECK(got->operand.segment == segment);
	CHECK(got->operand.base ==
	      (is_misread(&judge->insn) ? MOV_NOTHING : judge_base(op->mem.base)));
	CHECK(got->operand.index == judge_base(op->mem.index));
	if (op->mem.index != ZYDIS_REGISTER_NONE)
		CHECK(1 << got->operand.scale == (op->mem.scale ? op->mem.scale : 1));
	CHECK(!((got->operand.displacement ^
		 (is_misread(&judge->insn) ? judge->insn.raw.disp.value : op->mem.disp.value)) &
		0xfff));
	CHECK(got->size == op->size / 8);
}

static void judge_insn(const struct judge *judge, const struct mov *got)
{
	const ZydisDecodedOperand *to = &judge->op[0], *from = &judge->op[1];
	ZydisMnemonic mnemonic = judge->insn.mnemonic;

	CHECK(got->len == judge->insn.length);
	CHECK(got->store == is_memory(to));
	CHECK(got->immediate == (from->type == ZYDIS_OPERAND_TYPE_IMMEDIATE));
	CHECK(got->sign ==
	      (mnemonic == ZYDIS_MNEMONIC_MOVSX || mnemonic == ZYDIS_MNEMONIC_MOVSXD));
	judge_address(judge, got->store ? to : from, got);
	if (got->immediate)
		CHECK(!((got->value ^ from->imm.value.u) << (64 - got->size * 8)));
	else
		judge_register(got->store ? from : to, got);
}

/* A load changes no more of a register than the part that it names, and the upper half. */
static void judge_load(const struct mov *got)
{
	static const u64 masks[] = { [1] = 0xff, [2] = 0xffff, [4] = ~0ULL, [8] = ~0ULL };
	u64 old = 0x8877665544332211, mask = masks[got->width] << (got->high ? 8 : 0);
	u64 ones = mov_loaded(got, ~0ULL, old), zeroes = mov_loaded(got, 0, old);

	CHECK((ones & ~mask) == (old & ~mask) && zeroes == (old & ~mask));
	CHECK(got->width != 4 || ones <= 0xffffffff);
}

static void check(const u8 *bytes, u32 len, enum mov_code code)
{
	struct mov insn = {};
	struct judge judge;
	bool got = mov_decode(bytes, len, code, &insn);

	judge_ask(&judge, bytes, len, code);
	if (!got) {
		CHECK(!is_ours(&judge) || is_left_alone(&judge));
		return;
	}
	CHECK(insn.len <= len && insn.gpr < COVIRT_NR_GPRS);
	CHECK(code == MOV_CODE_64 || insn.gpr < 8);
	CHECK(is_ours(&judge));
	judge_insn(&judge, &insn);
	if (!insn.store)
		judge_load(&insn);
}

/* The first byte says which mode; the others are on the heap for themselves. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 len;
	u8 *bytes;

	if (!size)
		return 0;
	len = min(size - 1, (size_t)MAX_LEN);
	bytes = malloc(len);
	memcpy(bytes, data + 1, len);
	check(bytes, len, data[0] % 3);
	free(bytes);
	return 0;
}
