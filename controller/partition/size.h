/* SPDX-License-Identifier: GPL-2.0-only */
/* Sizes as users write them. */
#ifndef COVIRT_CONTROLLER_PARTITION_SIZE_H
#define COVIRT_CONTROLLER_PARTITION_SIZE_H

#include <linux/types.h>

int size_parse(char *value, u64 *size);

#endif /* COVIRT_CONTROLLER_PARTITION_SIZE_H */
