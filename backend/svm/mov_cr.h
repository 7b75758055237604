/* SPDX-License-Identifier: GPL-2.0-only */
/* Decoding of MOV to a control register, for processors without decode assists. */
#ifndef COVIRT_SVM_MOV_CR_H
#define COVIRT_SVM_MOV_CR_H

#include "core/types.h"

#define MOV_CR_MAX_LEN	15	/* of any instruction */

/**
 * struct mov_cr - a MOV from a general-purpose to a control register
 * @cr:  control register
 * @gpr: enum covirt_gpr
 * @len: bytes, prefixes included
 */
struct mov_cr {
	u8 cr;
	u8 gpr;
	u8 len;
};

bool mov_cr_decode(const u8 *bytes, u32 len, bool code64, struct mov_cr *insn);

#endif /* COVIRT_SVM_MOV_CR_H */
