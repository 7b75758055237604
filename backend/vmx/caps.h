/* SPDX-License-Identifier: GPL-2.0-only */
/* Capabilities of the processor's VMX, SDM vol. 3, appendix A. Read in both worlds. */
#ifndef COVIRT_VMX_CAPS_H
#define COVIRT_VMX_CAPS_H

#include "core/arch.h"
#include "vmcs.h"

#define CPUID_1_ECX_VMX			BIT(5)
#define CPUID_80000001_EDX_1G		BIT(26)

#define MSR_FEATURE_CONTROL		0x3a
#define FEATURE_CONTROL_LOCKED		BIT(0)
#define FEATURE_CONTROL_VMX_OUTSIDE_SMX	BIT(2)
#define FEATURE_CONTROL_ON		(FEATURE_CONTROL_LOCKED | FEATURE_CONTROL_VMX_OUTSIDE_SMX)
#define MSR_KEYID_PARTITIONING		0x87

#define MSR_VMX_BASIC		0x480
#define MSR_VMX_CR0_FIXED0	0x486
#define MSR_VMX_CR0_FIXED1	0x487
#define MSR_VMX_CR4_FIXED0	0x488
#define MSR_VMX_CR4_FIXED1	0x489
#define MSR_VMX_SECONDARY	0x48b
#define MSR_VMX_EPT_VPID_CAP	0x48c
#define MSR_VMX_TRUE_PIN	0x48d
#define MSR_VMX_TRUE_PRIMARY	0x48e
#define MSR_VMX_TRUE_EXIT	0x48f
#define MSR_VMX_TRUE_ENTRY	0x490

#define VMX_BASIC_REVISION(basic)	((u32)(basic) & 0x7fffffff)
#define VMX_BASIC_TRUE_CONTROLS		BIT_ULL(55)

#define EPT_CAP_LEVELS_4	BIT_ULL(6)
#define EPT_CAP_WB		BIT_ULL(14)
#define EPT_CAP_2M		BIT_ULL(16)
#define EPT_CAP_1G		BIT_ULL(17)
#define EPT_CAP_ACCESSED_DIRTY	BIT_ULL(21)
#define EPT_CAP_INVEPT		(BIT_ULL(20) | BIT_ULL(26))	/* with all contexts */
#define EPT_CAP_INVVPID		(BIT_ULL(32) | BIT_ULL(42))	/* with all contexts */
#define EPT_CAP_NEEDED		(EPT_CAP_LEVELS_4 | EPT_CAP_WB | EPT_CAP_2M | EPT_CAP_INVEPT | \
				 EPT_CAP_INVVPID)

#define PIN_NEEDED		(PIN_NMI_EXITING | PIN_VIRTUAL_NMIS)
#define PRIMARY_NEEDED		(PRIMARY_RDPMC_EXITING | PRIMARY_IO_BITMAPS | \
				 PRIMARY_MSR_BITMAPS | PRIMARY_SECONDARY)
/* Controls that are switched while the guest runs are used, not always on. */
#define PIN_USED		(PIN_NEEDED | PIN_INTERRUPT_EXITING)
#define PRIMARY_USED		(PRIMARY_NEEDED | PRIMARY_NMI_WINDOW | PRIMARY_INTERRUPT_WINDOW)
#define SECONDARY_NEEDED	(SECONDARY_EPT | SECONDARY_VPID | SECONDARY_WBINVD_EXITING | \
				 SECONDARY_UNRESTRICTED)
/* Without the first two the instruction is #UD in the guest. The last comes with SGX. */
#define SECONDARY_WANTED	(SECONDARY_RDTSCP | SECONDARY_INVPCID | SECONDARY_ENCLS_EXITING)
#define EXIT_NEEDED		(EXIT_SAVE_DEBUG | EXIT_HOST_64 | EXIT_SAVE_PAT | EXIT_LOAD_PAT | \
				 EXIT_SAVE_EFER | EXIT_LOAD_EFER)
#define ENTRY_NEEDED		(ENTRY_LOAD_DEBUG | ENTRY_GUEST_64 | ENTRY_LOAD_PAT | \
				 ENTRY_LOAD_EFER)

/*
 * SDM vol. 3, A.3.1: bits that must be 1 in the low half of the capability MSR,
 * bits that may be 1 in the high half.
 */
static inline u32 vmx_controls(u32 msr, u32 wanted)
{
	u64 caps = arch_rdmsr(msr);

	return (wanted | (u32)caps) & (caps >> 32);
}

static inline bool vmx_controls_allow(u32 msr, u32 needed)
{
	return ((arch_rdmsr(msr) >> 32) & needed) == needed;
}

#endif /* COVIRT_VMX_CAPS_H */
