/* SPDX-License-Identifier: GPL-2.0-only */
/* Sending in x2APIC mode. Hypervisor world only. */
#ifndef COVIRT_CORE_HV_X2APIC_H
#define COVIRT_CORE_HV_X2APIC_H

#include "core/arch.h"

/*
 * Memory written before is seen by the CPU that is interrupted: WRMSR to the ICR alone does not
 * order it (SDM vol. 3, 12.12.3).
 */
static inline void apic_order_stores(void)
{
	asm volatile("mfence; lfence" ::: "memory");
}

/* An IPI to one CPU: @command is delivery mode and vector. */
static inline void x2apic_send(u32 command, apicid_t apicid)
{
	arch_wrmsr(ARCH_MSR_X2APIC_ICR, (u64)apicid << 32 | command);
}

#endif /* COVIRT_CORE_HV_X2APIC_H */
