// SPDX-License-Identifier: GPL-2.0-only
#include "core/control_policy.h"

enum cpuid_reg { EAX, EBX, ECX, EDX };

/**
 * struct control_bit - a bit that may be set where the processor has it
 * @bit:     the control register bit
 * @leaf:    CPUID leaf that announces the feature; 0: every 64-bit processor has it
 * @reg:     register of that leaf
 * @feature: bit of that register
 */
struct control_bit {
	u64 bit;
	u32 leaf;
	enum cpuid_reg reg;
	u8 feature;
};

/*
 * Left out on purpose: LA57 (nested walks are four levels deep), CET and
 * FRED (their MSRs would need a save area of ours), UINTR (an interrupt sent
 * without an ICR write), LAM.
 */
static const struct control_bit cr4_bits[] = {
	{ ARCH_CR4_VME | ARCH_CR4_PVI | ARCH_CR4_TSD | ARCH_CR4_DE | ARCH_CR4_PSE | ARCH_CR4_PAE |
	  ARCH_CR4_MCE | ARCH_CR4_PGE | ARCH_CR4_PCE | ARCH_CR4_OSFXSR | ARCH_CR4_OSXMMEXCPT },
	{ ARCH_CR4_UMIP,	7, ECX, 2 },
	{ ARCH_CR4_FSGSBASE,	7, EBX, 0 },
	{ ARCH_CR4_PCIDE,	1, ECX, 17 },
	{ ARCH_CR4_OSXSAVE,	1, ECX, 26 },
	{ ARCH_CR4_SMEP,	7, EBX, 7 },
	{ ARCH_CR4_SMAP,	7, EBX, 20 },
	{ ARCH_CR4_PKE,		7, ECX, 3 },
};

/* LMA is set by hardware; writes of it are ignored, so it is harmless in the mask. */
static const struct control_bit efer_bits[] = {
	{ ARCH_EFER_SCE | ARCH_EFER_LME | ARCH_EFER_LMA },
	{ ARCH_EFER_NXE,	0x80000001, EDX, 20 },
	{ ARCH_EFER_FFXSR,	0x80000001, EDX, 25 },
	{ ARCH_EFER_TCE,	0x80000001, ECX, 17 },
	{ ARCH_EFER_AIBRSE,	0x80000021, EAX, 8 },
};

static bool cpuid_has(cpuid_fn cpuid, const struct control_bit *b)
{
	struct arch_cpuid r;
	u32 regs[4];

	if (!b->leaf)
		return true;
	if (cpuid(b->leaf & 0x80000000, 0).eax < b->leaf)
		return false;
	r = cpuid(b->leaf, 0);
	regs[EAX] = r.eax;
	regs[EBX] = r.ebx;
	regs[ECX] = r.ecx;
	regs[EDX] = r.edx;
	return regs[b->reg] >> b->feature & 1;
}

static u64 control_mask(cpuid_fn cpuid, const struct control_bit *bits, u32 nr)
{
	u64 mask = 0;
	u32 i;

	for (i = 0; i < nr; i++)
		if (cpuid_has(cpuid, &bits[i]))
			mask |= bits[i].bit;
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
	return control_mask(cpuid, cr4_bits, ARRAY_SIZE(cr4_bits));
}

/**
 * efer_mask() - the EFER bits that a guest may set on this processor
 * @cpuid: how to ask the processor
 *
 * Return: the mask.
 */
u64 efer_mask(cpuid_fn cpuid)
{
	return control_mask(cpuid, efer_bits, ARRAY_SIZE(efer_bits));
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
	return !(now->efer & ARCH_EFER_LME) || now->cr4 & ARCH_CR4_PAE;
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

/* XCR0 components that come in sets (SDM vol. 1, 13.3). */
#define XCR0_X87	BIT(0)
#define XCR0_SSE	BIT(1)
#define XCR0_AVX	BIT(2)
#define XCR0_MPX	(BIT(3) | BIT(4))
#define XCR0_AVX512	(BIT(5) | BIT(6) | BIT(7))
#define XCR0_AMX	(BIT(17) | BIT(18))

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
	if (value & ~supported || !(value & XCR0_X87))
		return false;
	if (value & XCR0_AVX && !(value & XCR0_SSE))
		return false;
	if (value & XCR0_AVX512 && !(value & XCR0_AVX))
		return false;
	return all_or_none(value, XCR0_MPX) && all_or_none(value, XCR0_AVX512) &&
	       all_or_none(value, XCR0_AMX);
}
