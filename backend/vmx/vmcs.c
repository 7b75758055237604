// SPDX-License-Identifier: GPL-2.0-only
/* The control structure at the first instruction of the co-kernel; every field is written. */
#include "core/arch.h"
#include "core/hv/idt.h"
#include "caps.h"
#include "vmx.h"

/* Access rights: descriptor bits 55:52 and 47:40, SDM vol. 3, 25.4.1. */
#define ACCESS_FLAT_CODE64	0xa09b
#define ACCESS_FLAT_CODE32	0xc09b
#define ACCESS_DATA		0xc093
#define ACCESS_TSS		0x008b
#define ACCESS_CODE16		0x009b
#define ACCESS_DATA16		0x0093

#define TSS_LIMIT	0x67	/* of a 32-bit TSS and of a 64-bit one */
#define PAT_RESET	0x0007040600070406ULL
#define DR7_RESET	0x400

/* A VM exit wants a selector for TR (SDM vol. 3, 27.2.3), and loads the base from the VMCS. */
#define HOST_TR		0x20

enum segment { ES, CS, SS, DS, FS, GS, LDTR, TR, NR_SEGMENTS };

static void segment_write(enum segment segment, u16 selector, u32 limit, u32 access)
{
	vmcs_write(VMCS_GUEST_ES_SELECTOR + 2 * segment, selector);
	vmcs_write(VMCS_GUEST_ES_LIMIT + 2 * segment, limit);
	vmcs_write(VMCS_GUEST_ES_ACCESS + 2 * segment, access);
	vmcs_write(VMCS_GUEST_ES_BASE + 2 * segment, 0);
}

static void segments_build(const struct covirt_entry *entry)
{
	static const u8 data[] = { ES, SS, DS, FS, GS };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(data); i++)
		segment_write(data[i], entry->ds, ~0U, ACCESS_DATA);
	segment_write(CS, entry->cs, ~0U,
		      entry->mode == COVIRT_ENTRY_64 ? ACCESS_FLAT_CODE64 : ACCESS_FLAT_CODE32);
	segment_write(LDTR, 0, 0, ACCESS_UNUSABLE);
	segment_write(TR, 0, TSS_LIMIT, ACCESS_TSS);
	vmcs_write(VMCS_GUEST_GDTR_BASE, entry->gdt_base);
	vmcs_write(VMCS_GUEST_GDTR_LIMIT, entry->gdt_limit);
	vmcs_write(VMCS_GUEST_IDTR_BASE, 0);
	vmcs_write(VMCS_GUEST_IDTR_LIMIT, 0);
}

/*
 * CR0: NE stays set (an x87 error would be Linux's IRQ 13), CD and NW stay
 * clear. CR4: MCE stays set, VMXE reads as 0, and what the guest may not set
 * exits when it is. Other bits are the guest's, without an exit.
 */
static void control_registers_build(struct covirt_cpu *cpu)
{
	const struct covirt_entry *entry = &cpu->config->entry;
	u64 cr0 = ARCH_CR0_NE | ARCH_CR0_ET | ARCH_CR0_PE;
	u64 cr4 = ARCH_CR4_MCE;

	if (entry->mode == COVIRT_ENTRY_64) {
		cr0 |= ARCH_CR0_PG;
		cr4 |= ARCH_CR4_PAE;
	}
	vmcs_write(VMCS_CR0_MASK, ARCH_CR0_NE | ARCH_CR0_CD | ARCH_CR0_NW);
	vmcs_write(VMCS_CR0_SHADOW, cr0);
	vmcs_write(VMCS_GUEST_CR0, cr0);
	vmcs_write(VMCS_CR4_MASK, ~cpu->cr4_mask | ARCH_CR4_MCE);
	vmcs_write(VMCS_CR4_SHADOW, cr4);
	vmcs_write(VMCS_GUEST_CR4, cr4 | ARCH_CR4_VMXE);
	vmcs_write(VMCS_GUEST_CR3, entry->cr3);
}

