// SPDX-License-Identifier: GPL-2.0-only
/* A processor that is none, and what of the hypervisor's world needs one. */
#include "seam.h"
#include "core/control_policy.h"
#include "core/fetch.h"
#include "core/hv/hv.h"
#include "core/hv/safe.h"
#include "backend/svm/svm.h"
#include "backend/vmx/caps.h"
#include "backend/vmx/vmx.h"
#include "irq/avic_posted/apic_mode.h"
#include "entry.h"

#define CR0_BASE	(ARCH_CR0_ET | ARCH_CR0_NE)
#define CR0_PROTECTED	(CR0_BASE | ARCH_CR0_PE)
#define CR0_PAGED	(CR0_PROTECTED | ARCH_CR0_PG)
#define CR4_PAE		(ARCH_CR4_MCE | ARCH_CR4_PAE)
#define EFER_LONG	(ARCH_EFER_LME | ARCH_EFER_LMA)
#define RFLAGS_VM	BIT(17)
#define CODE16		0x09b
#define CODE32		0xc9b
#define CODE64		0xa9b
#define CODE_L_AND_D	0xe9b	/* legacy mode has no L, a descriptor may */
#define CODE_V86	0x0f3

const struct entry_mode entry_modes[] = {
	{ "real mode", CR0_BASE, ARCH_CR4_MCE, 0, 0, CODE16, 0 },
	{ "16-bit code", CR0_PROTECTED, ARCH_CR4_MCE, 0, 0, CODE16, 0 },
	{ "32-bit code", CR0_PROTECTED, ARCH_CR4_MCE, 0, 0, CODE32, 0 },
	{ "32-bit paging", CR0_PAGED, ARCH_CR4_MCE, 0, 0, CODE32, 0 },
	{ "before PAE paging", CR0_PROTECTED, CR4_PAE, 0, 0, CODE32, 0 },
	{ "PAE paging", CR0_PAGED, CR4_PAE, 0, 0, CODE32, 0 },
	{ "virtual-8086 mode", CR0_PAGED, ARCH_CR4_MCE, 0, RFLAGS_VM, CODE_V86, 3 },
	{ "before long mode", CR0_PROTECTED, CR4_PAE, ARCH_EFER_LME, 0, CODE32, 0 },
	{ "before long mode, CS.L", CR0_PROTECTED, CR4_PAE, ARCH_EFER_LME, 0, CODE_L_AND_D, 0 },
	{ "compatibility mode", CR0_PAGED, CR4_PAE, EFER_LONG, 0, CODE32, 0 },
	{ "16-bit compatibility mode", CR0_PAGED, CR4_PAE, EFER_LONG, 0, CODE16, 0 },
	{ "64-bit mode", CR0_PAGED, CR4_PAE, EFER_LONG, 0, CODE64, 0 },
};

const u32 entry_nr_modes = ARRAY_SIZE(entry_modes);

struct covirt_cpu world_cpu;
struct vmcb world_vmcb __aligned(4096);
u32 world_nmis_sent, world_vmcs_cleared;

static struct covirt_config config;
static struct covirt_status status;
static struct covirt_shared shared;
static u64 dr6, cr2;
static const u8 *code_bytes;

#define CS_L	0x200

bool world_code64(const struct entry_mode *mode)
{
	return mode->efer & ARCH_EFER_LMA && mode->cs & CS_L;
}

u64 world_rip(const struct entry_case *c)
{
	static const u64 ends[] = {
		[ENTRY_MIDDLE] = 0x8000, [ENTRY_AT_64K] = 0x10000,
		[ENTRY_AT_4G] = 0x100000000, [ENTRY_BEYOND_4G] = 0x800000000000,
	};
	u32 place = c->place;

	if (place == ENTRY_BEYOND_4G && !world_code64(&entry_modes[c->mode]))
		place = ENTRY_MIDDLE;
	return ends[place] - (c->len ? c->len : 1);
}

/* After an exit RIP is where it was, or behind the instruction. */
const char *world_rip_wrong(const struct entry_case *c, u64 rip)
{
	u64 next = world_rip(c) + c->len;

	if (!world_code64(&entry_modes[c->mode]))
		next = (u32)next;
	return rip == world_rip(c) || rip == next ? NULL :
	       "RIP is neither of the instruction nor behind it";
}

void world_reset(const struct entry_case *c, const struct covirt_backend_cpu *backend)
{
	memset(&world_cpu, 0, sizeof(world_cpu));
	memset(&world_vmcb, 0, sizeof(world_vmcb));
	memset(&status, 0, sizeof(status));
	memset(&shared.inbox, 0, sizeof(shared.inbox));
	config.features = c->features;
	config.entry = (struct covirt_entry){};
	config.present = 1;
	config.cmos.hz = 2000000000;
	config.msr_bitmap = 0x100000;
	config.io_bitmap = 0x200000;
	world_cpu = (struct covirt_cpu) {
		.config = &config, .self = &config.cpu[0], .status = &status, .shared = &shared,
		.control = &world_vmcb, .backend = backend,
		.apic_mode = c->features & COVIRT_FEATURE_XAPIC ? APIC_MODE_XAPIC :
								  APIC_MODE_X2APIC,
		.cr4_mask = cr4_mask(arch_cpuid), .efer_mask = efer_mask(arch_cpuid),
	};
	dr6 = 0xffff0ff0;
	world_nmis_sent = 0;
	code_bytes = c->bytes;
}

