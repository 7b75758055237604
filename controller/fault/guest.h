/* SPDX-License-Identifier: GPL-2.0-only */
/* Part of a fault report that is read from the co-kernel's memory. */
#ifndef COVIRT_CONTROLLER_FAULT_GUEST_H
#define COVIRT_CONTROLLER_FAULT_GUEST_H

#include "core/guest_walk.h"
#include "include/uapi/linux/covirt.h"

struct enclave;

struct guest_paging fault_guest_paging(const struct covirt_fault *raw);
struct guest_mem fault_guest_mem(struct enclave *enclave);
const u8 *fault_insn(const struct covirt_fault_record *record, u32 *len);
void fault_guest_collect(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_FAULT_GUEST_H */
