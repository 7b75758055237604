// SPDX-License-Identifier: GPL-2.0-only
/* Permission maps as the VMCS points to them. */
#include "maps.h"

/*
 * SDM vol. 3, 25.6.9: one bit an MSR; two ranges, 1 KiB each, for reads, then the
 * same for writes. 25.6.4: bitmaps A and B are one map of two pages here. A port
 * access that wraps around exits by itself.
 */
const struct permission_format vmx_permission_format = {
	.msr_size = 0x1000,
	.port_size = 0x2000,
	.nr_ranges = 2,
	.first = { 0x00000000, 0xc0000000 },
	.range_bits = 0x400 * 8,
	.msr_bits = 1,
	.write_bits = 0x800 * 8,
};
