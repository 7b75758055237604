// SPDX-License-Identifier: GPL-2.0-only
/* A write to the interrupt command register, whichever way the guest reaches its APIC. */
#include "core/exit_handlers.h"
#include "core/smp.h"
#include "irq/avic_posted/permit.h"

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

	if (icr_permit(value, cpu->config, cpu->index, &ipi)) {
		run_skip(cpu, exit);
		smp_send(cpu, &ipi);
		return COVIRT_RESUME;
	}
	cpu->status->ipi_denied++;
	if (cpu->config->on_ipi == COVIRT_IPI_FAULT)
		return run_contain(cpu, exit, COVIRT_FAULT_IPI_DENIED, value);
	return run_skip(cpu, exit);
}
