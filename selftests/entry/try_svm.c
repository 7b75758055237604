// SPDX-License-Identifier: GPL-2.0-only
/* An exit on SVM, from the VMCB that the processor leaves to the one with which it is entered. */
#include "seam.h"
#include "backend/backends.h"
#include "backend/svm/svm.h"
#include "entry.h"

#define MOV_FROM_RBX	(BIT_ULL(63) | GPR_RBX)	/* APM vol. 2, 15.33: EXITINFO1 */
#define IO_OUT_BYTE	0x10
#define PORT(n)		((u64)(n) << 16)
#define NPF_WALK	BIT_ULL(33)

static void save_set(struct vmcb_save *save, const struct entry_mode *mode)
{
	save->cr0 = mode->cr0;
	save->cr4 = mode->cr4;
	save->efer = mode->efer | ARCH_EFER_SVME;
	save->rflags = mode->rflags | ARCH_RFLAGS_FIXED;
	save->cs.attrib = mode->cs;
	save->cpl = mode->cpl;
}

static void flags_set(struct vmcb *vmcb, u32 flags)
{
	if (flags & ENTRY_TF)
		vmcb->save.rflags |= ARCH_RFLAGS_TF;
	if (flags & ENTRY_RF)
		vmcb->save.rflags |= ARCH_RFLAGS_RF;
	if (flags & ENTRY_IF)
		vmcb->save.rflags |= ARCH_RFLAGS_IF;
	if (flags & (ENTRY_STI | ENTRY_MOV_SS))
		vmcb->control.int_state = VMCB_INTERRUPT_SHADOW;
	if (flags & ENTRY_NMI) {
		vmcb->control.intercept3 |= INTERCEPT_IRET;
		world_cpu.nmi_owed = true;
	}
}

static void exit_set(struct vmcb *vmcb, const struct entry_case *c)
{
	vmcb->save.rip = world_rip(c);
	vmcb->save.rax = (u32)c->value;
	vmcb->control.exitcode = c->code;
	vmcb->control.exitinfo1 = c->info1;
	vmcb->control.exitinfo2 = c->code == VMEXIT_IOIO ? world_rip(c) + c->len : c->info2;
	vmcb->control.exitintinfo = c->delivery;
	vmcb->control.next_rip = world_rip(c) + c->len;
	world_cpu.gpr[GPR_RBX] = c->value;
	world_cpu.gpr[GPR_RCX] = c->rcx;
	world_cpu.gpr[GPR_RDX] = c->value >> 32;
}

const char *entry_try_svm(const struct entry_case *c)
{
	const char *broken;

	world_reset(c, &svm_backend_cpu);
	vmcb_build(&world_cpu);
	save_set(&world_vmcb.save, &entry_modes[c->mode]);
	flags_set(&world_vmcb, c->flags);
	exit_set(&world_vmcb, c);
	broken = svm_exit(&world_cpu) == COVIRT_RESUME ? svm_entry_broken(&world_vmcb) : NULL;
	return broken ? broken : world_rip_wrong(c, world_vmcb.save.rip);
}

const char *entry_begin_svm(const struct covirt_entry *entry)
{
	world_begin(entry, &svm_backend_cpu);
	vmcb_build(&world_cpu);
	return svm_entry_broken(&world_vmcb);
}

static void list_cr(struct entry_list *list, u64 code, const u64 *values, u32 nr, u8 modrm)
{
	const u64 decodes = COVIRT_FEATURE_DECODE | COVIRT_FEATURE_NEXT_RIP;
	u32 i;

	for (i = 0; i < nr; i++) {
		ENTRY_ADD(list, .code = code, .info1 = MOV_FROM_RBX, .len = 3, .value = values[i],
			  .features = decodes);
		ENTRY_ADD(list, .code = code, .len = 3, .value = values[i],
			  .bytes = { 0x0f, 0x22, modrm });
	}
}

static void list_msr(struct entry_list *list)
{
	u32 i;

	for (i = 0; i < entry_nr_msr_values; i++)
		ENTRY_ADD(list, .code = VMEXIT_MSR, .info1 = 1, .len = 2,
			  .rcx = entry_msr_values[i].msr, .value = entry_msr_values[i].value);
}

static void list_events(struct entry_list *list)
{
	u64 event;
	u32 i;

	for (i = 0; i < entry_nr_deliveries; i++) {
		event = entry_deliveries[i];
		ENTRY_ADD(list, .code = VMEXIT_EXCEPTION + ARCH_VECTOR_DB, .delivery = event);
		ENTRY_ADD(list, .code = VMEXIT_EXCEPTION + ARCH_VECTOR_AC, .delivery = event);
		ENTRY_ADD(list, .code = VMEXIT_NPF, .info1 = NPF_WALK, .delivery = event);
	}
}

/* Length of what exits with that code, where it is not a matter of the case. */
static u32 insn_len(u64 code)
{
	return code == VMEXIT_XSETBV ? 3 : 2;
}

void entry_list_svm(struct entry_list *list)
{
	u64 code;

	list->nr = 0;
	for (code = 0; code <= VMEXIT_TLBSYNC; code++)
		ENTRY_ADD(list, .code = code, .len = insn_len(code), .value = 7);
	ENTRY_ADD(list, .code = VMEXIT_CPUID, .len = 2, .features = COVIRT_FEATURE_NEXT_RIP);
	ENTRY_ADD(list, .code = VMEXIT_IOIO, .len = 2, .info1 = PORT(0x80) | IO_OUT_BYTE);
	list_cr(list, VMEXIT_CR0_SELECTIVE, entry_cr0_values, entry_nr_cr0_values, 0xc3);
	list_cr(list, VMEXIT_WRITE_CR4, entry_cr4_values, entry_nr_cr4_values, 0xe3);
	ENTRY_ADD(list, .code = VMEXIT_CR0_SELECTIVE, .len = 3, .value = 1,
		  .bytes = { 0x0f, 0x01, 0xf3 });
	list_msr(list);
	list_events(list);
}
