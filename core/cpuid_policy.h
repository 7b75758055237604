/* SPDX-License-Identifier: GPL-2.0-only */
/* What a co-kernel learns about its processor. */
#ifndef COVIRT_CORE_CPUID_POLICY_H
#define COVIRT_CORE_CPUID_POLICY_H

#include "core/arch.h"
#include "core/types.h"

struct arch_cpuid cpuid_filter(u32 leaf, u32 subleaf, u64 guest_cr4, struct arch_cpuid host);

#endif /* COVIRT_CORE_CPUID_POLICY_H */
