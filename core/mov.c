// SPDX-License-Identifier: GPL-2.0-only
/*
 * MOV between memory and general-purpose registers, or of a constant to memory, MOVZX, MOVSX and
 * MOVSXD (SDM vol. 2; APM vol. 3). Which page is accessed the processor has said; the instruction
 * says what is moved, how long it is, and where in the page it begins.
 */
#include "core/gpr.h"
#include "core/insn.h"
#include "core/mov.h"
#include "include/uapi/linux/covirt.h"

#define OPERAND_SIZE	0x66
#define ADDRESS_SIZE	0x67
#define TWO_BYTES	0x0f	/* the opcode's second byte follows */
#define BEHIND_0F	0x0f00	/* an opcode of two bytes */

/* Flags of a form of the instruction. */
#define STORE		BIT(0)	/* to memory */
#define IMMEDIATE	BIT(1)	/* of a constant */
#define OFFSET		BIT(2)	/* of AL or eAX, at an address that is in the instruction */
#define EXTEND		BIT(3)	/* of less than the register */
#define SIGN		BIT(4)	/* with its sign */
#define ONLY_64		BIT(5)	/* in other code another instruction */

/**
 * struct mov_form - one opcode
 * @opcode: its bytes
 * @size:   bytes in memory, 0: as the operand-size attribute says
 * @flags:  see above
 */
struct mov_form {
	u16 opcode;
	u8 size;
	u8 flags;
};

static const struct mov_form forms[] = {
	{ 0x63, 4, EXTEND | SIGN | ONLY_64 },	/* MOVSXD */
	{ 0x88, 1, STORE },
	{ 0x89, 0, STORE },
	{ 0x8a, 1, 0 },
	{ 0x8b, 0, 0 },
	{ 0xa0, 1, OFFSET },
	{ 0xa1, 0, OFFSET },
	{ 0xa2, 1, OFFSET | STORE },
	{ 0xa3, 0, OFFSET | STORE },
	{ 0xc6, 1, IMMEDIATE | STORE },
	{ 0xc7, 0, IMMEDIATE | STORE },
	{ BEHIND_0F | 0xb6, 1, EXTEND },	/* MOVZX */
	{ BEHIND_0F | 0xb7, 2, EXTEND },
	{ BEHIND_0F | 0xbe, 1, EXTEND | SIGN },	/* MOVSX */
	{ BEHIND_0F | 0xbf, 2, EXTEND | SIGN },
};

/**
 * struct reader - the instruction's bytes, front to back
 * @bytes: the bytes
 * @len:   how many there are
 * @at:    how many have been asked for; more than @len: it is cut off
 * @code:  what code they are
 */
struct reader {
	const u8 *bytes;
	u32 len;
	u32 at;
	enum mov_code code;
};

/* Bytes behind the end read as 0; reader::at says that they were missing. */
static u64 read_bytes(struct reader *reader, u32 nr)
{
	u64 value = 0;
	u32 i;

	for (i = 0; i < nr; i++, reader->at++)
		if (reader->at < reader->len)
			value |= (u64)reader->bytes[reader->at] << i * 8;
	return value;
}

static u64 sign_extend_bytes(u64 value, u32 nr)
{
	u32 unused = 64 - nr * 8;

	return (u64)((s64)(value << unused) >> unused);
}

static s64 read_signed(struct reader *reader, u32 nr)
{
	return nr ? (s64)sign_extend_bytes(read_bytes(reader, nr), nr) : 0;
}

/**
 * struct prefixes - what stands in front of the opcode
 * @operand: there is an operand-size prefix
 * @address: there is an address-size prefix
 * @segment: enum mov_segment, or MOV_NOTHING
 * @rex:     REX prefix right before the opcode, or 0: anywhere else it is ignored
 */
struct prefixes {
	bool operand;
	bool address;
	u8 segment;
	u8 rex;
};

/* enum mov_segment, or MOV_NOTHING. */
static u8 prefix_segment(u8 byte)
{
	switch (byte) {
	case 0x26:
		return MOV_SEGMENT_ES;
	case 0x2e:
		return MOV_SEGMENT_CS;
	case 0x36:
		return MOV_SEGMENT_SS;
	case 0x3e:
		return MOV_SEGMENT_DS;
	case 0x64:
		return MOV_SEGMENT_FS;
	case 0x65:
		return MOV_SEGMENT_GS;
	default:
		return MOV_NOTHING;
	}
}

/* In 64-bit code the other four prefixes are ignored: SDM vol. 2, 2.1.1; APM vol. 3, 1.2.4. */
static bool segment_counts(u8 segment, enum mov_code code)
{
	return segment >= MOV_SEGMENT_FS || code != MOV_CODE_64;
}

static bool is_rex(u8 byte, enum mov_code code)
{
	return code == MOV_CODE_64 && (byte & 0xf0) == 0x40;
}

