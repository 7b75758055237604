// SPDX-License-Identifier: GPL-2.0-only
/* Extended page table entries of Intel VMX (SDM vol. 3, 29.3.2, tables 29-1 to 29-7). */
#include "mm/npt_ept/formats.h"
#include "mm/npt_ept/pt_format.h"

#define EPT_READ	BIT(0)
#define EPT_WRITE	BIT(1)
#define EPT_EXEC	BIT(2)
#define EPT_MEMTYPE(t)	((u64)(t) << 3)
#define EPT_IGNORE_PAT	BIT(6)
#define EPT_ACCESSED	BIT(8)
#define EPT_DIRTY	BIT(9)

/*
 * IGNORE_PAT for memory: Linux maps it WB, and a guest that maps it otherwise
 * would create an alias of another type (29.3.7.2). Device registers keep the
 * guest's PAT: under UC it can only choose WC.
 *
 * ACCESSED and DIRTY are set beforehand, so that hardware never writes an entry
 * that the controller is about to replace (29.3.5). Without A/D flags in EPTP they
 * are ignored.
 */
const struct pt_format ept_format = {
	.name = "ept",
	.present = EPT_READ | EPT_WRITE | EPT_EXEC,
	.table = EPT_READ | EPT_WRITE | EPT_EXEC | EPT_ACCESSED,
	.leaf = EPT_ACCESSED | EPT_DIRTY,
	.ram = EPT_IGNORE_PAT,
	.access_mask = EPT_READ | EPT_WRITE | EPT_EXEC,
	.access = {
		[COVIRT_READ] = EPT_READ,
		[COVIRT_RW] = EPT_READ | EPT_WRITE,
		[COVIRT_READ | COVIRT_EXEC] = EPT_READ | EPT_EXEC,
		[COVIRT_RWX] = EPT_READ | EPT_WRITE | EPT_EXEC,
	},
	.memtype_mask = EPT_MEMTYPE(7),
	.memtype = {
		[COVIRT_MT_UC] = EPT_MEMTYPE(COVIRT_MT_UC),
		[COVIRT_MT_WB] = EPT_MEMTYPE(COVIRT_MT_WB),
	},
};
