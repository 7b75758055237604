// SPDX-License-Identifier: GPL-2.0-only
/* Rules of VM entry for the guest state (SDM vol. 3, 27.2.1.3 and 27.3.1), and our own. */
#include "seam.h"
#include "entry.h"

#define UPPER_HALF	GENMASK_ULL(63, 32)
#define RFLAGS_ZERO	(GENMASK_ULL(63, 22) | BIT(15) | BIT(5) | BIT(3))
#define RFLAGS_VM	BIT(17)
#define CR4_DEFINED	(0x770fffULL | ARCH_CR4_PKE | ARCH_CR4_VMXE)
#define EFER_DEFINED	(ARCH_EFER_SCE | ARCH_EFER_LME | ARCH_EFER_LMA | ARCH_EFER_NXE | \
			 ARCH_EFER_FFXSR | ARCH_EFER_TCE | ARCH_EFER_AIBRSE)
#define EVENT_RESERVED	0x7ffff000U
#define VECTORS_WITH_ERROR	0x00227d00	/* #DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP */
#define SHADOW_STI	BIT(0)
#define SHADOW_MOV_SS	BIT(1)
#define PENDING_BS	BIT(14)
#define PDPTE_PRESENT	BIT(0)
#define PDPTE_RESERVED	(0x1e6ULL | GENMASK_ULL(63, 52))
#define NR_PDPTES	4
#define VMCS_GUEST_PDPTE(n)	((enum vmcs_field)(0x280a + 2 * (n)))
#define ACCESS_V86	0xf3
#define EXCEPTIONS	(BIT(ARCH_VECTOR_DB) | BIT(ARCH_VECTOR_AC) | BIT(ARCH_VECTOR_MC))

static bool long_mode(void)
{
	return vmcs_read(VMCS_ENTRY_CONTROLS) & ENTRY_GUEST_64;
}

static bool is_set(enum vmcs_field field, u64 bits)
{
	return (vmcs_read(field) & bits) == bits;
}

static bool cr0_holds(void)
{
	return !(vmcs_read(VMCS_GUEST_CR0) & UPPER_HALF) && is_set(VMCS_GUEST_CR0, ARCH_CR0_NE) &&
	       (is_set(VMCS_GUEST_CR0, ARCH_CR0_PE) || !is_set(VMCS_GUEST_CR0, ARCH_CR0_PG));
}

static bool cr4_holds(void)
{
	return !(vmcs_read(VMCS_GUEST_CR4) & ~CR4_DEFINED) &&
	       is_set(VMCS_GUEST_CR4, ARCH_CR4_VMXE) &&
	       (long_mode() || !is_set(VMCS_GUEST_CR4, ARCH_CR4_PCIDE));
}

static bool long_mode_holds(void)
{
	return !long_mode() || (is_set(VMCS_GUEST_CR0, ARCH_CR0_PG) &&
				is_set(VMCS_GUEST_CR4, ARCH_CR4_PAE));
}

static bool efer_holds(void)
{
	u64 efer = vmcs_read(VMCS_GUEST_EFER);

	if (efer & ~EFER_DEFINED || !(efer & ARCH_EFER_LMA) != !long_mode())
		return false;
	return !is_set(VMCS_GUEST_CR0, ARCH_CR0_PG) ||
	       !(efer & ARCH_EFER_LMA) == !(efer & ARCH_EFER_LME);
}

static bool is_v86(void)
{
	return is_set(VMCS_GUEST_RFLAGS, RFLAGS_VM);
}

static bool code_holds(void)
{
	u64 access = vmcs_read(VMCS_GUEST_CS_ACCESS);

	if (is_v86())
		return access == ACCESS_V86;
	return !long_mode() || !(access & ACCESS_CODE64) || !(access & ACCESS_CODE32);
}

static bool rip_holds(void)
{
	if (long_mode() && is_set(VMCS_GUEST_CS_ACCESS, ACCESS_CODE64))
		return true;
	return !(vmcs_read(VMCS_GUEST_RIP) & UPPER_HALF);
}

static bool rflags_hold(void)
{
	u64 rflags = vmcs_read(VMCS_GUEST_RFLAGS);

	if (rflags & RFLAGS_ZERO || !(rflags & ARCH_RFLAGS_FIXED))
		return false;
	return !(rflags & RFLAGS_VM) || (!long_mode() && is_set(VMCS_GUEST_CR0, ARCH_CR0_PE));
}

static bool exception_holds(u32 event)
{
	u32 vector = EVENT_VECTOR(event);
	bool error = vector < 32 && VECTORS_WITH_ERROR >> vector & 1 &&
		     is_set(VMCS_GUEST_CR0, ARCH_CR0_PE);

	return vector < 32 && error == !!(event & EVENT_ERROR) &&
	       (!error || !(vmcs_read(VMCS_ENTRY_EVENT_ERROR) >> 16));
}

