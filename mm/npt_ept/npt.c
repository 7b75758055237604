// SPDX-License-Identifier: GPL-2.0-only
/* Nested page table entries of AMD SVM: long-mode entries (APM vol. 2, 5.3 and 15.25). */
#include "mm/npt_ept/formats.h"
#include "mm/npt_ept/pt_format.h"

#define NPT_PRESENT	BIT(0)
#define NPT_WRITE	BIT(1)
#define NPT_USER	BIT(2)
#define NPT_PWT		BIT(3)
#define NPT_PCD		BIT(4)
#define NPT_ACCESSED	BIT(5)
#define NPT_DIRTY	BIT(6)
#define NPT_NX		BIT(63)

/*
 * USER always: a nested walk counts as a user access, whatever the guest's
 * privilege (15.25.5). ACCESSED and DIRTY are set beforehand, so that
 * hardware never writes an entry that the controller is about to replace.
 *
 * Memory types: PWT and PCD select from the host's PAT (15.25.8), whose entry
 * 0 is WB and whose entry 3 is UC in the reset value as in Linux's.
 */
const struct pt_format npt_format = {
	.name = "npt",
	.present = NPT_PRESENT,
	.table = NPT_PRESENT | NPT_WRITE | NPT_USER | NPT_ACCESSED,
	.leaf = NPT_PRESENT | NPT_USER | NPT_ACCESSED | NPT_DIRTY,
	.access_mask = NPT_WRITE | NPT_NX,
	.access = {
		[COVIRT_READ] = NPT_NX,
		[COVIRT_RW] = NPT_WRITE | NPT_NX,
		[COVIRT_READ | COVIRT_EXEC] = 0,
		[COVIRT_RWX] = NPT_WRITE,
	},
	.memtype_mask = NPT_PWT | NPT_PCD,
	.memtype = {
		[COVIRT_MT_UC] = NPT_PWT | NPT_PCD,
		[COVIRT_MT_WB] = 0,
	},
	.has_c_bit = true,
	.long_mode = true,
};
