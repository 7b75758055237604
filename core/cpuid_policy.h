/* SPDX-License-Identifier: GPL-2.0-only */
/* What a co-kernel learns about its processor. */
#ifndef COVIRT_CORE_CPUID_POLICY_H
#define COVIRT_CORE_CPUID_POLICY_H

#include "core/arch.h"
#include "core/types.h"

void cpuid_filter(u32 leaf, u32 subleaf, struct arch_cpuid *r);
bool cpuid_shows_cr4(u32 leaf);
void cpuid_show_cr4(u32 leaf, u32 subleaf, u64 cr4, struct arch_cpuid *r);

#endif /* COVIRT_CORE_CPUID_POLICY_H */
