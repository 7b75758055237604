// SPDX-License-Identifier: GPL-2.0-only
#include <Zydis/Zydis.h>

#include "insn.h"
#include "record.h"

#define CR0_PE		0x1
#define EFER_LMA	0x400
#define BEFORE		4	/* instructions of a listing before the one that faulted */

/**
 * struct decoded - what Zydis says of an instruction
 * @insn:    it
 * @operand: its operands
 */
struct decoded {
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
};

/* Modes of execution: Zydis' name, its stack, ours. */
static const struct mode {
	ZydisMachineMode machine;
	ZydisStackWidth stack;
	const char *name;
} modes[] = {
	{ ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64, "64-bit" },
	{ ZYDIS_MACHINE_MODE_LONG_COMPAT_32, ZYDIS_STACK_WIDTH_32, "32-bit, compatibility" },
	{ ZYDIS_MACHINE_MODE_LEGACY_32, ZYDIS_STACK_WIDTH_32, "32-bit" },
	{ ZYDIS_MACHINE_MODE_REAL_16, ZYDIS_STACK_WIDTH_16, "real mode" },
};

static const struct mode *mode_of(const struct covirt_fault *fault)
{
	if (fault->code64)
		return &modes[0];
	if (fault->efer & EFER_LMA)
		return &modes[1];
	return fault->cr0 & CR0_PE ? &modes[2] : &modes[3];
}

/**
 * insn_mode() - the mode of execution
 * @fault: with the guest's registers
 *
 * Return: its name.
 */
const char *insn_mode(const struct covirt_fault *fault)
{
	return mode_of(fault)->name;
}

static bool decode(const struct covirt_fault_record *record, uint64_t address,
		   struct decoded *decoded)
{
	const struct mode *mode = mode_of(&record->fault);
	uint64_t at = address - record->code_gva;
	ZydisDecoder decoder;

	if (at >= record->code_len)
		return false;
	ZydisDecoderInit(&decoder, mode->machine, mode->stack);
	return ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, record->code + at,
						   record->code_len - at, &decoded->insn,
						   decoded->operand));
}

/**
 * insn_decode() - decode one instruction of a record
 * @record:  the record
 * @address: guest-virtual, segment base included
 * @insn:    filled in
 *
 * Return: false when there is none, or not all of it.
 */
bool insn_decode(const struct covirt_fault_record *record, uint64_t address, struct insn *insn)
{
	struct decoded decoded;
	ZydisFormatter formatter;
	ZyanStatus status;

	if (!decode(record, address, &decoded))
		return false;
	insn->address = address;
	insn->len = decoded.insn.length;
	ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL);
	status = ZydisFormatterFormatInstruction(&formatter, &decoded.insn, decoded.operand,
						 decoded.insn.operand_count_visible, insn->text,
						 sizeof(insn->text), address, NULL);
	return ZYAN_SUCCESS(status);
}

static uint64_t fault_address(const struct covirt_fault_record *record)
{
	return record->fault.cs_base + record->fault.rip;
}

/* Instructions between @start and the one that faulted; -1 when the chain misses it. */
static int distance(const struct covirt_fault_record *record, uint64_t start)
{
	struct decoded decoded;
	int count = 0;

	for (; start != fault_address(record); start += decoded.insn.length, count++)
		if (!decode(record, start, &decoded))
			return -1;
	return count;
}

static uint64_t skip(const struct covirt_fault_record *record, uint64_t address, int count)
{
	struct decoded decoded;

	while (count-- > 0 && decode(record, address, &decoded))
		address += decoded.insn.length;
	return address;
}

/**
 * insn_listing_start() - where to begin a listing
 * @record: the record
 *
 * Code cannot be read backwards: the first start is taken from which the chain of
 * instructions arrives at the one that faulted.
 *
 * Return: a guest-virtual address, a few instructions before.
 */
uint64_t insn_listing_start(const struct covirt_fault_record *record)
{
	uint64_t before = fault_address(record) - record->code_gva, at;
	int count;

	for (at = 0; at < before && at < record->code_len; at++) {
		count = distance(record, record->code_gva + at);
		if (count >= 0)
			return skip(record, record->code_gva + at, count - BEFORE);
	}
	return fault_address(record);
}

/* --- operands --- */

static const ZydisRegister gprs64[COVIRT_NR_GPRS] = {
	ZYDIS_REGISTER_RAX, ZYDIS_REGISTER_RCX, ZYDIS_REGISTER_RDX, ZYDIS_REGISTER_RBX,
	ZYDIS_REGISTER_RSP, ZYDIS_REGISTER_RBP, ZYDIS_REGISTER_RSI, ZYDIS_REGISTER_RDI,
	ZYDIS_REGISTER_R8, ZYDIS_REGISTER_R9, ZYDIS_REGISTER_R10, ZYDIS_REGISTER_R11,
	ZYDIS_REGISTER_R12, ZYDIS_REGISTER_R13, ZYDIS_REGISTER_R14, ZYDIS_REGISTER_R15,
};

