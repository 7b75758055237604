// SPDX-License-Identifier: GPL-2.0-only
/* An exit on VMX, from the VMCS that the processor leaves to the one with which it is entered. */
#include "seam.h"
#include "backend/backends.h"
#include "backend/vmx/vmx.h"
#include "entry.h"

#define NR_FIELDS	0x7000
#define VMCS_GUEST_PDPTE(n)	((enum vmcs_field)(0x280a + 2 * (n)))
#define NR_PDPTES	4
#define PDPTE_GOOD	0x3001ULL
#define PDPTE_STALE	0x31e7ULL	/* left there by another paging mode */
#define PENDING_BS	BIT(14)
#define SHADOW_STI	BIT(0)
#define SHADOW_MOV_SS	BIT(1)
#define CR_FROM_RBX(cr)	((cr) | GPR_RBX << 8)
#define IO_PORT_OUT(n)	((u64)(n) << 16)
#define EPTV_LINEAR	BIT(7)

static u64 fields[NR_FIELDS];

u64 vmcs_read(enum vmcs_field field)
{
	return fields[field % NR_FIELDS];
}

void vmcs_write(enum vmcs_field field, u64 value)
{
	fields[field % NR_FIELDS] = value;
}

static void mode_set(const struct entry_mode *mode)
{
	u32 entry = vmcs_read(VMCS_ENTRY_CONTROLS) & ~ENTRY_GUEST_64;
	bool pae = mode->cr0 & ARCH_CR0_PG && mode->cr4 & ARCH_CR4_PAE &&
		   !(mode->efer & ARCH_EFER_LMA);
	u32 n;

	vmcs_write(VMCS_GUEST_CR0, mode->cr0);
	vmcs_write(VMCS_CR0_SHADOW, mode->cr0);
	vmcs_write(VMCS_GUEST_CR4, mode->cr4 | ARCH_CR4_VMXE);
	vmcs_write(VMCS_CR4_SHADOW, mode->cr4);
	vmcs_write(VMCS_GUEST_EFER, mode->efer);
	vmcs_write(VMCS_ENTRY_CONTROLS,
		   mode->efer & ARCH_EFER_LMA ? entry | ENTRY_GUEST_64 : entry);
	vmcs_write(VMCS_GUEST_RFLAGS, mode->rflags | ARCH_RFLAGS_FIXED);
	vmcs_write(VMCS_GUEST_CS_ACCESS, (mode->cs & 0xff) | (mode->cs & 0xf00) << 4);
	vmcs_write(VMCS_GUEST_SS_ACCESS, 0xc093 | mode->cpl << 5);
	for (n = 0; n < NR_PDPTES; n++)
		vmcs_write(VMCS_GUEST_PDPTE(n), pae ? PDPTE_GOOD : PDPTE_STALE);
}

static u64 rflags_of(u32 flags)
{
	return (flags & ENTRY_TF ? ARCH_RFLAGS_TF : 0) | (flags & ENTRY_RF ? ARCH_RFLAGS_RF : 0) |
	       (flags & ENTRY_IF ? ARCH_RFLAGS_IF : 0);
}

static u64 interruptibility_of(u32 flags)
{
	return (flags & ENTRY_STI ? SHADOW_STI : 0) | (flags & ENTRY_MOV_SS ? SHADOW_MOV_SS : 0) |
	       (flags & ENTRY_NMI ? INTERRUPTIBILITY_NMI : 0);
}

static void flags_set(u32 flags)
{
	bool traps = flags & ENTRY_TF && flags & (ENTRY_STI | ENTRY_MOV_SS);

	vmcs_write(VMCS_GUEST_RFLAGS, vmcs_read(VMCS_GUEST_RFLAGS) | rflags_of(flags));
	vmcs_write(VMCS_GUEST_INTERRUPTIBILITY, interruptibility_of(flags));
	vmcs_write(VMCS_GUEST_PENDING_DEBUG, traps ? PENDING_BS : 0);
	if (flags & ENTRY_NMI)
		vmx_inject(&world_cpu, ARCH_VECTOR_NMI, 0);
}

static void exit_set(const struct entry_case *c)
{
	vmcs_write(VMCS_GUEST_RIP, world_rip(c));
	vmcs_write(VMCS_EXIT_REASON, c->code);
	vmcs_write(VMCS_EXIT_QUALIFICATION, c->info1);
	vmcs_write(VMCS_EXIT_INSN_LEN, c->len);
	vmcs_write(VMCS_EXIT_EVENT, c->event);
	vmcs_write(VMCS_EXIT_EVENT_ERROR, 0);
	vmcs_write(VMCS_EXIT_DELIVERY, c->delivery);
	vmcs_write(VMCS_GUEST_PHYSICAL, c->info2);
	world_cpu.gpr[GPR_RAX] = (u32)c->value;
	world_cpu.gpr[GPR_RBX] = c->value;
	world_cpu.gpr[GPR_RCX] = c->rcx;
	world_cpu.gpr[GPR_RDX] = c->value >> 32;
}

