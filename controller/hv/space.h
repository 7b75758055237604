/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypervisor space of an enclave: its memory, and the page tables that map it. */
#ifndef COVIRT_CONTROLLER_HV_SPACE_H
#define COVIRT_CONTROLLER_HV_SPACE_H

#include <linux/spinlock.h>

#include "core/config.h"
#include "mm/npt_ept/pt.h"

/**
 * struct hv_space - what the hypervisor of one enclave runs on
 * @name:   name of the enclave, for trace events
 * @tables: its page tables
 * @config: what the controller writes for it
 * @shared: what it writes for the whole enclave
 * @cpu:    by CPU index, HV_CPU_BYTES: private, status, control block, save area; NULL when the
 *          index was never used
 * @linux_cpu: by CPU index, Linux's number of the CPU that was named last
 * @post_lock: commands are posted one at a time
 * @doorbells: NMIs sent
 */
struct hv_space {
	const char *name;
	struct pt tables;
	struct covirt_config *config;
	struct covirt_shared *shared;
	void *cpu[COVIRT_MAX_CPUS];
	int linux_cpu[COVIRT_MAX_CPUS];
	spinlock_t post_lock;
	u64 doorbells;
};

int hv_space_init(struct hv_space *space, const char *name);
void hv_space_destroy(struct hv_space *space);
int hv_space_add_cpu(struct hv_space *space, u32 index);
void hv_space_name_cpu(struct hv_space *space, u32 index, int cpu, apicid_t apicid);
void hv_space_reset_cpu(struct hv_space *space, u32 index);
void hv_space_expect_no_cpu(struct hv_space *space, u32 index);
struct covirt_status *hv_space_status(const struct hv_space *space, u32 index);
void hv_space_link_guest(struct hv_space *space, hpa_t root);
void hv_space_unlink_guest(struct hv_space *space);

#endif /* COVIRT_CONTROLLER_HV_SPACE_H */
