/* SPDX-License-Identifier: GPL-2.0-only */
/* A fault record, completed with what only Linux knows. */
#ifndef COVIRT_CONTROLLER_FAULT_REPORT_H
#define COVIRT_CONTROLLER_FAULT_REPORT_H

#include "controller/enclave_memory.h"
#include "core/fault.h"

struct enclave;

#define FAULT_INSN_BYTES	15

/**
 * struct fault_report - why an enclave ended
 * @raw:      what the hypervisor wrote; reason NONE when there is nothing
 * @cpu:      Linux's number of the CPU
 * @insn:     bytes at the guest's instruction pointer
 * @insn_len: how many could be read
 * @owner:    whose memory was aimed at
 */
struct fault_report {
	struct covirt_fault raw;
	int cpu;
	u8 insn[FAULT_INSN_BYTES];
	u32 insn_len;
	char owner[sizeof("enclave ") + ENCLAVE_NAME_MAX];
};

void fault_report_take(struct enclave *enclave, u32 slot, const struct covirt_fault *raw);
void fault_report_log(struct enclave *enclave);
ssize_t fault_report_show(const struct fault_report *report, char *buf);
bool fault_is_orderly(u32 reason);
const char *fault_name(u32 reason);

#endif /* COVIRT_CONTROLLER_FAULT_REPORT_H */
