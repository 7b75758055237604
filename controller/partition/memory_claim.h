/* SPDX-License-Identifier: GPL-2.0-only */
/* Finding memory that Linux can free. */
#ifndef COVIRT_CONTROLLER_PARTITION_MEMORY_CLAIM_H
#define COVIRT_CONTROLLER_PARTITION_MEMORY_CLAIM_H

#include "controller/partition/memory.h"

int memory_claim(struct enclave_memory *memory, const struct memory_wish *wish);

#endif /* COVIRT_CONTROLLER_PARTITION_MEMORY_CLAIM_H */
