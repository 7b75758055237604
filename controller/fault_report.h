/* SPDX-License-Identifier: GPL-2.0-only */
/* A fault record, completed with what only Linux knows. */
#ifndef COVIRT_CONTROLLER_FAULT_REPORT_H
#define COVIRT_CONTROLLER_FAULT_REPORT_H

#include "controller/partition/memory.h"
#include "core/fault_record.h"

struct enclave;

/**
 * struct fault_log - the last faults of an enclave
 * @record: the one with sequence number n in slot (n - 1) modulo COVIRT_FAULT_RECORDS
 */
struct fault_log {
	struct covirt_fault_record record[COVIRT_FAULT_RECORDS];
};

void fault_report_take(struct enclave *enclave, u32 slot, const struct covirt_fault *raw);
void fault_report_log(struct enclave *enclave);
ssize_t fault_report_show(const struct covirt_fault_record *record, char *buf);
void fault_log_add(struct enclave *enclave);
ssize_t fault_log_read(const struct enclave *enclave, char *buf, loff_t pos, size_t len);

static_assert(sizeof_field(struct covirt_fault_record, owner) ==
	      sizeof("enclave ") + ENCLAVE_NAME_MAX);

#endif /* COVIRT_CONTROLLER_FAULT_REPORT_H */
