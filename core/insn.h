/* SPDX-License-Identifier: GPL-2.0-only */
/* Encoding of instructions: SDM vol. 2, chapter 2; APM vol. 3, chapter 1. */
#ifndef COVIRT_CORE_INSN_H
#define COVIRT_CORE_INSN_H

#include "core/types.h"

#define INSN_MAX_LEN	15	/* bytes of any instruction, prefixes included */

#define REX_B		BIT(0)
#define REX_X		BIT(1)
#define REX_R		BIT(2)
#define REX_W		BIT(3)

#define MODRM_MOD(modrm)	((modrm) >> 6)
#define MODRM_REG(modrm)	((modrm) >> 3 & 7)
#define MODRM_RM(modrm)		((modrm) & 7)
#define MODRM_RM_SIB	4	/* a SIB byte follows */

#define SIB_SCALE(sib)	((sib) >> 6)
#define SIB_INDEX(sib)	((sib) >> 3 & 7)
#define SIB_BASE(sib)	((sib) & 7)
#define SIB_INDEX_NONE	4	/* instead of RSP, not of R12 */
#define SIB_BASE_NONE	5	/* where mod is 0; a displacement of 32 bits follows */

#endif /* COVIRT_CORE_INSN_H */
