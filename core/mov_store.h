/* SPDX-License-Identifier: GPL-2.0-only */
/* Decoding of the one kind of instruction by which kernels write registers in memory. */
#ifndef COVIRT_CORE_MOV_STORE_H
#define COVIRT_CORE_MOV_STORE_H

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

/**
 * struct mov_store - a MOV of 32 bits to memory
 * @immediate: @value is what is stored; otherwise register @gpr is
 * @gpr:       enum covirt_gpr
 * @len:       bytes, prefixes included
 * @value:     for @immediate
 */
struct mov_store {
	bool immediate;
	u8 gpr;
	u8 len;
	u32 value;
};

bool mov_store_decode(const u8 *bytes, u32 len, enum mov_code code, struct mov_store *insn);

#endif /* COVIRT_CORE_MOV_STORE_H */
