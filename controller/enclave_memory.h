/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory taken from Linux for one enclave. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_MEMORY_H
#define COVIRT_CONTROLLER_ENCLAVE_MEMORY_H

#include <linux/list.h>

#include "core/layout.h"

#define ENCLAVE_MEMORY_BLOCKS	32
#define ENCLAVE_NAME_MAX	31

/**
 * struct enclave_memory - blocks of memory
 * @node:  in the list of all that was taken
 * @owner: name of the enclave
 * @block: the blocks, ascending
 * @nr:    how many
 * @size:  bytes together
 * @clean: all of it reads zero
 */
struct enclave_memory {
	struct list_head node;
	const char *owner;
	struct covirt_block block[ENCLAVE_MEMORY_BLOCKS];
	u32 nr;
	u64 size;
	bool clean;
};

int enclave_memory_alloc(struct enclave_memory *memory, u64 size, int node);
void enclave_memory_move(struct enclave_memory *to, struct enclave_memory *from);
void enclave_memory_free(struct enclave_memory *memory);
void enclave_memory_scrub(struct enclave_memory *memory);
bool enclave_memory_owner(hpa_t hpa, char *name, size_t size);

#endif /* COVIRT_CONTROLLER_ENCLAVE_MEMORY_H */
