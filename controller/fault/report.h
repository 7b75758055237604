/* SPDX-License-Identifier: GPL-2.0-only */
/* A fault record, completed with what only Linux knows. */
#ifndef COVIRT_CONTROLLER_FAULT_REPORT_H
#define COVIRT_CONTROLLER_FAULT_REPORT_H

#include "include/uapi/linux/covirt.h"

struct enclave;

void fault_report_collect(struct enclave *enclave, u32 index, const struct covirt_fault *raw);
void fault_report_log(struct enclave *enclave);
ssize_t fault_report_show(const struct covirt_fault_record *record, char *buf);
void fault_log_add(struct enclave *enclave);
ssize_t fault_log_read(const struct enclave *enclave, char *buf, loff_t pos, size_t len);

#endif /* COVIRT_CONTROLLER_FAULT_REPORT_H */