/* The co-kernel of the next control block; other tests begin as loader.c has made none. */
void world_begin(const struct covirt_entry *entry, const struct covirt_backend_cpu *backend)
{
	static const struct entry_case c;

	world_reset(&c, backend);
	config.entry = *entry;
}

/* A processor that has all that there is, and no INVLPGB. */
struct arch_cpuid arch_cpuid(u32 leaf, u32 subleaf)
{
	switch (leaf) {
	case 0:
		return (struct arch_cpuid) { .eax = 0xd };
	case 0xd:
		return (struct arch_cpuid) { .eax = 7 };
	case 0x80000000:
		return (struct arch_cpuid) { .eax = 0x80000021 };
	case 0x80000008:
		return (struct arch_cpuid) { .eax = 0x3030 };
	default:
		return (struct arch_cpuid) { ~0U, ~0U, ~0U, ~0U };
	}
}

/* All controls may be 1, and none must be. */
u64 arch_rdmsr(u32 msr)
{
	switch (msr) {
	case MSR_VMX_SECONDARY:
	case MSR_VMX_TRUE_PIN:
	case MSR_VMX_TRUE_PRIMARY:
	case MSR_VMX_TRUE_EXIT:
	case MSR_VMX_TRUE_ENTRY:
		return GENMASK_ULL(63, 32);
	default:
		return 0;
	}
}

void arch_wrmsr(u32 msr, u64 value)
{
}

u64 arch_read_dr6(void)
{
	return dr6;
}

void arch_write_dr6(u64 value)
{
	dr6 = value;
}

u64 arch_read_cr0(void)
{
	return 0;
}

void arch_write_cr0(u64 value)
{
}

u64 arch_read_cr2(void)
{
	return cr2;
}

void arch_write_cr2(u64 value)
{
	cr2 = value;
}

u64 arch_read_cr3(void)
{
	return 0;
}

void arch_write_cr3(u64 value)
{
}

u64 arch_read_cr4(void)
{
	return 0;
}

void arch_write_cr4(u64 value)
{
}

u64 arch_read_gdt_base(void)
{
	return 0;
}

int arch_wrmsr_safe(u32 msr, u64 value)
{
	return 0;
}

int arch_rdmsr_safe(u32 msr, u64 *value)
{
	*value = arch_rdmsr(msr);
	return 0;
}

int xsetbv_safe(u32 index, u64 value)
{
	return 0;
}

u32 guest_fetch(struct covirt_cpu *cpu, u8 *buf, u32 len)
{
	memcpy(buf, code_bytes, len);
	return len;
}

/* No emulated access is by a MOV here, so each is contained. */
bool guest_fetch_mov(struct covirt_cpu *cpu, struct mov *insn)
{
	return false;
}

u32 apic_read(const struct covirt_cpu *cpu, enum apic_register reg)
{
	return 0;
}

void apic_write(const struct covirt_cpu *cpu, enum apic_register reg, u32 value)
{
}

void apic_reset(const struct covirt_cpu *cpu)
{
}

void apic_mode_set(struct covirt_cpu *cpu, u64 mode)
{
}

bool apic_in_service(const struct covirt_cpu *cpu, vector_t vector)
{
	return true;
}

void apic_end_interrupt(const struct covirt_cpu *cpu)
{
}

void apic_send_nmi(const struct covirt_cpu *cpu, apicid_t apicid)
{
	world_nmis_sent++;
}

void apic_send_fixed(const struct covirt_cpu *cpu, vector_t vector, u32 targets)
{
}

void apic_send_routed(const struct covirt_cpu *cpu, u64 target)
{
}

void apic_notify(const struct covirt_cpu *cpu)
{
}

s32 trap_accept(struct covirt_cpu *cpu, void (*window)(void))
{
	return -1;
}

/* --- what is assembler --- */

const char hv_stack_idt[1], hv_tss[1];

void idt_load_stack(void)
{
}

void svm_loop(struct covirt_cpu *cpu, hpa_t vmcb, hpa_t host, svm_exit_handler *handler)
{
}

void svm_vmload(hpa_t vmcb)
{
}

void svm_clgi(void)
{
}

void svm_stgi(void)
{
}

void svm_take_nmi(void)
{
}

void svm_interrupt_window(void)
{
}

void svm_wait_nmi(struct covirt_cpu *cpu)
{
}

int vmx_on(const hpa_t *region)
{
	return 0;
}

int vmx_clear(const hpa_t *vmcs)
{
	world_vmcs_cleared++;
	return 0;
}

int vmx_load(const hpa_t *vmcs)
{
	return 0;
}

void vmx_loop(struct covirt_cpu *cpu, vmx_exit_handler *handler)
{
}

void vmx_off(void)
{
}

void vmx_invalidate_all(void)
{
}

void vmx_wait_nmi(struct covirt_cpu *cpu)
{
}

void vmx_unblock_nmi(void)
{
}

void vmx_interrupt_window(void)
{
}
