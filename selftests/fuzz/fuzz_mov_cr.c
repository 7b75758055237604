// SPDX-License-Identifier: GPL-2.0-only
/* Our decoder of writes to control registers against Zydis, a disassembler. */
#include "core/mov_cr.h"
#include "fuzz.h"

/* Behind ours: its <assert.h> has a static_assert() that wants a text. */
#include <Zydis/Zydis.h>

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

static void judge_ask(struct judge *judge, const u8 *bytes, u32 len, bool code64)
{
	ZydisDecoder decoder;

	ZydisDecoderInit(&decoder,
			 code64 ? ZYDIS_MACHINE_MODE_LONG_64 : ZYDIS_MACHINE_MODE_LEGACY_32,
			 code64 ? ZYDIS_STACK_WIDTH_64 : ZYDIS_STACK_WIDTH_32);
	judge->ok = ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes, len, &judge->insn,
							judge->op));
}

static bool is_mov_to_cr(const struct judge *judge)
{
	return judge->ok && judge->insn.mnemonic == ZYDIS_MNEMONIC_MOV &&
	       judge->op[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       ZydisRegisterGetClass(judge->op[0].reg.value) == ZYDIS_REGCLASS_CONTROL;
}

static bool is_lmsw_of_register(const struct judge *judge)
{
	return judge->ok && judge->insn.mnemonic == ZYDIS_MNEMONIC_LMSW &&
	       judge->op[0].type == ZYDIS_OPERAND_TYPE_REGISTER;
}

static void judge_insn(const struct judge *judge, const struct mov_cr *got)
{
	const ZydisDecodedOperand *gpr = &judge->op[got->machine_status ? 0 : 1];

	CHECK(got->len == judge->insn.length);
	CHECK(got->machine_status == is_lmsw_of_register(judge));
	CHECK(got->gpr == (u8)ZydisRegisterGetId(gpr->reg.value));
	CHECK(got->cr == (got->machine_status ? 0 : ZydisRegisterGetId(judge->op[0].reg.value)));
}

/* MOV to a register that does not exist: #UD, no exit, and nothing that Zydis would name. */
static bool is_no_register(u8 cr)
{
	return cr == 1 || (cr >= 5 && cr != 8);
}

static void check(const u8 *bytes, u32 len, bool code64)
{
	struct mov_cr insn = {};
	struct judge judge;
	bool got = mov_cr_decode(bytes, len, code64, &insn);

	judge_ask(&judge, bytes, len, code64);
	if (!got) {
		CHECK(!is_mov_to_cr(&judge) && !is_lmsw_of_register(&judge));
		return;
	}
	CHECK(insn.len <= len && insn.cr < 16 && insn.gpr < 16);
	CHECK(code64 || (insn.cr < 8 && insn.gpr < 8));
	if (is_mov_to_cr(&judge) || is_lmsw_of_register(&judge))
		judge_insn(&judge, &insn);
	else
		CHECK(is_no_register(insn.cr));
}

/* The first byte says which mode; the others are on the heap for themselves. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 len;
	u8 *bytes;

	if (!size)
		return 0;
	len = min(size - 1, (size_t)MOV_CR_MAX_LEN);
	bytes = malloc(len);
	memcpy(bytes, data + 1, len);
	check(bytes, len, data[0] & 1);
	free(bytes);
	return 0;
}
