/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory claimed from Linux for one enclave. */
#ifndef COVIRT_CONTROLLER_PARTITION_MEMORY_H
#define COVIRT_CONTROLLER_PARTITION_MEMORY_H

#include <linux/list.h>

#include "core/linux/blocks.h"

/* More than any sensible enclave has, and fewer than the segments that a core dump can have. */
#define ENCLAVE_MEMORY_BLOCKS	65000
#define ENCLAVE_NAME_MAX	31

/**
 * struct enclave_memory - blocks of memory
 * @node:   in the list of all that is claimed; valid while there is any
 * @owner:  name of the enclave
 * @blocks: the blocks
 * @clean:  all of it reads zero
 */
struct enclave_memory {
	struct list_head node;
	const char *owner;
	struct covirt_blocks blocks;
	bool clean;
};

/**
 * struct memory_wish - what is asked of Linux
 * @size:  bytes that the enclave shall have, more than it has, multiple of 2 MiB
 * @node:  NUMA node of what is new, or NUMA_NO_NODE for any
 * @force: Linux's reserve counts for nothing
 * @had:   written on -ENOMEM: bytes that it could have
 * @kept:  written on -ENOMEM: the reserve is in the way, or else Linux could not free more
 */
struct memory_wish {
	u64 size;
	int node;
	bool force;
	u64 had;
	bool kept;
};

int enclave_memory_grow(struct enclave_memory *memory, struct memory_wish *wish);
void enclave_memory_shrink(struct enclave_memory *memory, u64 size);
void enclave_memory_free(struct enclave_memory *memory);
int enclave_memory_add(struct enclave_memory *memory, unsigned long pfn, unsigned long nr);
void enclave_memory_scrub(struct enclave_memory *memory);
void enclave_memory_lost(struct enclave_memory *memory);
bool enclave_memory_owner(hpa_t hpa, char *name, size_t size);

#endif /* COVIRT_CONTROLLER_PARTITION_MEMORY_H */
