// SPDX-License-Identifier: GPL-2.0-only
/* The control block at the first instruction of the co-kernel, built from zero. */
#include "core/arch.h"
#include "caps.h"
#include "core/hv/idt.h"
#include "svm.h"

/* Segment attributes: descriptor bits 55:52 and 47:40 (APM vol. 2, 15.5.1). */
#define ATTRIB_CODE64	0xa9b
#define ATTRIB_CODE32	0xc9b
#define ATTRIB_DATA	0xc93
#define ATTRIB_LDT	0x082
#define ATTRIB_TSS	0x08b
#define ATTRIB_CODE16	0x09b
#define ATTRIB_DATA16	0x093

#define TSS_LIMIT	0x67	/* of a 32-bit TSS and of a 64-bit one */
#define PAT_RESET	0x0007040600070406ULL
#define DR7_RESET	0x400

/*
 * Intercepts. HLT, MWAIT, PAUSE, RDTSC, INTR (unless filtered), INVLPG, CR3 (nested paging confines
 * whatever it selects) and SMI (left to firmware) have none, because nothing leaves the partition
 * through them. CR0 has one, for the bits that svm_write() forces.
 */
#define INTERCEPTS3	(INTERCEPT_NMI | INTERCEPT_INIT | INTERCEPT_CR0_SELECTIVE |		\
			 INTERCEPT_RDPMC | INTERCEPT_CPUID | INTERCEPT_RSM | INTERCEPT_INVD |	\
			 INTERCEPT_INVLPGA | INTERCEPT_IOIO | INTERCEPT_MSR |			\
			 INTERCEPT_FERR_FREEZE | INTERCEPT_SHUTDOWN)
#define INTERCEPTS4	(INTERCEPT_VMRUN | INTERCEPT_VMMCALL | INTERCEPT_VMLOAD |		\
			 INTERCEPT_VMSAVE | INTERCEPT_STGI | INTERCEPT_CLGI | INTERCEPT_SKINIT |\
			 INTERCEPT_WBINVD | INTERCEPT_XSETBV)
#define INTERCEPTS5	(INTERCEPT_INVLPGB | INTERCEPT_INVLPGB_BAD | INTERCEPT_TLBSYNC)

/* Word 5 exists only where INVLPGB does. */
static bool cpu_has_invlpgb(void)
{
	return arch_cpuid(0x80000000, 0).eax >= 0x80000008 &&
	       arch_cpuid(0x80000008, 0).ebx & CPUID_80000008_EBX_INVLPGB;
}

/* V_INTR_MASKING stays off in int_ctl: the guest's RFLAGS.IF and CR8 are the physical ones. */
static void control_build(struct vmcb_control *control, const struct covirt_config *config)
{
	/* CR4.MCE must stay set: with it clear a machine check shuts the processor down. */
	control->intercept_cr_write = INTERCEPT_WRITE_CR4;
	control->intercept_exception = SVM_EXCEPTIONS;
	control->intercept3 = INTERCEPTS3;
	if (config->interrupts == COVIRT_INTERRUPTS_FILTERED)
		control->intercept3 |= INTERCEPT_INTR;
	control->intercept4 = INTERCEPTS4;
	control->intercept5 = cpu_has_invlpgb() ? INTERCEPTS5 : 0;
	control->iopm_base = config->io_bitmap;
	control->msrpm_base = config->msr_bitmap;
	control->asid = SVM_ASID;
	/* KVM, or an earlier start, may have used any ASID on this CPU before. */
	control->tlb_control = VMCB_TLB_FLUSH_ALL;
	control->nested_ctl = VMCB_NP_ENABLE;
	control->nested_cr3 = config->nested_root;
}

static void segments_build(struct vmcb_save *save, const struct covirt_entry *entry)
{
	const struct vmcb_segment data = {
		.selector = entry->ds, .attrib = ATTRIB_DATA, .limit = ~0U,
	};

	save->cs = (struct vmcb_segment) {
		.selector = entry->cs, .limit = ~0U,
		.attrib = entry->mode == COVIRT_ENTRY_64 ? ATTRIB_CODE64 : ATTRIB_CODE32,
	};
	save->ds = data;
	save->es = data;
	save->ss = data;
	save->fs = data;
	save->gs = data;
	save->gdtr = (struct vmcb_segment) { .limit = entry->gdt_limit, .base = entry->gdt_base };
	save->ldtr = (struct vmcb_segment) { .attrib = ATTRIB_LDT };
	save->tr = (struct vmcb_segment) { .attrib = ATTRIB_TSS, .limit = TSS_LIMIT };
}

