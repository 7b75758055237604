// SPDX-License-Identifier: GPL-2.0-only
/* A write to the interrupt command register, whichever way the guest reaches its APIC. */
#include "core/exit_handlers.h"
#include "core/smp.h"
#include "irq/avic_posted/permit.h"
#include "irq/avic_posted/xapic.h"

static enum covirt_verdict deny(struct covirt_cpu *cpu, const struct covirt_exit *exit, u64 value)
{
	cpu->status->ipi_denied++;
	if (cpu->config->on_ipi == COVIRT_IPI_FAULT)
		return run_contain(cpu, exit, COVIRT_FAULT_IPI_DENIED, value);
	return run_skip(cpu, exit);
}

static enum covirt_verdict carry_out(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				     const struct ipi *ipi)
{
	run_skip(cpu, exit);
	smp_send(cpu, ipi);
	return COVIRT_RESUME;
}

/**
 * exit_icr_write() - the guest wants to send an IPI
 * @cpu:   this CPU
 * @exit:  the exit
 * @value: as written to the ICR in x2APIC mode
 *
 * Return: whether the guest is entered again.
 */
enum covirt_verdict exit_icr_write(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				   u64 value)
{
	struct ipi ipi;

	if (!icr_permit(value, cpu->config, cpu->index, &ipi))
		return deny(cpu, exit, value);
	return carry_out(cpu, exit, &ipi);
}

/**
 * exit_xapic_icr_write() - the same in xAPIC mode
 * @cpu:  this CPU
 * @exit: the exit
 * @high: second half of the ICR
 * @low:  what is written to its first half
 *
 * Return: whether the guest is entered again.
 */
enum covirt_verdict exit_xapic_icr_write(struct covirt_cpu *cpu, const struct covirt_exit *exit,
					 u32 high, u32 low)
{
	struct ipi ipi;
	u32 targets;

	if (!xapic_is_logical(high, low))
		return exit_icr_write(cpu, exit, xapic_icr(high, low));
	targets = xapic_targets(cpu->shared->logical, COVIRT_MAX_CPUS, high >> 24);
	if (!icr_permit_targets(low, targets, cpu->index, &ipi))
		return deny(cpu, exit, (u64)high << 32 | low);
	return carry_out(cpu, exit, &ipi);
}
