/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUID policy: the part of its processor's CPUID that a co-kernel sees. */
#ifndef COVIRT_CORE_CPUID_POLICY_H
#define COVIRT_CORE_CPUID_POLICY_H

#include "core/arch.h"
#include "core/control_policy.h"
#include "core/types.h"

/**
 * struct cpuid_rule - what of a leaf is shown
 * @show:     bits that are the hardware's, EAX to EDX; the others read 0
 * @eax_max:  EAX is at most this: where it is the number of a last leaf or subleaf
 * @more:     there is more to say, see cpuid_show_more() and cpuid_topology_show()
 * @nr_subleaves: not 0: @subleaves has a rule for so many, from 0 on; those beyond read 0
 * @subleaves: instead of all this
 */
struct cpuid_rule {
	u32 show[4];
	u32 eax_max;
	bool more;
	u32 nr_subleaves;
	const struct cpuid_rule *subleaves;
};

const struct cpuid_rule *cpuid_rule_find(u32 leaf, u32 subleaf);
void cpuid_show_more(cpuid_fn cpuid, u32 leaf, u64 cr4, struct arch_cpuid *r);

/**
 * cpuid_filter() - what of the hardware's CPUID a guest's returns
 * @leaf:    EAX
 * @subleaf: ECX
 * @r:       what the processor returned; changed
 *
 * Inline, as guests execute it often when they begin.
 *
 * Return: whether cpuid_show_more() has to follow.
 */
static inline bool cpuid_filter(u32 leaf, u32 subleaf, struct arch_cpuid *r)
{
	const struct cpuid_rule *rule = cpuid_rule_find(leaf, subleaf);

	r->eax &= rule->show[0];
	r->eax = min(r->eax, rule->eax_max);
	r->ebx &= rule->show[1];
	r->ecx &= rule->show[2];
	r->edx &= rule->show[3];
	return rule->more;
}

#endif /* COVIRT_CORE_CPUID_POLICY_H */