/* LOCK, REPNE and REP are none of ours: of a MOV they make something else, or nothing. */
static bool prefix_decode(struct prefixes *prefixes, u8 byte, enum mov_code code)
{
	u8 segment = prefix_segment(byte);

	if (byte == OPERAND_SIZE)
		prefixes->operand = true;
	else if (byte == ADDRESS_SIZE)
		prefixes->address = true;
	else if (segment == MOV_NOTHING && !is_rex(byte, code))
		return false;
	else if (segment != MOV_NOTHING && segment_counts(segment, code))
		prefixes->segment = segment;
	prefixes->rex = is_rex(byte, code) ? byte : 0;
	return true;
}

static struct prefixes prefixes_read(struct reader *reader)
{
	struct prefixes prefixes = { .segment = MOV_NOTHING };

	while (reader->at < reader->len &&
	       prefix_decode(&prefixes, reader->bytes[reader->at], reader->code))
		reader->at++;
	return prefixes;
}

/* 16-bit code has 16-bit operands unless it says otherwise, other code the other way round. */
static u32 operand_size(const struct prefixes *prefixes, enum mov_code code)
{
	if (prefixes->rex & REX_W)
		return 8;
	return prefixes->operand == (code == MOV_CODE_16) ? 4 : 2;
}

/* Bytes of an address: SDM vol. 1, 3.6.1. */
static u32 address_size(const struct prefixes *prefixes, enum mov_code code)
{
	static const u8 sizes[][2] = {
		[MOV_CODE_16] = { 2, 4 }, [MOV_CODE_32] = { 4, 2 }, [MOV_CODE_64] = { 8, 4 },
	};

	return sizes[code][prefixes->address];
}

/* A displacement of @wide bytes where mod says so, or where there is nothing else. */
static u32 displacement_size(u8 mod, bool alone, u32 wide)
{
	if (mod == 1)
		return 1;
	return mod == 2 || alone ? wide : 0;
}

/* 16-bit addresses: SDM vol. 2, table 2-1. */
static void operand_read_16(struct reader *reader, u8 modrm, struct mov_operand *operand)
{
	static const u8 bases[] = {
		GPR_RBX, GPR_RBX, GPR_RBP, GPR_RBP, GPR_RSI, GPR_RDI, GPR_RBP, GPR_RBX,
	};
	static const u8 indices[] = {
		GPR_RSI, GPR_RDI, GPR_RSI, GPR_RDI,
		MOV_NOTHING, MOV_NOTHING, MOV_NOTHING, MOV_NOTHING,
	};
	u8 mod = MODRM_MOD(modrm), rm = MODRM_RM(modrm);
	bool alone = !mod && rm == 6;

	operand->base = alone ? MOV_NOTHING : bases[rm];
	operand->index = indices[rm];
	operand->displacement = read_signed(reader, displacement_size(mod, alone, 2));
}

static void sib_read(struct reader *reader, u8 mod, u8 rex, struct mov_operand *operand)
{
	u8 sib = read_bytes(reader, 1);
	u8 index = SIB_INDEX(sib) | (rex & REX_X ? 8 : 0);
	bool alone = !mod && SIB_BASE(sib) == SIB_BASE_NONE;

	operand->base = alone ? MOV_NOTHING : SIB_BASE(sib) | (rex & REX_B ? 8 : 0);
	operand->index = index == SIB_INDEX_NONE ? MOV_NOTHING : index;
	operand->scale = SIB_SCALE(sib);
	operand->displacement = read_signed(reader, displacement_size(mod, alone, 4));
}

/* Addresses of 32 and 64 bits: SDM vol. 2, tables 2-2 and 2-3. */
static void operand_read_32(struct reader *reader, u8 modrm, u8 rex, struct mov_operand *operand)
{
	u8 mod = MODRM_MOD(modrm), rm = MODRM_RM(modrm);
	bool alone = !mod && rm == SIB_BASE_NONE;

	if (rm == MODRM_RM_SIB) {
		sib_read(reader, mod, rex, operand);
		return;
	}
	if (alone)
		operand->base = reader->code == MOV_CODE_64 ? MOV_RIP : MOV_NOTHING;
	else
		operand->base = rm | (rex & REX_B ? 8 : 0);
	operand->displacement = read_signed(reader, displacement_size(mod, alone, 4));
}

/* The stack's registers mean the stack's segment. */
static u8 default_segment(u8 base)
{
	return base == GPR_RSP || base == GPR_RBP ? MOV_SEGMENT_SS : MOV_SEGMENT_DS;
}

static void operand_read(struct reader *reader, const struct prefixes *prefixes, u8 modrm,
			 struct mov_operand *operand)
{
	if (address_size(prefixes, reader->code) == 2)
		operand_read_16(reader, modrm, operand);
	else
		operand_read_32(reader, modrm, prefixes->rex, operand);
	operand->segment = prefixes->segment != MOV_NOTHING ? prefixes->segment :
							      default_segment(operand->base);
}

