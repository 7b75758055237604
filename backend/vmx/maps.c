// SPDX-License-Identifier: GPL-2.0-only
/* core's MSR and port policies as the bitmaps that the VMCS points to. */
#include "core/msr_policy.h"
#include "maps.h"

/* SDM vol. 3, 25.6.9: reads of two ranges of 8192 MSRs, 1 KiB each, then writes of them. */
#define MSR_RANGE_LEN	0x2000U
#define MSR_RANGE_BYTES	0x400U
#define MSR_WRITES	0x800U

static const u32 msr_ranges[] = { 0x00000000, 0xc0000000 };

/* Bit of the map for reads of an MSR; MSRs outside the ranges always exit. */
static bool msr_map_bit(u32 msr, u32 *bit)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(msr_ranges); i++)
		if (msr - msr_ranges[i] < MSR_RANGE_LEN) {
			*bit = i * MSR_RANGE_BYTES * 8 + (msr - msr_ranges[i]);
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
			bit_clear(map + MSR_WRITES, bit);
	}
}

/**
 * vmx_msr_map_build() - compile the MSR policy
 * @map: VMX_MSR_MAP_SIZE bytes
 *
 * All-ones, then the rules that pass.
 */
void vmx_msr_map_build(void *map)
{
	u32 i;

	memset(map, 0xff, VMX_MSR_MAP_SIZE);
	for (i = 0; i < msr_nr_rules; i++)
		msr_map_open(map, &msr_rules[i]);
}

/**
 * vmx_port_map_build() - compile the port policy
 * @map: VMX_PORT_MAP_SIZE bytes
 *
 * No port is passed. An access that wraps around the last port exits by itself.
 */
void vmx_port_map_build(void *map)
{
	memset(map, 0xff, VMX_PORT_MAP_SIZE);
}