static bool differs(enum vmcs_field mask, enum vmcs_field shadow, u64 value)
{
	return (value ^ vmcs_read(shadow)) & vmcs_read(mask);
}

/* A write of CR0 or CR4 that is executed again without an exception must not exit again. */
static const char *progress_wrong(const struct entry_case *c)
{
	bool cr4 = c->info1 & 4;
	u64 value = world_code64(&entry_modes[c->mode]) ? c->value : (u32)c->value;

	if (c->code != VMX_EXIT_CR || vmcs_read(VMCS_ENTRY_EVENT) & EVENT_VALID)
		return NULL;
	if (vmcs_read(VMCS_GUEST_RIP) != world_rip(c))
		return NULL;
	return differs(cr4 ? VMCS_CR4_MASK : VMCS_CR0_MASK, cr4 ? VMCS_CR4_SHADOW : VMCS_CR0_SHADOW,
		       value) ? "it exits again for ever" : NULL;
}

static const char *wrong_after(const struct entry_case *c)
{
	const char *broken = vmx_entry_broken();

	if (!broken)
		broken = progress_wrong(c);
	return broken ? broken : world_rip_wrong(c, vmcs_read(VMCS_GUEST_RIP));
}

const char *entry_try_vmx(const struct entry_case *c)
{
	world_reset(c, &vmx_backend_cpu);
	vmcs_build(&world_cpu);
	mode_set(&entry_modes[c->mode]);
	flags_set(c->flags);
	exit_set(c);
	return vmx_exit(&world_cpu, VMX_ENTERED) == COVIRT_RESUME ? wrong_after(c) : NULL;
}

const char *entry_begin_vmx(const struct covirt_entry *entry)
{
	world_begin(entry, &vmx_backend_cpu);
	vmcs_build(&world_cpu);
	return vmx_entry_broken();
}

static void list_cr(struct entry_list *list, u32 cr, const u64 *values, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		ENTRY_ADD(list, .code = VMX_EXIT_CR, .info1 = CR_FROM_RBX(cr), .len = 3,
			  .value = values[i]);
}

static void list_msr(struct entry_list *list)
{
	u32 i;

	for (i = 0; i < entry_nr_msr_values; i++)
		ENTRY_ADD(list, .code = VMX_EXIT_WRMSR, .len = 2,
			  .rcx = entry_msr_values[i].msr, .value = entry_msr_values[i].value);
}

static void list_events(struct entry_list *list)
{
	const u64 db = EVENT_VALID | EVENT_TYPE_EXCEPTION << 8 | ARCH_VECTOR_DB;
	const u64 ac = EVENT_VALID | EVENT_TYPE_EXCEPTION << 8 | EVENT_ERROR | ARCH_VECTOR_AC;
	const u64 int1 = EVENT_VALID | EVENT_TYPE_INT1 << 8 | ARCH_VECTOR_DB;
	const u64 nmi = EVENT_VALID | EVENT_TYPE_NMI << 8 | ARCH_VECTOR_NMI;
	u64 event;
	u32 i;

	for (i = 0; i < entry_nr_deliveries; i++) {
		event = entry_deliveries[i];
		ENTRY_ADD(list, .event = db, .info1 = 1, .delivery = event);
		ENTRY_ADD(list, .event = ac, .delivery = event);
		ENTRY_ADD(list, .code = VMX_EXIT_EPT_VIOLATION, .info1 = EPTV_LINEAR,
			  .delivery = event);
	}
	ENTRY_ADD(list, .event = int1, .len = 1);
	ENTRY_ADD(list, .event = nmi);
}

/* An NMI window does not open while an NMI is handled. */
void entry_list_vmx(struct entry_list *list)
{
	u64 code;

	list->nr = 0;
	for (code = 1; code <= VMX_EXIT_ENCLS; code++)
		if (code != VMX_EXIT_NMI_WINDOW)
			ENTRY_ADD(list, .code = code, .len = 2, .value = 7);
	ENTRY_ADD(list, .code = VMX_EXIT_IO, .len = 2, .info1 = IO_PORT_OUT(0x80));
	list_cr(list, 0, entry_cr0_values, entry_nr_cr0_values);
	list_cr(list, 4, entry_cr4_values, entry_nr_cr4_values);
	list_msr(list);
	list_events(list);
}
