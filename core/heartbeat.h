/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The heartbeat of a co-kernel: a 64-bit counter in its own memory for each CPU that it wants
 * watched. It announces where with a synthetic MSR, and from then on counts, in any steps, which
 * needs no exit. CPUID tells the MSR's number (see cpuid_filter()).
 */
#ifndef COVIRT_CORE_HEARTBEAT_H
#define COVIRT_CORE_HEARTBEAT_H

#include "core/types.h"

/*
 * The MSR is in the range that no processor will ever use: SDM vol. 4, table 2-2; KVM uses its end.
 */
#define HEARTBEAT_MSR	0x400000c0
#define HEARTBEAT_SIZE	8	/* bytes of the counter, which is aligned to that */

#define COVIRT_RAM_RANGES	40

/**
 * struct covirt_ram - where the co-kernel has RAM
 * @nr:    valid entries of @range
 * @range: guest-physical start, and bytes; where there are more pieces than entries the last one
 *         reaches to the end of them all, holes included
 *
 * It is for refusing early: Linux looks each heartbeat up in the whole map before it reads it.
 */
struct covirt_ram {
	u32 nr;
	struct {
		gpa_t gpa;
		u64 len;
	} range[COVIRT_RAM_RANGES];
};

void heartbeat_add_ram(struct covirt_ram *ram, gpa_t gpa, u64 len);
bool heartbeat_permit(const struct covirt_ram *ram, gpa_t counter);

#endif /* COVIRT_CORE_HEARTBEAT_H */
