/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's life on one CPU. Hypervisor world only. */
#ifndef COVIRT_CORE_HV_HV_H
#define COVIRT_CORE_HV_HV_H

#include "core/arch.h"
#include "core/types.h"

struct covirt_config;
struct covirt_cpu;

struct covirt_cpu *cpu_here(void);
void __noreturn hv_main(struct covirt_cpu *cpu);
void __noreturn hv_panic(u64 vector, u64 rip);

void apic_enter_x2apic(struct covirt_cpu *cpu);
void apic_reset(void);
bool apic_in_service(vector_t vector);
void apic_end_interrupt(void);
void apic_send_nmi(apicid_t apicid);
void apic_send_fixed(vector_t vector, const struct covirt_config *config, u32 targets);
void apic_send_routed(u64 target);
void apic_notify(const struct covirt_cpu *cpu);
void apic_restore(const struct covirt_cpu *cpu);

void scrub_registers(void);

#endif /* COVIRT_CORE_HV_HV_H */
