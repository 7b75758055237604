// SPDX-License-Identifier: GPL-2.0-only
/* Reading and changing the guest between two entries. */
#include "core/arch.h"
#include "core/hv/safe.h"
#include "advance.h"
#include "svm.h"

/**
 * svm_skip() - move the guest past the instruction that exited
 * @cpu:  this CPU
 * @exit: the exit, whose insn_len is known
 *
 * For a nested fault the next RIP is not saved (APM vol. 2, 15.7.1).
 */
void svm_skip(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	if (exit->reason == COVIRT_EXIT_NESTED_FAULT)
		svm_advance_to(cpu, svm_vmcb(cpu)->save.rip + exit->insn_len);
	else
		svm_advance(cpu, exit->insn_len);
}

/* The flush is made by the processor, at the next entry. */
static void flush_guest(struct covirt_cpu *cpu)
{
	svm_vmcb(cpu)->control.tlb_control = svm_has(cpu, COVIRT_FEATURE_FLUSH_BY_ASID) ?
					     VMCB_TLB_FLUSH_ASID : VMCB_TLB_FLUSH_ALL;
}

/**
 * svm_flush() - drop what this CPU has cached of the nested tables
 * @cpu: this CPU
 *
 * The guest's translations go at the next entry. The hypervisor's own, where it
 * looks at the guest's memory through the same tables (core/fetch.c), carry the
 * host's ASID: they go here, before the flush is acknowledged and tables are
 * freed that the CPU could walk meanwhile. None is global, CR4.PGE being 0.
 */
void svm_flush(struct covirt_cpu *cpu)
{
	flush_guest(cpu);
	if (svm_has(cpu, COVIRT_FEATURE_DIRECT_MAP))
		arch_write_cr3(arch_read_cr3());
}

/* Registers that the guest sees as the VMCB has them, all of 64 bits: where. 0: it is none. */
static const u16 plain_registers[COVIRT_NR_REGS] = {
#define PLAIN(reg, field)	[COVIRT_REG_##reg] = offsetof(struct vmcb_save, field)
	PLAIN(CR0, cr0),
	PLAIN(CR2, cr2),
	PLAIN(CR3, cr3),
	PLAIN(CR4, cr4),
	PLAIN(RIP, rip),
	PLAIN(RSP, rsp),
	PLAIN(RFLAGS, rflags),
	PLAIN(CS_BASE, cs.base),
	PLAIN(DS_BASE, ds.base),
	PLAIN(ES_BASE, es.base),
	PLAIN(SS_BASE, ss.base),
	PLAIN(FS_BASE, fs.base),
	PLAIN(GS_BASE, gs.base),
#undef PLAIN
};

/* EFER.SVME, which VMRUN wants set, reads as 0. */
static u64 read_other(struct covirt_cpu *cpu, enum covirt_reg reg)
{
	const struct vmcb_save *save = &svm_vmcb(cpu)->save;

	switch (reg) {
	case COVIRT_REG_EFER:
		return save->efer & ~ARCH_EFER_SVME;
	case COVIRT_REG_DEBUGCTL:
		return cpu->debugctl;
	case COVIRT_REG_CPL:
		return save->cpl;
	case COVIRT_REG_CODE64:
		return svm_code64(cpu);
	case COVIRT_REG_CODE32:
		return save->cs.attrib & VMCB_ATTRIB_D;
	case COVIRT_REG_CS_L:
		return save->cs.attrib & VMCB_ATTRIB_L;
	case COVIRT_REG_CS:
		return save->cs.selector;
	case COVIRT_REG_SS:
		return save->ss.selector;
	default:
		return 0;
	}
}

/**
 * svm_read() - a guest register as the guest sees it
 * @cpu: this CPU
 * @reg: register
 *
 * Return: its value.
 */
u64 svm_read(struct covirt_cpu *cpu, enum covirt_reg reg)
{
	const u8 *save = (const u8 *)&svm_vmcb(cpu)->save;

	hv_assert(reg < COVIRT_NR_REGS);
	if (plain_registers[reg])
		return *(const u64 *)(save + plain_registers[reg]);
	return read_other(cpu, reg);
}

/*
 * NE stays set: without it an x87 error is signalled as FERR#, Linux's IRQ 13.
 * CD and NW stay clear: uncached execution is an attack on everyone's memory
 * bandwidth. With EFER.LME, PG enters and leaves long mode (APM vol. 2, 14.6.1).
 */
static void cr0_write(struct vmcb_save *save, u64 value)
{
	save->cr0 = (value & ~(ARCH_CR0_CD | ARCH_CR0_NW)) | ARCH_CR0_NE | ARCH_CR0_ET;
	if (value & ARCH_CR0_PG && save->efer & ARCH_EFER_LME)
		save->efer |= ARCH_EFER_LMA;
	else
		save->efer &= ~ARCH_EFER_LMA;
}

/**
 * svm_write() - write a guest register
 * @cpu:   this CPU
 * @reg:   COVIRT_REG_CR0, COVIRT_REG_CR4, COVIRT_REG_EFER, COVIRT_REG_DEBUGCTL or COVIRT_REG_RSP
 * @value: value that core has validated
 *
 * Translations go with CR0 and CR4: the instruction itself would have dropped
 * them, and toggling CR4.PGE is how kernels flush the global ones. Without LBR virtualization
 * DEBUGCTL stays in the CPU at VMRUN and #VMEXIT (APM vol. 2, 15.23): here, with RFLAGS.TF
 * clear, BTF does nothing.
 */
void svm_write(struct covirt_cpu *cpu, enum covirt_reg reg, u64 value)
{
	struct vmcb_save *save = &svm_vmcb(cpu)->save;

	switch (reg) {
	case COVIRT_REG_CR0:
		cr0_write(save, value);
		flush_guest(cpu);
		break;
	case COVIRT_REG_CR4:
		save->cr4 = value | ARCH_CR4_MCE;
		flush_guest(cpu);
		break;
	case COVIRT_REG_EFER:
		save->efer = value | ARCH_EFER_SVME;
		break;
	case COVIRT_REG_DEBUGCTL:
		arch_wrmsr_safe(ARCH_MSR_DEBUGCTL, value);
		break;
	case COVIRT_REG_RSP:
		save->rsp = value;
		break;
	default:
		hv_assert(false);
	}
}

/**
 * svm_control() - carry out a write of CR0 or CR4, and skip the instruction
 * @cpu:   this CPU
 * @exit:  the exit
 * @value: value that core has validated
 *
 * The processor can not execute it again: it intercepts by register, not by bit, and without the
 * intercept it would load CD, NW or a clear MCE. Nor is there anything left to it that core has
 * not judged: with nested paging PDPTEs are not loaded by the instruction, but read when
 * an address is translated (APM vol. 2, 15.25.10).
 */
void svm_control(struct covirt_cpu *cpu, const struct covirt_exit *exit, u64 value)
{
	hv_assert(exit->cr == 0 || exit->cr == 4);
	svm_write(cpu, exit->cr ? COVIRT_REG_CR4 : COVIRT_REG_CR0, value);
	svm_skip(cpu, exit);
}
