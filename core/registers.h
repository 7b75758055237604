/* SPDX-License-Identifier: GPL-2.0-only */
/* The registers of a guest's CPU, as the hypervisor reports them. */
#ifndef COVIRT_CORE_REGISTERS_H
#define COVIRT_CORE_REGISTERS_H

#include "core/base.h"
#include "include/uapi/linux/covirt.h"

void registers_to_fault(const struct covirt_registers *from, struct covirt_fault *fault);

#endif /* COVIRT_CORE_REGISTERS_H */
