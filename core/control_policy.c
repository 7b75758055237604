// SPDX-License-Identifier: GPL-2.0-only
#include "core/control_policy.h"
#include "core/cpu_features.h"

/*
 * EFER bits of every 64-bit processor, whatever CPUID says. LMA is set by hardware; writes of it
 * are ignored, so it is harmless in the mask.
 */
#define CR4_ALWAYS	(ARCH_CR4_VME | ARCH_CR4_PVI | ARCH_CR4_TSD | ARCH_CR4_DE |		\
			 ARCH_CR4_PSE | ARCH_CR4_PAE | ARCH_CR4_MCE | ARCH_CR4_PGE |		\
			 ARCH_CR4_PCE | ARCH_CR4_OSFXSR | ARCH_CR4_OSXMMEXCPT)
#define EFER_ALWAYS	(ARCH_EFER_SCE | ARCH_EFER_LME | ARCH_EFER_LMA)

#define FEATURE_ROW(w, leaf, subleaf, reg, bits, need, name)				\
	{ leaf, (u32)(bits), subleaf, reg, need },

static const struct cpu_feature features[] = { CPU_FEATURES(FEATURE_ROW, 0) };

static bool cpuid_has(cpuid_fn cpuid, const struct cpu_feature *f)
{
	struct arch_cpuid r;
	u32 regs[4];

	if (cpuid(f->leaf & 0x80000000, 0).eax < f->leaf)
		return false;
	r = cpuid(f->leaf, f->subleaf);
	regs[EAX] = r.eax;
	regs[EBX] = r.ebx;
	regs[ECX] = r.ecx;
	regs[EDX] = r.edx;
	return regs[f->reg] & f->bits;
}

static u64 control_mask(cpuid_fn cpuid, enum cpu_need need, u64 mask)
{
	const struct cpu_feature *f;

	for (f = features; f < features + ARRAY_SIZE(features); f++)
		if (f->need == need && f->first & ~mask && cpuid_has(cpuid, f))
			mask |= f->first;
	return mask;
}

/**
 * cr4_mask() - the CR4 bits that a guest may set on this processor
 * @cpuid: how to ask the processor
 *
 * Return: the mask.
 */
u64 cr4_mask(cpuid_fn cpuid)
{
	return control_mask(cpuid, CPU_NEED_CR4, CR4_ALWAYS);
}

/**
 * efer_mask() - the EFER bits that a guest may set on this processor
 * @cpuid: how to ask the processor
 *
 * Return: the mask.
 */
u64 efer_mask(cpuid_fn cpuid)
{
	return control_mask(cpuid, CPU_NEED_EFER, EFER_ALWAYS);
}

/* Turning paging on or off is also how long mode is entered and left. */
static bool paging_change_permit(const struct control_state *now, u64 value)
{
	if (!((value ^ now->cr0) & ARCH_CR0_PG))
		return true;
	if (now->code64)
		return false;
	if (!(value & ARCH_CR0_PG))
		return !(now->cr4 & ARCH_CR4_PCIDE);
	return !(now->efer & ARCH_EFER_LME) || (now->cr4 & ARCH_CR4_PAE && !now->cs_l);
}

/**
 * cr0_permit() - would the processor take this CR0?
 * @now:   the guest's control registers before the write
 * @value: value written
 *
 * The conditions are those under which MOV to CR0 raises #GP (APM vol. 3, MOV CRn).
 * Return: false where the guest gets #GP.
 */
bool cr0_permit(const struct control_state *now, u64 value)
{
	if (value >> 32)
		return false;
	if (value & ARCH_CR0_PG && !(value & ARCH_CR0_PE))
		return false;
	if (value & ARCH_CR0_NW && !(value & ARCH_CR0_CD))
		return false;
	return paging_change_permit(now, value);
}

/**
 * cr4_permit() - would the processor take this CR4, and do we?
 * @now:   the guest's control registers before the write
 * @mask:  bits from cr4_mask()
 * @value: value written
 *
 * The conditions are those under which MOV to CR4 raises #GP (APM vol. 3, MOV CRn).
 * Return: false where the guest gets #GP.
 */
bool cr4_permit(const struct control_state *now, u64 mask, u64 value)
{
	bool long_mode = now->efer & ARCH_EFER_LMA;

	if (value & ~mask)
		return false;
	if (long_mode && !(value & ARCH_CR4_PAE))
		return false;
	if (value & ~now->cr4 & ARCH_CR4_PCIDE)
		return long_mode && !(now->cr3 & 0xfff);
	return true;
}

/**
 * efer_permit() - would the processor take this EFER, and do we?
 * @now:   the guest's control registers before the write
 * @mask:  bits from efer_mask()
 * @value: value written
 *
 * Return: false where the guest gets #GP.
 */
bool efer_permit(const struct control_state *now, u64 mask, u64 value)
{
	if (value & ~mask)
		return false;
	return !((value ^ now->efer) & ARCH_EFER_LME) || !(now->cr0 & ARCH_CR0_PG);
}

/* XCR0 components that come in sets: SDM vol. 1, 13.3. */
static bool all_or_none(u64 value, u64 set)
{
	return !(value & set) || (value & set) == set;
}

/**
 * xcr0_permit() - is this a value that XSETBV takes?
 * @supported: components of the processor, CPUID leaf 0xD, EDX:EAX
 * @value:     value written to XCR0
 *
 * Return: false where the guest gets #GP.
 */
bool xcr0_permit(u64 supported, u64 value)
{
	if (value & ~(supported & XCR0_GRANTED) || !(value & XCR0_X87))
		return false;
	if (value & XCR0_AVX && !(value & XCR0_SSE))
		return false;
	if (value & XCR0_AVX512 && !(value & XCR0_AVX))
		return false;
	return all_or_none(value, XCR0_AVX512);
}

/**
 * debugctl_permit() - do we take this DEBUGCTL?
 * @value: value written
 *
 * Debuggers step from branch to branch. What else there is records, counts or freezes what is
 * not granted.
 *
 * Return: false where the guest gets #GP.
 */
bool debugctl_permit(u64 value)
{
	return !(value & ~ARCH_DEBUGCTL_BTF);
}
