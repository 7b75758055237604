/* SPDX-License-Identifier: GPL-2.0-only */
/* General-purpose registers wherever they are an array, in the order of ModRM and REX. */
#ifndef COVIRT_CORE_GPR_H
#define COVIRT_CORE_GPR_H

#include "core/base.h"
#include "include/uapi/linux/covirt.h"

enum covirt_gpr {
	GPR_RAX, GPR_RCX, GPR_RDX, GPR_RBX, GPR_RSP, GPR_RBP, GPR_RSI, GPR_RDI,
	GPR_R8, GPR_R9, GPR_R10, GPR_R11, GPR_R12, GPR_R13, GPR_R14, GPR_R15,
};

static_assert(GPR_R15 + 1 == COVIRT_NR_GPRS);

#endif /* COVIRT_CORE_GPR_H */
