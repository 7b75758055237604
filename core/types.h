/* SPDX-License-Identifier: GPL-2.0-only */
/* Types that carry their unit across function boundaries. */
#ifndef COVIRT_CORE_TYPES_H
#define COVIRT_CORE_TYPES_H

#include "core/base.h"
#include "include/uapi/linux/covirt.h"

typedef u64 gva_t;	/* guest-virtual address */
typedef u64 gpa_t;	/* guest-physical address */
typedef u64 hpa_t;	/* host-physical address */
typedef u8 vector_t;	/* interrupt vector */
typedef u32 apicid_t;	/* 32-bit (x2APIC) local APIC id */

#define COVIRT_PAGE_SHIFT	12
#define COVIRT_PAGE_SIZE	BIT_ULL(COVIRT_PAGE_SHIFT)
#define COVIRT_SIZE_2M		BIT_ULL(21)
#define COVIRT_SIZE_1G		BIT_ULL(30)

/**
 * enum covirt_memtype - memory type of an extent (IA-32 encoding, SDM vol. 3 table 12-2)
 * @COVIRT_MT_UC: uncacheable
 * @COVIRT_MT_WB: write-back
 */
enum covirt_memtype {
	COVIRT_MT_UC	= 0,
	COVIRT_MT_WB	= 6,
};

#endif /* COVIRT_CORE_TYPES_H */
