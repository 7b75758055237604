/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before anything else when sources of the hypervisor are compiled for a test: what
 * only a processor in the right mode can execute becomes a function of world.c.
 */
#ifndef COVIRT_ENTRY_SEAM_H
#define COVIRT_ENTRY_SEAM_H

#define COVIRT_DEBUG	/* contracts execute */

#define arch_cpuid(leaf, subleaf) hardware_cpuid(leaf, subleaf)	/* not the struct */
#define arch_rdmsr	hardware_rdmsr
#define arch_wrmsr	hardware_wrmsr
#define arch_read_dr6	hardware_read_dr6
#define arch_write_dr6	hardware_write_dr6
#define arch_read_cr0	hardware_read_cr0
#define arch_write_cr0	hardware_write_cr0
#define arch_read_cr2	hardware_read_cr2
#define arch_write_cr2	hardware_write_cr2
#define arch_read_cr3	hardware_read_cr3
#define arch_write_cr3	hardware_write_cr3
#define arch_read_cr4	hardware_read_cr4
#define arch_write_cr4	hardware_write_cr4
#define arch_read_gdt_base hardware_read_gdt_base
#define vmcs_read	hardware_vmcs_read
#define vmcs_write	hardware_vmcs_write

#include "core/arch.h"
#include "backend/vmx/access.h"

#undef arch_cpuid
#undef arch_rdmsr
#undef arch_wrmsr
#undef arch_read_dr6
#undef arch_write_dr6
#undef arch_read_cr0
#undef arch_write_cr0
#undef arch_read_cr2
#undef arch_write_cr2
#undef arch_read_cr3
#undef arch_write_cr3
#undef arch_read_cr4
#undef arch_write_cr4
#undef arch_read_gdt_base
#undef vmcs_read
#undef vmcs_write

struct arch_cpuid arch_cpuid(u32 leaf, u32 subleaf);
u64 arch_rdmsr(u32 msr);
void arch_wrmsr(u32 msr, u64 value);
u64 arch_read_dr6(void);
void arch_write_dr6(u64 value);
u64 arch_read_cr0(void);
void arch_write_cr0(u64 value);
u64 arch_read_cr2(void);
void arch_write_cr2(u64 value);
u64 arch_read_cr3(void);
void arch_write_cr3(u64 value);
u64 arch_read_cr4(void);
void arch_write_cr4(u64 value);
u64 arch_read_gdt_base(void);
u64 vmcs_read(enum vmcs_field field);
void vmcs_write(enum vmcs_field field, u64 value);

#endif /* COVIRT_ENTRY_SEAM_H */
