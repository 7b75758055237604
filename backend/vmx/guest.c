// SPDX-License-Identifier: GPL-2.0-only
/* Reading and changing the guest between two entries. */
#include "core/arch.h"
#include "advance.h"
#include "vmx.h"

/**
 * vmx_skip() - move the guest past the instruction that exited
 * @cpu:  this CPU
 * @exit: the exit, whose insn_len is known
 */
void vmx_skip(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	vmx_advance(cpu, exit->insn_len);
}

/**
 * vmx_flush() - drop what this CPU has cached of the guest's memory
 * @cpu: this CPU
 *
 * The hypervisor's own translations of it, where it has a direct map (core/fetch.c), carry VPID 0,
 * which INVVPID spares (SDM vol. 3, 29.4.3.1). None is global, CR4.PGE being 0.
 */
void vmx_flush(struct covirt_cpu *cpu)
{
	vmx_invalidate_all();
	if (cpu->config->features & COVIRT_FEATURE_DIRECT_MAP)
		arch_write_cr3(arch_read_cr3());
}

static u64 read_shadowed(enum vmcs_field value, enum vmcs_field mask, enum vmcs_field shadow)
{
	u64 hidden = vmcs_read(mask);

	return (vmcs_read(value) & ~hidden) | (vmcs_read(shadow) & hidden);
}

/* Registers that the guest sees as the VMCS has them: the field. 0: it is none. */
static const u16 plain_registers[COVIRT_NR_REGS] = {
#define PLAIN(reg, field)	[COVIRT_REG_##reg] = VMCS_GUEST_##field
	PLAIN(CR3, CR3),
	PLAIN(EFER, EFER),
	PLAIN(RIP, RIP),
	PLAIN(RSP, RSP),
	PLAIN(RFLAGS, RFLAGS),
	PLAIN(CS, CS_SELECTOR),
	PLAIN(SS, SS_SELECTOR),
	PLAIN(CS_BASE, CS_BASE),
	PLAIN(DS_BASE, DS_BASE),
	PLAIN(ES_BASE, ES_BASE),
	PLAIN(SS_BASE, SS_BASE),
	PLAIN(FS_BASE, FS_BASE),
	PLAIN(GS_BASE, GS_BASE),
#undef PLAIN
};

static u64 read_other(struct covirt_cpu *cpu, enum covirt_reg reg)
{
	switch (reg) {
	case COVIRT_REG_CR0:
		return read_shadowed(VMCS_GUEST_CR0, VMCS_CR0_MASK, VMCS_CR0_SHADOW);
	case COVIRT_REG_CR2:
		return arch_read_cr2();
	case COVIRT_REG_CR4:
		return read_shadowed(VMCS_GUEST_CR4, VMCS_CR4_MASK, VMCS_CR4_SHADOW);
	case COVIRT_REG_DEBUGCTL:
		return cpu->debugctl;
	case COVIRT_REG_CPL:
		return ACCESS_DPL(vmcs_read(VMCS_GUEST_SS_ACCESS));
	case COVIRT_REG_CODE64:
		return vmx_code64(cpu);
	case COVIRT_REG_CODE32:
		return vmcs_read(VMCS_GUEST_CS_ACCESS) & ACCESS_CODE32;
	case COVIRT_REG_CS_L:
		return vmcs_read(VMCS_GUEST_CS_ACCESS) & ACCESS_CODE64;
	default:
		return 0;
	}
}

/**
 * vmx_read() - a guest register as the guest sees it
 * @cpu: this CPU
 * @reg: register
 *
 * Return: its value.
 */
u64 vmx_read(struct covirt_cpu *cpu, enum covirt_reg reg)
{
	hv_assert(reg < COVIRT_NR_REGS);
	if (plain_registers[reg])
		return vmcs_read(plain_registers[reg]);
	return read_other(cpu, reg);
}

/* The entry control and EFER.LMA say the same (SDM vol. 3, 27.2.1.1 and 27.3.1.1). */
static void write_long_mode(bool on)
{
	u64 efer = vmcs_read(VMCS_GUEST_EFER);
	u64 entry = vmcs_read(VMCS_ENTRY_CONTROLS);

	vmcs_write(VMCS_GUEST_EFER, on ? efer | ARCH_EFER_LMA : efer & ~ARCH_EFER_LMA);
	vmcs_write(VMCS_ENTRY_CONTROLS, on ? entry | ENTRY_GUEST_64 : entry & ~ENTRY_GUEST_64);
}

/* NE stays set, CD and NW stay clear: see vmcs.c. */
static void cr0_write(u64 value)
{
	value = (value & ~(ARCH_CR0_CD | ARCH_CR0_NW)) | ARCH_CR0_NE | ARCH_CR0_ET;
	vmcs_write(VMCS_GUEST_CR0, value);
	vmcs_write(VMCS_CR0_SHADOW, value);
	write_long_mode(value & ARCH_CR0_PG && vmcs_read(VMCS_GUEST_EFER) & ARCH_EFER_LME);
}

static void cr4_write(u64 value)
{
	vmcs_write(VMCS_GUEST_CR4, value | ARCH_CR4_MCE | ARCH_CR4_VMXE);
	vmcs_write(VMCS_CR4_SHADOW, value | ARCH_CR4_MCE);
}

/**
 * vmx_write() - write a guest register
 * @cpu:   this CPU
 * @reg:   COVIRT_REG_CR0, COVIRT_REG_CR4, COVIRT_REG_EFER, COVIRT_REG_DEBUGCTL or COVIRT_REG_RSP
 * @value: value that core has validated
 *
 * Translations go with CR0 and CR4: the instruction itself would have dropped them.
 */
void vmx_write(struct covirt_cpu *cpu, enum covirt_reg reg, u64 value)
{
	switch (reg) {
	case COVIRT_REG_CR0:
		cr0_write(value);
		vmx_invalidate_all();
		break;
	case COVIRT_REG_CR4:
		cr4_write(value);
		vmx_invalidate_all();
		break;
	case COVIRT_REG_EFER:
		vmcs_write(VMCS_GUEST_EFER, value);
		break;
	case COVIRT_REG_DEBUGCTL:
		vmcs_write(VMCS_GUEST_DEBUGCTL, value);
		break;
	case COVIRT_REG_RSP:
		vmcs_write(VMCS_GUEST_RSP, value);
		break;
	default:
		hv_assert(false);
	}
}

/**
 * vmx_control() - let the processor execute a write of CR0 or CR4 again, without an exit
 * @cpu:   this CPU
 * @exit:  the exit
 * @value: value that core has validated
 *
 * It exits for bits of the mask that differ from the shadow (SDM vol. 3, 26.1.3). With the shadow
 * as the guest wants it the processor writes all other bits itself, with its checks and what
 * follows: PDPTEs, LMA, translations. Bits of the mask stay as they are; the guest reads
 * what it wrote. If PDPTEs are wrong it gets #GP, and reads those few bits all the same.
 */
void vmx_control(struct covirt_cpu *cpu, const struct covirt_exit *exit, u64 value)
{
	hv_assert(exit->cr == 0 || exit->cr == 4);
	vmcs_write(exit->cr ? VMCS_CR4_SHADOW : VMCS_CR0_SHADOW, value);
}
