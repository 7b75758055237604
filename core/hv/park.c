// SPDX-License-Identifier: GPL-2.0-only
/* Place of a CPU in the hypervisor, and its two ends: parked in good order, or by a panic. */
#include "core/com1.h"
#include "core/smp.h"
#include "hv.h"
#include "safe.h"

static u64 cpu_area(u64 address)
{
	return address & ~(HV_CPU_STRIDE - 1UL);
}

/**
 * cpu_here() - the CPU that runs this, by its stack
 *
 * Return: for who has no better way to know.
 */
struct covirt_cpu *cpu_here(void)
{
	u64 area = cpu_area((u64)__builtin_frame_address(0));

	return (void *)(area + HV_CPU_PRIVATE + COVIRT_PAGE_SIZE - HV_CPU_STRUCT);
}

static u64 park_stack(u32 index)
{
	return HV_PARK + ((index + 1UL) << HV_PARK_SHIFT);
}

/**
 * cpu_place() - what follows from where a CPU's pages are, and from what the controller has written
 * @cpu: at the top of the CPU's private page
 */
void cpu_place(struct covirt_cpu *cpu)
{
	u64 area = cpu_area((u64)cpu);

	cpu->config = (const void *)HV_CONFIG;
	cpu->index = (area - HV_CPU) / HV_CPU_STRIDE;
	cpu->self = &cpu->config->cpu[cpu->index];
	cpu->status = (void *)(area + HV_CPU_STATUS);
	cpu->shared = (void *)HV_SHARED;
	cpu->control = (void *)(area + HV_CPU_CONTROL);
	cpu->backend = covirt_backend_cpus[cpu->config->backend];
	apic_choose(cpu);
}

/**
 * cpu_park() - nothing more is executed here until Linux sends an INIT
 * @cpu: this CPU, placed
 */
void __noreturn cpu_park(struct covirt_cpu *cpu)
{
	hv_park(&cpu->status->state, COVIRT_CPU_PARKED, cpu->backend->release,
		park_stack(cpu->index));
}

/*
 * The first reason why the co-kernel ended stays on record; that another CPU has stopped it is
 * none.
 */
static void panic_record(struct covirt_status *status, u64 vector, u64 rip)
{
	struct covirt_fault *fault = &status->fault;

	status->panic_vector = vector;
	status->panic_rip = rip;
	if (fault->reason != COVIRT_FAULT_NONE && fault->reason != COVIRT_FAULT_STOPPED)
		return;
	fault->reason = COVIRT_FAULT_HYPERVISOR_PANIC;
	fault->detail = vector;
	fault->rip = rip;
}

/* By the image and the controller's page alone: the CPU's own pages may be damaged. */
static const struct covirt_config *config_here(void)
{
	return (const void *)HV_CONFIG;
}

static const struct covirt_backend_cpu *backend_here(void)
{
	return covirt_backend_cpus[config_here()->backend];
}

static void panic_first(struct covirt_cpu *cpu, u64 vector, u64 rip)
{
	struct covirt_status *status = (void *)(cpu_area((u64)cpu) + HV_CPU_STATUS);

	panic_record(status, vector, rip);
	cpu_place(cpu);
	backend_here()->abandon(cpu);
	com1_unlock(cpu);
	smp_stop_others(cpu);
}

/**
 * hv_panic() - the hypervisor met an exception of its own
 * @vector: exception vector
 * @rip:    instruction that raised it
 *
 * The CPU parks. The others end too, unless it is they who cannot be told. It believes
 * nothing in memory that may have been damaged, and an exception on its way is met with
 * less each time: the second still abandons the control block, the third gives the
 * processor back, and the fourth is not looked at.
 */
void __noreturn hv_panic(u64 vector, u64 rip)
{
	struct covirt_cpu *cpu = cpu_here();
	struct covirt_status *status = (void *)(cpu_area((u64)cpu) + HV_CPU_STATUS);
	u64 stack = park_stack(((u64)cpu - HV_CPU) / HV_CPU_STRIDE);
	u32 before = status->panics++;

	if (before > 2)
		hv_park(&status->state, COVIRT_CPU_PANIC, NULL, stack);
	/* Still "in progress", the next one would shut down the processor, Linux's by then. */
	if (vector == ARCH_VECTOR_MC)
		arch_wrmsr_safe(ARCH_MSR_MCG_STATUS, 0);
	if (!before)
		panic_first(cpu, vector, rip);
	else if (before == 1)
		backend_here()->abandon(cpu);
	arch_wrmsr_safe(ARCH_MSR_DEBUGCTL, 0);
	apic_abandon(config_here());
	hv_park(&status->state, COVIRT_CPU_PANIC, backend_here()->release, stack);
}
