/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allow lists of the bits that a co-kernel may set in CR4, EFER, XCR0 and DEBUGCTL. The features
 * that the bits belong to are in core/cpu_features.h.
 */
#ifndef COVIRT_CORE_CONTROL_POLICY_H
#define COVIRT_CORE_CONTROL_POLICY_H

#include "core/arch.h"
#include "core/types.h"

typedef struct arch_cpuid (*cpuid_fn)(u32 leaf, u32 subleaf);

u64 cr4_mask(cpuid_fn cpuid);
u64 efer_mask(cpuid_fn cpuid);

/**
 * struct control_state - the registers that make a new value right or wrong
 * @cr0:  guest CR0
 * @cr3:  guest CR3
 * @cr4:  guest CR4
 * @efer: guest EFER
 * @code64: the guest executes 64-bit code
 * @cs_l: CS.L, which counts as soon as long mode is entered
 */
struct control_state {
	u64 cr0;
	u64 cr3;
	u64 cr4;
	u64 efer;
	bool code64;
	bool cs_l;
};

bool cr0_permit(const struct control_state *now, u64 value);
bool cr4_permit(const struct control_state *now, u64 mask, u64 value);
bool efer_permit(const struct control_state *now, u64 mask, u64 value);
bool xcr0_permit(u64 supported, u64 value);
bool debugctl_permit(u64 value);

#endif /* COVIRT_CORE_CONTROL_POLICY_H */
