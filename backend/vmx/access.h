/* SPDX-License-Identifier: GPL-2.0-only */
/* The current VMCS, field by field. A header of its own: tests put a table in its place. */
#ifndef COVIRT_VMX_ACCESS_H
#define COVIRT_VMX_ACCESS_H

#include "backend/vmx/vmcs.h"

static inline u64 vmcs_read(enum vmcs_field field)
{
	u64 value;

	asm volatile("vmread %1, %0" : "=r"(value) : "r"((u64)field) : "cc");
	return value;
}

static inline void vmcs_write(enum vmcs_field field, u64 value)
{
	asm volatile("vmwrite %1, %0" :: "r"((u64)field), "r"(value) : "cc", "memory");
}

#endif /* COVIRT_VMX_ACCESS_H */
