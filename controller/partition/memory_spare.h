/* SPDX-License-Identifier: GPL-2.0-only */
/* How much memory Linux can give away. */
#ifndef COVIRT_CONTROLLER_PARTITION_MEMORY_SPARE_H
#define COVIRT_CONTROLLER_PARTITION_MEMORY_SPARE_H

#include <linux/types.h>

int memory_reserve_set(char *value);
ssize_t memory_reserve_print(char *buf);
ssize_t memory_spare_print(char *buf);
u64 memory_node_reserve(int node);
u64 memory_spare(int node, bool force);
bool memory_can_give(int node, u64 len, bool force);

#endif /* COVIRT_CONTROLLER_PARTITION_MEMORY_SPARE_H */
