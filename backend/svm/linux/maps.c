// SPDX-License-Identifier: GPL-2.0-only
/* Permission maps as VMRUN takes them. */
#include "maps.h"

/*
 * APM vol. 2, 15.11: two bits an MSR, read then write; three ranges, 2 KiB each.
 * 15.10.1: the port map has a third page, of which the first bits count.
 */
const struct permission_format svm_permission_format = {
	.msr_size = 0x2000,
	.port_size = 0x3000,
	.nr_ranges = 3,
	.first = { 0x00000000, 0xc0000000, 0xc0010000 },
	.range_bits = 0x800 * 8,
	.msr_bits = 2,
	.write_bits = 1,
};
