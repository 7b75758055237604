// SPDX-License-Identifier: GPL-2.0-only
/* VMX on one CPU: on, into the guest and back, off. */
#include "core/arch.h"
#include "core/hv/safe.h"
#include "backend/backends.h"
#include "caps.h"
#include "vmx.h"

#define DR6_RESET	0xffff0ff0

/*
 * State that neither INIT nor the VMCS resets, so that none of it passes from
 * Linux to the co-kernel or back; by the commands what indirect branches have learnt,
 * and the L1 data cache (L1TF). Once per hand-over: in between one owner has the CPU.
 * A processor may lack some of them.
 */
static void vmx_clear_msrs(void)
{
	static const struct {
		u32 msr;
		u64 value;
	} msrs[] = {
		{ ARCH_MSR_SPEC_CTRL, 0 },
		{ ARCH_MSR_XSS, 0 },
		{ ARCH_MSR_STAR, 0 },
		{ ARCH_MSR_LSTAR, 0 },
		{ ARCH_MSR_CSTAR, 0 },
		{ ARCH_MSR_SFMASK, 0 },
		{ ARCH_MSR_KERNEL_GS_BASE, 0 },
		{ ARCH_MSR_TSC_AUX, 0 },
		{ ARCH_MSR_PRED_CMD, 1 },
		{ ARCH_MSR_FLUSH_CMD, 1 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(msrs); i++)
		arch_wrmsr_safe(msrs[i].msr, msrs[i].value);
}

/* SDM vol. 3, 24.8: VMX operation has bits of CR0 and CR4 that must be 1, or 0. */
static void fix_control_registers(void)
{
	u64 cr0 = arch_read_cr0(), cr4 = arch_read_cr4();

	cr0 = (cr0 | arch_rdmsr(MSR_VMX_CR0_FIXED0)) & arch_rdmsr(MSR_VMX_CR0_FIXED1);
	cr4 = (cr4 | arch_rdmsr(MSR_VMX_CR4_FIXED0)) & arch_rdmsr(MSR_VMX_CR4_FIXED1);
	arch_write_cr0(cr0);
	arch_write_cr4(cr4 | ARCH_CR4_VMXE);
}

/*
 * The controller has written the revision to both regions. Whoever used this CPU
 * before (KVM, an earlier start) may have used any VPID and EPT pointer.
 */
static void vmx_enable(struct covirt_cpu *cpu)
{
	fix_control_registers();
	vmx_clear_msrs();
	if (vmx_on(&cpu->self->save_area))
		asm volatile("ud2");	/* a bug of ours: reported as a hypervisor panic */
	cpu->virtualized = true;
	if (vmx_clear(&cpu->self->control_block) || vmx_load(&cpu->self->control_block))
		asm volatile("ud2");
	vmx_invalidate_all();
	vmcs_build(cpu);
}

static void vmx_run(struct covirt_cpu *cpu)
{
	vmx_loop(cpu, cpu->config->histogram ? vmx_exit_measured : vmx_exit);
}

/* VMCLEAR writes what the processor caches of the VMCS. */
static void vmx_disable(struct covirt_cpu *cpu)
{
	vmx_invalidate_all();
	vmx_clear(&cpu->self->control_block);
	vmx_clear_msrs();
}

/*
 * VMCLEAR has the processor write back the VMCS, of which it may cache parts, while the memory is
 * still ours.
 */
static void vmx_abandon(struct covirt_cpu *cpu)
{
	if (cpu->virtualized)
		vmx_clear(&cpu->self->control_block);
}

/* INIT also resets CR2 and DR6, which no VMCS field holds (SDM vol. 3, table 10-1). */
static void vmx_reset(struct covirt_cpu *cpu, vector_t vector)
{
	vmcs_build_startup(cpu, vector);
	cpu->interrupts_owed = (struct vectors) {};
	arch_write_cr2(0);
	arch_write_dr6(DR6_RESET);
}

static void vmx_halt(struct covirt_cpu *cpu)
{
	vmx_wait_nmi(cpu);
	WRITE_ONCE(cpu->nmi, false);
}

const struct covirt_backend_cpu vmx_backend_cpu = {
	.enable = vmx_enable,
	.run = vmx_run,
	.disable = vmx_disable,
	.abandon = vmx_abandon,
	/*
	 * An INIT is held in VMX root operation (SDM vol. 3, 24.8); it clears CR4.VMXE. The VMXON
	 * region is the processor's until then (25.11.5): the controller leaves it alone.
	 */
	.release = vmx_off,
	.skip = vmx_skip,
	.inject = vmx_inject,
	.accept = vmx_accept,
	.interrupt = vmx_interrupt,
	.flush = vmx_flush,
	.read = vmx_read,
	.write = vmx_write,
	.control = vmx_control,
	.reset = vmx_reset,
	.halt = vmx_halt,
	.reports_shutdown = true,
};
