/* SPDX-License-Identifier: GPL-2.0-only */
/* The fault records that the kernel keeps of an enclave. */
#ifndef COVIRTCTL_FAULT_LOG_H
#define COVIRTCTL_FAULT_LOG_H

#include <stddef.h>

#include "include/uapi/linux/covirt.h"

/**
 * struct fault_log - records, oldest first
 * @record: them
 * @nr:     how many
 * @lost:   older ones that are not kept any more
 */
struct fault_log {
	struct covirt_fault_record record[COVIRT_FAULT_RECORDS];
	size_t nr;
	unsigned long long lost;
};

int fault_log_get(const char *name, struct fault_log *log);
int fault_log_read(const char *name, struct fault_log *log);

#endif /* COVIRTCTL_FAULT_LOG_H */
