/* SPDX-License-Identifier: GPL-2.0-only */
/* The MSR and port policies as the bitmaps that processors take: a set bit makes an access exit. */
#ifndef COVIRT_CORE_PERMISSION_MAP_H
#define COVIRT_CORE_PERMISSION_MAP_H

#include "core/types.h"

#define PERMISSION_MSR_RANGES	3
#define PERMISSION_RANGE_LEN	0x2000U		/* MSRs, with either vendor */

/**
 * struct permission_format - how a vendor lays its maps out
 * @msr_size:   bytes of the MSR map, page multiple
 * @port_size:  bytes of the port map, page multiple
 * @nr_ranges:  ranges of PERMISSION_RANGE_LEN MSRs; MSRs outside them always exit
 * @first:      first MSR of each range
 * @range_bits: bits from one range to the next
 * @msr_bits:   bits from one MSR to the next
 * @write_bits: bits from an MSR's bit for reads to its bit for writes
 *
 * Every port has one bit, in order, from the first bit of the map.
 */
struct permission_format {
	u32 msr_size;
	u32 port_size;
	u32 nr_ranges;
	u32 first[PERMISSION_MSR_RANGES];
	u32 range_bits;
	u32 msr_bits;
	u32 write_bits;
};

void permission_msr_map(const struct permission_format *format, void *map, u32 interrupts);
void permission_port_map(const struct permission_format *format, void *map);

#endif /* COVIRT_CORE_PERMISSION_MAP_H */
