// SPDX-License-Identifier: GPL-2.0-only
/* Entries of the hypervisor's own page tables: long mode, supervisor only (APM vol. 2, 5.3). */
#include "mm/npt_ept/formats.h"
#include "mm/npt_ept/pt_format.h"

#define HOST_PRESENT	BIT(0)
#define HOST_WRITE	BIT(1)
#define HOST_PWT	BIT(3)
#define HOST_PCD	BIT(4)
#define HOST_ACCESSED	BIT(5)
#define HOST_DIRTY	BIT(6)
#define HOST_NX		BIT(63)

/*
 * A guest-physical address is a virtual one here. ACCESSED and DIRTY are set
 * beforehand, so that hardware writes nothing to the tables.
 */
const struct pt_format host_format = {
	.name = "host",
	.present = HOST_PRESENT,
	.table = HOST_PRESENT | HOST_WRITE | HOST_ACCESSED,
	.leaf = HOST_PRESENT | HOST_ACCESSED | HOST_DIRTY,
	.access_mask = HOST_WRITE | HOST_NX,
	.access = {
		[COVIRT_READ] = HOST_NX,
		[COVIRT_RW] = HOST_WRITE | HOST_NX,
		[COVIRT_READ | COVIRT_EXEC] = 0,
		[COVIRT_RWX] = HOST_WRITE,
	},
	.memtype_mask = HOST_PWT | HOST_PCD,
	.memtype = {
		[COVIRT_MT_UC] = HOST_PWT | HOST_PCD,
		[COVIRT_MT_WB] = 0,
	},
	.has_c_bit = true,
	.long_mode = true,
};
