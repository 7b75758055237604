// SPDX-License-Identifier: GPL-2.0-only
/* SVM on one CPU: on, into the guest and back, off. */
#include "core/arch.h"
#include "core/hv/idt.h"
#include "core/hv/safe.h"
#include "backend/backends.h"
#include "caps.h"
#include "svm.h"

/*
 * State that neither INIT nor the VMCB resets, so that none of it passes from
 * Linux to the co-kernel or back: SPEC_CTRL, TSC_AUX, XSS, and by the barrier
 * what indirect branches have learnt. A processor may lack any of them.
 */
static void svm_clear_msrs(void)
{
	static const struct {
		u32 msr;
		u64 value;
	} msrs[] = {
		{ ARCH_MSR_SPEC_CTRL, 0 },
		{ ARCH_MSR_TSC_AUX, 0 },
		{ ARCH_MSR_XSS, 0 },
		{ ARCH_MSR_PRED_CMD, 1 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(msrs); i++)
		arch_wrmsr_safe(msrs[i].msr, msrs[i].value);
}

/* APM vol. 2, 15.4: EFER.SVME, then the page where VMRUN keeps host state. */
static void svm_enable(struct covirt_cpu *cpu)
{
	arch_wrmsr(ARCH_MSR_EFER, arch_rdmsr(ARCH_MSR_EFER) | ARCH_EFER_SVME);
	arch_wrmsr(MSR_VM_HSAVE_PA, cpu->self->save_area);
	svm_clgi();
	cpu->virtualized = true;
	svm_clear_msrs();
	vmcb_build(cpu);
	vmcb_build_host(cpu);
	svm_vmload(cpu->self->host_state);
	idt_load_stack();
}

static void svm_run(struct covirt_cpu *cpu)
{
	svm_loop(cpu, cpu->self->control_block, cpu->self->host_state,
		 cpu->config->histogram ? svm_exit_measured : svm_exit);
}

static enum covirt_verdict svm_flushed(struct covirt_cpu *cpu __maybe_unused)
{
	return COVIRT_LEAVE;
}

/*
 * The guest's translations leave with it. Only VMRUN can flush other ASIDs
 * than the host's (APM vol. 2, 15.16.2), so enter once more. What the walk for
 * the first fetch finds would be cached again, under the ASID that has just
 * been flushed: it is led to nested tables that hold nothing for it. The block
 * itself is such a table, for CR3 leads to its first word only, where bit 0,
 * "present", is the intercept of CR0 reads. The fetch exits, nothing is executed.
 */
static void svm_flush_asids(struct covirt_cpu *cpu)
{
	struct vmcb *vmcb = svm_vmcb(cpu);

	vmcb_build(cpu);
	vmcb->control.nested_cr3 = cpu->self->control_block;
	vmcb->save.cr3 = 0;
	svm_loop(cpu, cpu->self->control_block, cpu->self->host_state, svm_flushed);
}

/*
 * FS, GS, LDTR and the SYSCALL and SYSENTER registers are 0 since the last exit: only TR is
 * the hypervisor's, and harmless. What the guest had in them goes with the block.
 */
static void svm_disable(struct covirt_cpu *cpu)
{
	svm_flush_asids(cpu);
	memset(cpu->control, 0, sizeof(struct vmcb));
	svm_clear_msrs();
	arch_wrmsr_safe(MSR_VM_HSAVE_PA, 0);
}

/* The processor may write the host's save area at a VMRUN only: there is none to come. */
static void svm_abandon(struct covirt_cpu *cpu __maybe_unused)
{
}

static void svm_reset(struct covirt_cpu *cpu, vector_t vector)
{
	vmcb_build_startup(cpu, vector);
	cpu->nmi_owed = false;
	cpu->stepping = false;
	cpu->interrupts_owed = (struct vectors) {};
}

static void svm_halt(struct covirt_cpu *cpu)
{
	svm_wait_nmi(cpu);
	WRITE_ONCE(cpu->nmi, false);
}

const struct covirt_backend_cpu svm_backend_cpu = {
	.enable = svm_enable,
	.run = svm_run,
	.disable = svm_disable,
	.abandon = svm_abandon,
	/*
	 * An INIT is held as long as GIF is 0, and GIF must be 1 when SVME goes (APM vol. 2,
	 * 15.17): INIT itself clears SVME.
	 */
	.release = svm_stgi,
	.skip = svm_skip,
	.inject = svm_inject,
	.accept = svm_accept,
	.interrupt = svm_interrupt,
	.flush = svm_flush,
	.read = svm_read,
	.write = svm_write,
	.control = svm_control,
	.reset = svm_reset,
	.halt = svm_halt,
	.reports_shutdown = false,	/* APM vol. 2, 15.14.3 */
};