static bool event_holds(void)
{
	u64 event = vmcs_read(VMCS_ENTRY_EVENT);

	if (!(event & EVENT_VALID))
		return true;
	if (event & EVENT_RESERVED || event & UPPER_HALF)
		return false;
	switch (EVENT_TYPE(event)) {
	case EVENT_TYPE_INTERRUPT:
		return !(event & EVENT_ERROR) && is_set(VMCS_GUEST_RFLAGS, ARCH_RFLAGS_IF);
	case EVENT_TYPE_NMI:
		return !(event & EVENT_ERROR) && EVENT_VECTOR(event) == ARCH_VECTOR_NMI;
	case EVENT_TYPE_EXCEPTION:
		return exception_holds(event);
	default:
		return false;
	}
}

/* Events that may not be injected while the guest is in a shadow, or handles an NMI. */
static bool shadow_permits(u64 event, u64 state)
{
	if (!(event & EVENT_VALID))
		return true;
	if (EVENT_TYPE(event) == EVENT_TYPE_INTERRUPT)
		return !(state & INTERRUPTIBILITY_SHADOW);
	return EVENT_TYPE(event) != EVENT_TYPE_NMI ||
	       !(state & (INTERRUPTIBILITY_SHADOW | INTERRUPTIBILITY_NMI));
}

static bool interruptibility_holds(void)
{
	u64 state = vmcs_read(VMCS_GUEST_INTERRUPTIBILITY);

	if (state & ~(u64)(INTERRUPTIBILITY_SHADOW | INTERRUPTIBILITY_NMI))
		return false;
	if ((state & INTERRUPTIBILITY_SHADOW) == INTERRUPTIBILITY_SHADOW)
		return false;
	if (state & SHADOW_STI && !is_set(VMCS_GUEST_RFLAGS, ARCH_RFLAGS_IF))
		return false;
	return shadow_permits(vmcs_read(VMCS_ENTRY_EVENT), state);
}

static bool pending_debug_holds(void)
{
	if (!(vmcs_read(VMCS_GUEST_INTERRUPTIBILITY) & INTERRUPTIBILITY_SHADOW))
		return true;
	return is_set(VMCS_GUEST_PENDING_DEBUG, PENDING_BS) ==
	       is_set(VMCS_GUEST_RFLAGS, ARCH_RFLAGS_TF);
}

/* With EPT they come from the VMCS, and only the processor writes them there. */
static bool pdptes_hold(void)
{
	u64 entry;
	u32 n;

	if (long_mode() || !is_set(VMCS_GUEST_CR0, ARCH_CR0_PG) ||
	    !is_set(VMCS_GUEST_CR4, ARCH_CR4_PAE))
		return true;
	for (n = 0; n < NR_PDPTES; n++) {
		entry = vmcs_read(VMCS_GUEST_PDPTE(n));
		if (entry & PDPTE_PRESENT && entry & PDPTE_RESERVED)
			return false;
	}
	return true;
}

/* Our promises. */
static bool controls_hold(void)
{
	return is_set(VMCS_PIN_CONTROLS, PIN_NMI_EXITING | PIN_VIRTUAL_NMIS) &&
	       is_set(VMCS_PRIMARY_CONTROLS, PRIMARY_IO_BITMAPS | PRIMARY_MSR_BITMAPS |
					     PRIMARY_SECONDARY) &&
	       is_set(VMCS_EXCEPTION_BITMAP, EXCEPTIONS) && !vmcs_read(VMCS_GUEST_ACTIVITY);
}

static bool caches_hold(void)
{
	return !(vmcs_read(VMCS_GUEST_CR0) & (ARCH_CR0_CD | ARCH_CR0_NW)) &&
	       is_set(VMCS_GUEST_CR4, ARCH_CR4_MCE);
}

static const struct {
	bool (*holds)(void);
	const char *broken;
} rules[] = {
	{ cr0_holds, "CR0: NE is clear, PG without PE, or the upper half" },
	{ cr4_holds, "CR4: VMXE is clear, a reserved bit is set, or PCIDE outside long mode" },
	{ long_mode_holds, "IA-32e mode without CR0.PG or CR4.PAE" },
	{ efer_holds, "EFER.LMA, EFER.LME and the entry control differ" },
	{ code_holds, "access rights of CS" },
	{ rip_holds, "RIP has more than 32 bits outside 64-bit code" },
	{ rflags_hold, "RFLAGS" },
	{ event_holds, "an event that cannot be injected" },
	{ interruptibility_holds, "interruptibility state" },
	{ pending_debug_holds, "pending debug exceptions" },
	{ pdptes_hold, "PDPTEs that nobody has loaded" },
	{ controls_hold, "a control is missing" },
	{ caches_hold, "CR0.CD, CR0.NW or CR4.MCE is the guest's" },
};

const char *vmx_entry_broken(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (!rules[i].holds())
			return rules[i].broken;
	return NULL;
}
