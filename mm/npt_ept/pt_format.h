/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entry formats, as data for pt.c: NPT and EPT differ in bits, not in shape. Both have four levels
 * of 512 entries, the address in bits 51:12, and in bit 7 the difference between a large page and a
 * table.
 */
#ifndef COVIRT_MM_PT_FORMAT_H
#define COVIRT_MM_PT_FORMAT_H

#include "mm/npt_ept/pt.h"

#define PT_ENTRY_ADDR	GENMASK_ULL(51, 12)
#define PT_ENTRY_LARGE	BIT(7)

/**
 * struct pt_format - the bits of one entry format
 * @name:         "npt" or "ept"
 * @present:      an entry with any of these bits is present
 * @table:        bits of an entry that points to a table, which restricts nothing
 * @leaf:         bits that every page has
 * @ram:          bits that every page of memory has, and no device register
 * @access_mask:  the bits that @access chooses from
 * @access:       bits for each enum covirt_access combination that has READ
 * @memtype_mask: the bits that @memtype chooses from
 * @memtype:      bits for each enum covirt_memtype
 * @has_c_bit:    entries may carry a memory-encryption bit
 * @long_mode:    a processor can walk them as page tables of long mode
 */
struct pt_format {
	const char *name;
	u64 present;
	u64 table;
	u64 leaf;
	u64 ram;
	u64 access_mask;
	u64 access[COVIRT_RWX + 1];
	u64 memtype_mask;
	u64 memtype[COVIRT_MT_WB + 1];
	bool has_c_bit;
	bool long_mode;
};

#endif /* COVIRT_MM_PT_FORMAT_H */
