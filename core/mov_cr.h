/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decoding of writes to control registers: MOV for processors without decode assists,
 * LMSW for all.
 */
#ifndef COVIRT_CORE_MOV_CR_H
#define COVIRT_CORE_MOV_CR_H

#include "core/types.h"

#define MOV_CR_MAX_LEN	15	/* of any instruction */

/**
 * struct mov_cr - a write from a general-purpose to a control register
 * @cr:  control register
 * @gpr: enum covirt_gpr
 * @len: bytes, prefixes included
 * @machine_status: LMSW: CR0 gets bits 3:0 only, and PE is not cleared
 */
struct mov_cr {
	u8 cr;
	u8 gpr;
	u8 len;
	bool machine_status;
};

bool mov_cr_decode(const u8 *bytes, u32 len, bool code64, struct mov_cr *insn);

#endif /* COVIRT_CORE_MOV_CR_H */