static void offset_read(struct reader *reader, const struct prefixes *prefixes,
			struct mov_operand *operand)
{
	operand->displacement = read_bytes(reader, address_size(prefixes, reader->code));
	operand->segment = prefixes->segment != MOV_NOTHING ? prefixes->segment : MOV_SEGMENT_DS;
}

/* Without REX, numbers from 4 on are the second bytes of the first four: SDM vol. 2, 3.1.1.1. */
static void register_set(struct mov *insn, u8 reg, u8 rex)
{
	insn->high = insn->width == 1 && !rex && reg >= 4;
	insn->gpr = insn->high ? reg - 4 : reg | (rex & REX_R ? 8 : 0);
}

static const struct mov_form *form_read(struct reader *reader, const struct prefixes *prefixes)
{
	u16 opcode = read_bytes(reader, 1);
	u32 i;

	if (opcode == TWO_BYTES)
		opcode = BEHIND_0F | read_bytes(reader, 1);
	for (i = 0; i < ARRAY_SIZE(forms); i++)
		if (forms[i].opcode == opcode)
			break;
	if (i == ARRAY_SIZE(forms))
		return NULL;
	/* MOVSXD to 16 bits is left undecoded: vendors do not agree how much it reads. */
	if (forms[i].flags & ONLY_64 &&
	    (reader->code != MOV_CODE_64 || operand_size(prefixes, reader->code) == 2))
		return NULL;
	return &forms[i];
}

/* Everything behind the opcode; false for another instruction of the same opcode. */
static bool rest_read(struct reader *reader, const struct prefixes *prefixes,
		      const struct mov_form *form, struct mov *insn)
{
	u8 modrm;

	if (form->flags & OFFSET) {
		offset_read(reader, prefixes, &insn->operand);
		return true;
	}
	modrm = read_bytes(reader, 1);
	if (MODRM_MOD(modrm) == 3)
		return false;
	operand_read(reader, prefixes, modrm, &insn->operand);
	if (form->flags & IMMEDIATE) {
		insn->value = read_signed(reader, min_t(u32, insn->size, 4));
		return !MODRM_REG(modrm);
	}
	register_set(insn, MODRM_REG(modrm), prefixes->rex);
	return true;
}

/**
 * mov_decode() - decode a MOV to or from memory
 * @bytes: instruction bytes
 * @len:   how many there are, at most 15
 * @code:  what code they are
 * @insn:  filled in on success
 *
 * Return: false for any other instruction, and one that is cut off.
 */
bool mov_decode(const u8 *bytes, u32 len, enum mov_code code, struct mov *insn)
{
	struct reader reader = { .bytes = bytes, .len = len, .code = code };
	const struct prefixes prefixes = prefixes_read(&reader);
	const struct mov_form *form = form_read(&reader, &prefixes);
	u32 size = operand_size(&prefixes, code);

	if (!form)
		return false;
	*insn = (struct mov) {
		.store = form->flags & STORE,
		.immediate = form->flags & IMMEDIATE,
		.sign = form->flags & SIGN,
		.size = form->size ? form->size : size,
		.width = form->size && !(form->flags & EXTEND) ? form->size : size,
		.operand = { .base = MOV_NOTHING, .index = MOV_NOTHING },
	};
	if (!rest_read(&reader, &prefixes, form, insn) || reader.at > len)
		return false;
	insn->len = reader.at;
	return true;
}

/**
 * mov_page_offset() - where in its page the memory operand begins
 * @insn:         the instruction
 * @gpr:          general-purpose registers
 * @rip:          of the instruction
 * @segment_base: of the operand's segment
 *
 * Whatever is cut off of an address, its last bits stay.
 *
 * Return: less than COVIRT_PAGE_SIZE.
 */
u32 mov_page_offset(const struct mov *insn, const u64 *gpr, u64 rip, u64 segment_base)
{
	const struct mov_operand *operand = &insn->operand;
	u64 address = segment_base + operand->displacement;

	if (operand->base == MOV_RIP)
		address += rip + insn->len;
	else if (operand->base != MOV_NOTHING)
		address += gpr[operand->base];
	if (operand->index != MOV_NOTHING)
		address += gpr[operand->index] << operand->scale;
	return address & (COVIRT_PAGE_SIZE - 1);
}

static u64 bytes_mask(u32 nr)
{
	return ~0ULL >> (64 - nr * 8);
}

/**
 * mov_loaded() - a register after a load
 * @insn:   the load
 * @memory: what stands in memory
 * @old:    the register before
 *
 * 32 bits clear the upper half, less keeps the rest: SDM vol. 1, 3.4.1.1.
 *
 * Return: all of register mov::gpr.
 */
u64 mov_loaded(const struct mov *insn, u64 memory, u64 old)
{
	u64 value = insn->sign ? sign_extend_bytes(memory, insn->size) :
				 memory & bytes_mask(insn->size);
	u64 mask = bytes_mask(insn->width);
	u32 shift = insn->high ? 8 : 0;
	u64 keep = insn->width < 4 ? ~(mask << shift) : 0;

	return (old & keep) | (value & mask) << shift;
}
