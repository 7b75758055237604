/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The x86 instructions that freestanding code needs, and the bits they take.
 *
 * Own definitions because the kernel's helpers leave patch sections behind
 * (Documentation/architecture.rst, "The wall"). Names follow SDM vol. 3 and APM
 * vol. 2; the ARCH_ prefix keeps them apart from the kernel's in the module.
 */
#ifndef COVIRT_CORE_ARCH_H
#define COVIRT_CORE_ARCH_H

#include "core/types.h"

#define ARCH_CR0_PE		BIT(0)
#define ARCH_CR0_ET		BIT(4)
#define ARCH_CR0_NE		BIT(5)
#define ARCH_CR0_NW		BIT(29)
#define ARCH_CR0_CD		BIT(30)
#define ARCH_CR0_PG		BIT(31)

#define ARCH_CR4_VME		BIT(0)
#define ARCH_CR4_PVI		BIT(1)
#define ARCH_CR4_TSD		BIT(2)
#define ARCH_CR4_DE		BIT(3)
#define ARCH_CR4_PSE		BIT(4)
#define ARCH_CR4_PAE		BIT(5)
#define ARCH_CR4_MCE		BIT(6)
#define ARCH_CR4_PGE		BIT(7)
#define ARCH_CR4_PCE		BIT(8)
#define ARCH_CR4_OSFXSR		BIT(9)
#define ARCH_CR4_OSXMMEXCPT	BIT(10)
#define ARCH_CR4_UMIP		BIT(11)
#define ARCH_CR4_VMXE		BIT(13)
#define ARCH_CR4_FSGSBASE	BIT(16)
#define ARCH_CR4_PCIDE		BIT(17)
#define ARCH_CR4_OSXSAVE	BIT(18)
#define ARCH_CR4_SMEP		BIT(20)
#define ARCH_CR4_SMAP		BIT(21)
#define ARCH_CR4_PKE		BIT(22)

#define ARCH_EFER_SCE		BIT(0)
#define ARCH_EFER_LME		BIT(8)
#define ARCH_EFER_LMA		BIT(10)
#define ARCH_EFER_NXE		BIT(11)
#define ARCH_EFER_SVME		BIT(12)
#define ARCH_EFER_FFXSR		BIT(14)
#define ARCH_EFER_TCE		BIT(15)
#define ARCH_EFER_AIBRSE	BIT(21)

#define ARCH_DEBUGCTL_BTF	BIT(1)	/* single steps end at branches */

#define ARCH_RFLAGS_FIXED	BIT(1)
#define ARCH_RFLAGS_TF		BIT(8)
#define ARCH_RFLAGS_IF		BIT(9)
#define ARCH_RFLAGS_RF		BIT(16)

#define ARCH_APIC_BASE_BSP	BIT(8)
#define ARCH_APIC_BASE_EXTD	BIT(10)
#define ARCH_APIC_BASE_EN	BIT(11)
#define ARCH_APIC_BASE_ADDR	GENMASK_ULL(51, 12)

#define ARCH_MSR_APIC_BASE	0x0000001b
#define ARCH_MSR_SPEC_CTRL	0x00000048
#define ARCH_MSR_PRED_CMD	0x00000049
#define ARCH_MSR_FLUSH_CMD	0x0000010b
#define ARCH_MSR_MCG_STATUS	0x0000017a
#define ARCH_MSR_PAT		0x00000277
#define ARCH_MSR_DEBUGCTL	0x000001d9
#define ARCH_MSR_XSS		0x00000da0
#define ARCH_MSR_X2APIC_ICR	0x00000830
#define ARCH_MSR_EFER		0xc0000080
#define ARCH_MSR_STAR		0xc0000081
#define ARCH_MSR_LSTAR		0xc0000082
#define ARCH_MSR_CSTAR		0xc0000083
#define ARCH_MSR_SFMASK		0xc0000084
#define ARCH_MSR_KERNEL_GS_BASE	0xc0000102
#define ARCH_MSR_TSC_AUX	0xc0000103

#define ARCH_CPUID_1_ECX_XSAVE	BIT(26)
#define ARCH_CPUID_1_EDX_APIC	BIT(9)

enum arch_vector {
	ARCH_VECTOR_DB = 1,
	ARCH_VECTOR_NMI = 2,
	ARCH_VECTOR_UD = 6,
	ARCH_VECTOR_GP = 13,
	ARCH_VECTOR_PF = 14,
	ARCH_VECTOR_AC = 17,
	ARCH_VECTOR_MC = 18,
};

struct arch_cpuid {
	u32 eax, ebx, ecx, edx;
};

static inline struct arch_cpuid arch_cpuid(u32 leaf, u32 subleaf)
{
	struct arch_cpuid r;

	asm volatile("cpuid"
		     : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
		     : "a"(leaf), "c"(subleaf));
	return r;
}

static inline u64 arch_rdmsr(u32 msr)
{
	u32 low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (u64)high << 32 | low;
}

static inline void arch_wrmsr(u32 msr, u64 value)
{
	asm volatile("wrmsr" :: "c"(msr), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}

static inline u64 arch_rdtsc(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high));
	return (u64)high << 32 | low;
}

static inline u64 arch_read_dr6(void)
{
	u64 value;

	asm volatile("mov %%dr6, %0" : "=r"(value));
	return value;
}

static inline void arch_write_dr6(u64 value)
{
	asm volatile("mov %0, %%dr6" :: "r"(value));
}

static inline u64 arch_read_cr0(void)
{
	u64 value;

	asm volatile("mov %%cr0, %0" : "=r"(value));
	return value;
}

static inline void arch_write_cr0(u64 value)
{
	asm volatile("mov %0, %%cr0" :: "r"(value) : "memory");
}

static inline u64 arch_read_cr2(void)
{
	u64 value;

	asm volatile("mov %%cr2, %0" : "=r"(value));
	return value;
}

static inline void arch_write_cr2(u64 value)
{
	asm volatile("mov %0, %%cr2" :: "r"(value));
}

static inline u64 arch_read_cr3(void)
{
	u64 value;

	asm volatile("mov %%cr3, %0" : "=r"(value));
	return value;
}

static inline void arch_write_cr3(u64 value)
{
	asm volatile("mov %0, %%cr3" :: "r"(value) : "memory");
}

static inline u64 arch_read_cr4(void)
{
	u64 value;

	asm volatile("mov %%cr4, %0" : "=r"(value));
	return value;
}

static inline void arch_write_cr4(u64 value)
{
	asm volatile("mov %0, %%cr4" :: "r"(value) : "memory");
}

static inline u64 arch_read_gdt_base(void)
{
	struct { u16 limit; u64 base; } __packed pointer;

	asm volatile("sgdt %0" : "=m"(pointer));
	return pointer.base;
}

#endif /* COVIRT_CORE_ARCH_H */
