/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's local APIC, as far as it is not the processor's. Hypervisor world only. */
#ifndef COVIRT_CORE_GUEST_APIC_H
#define COVIRT_CORE_GUEST_APIC_H

#include "core/cpu.h"

/* A processor with x2APIC stays in that mode, whatever the guest's is. */
static inline bool guest_apic_is_emulated(const struct covirt_cpu *cpu)
{
	return !(cpu->config->features & COVIRT_FEATURE_XAPIC);
}

static inline struct xapic_logical *guest_apic_logical(const struct covirt_cpu *cpu)
{
	return &cpu->shared->logical[cpu->index];
}

void guest_apic_reset(struct covirt_cpu *cpu);
void guest_apic_switch(struct covirt_cpu *cpu, u64 mode);

#endif /* COVIRT_CORE_GUEST_APIC_H */
