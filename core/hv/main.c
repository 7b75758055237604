// SPDX-License-Identifier: GPL-2.0-only
/* The hypervisor's life on one CPU: arrive, run the co-kernel, leave, park. */
#include "core/control_policy.h"
#include "core/cpu.h"
#include "core/run.h"
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

/* Readers on the other side of the wall see everything written before. */
static void state_set(struct covirt_status *status, enum covirt_cpu_state state)
{
	__atomic_store_n(&status->state, state, __ATOMIC_RELEASE);
}

static u64 park_stack(u32 slot)
{
	return HV_PARK + ((slot + 1UL) << HV_PARK_SHIFT);
}

/* What follows from where the CPU's pages are, and from what the controller has written. */
static void cpu_place(struct covirt_cpu *cpu)
{
	u64 area = cpu_area((u64)cpu);

	cpu->config = (const void *)HV_CONFIG;
	cpu->slot = (area - HV_CPU) / HV_CPU_STRIDE;
	cpu->self = &cpu->config->cpu[cpu->slot];
	cpu->status = (void *)(area + HV_CPU_STATUS);
	cpu->shared = (void *)HV_SHARED;
	cpu->control = (void *)(area + HV_CPU_CONTROL);
	cpu->backend = covirt_backend_cpus[cpu->config->backend];
	apic_choose(cpu);
}

static void __noreturn park(struct covirt_cpu *cpu, enum covirt_cpu_state state)
{
	hv_park(&cpu->status->state, state, cpu->backend->release, park_stack(cpu->slot));
}

/*
 * Why the co-kernel ended stays on record, whatever comes after it. That somebody else has
 * stopped it is no such reason.
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
static const struct covirt_backend_cpu *backend_here(void)
{
	return covirt_backend_cpus[((const struct covirt_config *)HV_CONFIG)->backend];
}

static void panic_first(struct covirt_cpu *cpu, u64 vector, u64 rip)
{
	struct covirt_status *status = (void *)(cpu_area((u64)cpu) + HV_CPU_STATUS);

	panic_record(status, vector, rip);
	cpu_place(cpu);
	backend_here()->abandon(cpu);
	smp_uart_unlock(cpu);
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
	hv_park(&status->state, COVIRT_CPU_PANIC, backend_here()->release, stack);
}

/*
 * The hypervisor takes machine checks itself, and executes XSETBV for the
 * guest where there is any.
 */
static void cr4_init(void)
{
	u64 cr4 = ARCH_CR4_PAE | ARCH_CR4_MCE;

	if (arch_cpuid(1, 0).ecx & ARCH_CPUID_1_ECX_XSAVE)
		cr4 |= ARCH_CR4_OSXSAVE | ARCH_CR4_OSFXSR;
	arch_write_cr4(cr4);
}

static void cpu_init(struct covirt_cpu *cpu)
{
	memset(cpu, 0, sizeof(*cpu));
	cpu_place(cpu);
	idt_load();
	cr4_init();
	cpu->cr4_mask = cr4_mask(arch_cpuid);
	cpu->efer_mask = efer_mask(arch_cpuid);
	cpu->waiting = cpu->slot != cpu->config->boot;
}

/* INIT does not clear it. A processor may lack it: what is written back then is lost as well. */
static void debugctl_take(struct covirt_cpu *cpu)
{
	if (arch_rdmsr_safe(ARCH_MSR_DEBUGCTL, &cpu->linux_debugctl))
		cpu->linux_debugctl = 0;
	arch_wrmsr_safe(ARCH_MSR_DEBUGCTL, 0);
}

/**
 * hv_main() - first C function on an enclave CPU, which is ENTERED
 * @cpu: at the top of the CPU's private page
 *
 * The order at the end matters: Linux is notified while the APIC is still in the
 * enclave's mode; PARKED comes when the CPU wants nothing but an INIT, and before an
 * INIT that was held while the guest ran can end all this.
 */
void __noreturn hv_main(struct covirt_cpu *cpu)
{
	cpu_init(cpu);
	apic_enter(cpu);
	scrub_registers();
	debugctl_take(cpu);
	cpu->backend->enable(cpu);
	run_begin(cpu);
	state_set(cpu->status, COVIRT_CPU_RUNNING);
	if (smp_wait(cpu) == COVIRT_RESUME)
		cpu->backend->run(cpu);
	if (cpu->status->fault.reason != COVIRT_FAULT_STOPPED)
		smp_stop_others(cpu);
	state_set(cpu->status, COVIRT_CPU_LEAVING);
	cpu->backend->disable(cpu);
	arch_wrmsr_safe(ARCH_MSR_DEBUGCTL, cpu->linux_debugctl);
	scrub_registers();
	apic_notify(cpu);
	apic_restore(cpu);
	park(cpu, COVIRT_CPU_PARKED);
}
