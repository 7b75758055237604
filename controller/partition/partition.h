/* SPDX-License-Identifier: GPL-2.0-only */
/* Partition: what an enclave may access, compiled into hardware state. */
#ifndef COVIRT_CONTROLLER_PARTITION_PARTITION_H
#define COVIRT_CONTROLLER_PARTITION_PARTITION_H

#include "controller/partition/memory.h"
#include "core/linux/gpmap.h"
#include "core/unclaimed.h"
#include "mm/npt_ept/pt.h"

#define PARTITION_ACCESS	4	/* room for partition_access_text() */

/**
 * struct partition - compiled for one start
 * @built:      the rest is valid
 * @features:   mask of enum covirt_feature, with what the enclave wants
 * @map:        guest-physical map
 * @tables:     its nested page tables
 * @direct_map: the same as page tables of long mode, where the hypervisor reads instructions and
 *              cannot walk @tables
 * @msr_map:    MSR permission map
 * @port_map:   port permission map
 */
struct partition {
	bool built;
	u64 features;
	struct covirt_gpmap map;
	struct pt tables;
	struct pt direct_map;
	void *msr_map;
	void *port_map;
};

int partition_init(void);
void partition_exit(void);
int partition_map(struct covirt_gpmap *map, const struct covirt_layout *layout,
		  const struct enclave_memory *memory,
		  enum covirt_unclaimed_policy on_unclaimed, hpa_t ioapic);
void partition_unmap(struct covirt_gpmap *map);
int partition_build(struct partition *partition, const struct covirt_layout *layout,
		    const struct enclave_memory *memory,
		    enum covirt_unclaimed_policy on_unclaimed, hpa_t ioapic, u32 interrupts);
void partition_destroy(struct partition *partition);
hpa_t partition_direct_map(const struct partition *partition);
void *partition_ram(const struct partition *partition, gpa_t gpa, u64 len);
const char *partition_kind_name(const struct covirt_extent *extent);
void partition_access_text(const struct covirt_extent *extent, char *text);

#endif /* COVIRT_CONTROLLER_PARTITION_PARTITION_H */
