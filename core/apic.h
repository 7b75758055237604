/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of the local APIC, however they are reached. */
#ifndef COVIRT_CORE_APIC_H
#define COVIRT_CORE_APIC_H

#include "core/arch.h"
#include "core/types.h"

#define APIC_PAGE	0xfee00000ULL	/* where the registers are in xAPIC mode */
#define APIC_STRIDE	16		/* bytes there for each */
#define APIC_MSR	0x800		/* where they are in x2APIC mode */

/* Register numbers, SDM vol. 3, table 12-6; APM vol. 2, tables 16-2 and 16-6. */
enum apic_register {
	APIC_REG_ID		= 0x02,
	APIC_REG_TPR		= 0x08,
	APIC_REG_EOI		= 0x0b,
	APIC_REG_LDR		= 0x0d,
	APIC_REG_DFR		= 0x0e,	/* xAPIC mode only */
	APIC_REG_SVR		= 0x0f,
	APIC_REG_ISR		= 0x10,	/* eight of 32 bits */
	APIC_REG_IRR		= 0x20,	/* likewise */
	APIC_REG_ESR		= 0x28,
	APIC_REG_LVT_CMCI	= 0x2f,
	APIC_REG_ICR		= 0x30,
	APIC_REG_ICR_HIGH	= 0x31,	/* xAPIC mode only */
	APIC_REG_LVT_TIMER	= 0x32,	/* the first of six in a row */
	APIC_REG_LVT_ERROR	= 0x37,
	APIC_REG_TIMER_COUNT	= 0x38,
	APIC_REG_TIMER_DIVIDE	= 0x3e,
	APIC_REG_SELF_IPI	= 0x3f,	/* x2APIC mode only */
};

/**
 * apic_thread_bits() - how many bits of an APIC id number the threads of a core
 * @known:    what other CPUs have told; 0 before the first one
 * @topology: CPUID leaf 0xb, subleaf 0, as a CPU reads it (SDM vol. 3, 9.9.1); zeroed without one
 *
 * Cores differ: on a hybrid processor only some have two threads. The widest counts for all. Of a
 * core with one thread the bits mean nothing.
 *
 * Return: what is known now.
 */
static inline u32 apic_thread_bits(u32 known, struct arch_cpuid topology)
{
	u32 here = (u16)topology.ebx > 1 ? topology.eax & 0x1f : 0;

	return max(known, here);
}

#endif /* COVIRT_CORE_APIC_H */
