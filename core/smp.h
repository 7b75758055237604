/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPUs of one enclave among themselves. Hypervisor world only. */
#ifndef COVIRT_CORE_SMP_H
#define COVIRT_CORE_SMP_H

#include "core/hv/x2apic.h"
#include "core/run.h"
#include "irq/avic_posted/icr.h"
#include "irq/avic_posted/permit.h"

/**
 * smp_sends_plain() - is the WRMSR that exited a plain IPI? Then send it
 * @cpu:   this CPU
 * @info1: the vendor's first qualification of the exit
 *
 * The one exit of steady state. Each backend asks before it decodes anything; of what is left
 * undone here it only skips the instruction.
 *
 * Return: true if it was.
 */
static inline bool smp_sends_plain(struct covirt_cpu *cpu, u64 info1)
{
	u32 command = cpu->gpr[GPR_RAX], dest = cpu->gpr[GPR_RDX];
	apicid_t target;

	if ((u32)cpu->gpr[GPR_RCX] != ARCH_MSR_X2APIC_ICR || !cpu->plain_ipis ||
	    !icr_plain(command, dest, cpu->config, &target))
		return false;
	run_count_exit(cpu, COVIRT_EXIT_MSR_WRITE, info1);
	cpu->icr[0] = command;
	cpu->icr[1] = dest;
	apic_order_stores();
	x2apic_send(ICR_FIXED << 8 | (u8)command, target);
	return true;
}

void smp_send(struct covirt_cpu *cpu, const struct ipi *ipi);
enum covirt_verdict smp_doorbell(struct covirt_cpu *cpu);
enum covirt_verdict smp_wait(struct covirt_cpu *cpu);
void smp_stop_others(struct covirt_cpu *cpu);

#endif /* COVIRT_CORE_SMP_H */