/* Guest state that is the same however the guest begins. */
static void save_build_common(struct vmcb_save *save)
{
	save->dr6 = DR6_RESET;
	save->dr7 = DR7_RESET;
	save->rflags = ARCH_RFLAGS_FIXED;
	save->g_pat = PAT_RESET;
}

static void long_mode_build(struct vmcb_save *save)
{
	save->efer |= ARCH_EFER_LME | ARCH_EFER_LMA;
	save->cr0 |= ARCH_CR0_PG;
	save->cr4 |= ARCH_CR4_PAE;
}

static void save_build(struct vmcb_save *save, const struct covirt_entry *entry)
{
	segments_build(save, entry);
	save_build_common(save);
	save->efer = ARCH_EFER_SVME;
	save->cr0 = ARCH_CR0_NE | ARCH_CR0_ET | ARCH_CR0_PE;
	save->cr3 = entry->cr3;
	save->cr4 = ARCH_CR4_MCE;
	if (entry->mode == COVIRT_ENTRY_64)
		long_mode_build(save);
	save->rip = entry->rip;
	save->rsp = entry->rsp;
}

/* APM vol. 2, 14.1.3, after an INIT; code begins at the page that the vector names. */
static void save_build_startup(struct vmcb_save *save, vector_t vector)
{
	const struct vmcb_segment data = { .attrib = ATTRIB_DATA16, .limit = 0xffff };
	const struct vmcb_segment table = { .limit = 0xffff };

	save->cs = (struct vmcb_segment) {
		.selector = vector << 8, .attrib = ATTRIB_CODE16, .limit = 0xffff,
		.base = vector << 12,
	};
	save->ds = data;
	save->es = data;
	save->ss = data;
	save->fs = data;
	save->gs = data;
	save->gdtr = table;
	save->idtr = table;
	save->ldtr = (struct vmcb_segment) { .attrib = ATTRIB_LDT, .limit = 0xffff };
	save->tr = (struct vmcb_segment) { .attrib = ATTRIB_TSS, .limit = 0xffff };
	save_build_common(save);
	save->efer = ARCH_EFER_SVME;
	save->cr0 = ARCH_CR0_NE | ARCH_CR0_ET;
	save->cr4 = ARCH_CR4_MCE;
}

static void block_build(struct covirt_cpu *cpu)
{
	struct vmcb *vmcb = svm_vmcb(cpu);

	memset(vmcb, 0, sizeof(*vmcb));
	memset(cpu->gpr, 0, sizeof(cpu->gpr));
	control_build(&vmcb->control, cpu->config);
}

/**
 * vmcb_build() - the VMCB of a CPU at its first instruction
 * @cpu: this CPU; its general-purpose registers are set too
 */
void vmcb_build(struct covirt_cpu *cpu)
{
	const struct covirt_entry *entry = &cpu->config->entry;

	block_build(cpu);
	save_build(&svm_vmcb(cpu)->save, entry);
	svm_vmcb(cpu)->save.rax = entry->rax;
	cpu->gpr[GPR_RAX] = entry->rax;
	cpu->gpr[GPR_RBX] = entry->rbx;
	cpu->gpr[GPR_RSP] = entry->rsp;
	cpu->gpr[GPR_RSI] = entry->rsi;
	cpu->gpr[GPR_RDI] = entry->rdi;
}

/**
 * vmcb_build_startup() - the VMCB of a CPU at a start-up IPI
 * @cpu:    this CPU; its general-purpose registers are set too
 * @vector: the IPI's
 */
void vmcb_build_startup(struct covirt_cpu *cpu, vector_t vector)
{
	block_build(cpu);
	save_build_startup(&svm_vmcb(cpu)->save, vector);
	cpu->gpr[GPR_RDX] = arch_cpuid(1, 0).eax;
}

/* VMLOAD reads nothing else of a page: FS to TR, STAR to SYSENTER_EIP (APM vol. 2, 15.5.2). */
static_assert(offsetof(struct vmcb, save.fs) >= COVIRT_HOST_STATE);
static_assert(offsetof(struct vmcb, save.cr2) <= COVIRT_HOST_STATE + COVIRT_HOST_STATE_SIZE);

/**
 * vmcb_build_host() - what VMLOAD gives the hypervisor: a task register, for hv_stack_idt
 * @cpu: this CPU
 */
void vmcb_build_host(struct covirt_cpu *cpu)
{
	struct vmcb *host = (void *)cpu->status;

	memset(cpu->status->host_state, 0, sizeof(cpu->status->host_state));
	host->save.tr = (struct vmcb_segment) {
		.selector = HV_DS,
		.attrib = ATTRIB_TSS,
		.limit = HV_TSS_SIZE - 1,
		.base = (u64)hv_tss + cpu->index * HV_TSS_SIZE,
	};
}
