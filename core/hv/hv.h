/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's life on one CPU. Hypervisor world only. */
#ifndef COVIRT_CORE_HV_HV_H
#define COVIRT_CORE_HV_HV_H

#include "core/apic.h"
#include "core/arch.h"
#include "core/types.h"

struct covirt_config;
struct covirt_cpu;

void __noreturn hv_main(struct covirt_cpu *cpu);

struct covirt_cpu *cpu_here(void);
void cpu_place(struct covirt_cpu *cpu);
void __noreturn cpu_park(struct covirt_cpu *cpu);
void __noreturn hv_panic(u64 vector, u64 rip);
void __noreturn hv_park(u32 *state, u32 value, void (*release)(void), u64 stack);

void apic_choose(struct covirt_cpu *cpu);
void apic_enter(struct covirt_cpu *cpu);
u32 apic_read(const struct covirt_cpu *cpu, enum apic_register reg);
void apic_write(const struct covirt_cpu *cpu, enum apic_register reg, u32 value);
void apic_reset(const struct covirt_cpu *cpu);
void apic_mode_set(struct covirt_cpu *cpu, u64 mode);
bool apic_in_service(const struct covirt_cpu *cpu, vector_t vector);
void apic_end_interrupt(const struct covirt_cpu *cpu);
void apic_send_nmi(const struct covirt_cpu *cpu, apicid_t apicid);
void apic_send_fixed(const struct covirt_cpu *cpu, vector_t vector, u32 targets);
void apic_send_routed(const struct covirt_cpu *cpu, u64 target);
void apic_notify(const struct covirt_cpu *cpu);
void apic_restore(const struct covirt_cpu *cpu);
void apic_abandon(const struct covirt_config *config);

void scrub_registers(void);

#endif /* COVIRT_CORE_HV_HV_H */