/* Zydis asks for a register by the name that the instruction uses. */
static void context_fill(const struct covirt_fault *fault, ZydisRegisterContext *context)
{
	int i;

	for (i = 0; i < COVIRT_NR_GPRS; i++) {
		context->values[gprs64[i]] = fault->gpr[i];
		context->values[gprs64[i] - ZYDIS_REGISTER_RAX + ZYDIS_REGISTER_EAX] =
			(uint32_t)fault->gpr[i];
		context->values[gprs64[i] - ZYDIS_REGISTER_RAX + ZYDIS_REGISTER_AX] =
			(uint16_t)fault->gpr[i];
	}
	context->values[ZYDIS_REGISTER_RIP] = fault->rip;
	context->values[ZYDIS_REGISTER_EIP] = (uint32_t)fault->rip;
}

/* Value of a general-purpose register, cut to the operand's width. */
static bool register_value(const struct covirt_fault *fault, ZydisRegister reg, uint64_t *value)
{
	ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
	ZyanU16 bits = ZydisRegisterGetWidth(ZYDIS_MACHINE_MODE_LONG_64, reg);
	bool high = reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH;
	int i;

	for (i = 0; i < COVIRT_NR_GPRS; i++) {
		if (gprs64[i] != whole)
			continue;
		*value = fault->gpr[i] >> (high ? 8 : 0);
		if (bits < 64)
			*value &= (UINT64_C(1) << bits) - 1;
		return true;
	}
	return false;
}

static void operand_add(struct json_object *list, const char *text, const char *kind,
			uint64_t value)
{
	struct json_object *record = json_object_new_object();

	record_set(record, "operand", "%s", text);
	record_set_hex(record, kind, value);
	json_object_array_add(list, record);
}

static uint64_t segment_base(const struct covirt_fault_record *record, ZydisRegister segment)
{
	switch (segment) {
	case ZYDIS_REGISTER_FS:
		return record->fs_base;
	case ZYDIS_REGISTER_GS:
		return record->gs_base;
	default:
		return 0;
	}
}

/* A memory operand's address. */
static bool memory_address(const struct covirt_fault_record *record,
			   const struct decoded *decoded, const ZydisDecodedOperand *operand,
			   uint64_t *address)
{
	ZydisRegisterContext context = { 0 };

	context_fill(&record->fault, &context);
	if (ZYAN_FAILED(ZydisCalcAbsoluteAddressEx(&decoded->insn, operand, record->fault.rip,
						   &context, address)))
		return false;
	*address += segment_base(record, operand->mem.segment);
	return true;
}

static void operand_print(const struct covirt_fault_record *record, const struct decoded *decoded,
			  const ZydisDecodedOperand *operand, struct json_object *list)
{
	ZydisFormatter formatter;
	char text[64];
	uint64_t value;

	ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL);
	if (ZYAN_FAILED(ZydisFormatterFormatOperand(&formatter, &decoded->insn, operand, text,
						    sizeof(text),
						    ZYDIS_RUNTIME_ADDRESS_NONE, NULL)))
		return;
	if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	    register_value(&record->fault, operand->reg.value, &value))
		operand_add(list, text, "value", value);
	else if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
		 memory_address(record, decoded, operand, &value))
		operand_add(list, text, "address", value);
}

/**
 * insn_operands() - operands of the instruction that faulted
 * @record: the record
 *
 * Implicit ones of memory (a push has one) are among them.
 *
 * Return: an array of records: the operand, and its "value" or, in memory, its "address".
 */
struct json_object *insn_operands(const struct covirt_fault_record *record)
{
	struct json_object *list = json_object_new_array();
	struct decoded decoded;
	int i;

	if (!decode(record, fault_address(record), &decoded))
		return list;
	for (i = 0; i < decoded.insn.operand_count; i++) {
		const ZydisDecodedOperand *operand = &decoded.operand[i];

		if (i < decoded.insn.operand_count_visible ||
		    operand->type == ZYDIS_OPERAND_TYPE_MEMORY)
			operand_print(record, &decoded, operand, list);
	}
	return list;
}

/**
 * insn_access_bytes() - how many bytes it reads or writes in memory
 * @record: the record
 *
 * Return: bytes, 0 when that is not known.
 */
unsigned int insn_access_bytes(const struct covirt_fault_record *record)
{
	struct decoded decoded;
	int i;

	if (!decode(record, fault_address(record), &decoded))
		return 0;
	for (i = 0; i < decoded.insn.operand_count; i++)
		if (decoded.operand[i].type == ZYDIS_OPERAND_TYPE_MEMORY)
			return decoded.operand[i].size / 8;
	return 0;
}