static void guest_build(const struct covirt_entry *entry)
{
	vmcs_write(VMCS_GUEST_EFER,
		   entry->mode == COVIRT_ENTRY_64 ? ARCH_EFER_LME | ARCH_EFER_LMA : 0);
	vmcs_write(VMCS_GUEST_PAT, PAT_RESET);
	vmcs_write(VMCS_GUEST_DEBUGCTL, 0);
	vmcs_write(VMCS_GUEST_DR7, DR7_RESET);
	vmcs_write(VMCS_GUEST_RIP, entry->rip);
	vmcs_write(VMCS_GUEST_RSP, entry->rsp);
	vmcs_write(VMCS_GUEST_RFLAGS, ARCH_RFLAGS_FIXED);
	vmcs_write(VMCS_GUEST_SYSENTER_CS, 0);
	vmcs_write(VMCS_GUEST_SYSENTER_ESP, 0);
	vmcs_write(VMCS_GUEST_SYSENTER_EIP, 0);
	vmcs_write(VMCS_GUEST_PENDING_DEBUG, 0);
	vmcs_write(VMCS_GUEST_INTERRUPTIBILITY, 0);
	vmcs_write(VMCS_GUEST_ACTIVITY, 0);
	vmcs_write(VMCS_LINK_POINTER, ~0ULL);
}

/*
 * Host state is what a VM exit loads: the hypervisor's registers as they are now. RIP and RSP are
 * run.S's.
 */
static void host_build(struct covirt_cpu *cpu)
{
	static const u16 selectors[] = { HV_DS, HV_CS, HV_DS, HV_DS, 0, 0, HOST_TR };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(selectors); i++)
		vmcs_write(VMCS_HOST_ES_SELECTOR + 2 * i, selectors[i]);
	vmcs_write(VMCS_HOST_CR0, arch_read_cr0());
	vmcs_write(VMCS_HOST_CR3, arch_read_cr3());
	vmcs_write(VMCS_HOST_CR4, arch_read_cr4());
	vmcs_write(VMCS_HOST_EFER, arch_rdmsr(ARCH_MSR_EFER));
	vmcs_write(VMCS_HOST_PAT, arch_rdmsr(ARCH_MSR_PAT));
	vmcs_write(VMCS_HOST_FS_BASE, 0);
	vmcs_write(VMCS_HOST_GS_BASE, 0);
	vmcs_write(VMCS_HOST_TR_BASE, (u64)hv_tss + cpu->index * HV_TSS_SIZE);
	vmcs_write(VMCS_HOST_GDTR_BASE, arch_read_gdt_base());
	vmcs_write(VMCS_HOST_IDTR_BASE, (u64)hv_stack_idt);
	vmcs_write(VMCS_HOST_SYSENTER_CS, 0);
	vmcs_write(VMCS_HOST_SYSENTER_ESP, 0);
	vmcs_write(VMCS_HOST_SYSENTER_EIP, 0);
}

static u64 ept_pointer(hpa_t root)
{
	u64 pointer = root | EPTP_LEVELS_4 | EPTP_WB;

	if (arch_rdmsr(MSR_VMX_EPT_VPID_CAP) & EPT_CAP_ACCESSED_DIRTY)
		pointer |= EPTP_ACCESSED_DIRTY;
	return pointer;
}

/*
 * A CPU begins with interrupts off. Where they are filtered, it exits for the first time when
 * it takes them; from then on as vmx_accept() says.
 */
static u32 primary_controls(const struct covirt_config *config)
{
	return config->interrupts == COVIRT_INTERRUPTS_FILTERED ?
	       PRIMARY_NEEDED | PRIMARY_INTERRUPT_WINDOW : PRIMARY_NEEDED;
}

/* The entry control and EFER.LMA say the same: see write_long_mode(). */
static u32 entry_controls(const struct covirt_config *config)
{
	return config->entry.mode == COVIRT_ENTRY_64 ? ENTRY_NEEDED :
						       ENTRY_NEEDED & ~ENTRY_GUEST_64;
}

/*
 * Controls. HLT, MWAIT, PAUSE, RDTSC, external interrupts (unless filtered), INVLPG and CR3 (EPT
 * confines whatever it selects) do not exit, because nothing leaves the partition through them.
 */
