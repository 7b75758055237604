/* SPDX-License-Identifier: GPL-2.0-only */
/* Decoding of the one kind of instruction by which kernels read and write registers in memory. */
#ifndef COVIRT_CORE_MOV_H
#define COVIRT_CORE_MOV_H

#include "core/types.h"

/**
 * enum mov_code - what code the guest executes: CS.L, CS.D
 * @MOV_CODE_16: 16-bit code, real mode among it
 * @MOV_CODE_32: 32-bit code
 * @MOV_CODE_64: 64-bit code
 */
enum mov_code {
	MOV_CODE_16,
	MOV_CODE_32,
	MOV_CODE_64,
};

/* Segment registers by their number in instructions: SDM vol. 2, table B-8. */
enum mov_segment {
	MOV_SEGMENT_ES,
	MOV_SEGMENT_CS,
	MOV_SEGMENT_SS,
	MOV_SEGMENT_DS,
	MOV_SEGMENT_FS,
	MOV_SEGMENT_GS,
};

/* No register, in the place of a base or of an index. */
#define MOV_NOTHING	0xff
/* RIP of the next instruction, in the place of a base. */
#define MOV_RIP		0xfe

/**
 * struct mov_operand - where a memory operand lies
 * @segment:      enum mov_segment; in 64-bit code only FS and GS have a base
 * @base:         enum covirt_gpr, MOV_RIP or MOV_NOTHING
 * @index:        enum covirt_gpr, or MOV_NOTHING
 * @scale:        @index is shifted left by that
 * @displacement: is added
 */
struct mov_operand {
	u8 segment;
	u8 base;
	u8 index;
	u8 scale;
	s64 displacement;
};

/**
 * struct mov - a MOV, MOVZX, MOVSX or MOVSXD between memory and a general-purpose register
 * @store:     to memory; otherwise a load
 * @immediate: store: @value is stored; otherwise register @gpr is
 * @sign:      load: the sign is extended; otherwise zeroes are
 * @high:      bits 15:8 of @gpr are meant: AH, CH, DH, BH
 * @size:      bytes in memory: 1, 2, 4, 8
 * @width:     bytes of the register
 * @gpr:       enum covirt_gpr
 * @len:       bytes of the instruction, prefixes included
 * @value:     for @immediate, with its sign extended
 * @operand:   where the memory operand lies
 */
struct mov {
	bool store;
	bool immediate;
	bool sign;
	bool high;
	u8 size;
	u8 width;
	u8 gpr;
	u8 len;
	u64 value;
	struct mov_operand operand;
};

bool mov_decode(const u8 *bytes, u32 len, enum mov_code code, struct mov *insn);
u32 mov_page_offset(const struct mov *insn, const u64 *gpr, u64 rip, u64 segment_base);
u64 mov_loaded(const struct mov *insn, u64 memory, u64 old);

#endif /* COVIRT_CORE_MOV_H */
