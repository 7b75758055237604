// SPDX-License-Identifier: GPL-2.0-only
/* core's MSR and port policies as the permission maps that VMRUN takes. */
#include "core/msr_policy.h"
#include "maps.h"

/* APM vol. 2, 15.11: two bits an MSR, read then write, three ranges of 8192 MSRs, 2 KiB each. */
#define MSR_RANGE_LEN	0x2000U
#define MSR_RANGE_BYTES	0x800U

static const u32 msr_ranges[] = { 0x00000000, 0xc0000000, 0xc0010000 };

/* Bit of the map for reads of an MSR; MSRs outside the ranges always exit. */
static bool msr_map_bit(u32 msr, u32 *bit)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(msr_ranges); i++)
		if (msr - msr_ranges[i] < MSR_RANGE_LEN) {
			*bit = i * MSR_RANGE_BYTES * 8 + (msr - msr_ranges[i]) * 2;
			return true;
		}
	return false;
}

static void bit_clear(u8 *map, u32 bit)
{
	map[bit / 8] &= ~(1U << bit % 8);
}

static void msr_map_open(u8 *map, const struct msr_rule *rule)
{
	u32 msr, bit;

	for (msr = rule->first; msr <= rule->last; msr++) {
		if (!msr_map_bit(msr, &bit))
			continue;
		if (rule->read == MSR_PASS)
			bit_clear(map, bit);
		if (rule->write == MSR_PASS)
			bit_clear(map, bit + 1);
	}
}

/**
 * svm_msr_map_build() - compile the MSR policy
 * @map: SVM_MSR_MAP_SIZE bytes
 *
 * All-ones, then the rules that pass.
 */
void svm_msr_map_build(void *map)
{
	u32 i;

	memset(map, 0xff, SVM_MSR_MAP_SIZE);
	for (i = 0; i < msr_nr_rules; i++)
		msr_map_open(map, &msr_rules[i]);
}

/**
 * svm_port_map_build() - compile the port policy
 * @map: SVM_PORT_MAP_SIZE bytes
 *
 * No port is passed. The map is all-ones to its end: an access at 0xFFFF that
 * is wider than a byte looks behind the last port (APM vol. 2, 15.10.1).
 */
void svm_port_map_build(void *map)
{
	memset(map, 0xff, SVM_PORT_MAP_SIZE);
}
