// SPDX-License-Identifier: GPL-2.0-only
/* Our decoder of stores to registers in memory against Zydis, a disassembler. */
#include "core/fault.h"
#include "core/mov_store.h"
#include "fuzz.h"

/* Behind ours: its <assert.h> has a static_assert() that wants a text. */
#include <Zydis/Zydis.h>

#define MAX_LEN	15	/* of any instruction */

/**
 * struct judge - what Zydis says of some bytes
 * @insn: the instruction
 * @op:   its operands
 * @ok:   it is one
 */
struct judge {
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand op[ZYDIS_MAX_OPERAND_COUNT];
	bool ok;
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

	ZydisDecoderInit(&decoder, modes[code].mode, modes[code].stack);
	judge->ok = ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes, len, &judge->insn,
							judge->op));
}

/* A MOV of 32 bits from a general register, or of a constant, to memory. */
static bool is_mov_store(const struct judge *judge)
{
	const ZydisDecodedOperand *to = &judge->op[0], *from = &judge->op[1];

	if (!judge->ok || judge->insn.mnemonic != ZYDIS_MNEMONIC_MOV)
		return false;
	if (to->type != ZYDIS_OPERAND_TYPE_MEMORY || to->size != 32)
		return false;
	if (from->type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
		return true;
	return from->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       ZydisRegisterGetClass(from->reg.value) == ZYDIS_REGCLASS_GPR32;
}

/* Prefixes that mean more than ours does, or nothing: we leave those alone. */
static bool is_left_alone(const struct judge *judge)
{
	u32 i;

	for (i = 0; i < judge->insn.raw.prefix_count; i++)
		switch (judge->insn.raw.prefixes[i].value) {
		case 0xf0:
		case 0xf2:
		case 0xf3:
			return true;
		}
	return false;
}

static void judge_insn(const struct judge *judge, const struct mov_store *got)
{
	const ZydisDecodedOperand *from = &judge->op[1];

	CHECK(got->len == judge->insn.length);
	CHECK(got->immediate == (from->type == ZYDIS_OPERAND_TYPE_IMMEDIATE));
	if (got->immediate)
		CHECK(got->value == (u32)from->imm.value.u);
	else
		CHECK(got->gpr == ZydisRegisterGetId(from->reg.value));
}

static void check(const u8 *bytes, u32 len, enum mov_code code)
{
	struct mov_store insn = {};
	struct judge judge;
	bool got = mov_store_decode(bytes, len, code, &insn);

	judge_ask(&judge, bytes, len, code);
	if (!got) {
		CHECK(!is_mov_store(&judge) || is_left_alone(&judge));
		return;
	}
	CHECK(insn.len <= len && insn.gpr < COVIRT_NR_GPRS);
	CHECK(code == MOV_CODE_64 || insn.gpr < 8);
	CHECK(is_mov_store(&judge));
	judge_insn(&judge, &insn);
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