static void controls_build(const struct covirt_config *config)
{
	u32 secondary = vmx_controls(MSR_VMX_SECONDARY, SECONDARY_NEEDED | SECONDARY_WANTED);

	vmcs_write(VMCS_PIN_CONTROLS, vmx_controls(MSR_VMX_TRUE_PIN, PIN_NEEDED));
	vmcs_write(VMCS_PRIMARY_CONTROLS,
		   vmx_controls(MSR_VMX_TRUE_PRIMARY, primary_controls(config)));
	vmcs_write(VMCS_SECONDARY_CONTROLS, secondary);
	/* The field is there with the control only. */
	if (secondary & SECONDARY_ENCLS_EXITING)
		vmcs_write(VMCS_ENCLS_BITMAP, ~0UL);
	vmcs_write(VMCS_EXIT_CONTROLS, vmx_controls(MSR_VMX_TRUE_EXIT, EXIT_NEEDED));
	vmcs_write(VMCS_ENTRY_CONTROLS,
		   vmx_controls(MSR_VMX_TRUE_ENTRY, entry_controls(config)));
	vmcs_write(VMCS_EXCEPTION_BITMAP, VMX_EXCEPTIONS);
	vmcs_write(VMCS_PF_ERROR_MASK, 0);
	vmcs_write(VMCS_PF_ERROR_MATCH, 0);
	vmcs_write(VMCS_CR3_TARGETS, 0);
	vmcs_write(VMCS_EXIT_MSR_STORES, 0);
	vmcs_write(VMCS_EXIT_MSR_LOADS, 0);
	vmcs_write(VMCS_ENTRY_MSR_LOADS, 0);
	vmcs_write(VMCS_ENTRY_EVENT, 0);
	vmcs_write(VMCS_VPID, VMX_VPID);
	vmcs_write(VMCS_EPT_POINTER, ept_pointer(config->nested_root));
	vmcs_write(VMCS_IO_BITMAP_A, config->io_bitmap);
	vmcs_write(VMCS_IO_BITMAP_B, config->io_bitmap + COVIRT_PAGE_SIZE);
	vmcs_write(VMCS_MSR_BITMAP, config->msr_bitmap);
}

/**
 * vmcs_build() - the current VMCS, for a CPU at its first instruction
 * @cpu: this CPU; its general-purpose registers are set too
 */
void vmcs_build(struct covirt_cpu *cpu)
{
	const struct covirt_entry *entry = &cpu->config->entry;

	memset(cpu->gpr, 0, sizeof(cpu->gpr));
	controls_build(cpu->config);
	host_build(cpu);
	segments_build(entry);
	control_registers_build(cpu);
	guest_build(entry);
	cpu->gpr[GPR_RAX] = entry->rax;
	cpu->gpr[GPR_RBX] = entry->rbx;
	cpu->gpr[GPR_RSP] = entry->rsp;
	cpu->gpr[GPR_RSI] = entry->rsi;
	cpu->gpr[GPR_RDI] = entry->rdi;
}

static void segments_build_startup(vector_t vector)
{
	static const u8 data[] = { ES, SS, DS, FS, GS };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(data); i++)
		segment_write(data[i], 0, 0xffff, ACCESS_DATA16);
	segment_write(CS, vector << 8, 0xffff, ACCESS_CODE16);
	vmcs_write(VMCS_GUEST_CS_BASE, vector << 12);
	vmcs_write(VMCS_GUEST_GDTR_BASE, 0);
	vmcs_write(VMCS_GUEST_GDTR_LIMIT, 0xffff);
	vmcs_write(VMCS_GUEST_IDTR_LIMIT, 0xffff);
}

/**
 * vmcs_build_startup() - the current VMCS, for a CPU at a start-up IPI
 * @cpu:    this CPU; its general-purpose registers are set too
 * @vector: the IPI's
 *
 * SDM vol. 3, table 10-1, after an INIT; code begins at the page that the vector names.
 */
void vmcs_build_startup(struct covirt_cpu *cpu, vector_t vector)
{
	vmcs_build(cpu);
	memset(cpu->gpr, 0, sizeof(cpu->gpr));
	cpu->gpr[GPR_RDX] = arch_cpuid(1, 0).eax;
	segments_build_startup(vector);
	vmcs_write(VMCS_GUEST_RIP, 0);
	vmcs_write(VMCS_GUEST_RSP, 0);
	vmcs_write(VMCS_GUEST_CR3, 0);
	vmx_write(cpu, COVIRT_REG_EFER, 0);
	vmx_write(cpu, COVIRT_REG_CR0, 0);
	vmx_write(cpu, COVIRT_REG_CR4, 0);
}
