// SPDX-License-Identifier: GPL-2.0-only
#include "irq/avic_posted/icr.h"

#define DEST_BROADCAST	0xffffffff	/* physical and logical: SDM vol. 3, 12.12.9 */

/**
 * icr_decode() - take an x2APIC ICR value apart
 * @value: as written to MSR 0x830
 *
 * Return: its fields. The trigger mode is left out: no IPI of ours is sent with
 * the guest's.
 */
struct icr icr_decode(u64 value)
{
	return (struct icr) {
		.vector = value,
		.mode = value >> 8 & 7,
		.logical = value & ICR_LOGICAL,
		.deassert = (value >> 14 & 3) == 2,
		.shorthand = value >> ICR_SHORTHAND_SHIFT & 3,
		.dest = value >> 32,
	};
}

static u32 physical_targets(const struct covirt_config *config, u32 dest)
{
	u32 index, rest;

	for_each_index(index, rest, config->present)
		if (config->cpu[index].guest_apicid == dest)
			return BIT(index);
	return 0;
}

/*
 * A destination is a cluster and several of its bits, see icr_logical_id(). An id that the upper
 * half cannot name is in none.
 */
static u32 logical_targets(const struct covirt_config *config, u32 dest)
{
	u32 index, rest, targets = 0, foreign = (u16)dest;

	for_each_index(index, rest, config->present) {
		apicid_t apicid = config->cpu[index].guest_apicid;
		u32 bit = BIT(apicid & 15);

		if (apicid >> 4 != dest >> 16 || !(dest & bit))
			continue;
		targets |= BIT(index);
		foreign &= ~bit;
	}
	return foreign ? 0 : targets;
}

static u32 destination_targets(const struct icr *icr, const struct covirt_config *config)
{
	if (icr->dest == DEST_BROADCAST)
		return config->present;
	return icr->logical ? logical_targets(config, icr->dest) :
			      physical_targets(config, icr->dest);
}

/**
 * icr_resolve() - which CPUs are meant?
 * @icr:     decoded ICR
 * @config:  the enclave; to its co-kernel, its CPUs are all that there are
 * @self:    index of the sender
 * @targets: mask of CPU indexes, on success
 *
 * Return: false when the destination names a CPU outside, or nobody; a shorthand may
 * mean nobody.
 */
bool icr_resolve(const struct icr *icr, const struct covirt_config *config, u32 self,
		 u32 *targets)
{
	switch (icr->shorthand) {
	case ICR_SELF:
		*targets = BIT(self);
		return true;
	case ICR_ALL:
		*targets = config->present;
		return true;
	case ICR_ALL_BUT_SELF:
		*targets = config->present & ~BIT(self);
		return true;
	default:
		*targets = destination_targets(icr, config);
		return *targets != 0;
	}
}
