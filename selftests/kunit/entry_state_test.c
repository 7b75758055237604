// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest state at entries after an exit: both backends against the rules of the manuals
 * (selftests/entry/), and sequences of more than one exit.
 */
#include "selftests/entry/seam.h"

#include <kunit/test.h>

#include "core/rip.h"
#include "core/run.h"
#include "backend/backends.h"
#include "backend/svm/svm.h"
#include "backend/vmx/vmx.h"
#include "selftests/entry/entry.h"

#define MODE_REAL	0
#define MODE_PAE_NEXT	4	/* in entry_modes: before PAE paging */
#define MODE_CS_L	8
#define MODE_64		11
#define TOLD		5	/* of each sweep: a fault shows in thousands of exits */
#define DR6_BS		BIT(14)
#define VECTOR		0x31
#define EVENT_INTERRUPT_VALID	(BIT(31) | VECTOR)
#define CR0_FROM_RBX	(GPR_RBX << 8)

static struct entry_list list;

struct tally {
	struct kunit *test;
	u64 tried;
	u64 wrong;
};

static void tally_visit(void *ctx, const struct entry_case *c, const char *wrong)
{
	struct tally *tally = ctx;

	tally->tried++;
	if (!wrong)
		return;
	if (tally->wrong++ < TOLD)
		kunit_info(tally->test,
			   "%s: exit %#llx of %s, info %#llx, value %#llx, place %u, flags %#x\n",
			   wrong, c->code, entry_modes[c->mode].name, c->info1, c->value,
			   c->place, c->flags);
}

static void every_exit_on_svm_ends_in_a_state_that_vmrun_takes(struct kunit *test)
{
	struct tally tally = { test };

	entry_list_svm(&list);
	KUNIT_EXPECT_LT(test, list.nr, (u32)ARRAY_SIZE(list.c));
	entry_sweep(&list, entry_try_svm, tally_visit, &tally);
	KUNIT_EXPECT_EQ(test, tally.wrong, 0ULL);
	KUNIT_EXPECT_GT(test, tally.tried, 400000ULL);
}

static void every_exit_on_vmx_ends_in_a_state_that_vm_entry_takes(struct kunit *test)
{
	struct tally tally = { test };

	entry_list_vmx(&list);
	KUNIT_EXPECT_LT(test, list.nr, (u32)ARRAY_SIZE(list.c));
	entry_sweep(&list, entry_try_vmx, tally_visit, &tally);
	KUNIT_EXPECT_EQ(test, tally.wrong, 0ULL);
	KUNIT_EXPECT_GT(test, tally.tried, 200000ULL);
}

/* A state that is right, for one rule to be broken; an exit that changes nothing leaves it. */
static void svm_begin(u32 mode, u32 flags)
{
	const struct entry_case c = {
		.mode = mode, .flags = flags, .code = VMEXIT_IRET, .len = 1,
	};

	entry_try_svm(&c);
}

static void vmx_begin(u32 mode, u32 flags)
{
	const struct entry_case c = {
		.mode = mode, .flags = flags, .len = 1, .code = VMX_EXIT_INTERRUPT,
	};

	entry_try_vmx(&c);
}

static void the_rules_of_vmrun_find_what_breaks_them(struct kunit *test)
{
	svm_begin(MODE_PAE_NEXT, 0);
	KUNIT_ASSERT_PTR_EQ(test, svm_entry_broken(&world_vmcb), NULL);
	world_vmcb.save.rip = BIT_ULL(32);
	KUNIT_EXPECT_STREQ(test, svm_entry_broken(&world_vmcb),
			   "RIP has more than 32 bits outside 64-bit code");
	svm_begin(MODE_CS_L, 0);
	world_vmcb.save.cr0 |= ARCH_CR0_PG;
	KUNIT_EXPECT_STREQ(test, svm_entry_broken(&world_vmcb),
			   "EFER.LME, CR0.PG, CR4.PAE, CS.L and CS.D are all set");
	svm_begin(MODE_64, 0);
	world_vmcb.control.event_inj = BIT(31) | VMCB_EVENT_EXCEPTION | ARCH_VECTOR_NMI;
	KUNIT_EXPECT_STREQ(test, svm_entry_broken(&world_vmcb), "an event that cannot be injected");
	svm_begin(MODE_64, 0);
	world_vmcb.control.int_ctl |= BIT(31);
	KUNIT_EXPECT_STREQ(test, svm_entry_broken(&world_vmcb), "stray bits in int_ctl");
}

static void the_rules_of_vm_entry_find_what_breaks_them(struct kunit *test)
{
	vmx_begin(MODE_PAE_NEXT, 0);
	KUNIT_ASSERT_PTR_EQ(test, vmx_entry_broken(), NULL);
	vmcs_write(VMCS_GUEST_RIP, BIT_ULL(32));
	KUNIT_EXPECT_STREQ(test, vmx_entry_broken(),
			   "RIP has more than 32 bits outside 64-bit code");
	vmx_begin(MODE_PAE_NEXT, 0);
	vmcs_write(VMCS_GUEST_CR0, vmcs_read(VMCS_GUEST_CR0) | ARCH_CR0_PG);
	KUNIT_EXPECT_STREQ(test, vmx_entry_broken(), "PDPTEs that nobody has loaded");
	vmx_begin(MODE_64, 0);
	vmcs_write(VMCS_GUEST_EFER, ARCH_EFER_LME);
	KUNIT_EXPECT_STREQ(test, vmx_entry_broken(),
			   "EFER.LMA, EFER.LME and the entry control differ");
	vmx_begin(MODE_64, ENTRY_IF | ENTRY_STI);
	vmcs_write(VMCS_ENTRY_EVENT, EVENT_INTERRUPT_VALID);
	vmcs_write(VMCS_GUEST_INTERRUPTIBILITY, BIT(0));
	KUNIT_EXPECT_STREQ(test, vmx_entry_broken(), "interruptibility state");
	vmx_begin(MODE_REAL, 0);
	vmcs_write(VMCS_ENTRY_EVENT, BIT(31) | EVENT_ERROR | EVENT_TYPE_EXCEPTION << 8 |
				     ARCH_VECTOR_GP);
	KUNIT_EXPECT_STREQ(test, vmx_entry_broken(), "an event that cannot be injected");
}

static bool is_code64(struct covirt_cpu *cpu)
{
	return true;
}

static bool is_not_code64(struct covirt_cpu *cpu)
{
	return false;
}

static void rip_is_as_wide_as_the_code(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, rip_next(NULL, 0xfffffffeULL, 0x100000000ULL, is_not_code64), 0ULL);
	KUNIT_EXPECT_EQ(test, rip_next(NULL, 0xffffffffULL, 0x100000001ULL, is_not_code64), 1ULL);
	KUNIT_EXPECT_EQ(test, rip_next(NULL, 0xfffffffeULL, 0x100000000ULL, is_code64),
			0x100000000ULL);
	/* The limit of a segment ends there, not the instruction pointer. */
	KUNIT_EXPECT_EQ(test, rip_next(NULL, 0xfffeULL, 0x10000ULL, is_not_code64), 0x10000ULL);
	KUNIT_EXPECT_EQ(test, rip_next(NULL, ~1ULL, 0ULL, is_code64), 0ULL);
	KUNIT_EXPECT_EQ(test, rip_cut(0x123456789ULL, false), 0x23456789ULL);
}

/* The processor does the rest when it executes the instruction again: it finds no difference. */
static void a_write_of_cr0_is_left_to_the_processor(struct kunit *test)
{
	u64 value = ARCH_CR0_PG | ARCH_CR0_CD | ARCH_CR0_PE | ARCH_CR0_ET;
	struct entry_case c = { .mode = MODE_PAE_NEXT, .code = VMX_EXIT_CR, .len = 3,
				.info1 = CR0_FROM_RBX, .value = value };

	KUNIT_EXPECT_PTR_EQ(test, entry_try_vmx(&c), NULL);
	KUNIT_EXPECT_EQ(test, vmcs_read(VMCS_GUEST_RIP), world_rip(&c));
	KUNIT_EXPECT_EQ(test, vmcs_read(VMCS_GUEST_CR0), entry_modes[MODE_PAE_NEXT].cr0);
	KUNIT_EXPECT_EQ(test, vmx_read(&world_cpu, COVIRT_REG_CR0) & ARCH_CR0_CD, ARCH_CR0_CD);
	KUNIT_EXPECT_EQ(test, vmx_read(&world_cpu, COVIRT_REG_CR0) & ARCH_CR0_NE, 0ULL);
}

static void what_is_refused_leaves_the_shadow_alone(struct kunit *test)
{
	struct entry_case c = { .mode = MODE_PAE_NEXT, .code = VMX_EXIT_CR, .len = 3,
				.info1 = CR0_FROM_RBX, .value = ARCH_CR0_NW | ARCH_CR0_PE };

	KUNIT_EXPECT_PTR_EQ(test, entry_try_vmx(&c), NULL);
	KUNIT_EXPECT_EQ(test, EVENT_VECTOR(vmcs_read(VMCS_ENTRY_EVENT)), (u64)ARCH_VECTOR_GP);
	KUNIT_EXPECT_EQ(test, vmcs_read(VMCS_CR0_SHADOW), entry_modes[MODE_PAE_NEXT].cr0);
}

/* --- NMIs on SVM, exit by exit --- */

static enum covirt_verdict svm_exits(u64 code, u64 info1, u64 info2)
{
	world_vmcb.control.exitcode = code;
	world_vmcb.control.exitinfo1 = info1;
	world_vmcb.control.exitinfo2 = info2;
	world_vmcb.control.exitintinfo = 0;
	return svm_exit(&world_cpu);
}

/* IRET has ended: what the processor does at the end of a step. */
static void svm_steps(u64 rflags, u64 causes)
{
	world_vmcb.save.rip = 0x9000;
	world_vmcb.save.rflags = rflags | ARCH_RFLAGS_FIXED;
	world_vmcb.save.dr6 |= causes;
	svm_exits(VMEXIT_EXCEPTION + ARCH_VECTOR_DB, 0, 0);
}

static u32 svm_event(void)
{
	return world_vmcb.control.event_inj & 0xff;
}

static void expect_no_step(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, world_cpu.stepping);
	KUNIT_EXPECT_EQ(test, world_vmcb.control.intercept_exception, (u32)SVM_EXCEPTIONS);
	KUNIT_EXPECT_PTR_EQ(test, svm_entry_broken(&world_vmcb), NULL);
}

static void expect_nmi(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, world_vmcb.control.event_inj,
			(u32)(VMCB_EVENT_NMI | VMCB_EVENT_VALID));
	KUNIT_EXPECT_NE(test, world_vmcb.control.intercept3 & INTERCEPT_IRET, (u32)0);
	KUNIT_EXPECT_FALSE(test, world_cpu.nmi_owed);
	expect_no_step(test);
}

static void an_owed_nmi_comes_when_iret_has_ended(struct kunit *test)
{
	svm_begin(MODE_64, ENTRY_NMI);
	KUNIT_EXPECT_TRUE(test, world_cpu.stepping);
	KUNIT_EXPECT_NE(test, world_vmcb.save.rflags & ARCH_RFLAGS_TF, 0ULL);
	KUNIT_EXPECT_EQ(test, world_vmcb.control.intercept3 & (INTERCEPT_IRET | INTERCEPT_VINTR),
			(u32)0);
	KUNIT_EXPECT_EQ(test, world_vmcb.control.event_inj, (u32)0);
	svm_steps(0, DR6_BS);	/* with IF still 0 */
	expect_nmi(test);
	KUNIT_EXPECT_EQ(test, world_vmcb.save.dr6, DR6_RESET);
}

static void without_one_owed_iret_is_not_stepped_over(struct kunit *test)
{
	svm_begin(MODE_64, 0);
	KUNIT_EXPECT_EQ(test, world_vmcb.save.rflags & ARCH_RFLAGS_TF, 0ULL);
	expect_no_step(test);
}

/* The NMI comes while the exit of an IRET that has yet to be executed is handled. */
static void an_nmi_does_not_overtake_iret(struct kunit *test)
{
	svm_begin(MODE_64, 0);
	svm_nmi(&world_cpu);
	svm_exits(VMEXIT_NMI, 0, 0);
	KUNIT_EXPECT_TRUE(test, world_cpu.stepping);
	KUNIT_EXPECT_EQ(test, world_vmcb.control.event_inj, (u32)0);
	svm_steps(0, DR6_BS);
	expect_nmi(test);
}

/* An emulator may not report the cause of a single step. */
static void a_step_without_a_cause_has_ended(struct kunit *test)
{
	svm_begin(MODE_64, ENTRY_NMI);
	svm_steps(0, 0);
	expect_nmi(test);
}

/* The guest must not find our TF in the frame of an exception that IRET raises. */
static void a_fault_of_iret_is_the_guests(struct kunit *test)
{
	svm_begin(MODE_64, ENTRY_NMI);
	svm_exits(VMEXIT_EXCEPTION + ARCH_VECTOR_PF, 2, 0xdead000);
	KUNIT_EXPECT_EQ(test, svm_event(), (u32)ARCH_VECTOR_PF);
	KUNIT_EXPECT_EQ(test, world_vmcb.control.event_inj_error, (u32)2);
	KUNIT_EXPECT_EQ(test, world_vmcb.save.cr2, 0xdead000ULL);
	KUNIT_EXPECT_EQ(test, world_vmcb.save.rflags & ARCH_RFLAGS_TF, 0ULL);
	KUNIT_EXPECT_NE(test, world_vmcb.control.intercept3 & INTERCEPT_IRET, (u32)0);
	KUNIT_EXPECT_TRUE(test, world_cpu.nmi_owed);
	expect_no_step(test);
}

static void a_doorbell_during_the_step_costs_nothing(struct kunit *test)
{
	svm_begin(MODE_64, ENTRY_NMI);
	svm_exits(VMEXIT_NMI, 0, 0);
	expect_no_step(test);
	KUNIT_EXPECT_EQ(test, world_vmcb.save.rflags & ARCH_RFLAGS_TF, 0ULL);
	KUNIT_EXPECT_EQ(test, world_vmcb.control.event_inj, (u32)0);
	svm_exits(VMEXIT_IRET, 0, 0);
	svm_steps(ARCH_RFLAGS_IF, DR6_BS);
	expect_nmi(test);
}

static void the_guests_own_single_step_comes_first(struct kunit *test)
{
	svm_begin(MODE_64, ENTRY_NMI | ENTRY_TF);
	svm_steps(0, DR6_BS);
	KUNIT_EXPECT_EQ(test, svm_event(), (u32)ARCH_VECTOR_DB);
	KUNIT_EXPECT_EQ(test, world_vmcb.save.dr6, DR6_RESET | DR6_BS);
	KUNIT_EXPECT_EQ(test, world_nmis_sent, (u32)1);
	svm_exits(VMEXIT_NMI, 0, 0);	/* at the first instruction of the handler */
	expect_nmi(test);
}

static void a_breakpoint_that_iret_hits_is_not_lost(struct kunit *test)
{
	svm_begin(MODE_64, ENTRY_NMI);
	world_vmcb.save.dr7 |= BIT(2);	/* L1 */
	svm_steps(0, DR6_BS | BIT(0) | BIT(1));
	KUNIT_EXPECT_EQ(test, svm_event(), (u32)ARCH_VECTOR_DB);
	KUNIT_EXPECT_EQ(test, world_vmcb.save.dr6, DR6_RESET | BIT(1));
	KUNIT_EXPECT_TRUE(test, world_cpu.nmi_owed);
}

static void an_nmi_to_oneself_waits_behind_the_single_step(struct kunit *test)
{
	const struct entry_case c = {
		.mode = MODE_64, .flags = ENTRY_TF, .len = 2, .code = VMEXIT_MSR, .info1 = 1,
		.value = 0x400, .rcx = ARCH_MSR_X2APIC_ICR,
	};

	entry_try_svm(&c);
	KUNIT_EXPECT_EQ(test, svm_event(), (u32)ARCH_VECTOR_DB);
	KUNIT_EXPECT_EQ(test, world_nmis_sent, (u32)1);
	svm_exits(VMEXIT_NMI, 0, 0);
	expect_nmi(test);
}

/* --- an event that was being delivered --- */

static void svm_breaks_off(u64 event, u32 flags)
{
	const struct entry_case c = {
		.mode = MODE_64, .flags = flags, .delivery = event,
		.code = VMEXIT_EXCEPTION + ARCH_VECTOR_DB,
	};

	entry_try_svm(&c);
}

static void an_interrupt_broken_off_comes_later_on_svm(struct kunit *test)
{
	const u32 avic = BIT(31);

	svm_breaks_off(EVENT_INTERRUPT_VALID, ENTRY_IF);
	KUNIT_EXPECT_EQ(test, svm_event(), (u32)ARCH_VECTOR_DB);
	KUNIT_EXPECT_NE(test, world_vmcb.control.int_ctl & VMCB_V_IRQ, (u32)0);
	world_vmcb.control.int_ctl |= avic;
	svm_exits(VMEXIT_VINTR, 0, 0);
	KUNIT_EXPECT_EQ(test, world_vmcb.control.event_inj, (u32)EVENT_INTERRUPT_VALID);
	KUNIT_EXPECT_EQ(test, world_vmcb.control.int_ctl, avic);
	KUNIT_EXPECT_EQ(test, world_vmcb.control.intercept3 & INTERCEPT_VINTR, (u32)0);
}

/* As QEMU tells of it. */
static void an_interrupt_told_as_an_exception_is_one(struct kunit *test)
{
	svm_breaks_off(EVENT_INTERRUPT_VALID | VMCB_EVENT_EXCEPTION, ENTRY_IF);
	svm_exits(VMEXIT_VINTR, 0, 0);
	KUNIT_EXPECT_EQ(test, world_vmcb.control.event_inj, (u32)EVENT_INTERRUPT_VALID);
}

static void an_nmi_broken_off_comes_later_on_svm(struct kunit *test)
{
	svm_breaks_off(BIT(31) | VMCB_EVENT_NMI, 0);
	KUNIT_EXPECT_EQ(test, svm_event(), (u32)ARCH_VECTOR_DB);
	KUNIT_EXPECT_EQ(test, world_nmis_sent, (u32)1);
	svm_exits(VMEXIT_NMI, 0, 0);
	expect_nmi(test);
}

static void vmx_breaks_off(u64 event, u32 flags)
{
	const struct entry_case c = {
		.mode = MODE_64, .flags = flags, .delivery = event, .info1 = 1,
		.event = BIT(31) | EVENT_TYPE_EXCEPTION << 8 | ARCH_VECTOR_DB,
	};

	entry_try_vmx(&c);
}

static void vmx_exits(u64 code)
{
	vmcs_write(VMCS_ENTRY_EVENT, 0);	/* the entry has taken it */
	vmcs_write(VMCS_EXIT_REASON, code);
	vmcs_write(VMCS_EXIT_DELIVERY, 0);
	vmx_exit(&world_cpu, VMX_ENTERED);
}

static void an_interrupt_broken_off_comes_later_on_vmx(struct kunit *test)
{
	vmx_breaks_off(EVENT_INTERRUPT_VALID, ENTRY_IF);
	KUNIT_EXPECT_EQ(test, EVENT_VECTOR(vmcs_read(VMCS_ENTRY_EVENT)), (u64)ARCH_VECTOR_DB);
	KUNIT_EXPECT_NE(test, vmcs_read(VMCS_PRIMARY_CONTROLS) & PRIMARY_INTERRUPT_WINDOW, 0ULL);
	vmx_exits(VMX_EXIT_INTERRUPT_WINDOW);
	KUNIT_EXPECT_EQ(test, vmcs_read(VMCS_ENTRY_EVENT), (u64)EVENT_INTERRUPT_VALID);
	KUNIT_EXPECT_EQ(test, vmcs_read(VMCS_PRIMARY_CONTROLS) & PRIMARY_INTERRUPT_WINDOW, 0ULL);
	KUNIT_EXPECT_EQ(test, vmcs_read(VMCS_PIN_CONTROLS) & PIN_INTERRUPT_EXITING, 0ULL);
}

static void an_nmi_broken_off_comes_later_on_vmx(struct kunit *test)
{
	vmx_breaks_off(BIT(31) | EVENT_TYPE_NMI << 8 | ARCH_VECTOR_NMI, ENTRY_NMI);
	KUNIT_EXPECT_EQ(test, vmcs_read(VMCS_GUEST_INTERRUPTIBILITY) & INTERRUPTIBILITY_NMI, 0ULL);
	KUNIT_EXPECT_NE(test, vmcs_read(VMCS_PRIMARY_CONTROLS) & PRIMARY_NMI_WINDOW, 0ULL);
	vmx_exits(VMX_EXIT_NMI_WINDOW);
	KUNIT_EXPECT_EQ(test, EVENT_VECTOR(vmcs_read(VMCS_ENTRY_EVENT)), (u64)ARCH_VECTOR_NMI);
	KUNIT_EXPECT_PTR_EQ(test, vmx_entry_broken(), NULL);
}

/* --- the first entry, in the mode that the loader wants --- */

static const struct covirt_entry first_entries[] = {
	{ .mode = COVIRT_ENTRY_64, .rip = 0x140000040, .rsp = 0x8000, .rsi = 0x2000,
	  .cr3 = 0x8000, .gdt_base = 0x1000, .gdt_limit = 31, .cs = 0x10, .ds = 0x18 },
	{ .mode = COVIRT_ENTRY_32, .rip = 0x400040, .rsp = 0x8000, .rax = 0x2badb002,
	  .rbx = 0x2000, .gdt_base = 0x1000, .gdt_limit = 31, .cs = 0x10, .ds = 0x18 },
};

/* The registers that a report of a triple fault shows, as the guest would see them. */
static void expect_began(struct kunit *test, const struct covirt_entry *entry)
{
	const struct covirt_registers *began = &world_cpu.status->began;
	bool long_mode = entry->mode == COVIRT_ENTRY_64;

	run_begin(&world_cpu);
	KUNIT_EXPECT_EQ(test, began->rip, entry->rip);
	KUNIT_EXPECT_EQ(test, began->gpr[GPR_RSP], entry->rsp);
	KUNIT_EXPECT_EQ(test, began->gpr[GPR_RAX], entry->rax);
	KUNIT_EXPECT_EQ(test, began->gpr[GPR_RBX], entry->rbx);
	KUNIT_EXPECT_EQ(test, began->gpr[GPR_RSI], entry->rsi);
	KUNIT_EXPECT_EQ(test, began->cr3, entry->cr3);
	KUNIT_EXPECT_EQ(test, !!(began->cr0 & ARCH_CR0_PG), long_mode);
	KUNIT_EXPECT_EQ(test, !!(began->cr4 & ARCH_CR4_PAE), long_mode);
	KUNIT_EXPECT_EQ(test, began->efer, long_mode ? ARCH_EFER_LME | ARCH_EFER_LMA : 0ULL);
	KUNIT_EXPECT_EQ(test, !!began->code64, long_mode);
	KUNIT_EXPECT_EQ(test, !!world_cpu.backend->read(&world_cpu, COVIRT_REG_CODE32), !long_mode);
}

static void the_first_entry_has_the_mode_asked_for_on_svm(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(first_entries); i++) {
		KUNIT_EXPECT_PTR_EQ(test, entry_begin_svm(&first_entries[i]), NULL);
		expect_began(test, &first_entries[i]);
		KUNIT_EXPECT_EQ(test, world_vmcb.save.rax, first_entries[i].rax);
	}
}

static void the_first_entry_has_the_mode_asked_for_on_vmx(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(first_entries); i++) {
		KUNIT_EXPECT_PTR_EQ(test, entry_begin_vmx(&first_entries[i]), NULL);
		expect_began(test, &first_entries[i]);
	}
}

/* A start-up IPI begins in real mode, whatever the boot CPU began in. */
static void a_start_up_ipi_forgets_the_mode_of_the_first_entry(struct kunit *test)
{
	entry_begin_svm(&first_entries[1]);
	vmcb_build_startup(&world_cpu, 0x9a);
	KUNIT_EXPECT_PTR_EQ(test, svm_entry_broken(&world_vmcb), NULL);
	KUNIT_EXPECT_EQ(test, world_vmcb.save.rax | world_cpu.gpr[GPR_RBX], 0ULL);
	entry_begin_vmx(&first_entries[1]);
	vmcs_build_startup(&world_cpu, 0x9a);
	KUNIT_EXPECT_PTR_EQ(test, vmx_entry_broken(), NULL);
	KUNIT_EXPECT_EQ(test, world_cpu.gpr[GPR_RAX] | world_cpu.gpr[GPR_RBX], 0ULL);
	KUNIT_EXPECT_EQ(test, vmcs_read(VMCS_ENTRY_CONTROLS) & ENTRY_GUEST_64, 0ULL);
}

/* --- a CPU's life: on, reset by a start-up IPI, off --- */

#define PAGE	0x9a	/* that a start-up IPI names */

static struct covirt_cpu *cpu_enabled(const struct covirt_backend_cpu *backend)
{
	const struct entry_case c = {};

	world_reset(&c, backend);
	backend->enable(&world_cpu);
	return &world_cpu;
}

/* As after many exits, with an interrupt and an NMI on their way. */
static void cpu_restarted(const struct covirt_backend_cpu *backend)
{
	struct covirt_cpu *cpu = cpu_enabled(backend);

	cpu->gpr[GPR_RBX] = 1;
	cpu->nmi_owed = true;
	cpu->stepping = true;
	vectors_add(&cpu->interrupts_owed, VECTOR);
	backend->reset(cpu, PAGE);
}

static void expect_restarted(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, world_cpu.gpr[GPR_RBX], 0ULL);
	KUNIT_EXPECT_EQ(test, world_cpu.gpr[GPR_RDX], (u64)arch_cpuid(1, 0).eax);
	KUNIT_EXPECT_FALSE(test, vectors_any(&world_cpu.interrupts_owed));
}

static void a_start_up_ipi_begins_at_its_page_on_svm(struct kunit *test)
{
	const struct vmcb_save *save = &world_vmcb.save;

	cpu_restarted(&svm_backend_cpu);
	expect_restarted(test);
	KUNIT_EXPECT_FALSE(test, world_cpu.nmi_owed);
	KUNIT_EXPECT_FALSE(test, world_cpu.stepping);
	KUNIT_EXPECT_EQ(test, (u32)save->cs.selector, (u32)PAGE << 8);
	KUNIT_EXPECT_EQ(test, save->cs.base + save->rip, (u64)PAGE << 12);
	KUNIT_EXPECT_EQ(test, save->cr0 & (ARCH_CR0_PE | ARCH_CR0_PG), 0ULL);
	KUNIT_EXPECT_PTR_EQ(test, svm_entry_broken(&world_vmcb), NULL);
}

static void a_start_up_ipi_begins_at_its_page_on_vmx(struct kunit *test)
{
	cpu_restarted(&vmx_backend_cpu);
	expect_restarted(test);
	KUNIT_EXPECT_EQ(test, vmcs_read(VMCS_GUEST_CS_BASE) + vmcs_read(VMCS_GUEST_RIP),
			(u64)PAGE << 12);
	KUNIT_EXPECT_EQ(test, vmcs_read(VMCS_GUEST_CR0) & (ARCH_CR0_PE | ARCH_CR0_PG), 0ULL);
	KUNIT_EXPECT_EQ(test, arch_read_dr6(), DR6_RESET);
	KUNIT_EXPECT_PTR_EQ(test, vmx_entry_broken(), NULL);
}

/* SVM's block is zeroed: the last exit has saved the guest's FS, GS and SYSCALL registers in it. */
static void a_cpu_given_back_has_nothing_of_the_guest_on_svm(struct kunit *test)
{
	struct covirt_cpu *cpu = cpu_enabled(&svm_backend_cpu);

	KUNIT_EXPECT_TRUE(test, cpu->virtualized);
	svm_backend_cpu.run(cpu);
	svm_backend_cpu.disable(cpu);
	svm_backend_cpu.abandon(cpu);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(&world_vmcb, 0, sizeof(world_vmcb)), NULL);
}

static void a_cpu_given_back_has_nothing_of_the_guest_on_vmx(struct kunit *test)
{
	struct covirt_cpu *cpu = cpu_enabled(&vmx_backend_cpu);
	u32 cleared = world_vmcs_cleared;

	KUNIT_EXPECT_TRUE(test, cpu->virtualized);
	vmx_backend_cpu.run(cpu);
	vmx_backend_cpu.disable(cpu);
	KUNIT_EXPECT_EQ(test, world_vmcs_cleared, cleared + 1);
}

/* A panic may come before VMXON, where VMCLEAR is an invalid opcode. */
static void a_vmcs_is_cleared_only_in_vmx_operation(struct kunit *test)
{
	struct covirt_cpu *cpu = cpu_enabled(&vmx_backend_cpu);
	u32 cleared = world_vmcs_cleared;

	vmx_backend_cpu.abandon(cpu);
	KUNIT_EXPECT_EQ(test, world_vmcs_cleared, cleared + 1);
	cpu->virtualized = false;
	vmx_backend_cpu.abandon(cpu);
	KUNIT_EXPECT_EQ(test, world_vmcs_cleared, cleared + 1);
}

static void a_cpu_that_waits_for_an_nmi_has_had_it(struct kunit *test)
{
	struct covirt_cpu *cpu = cpu_enabled(&svm_backend_cpu);

	cpu->nmi = true;
	svm_backend_cpu.halt(cpu);
	KUNIT_EXPECT_FALSE(test, cpu->nmi);
	cpu->nmi = true;
	vmx_backend_cpu.halt(cpu);
	KUNIT_EXPECT_FALSE(test, cpu->nmi);
}

static void of_interrupts_owed_the_highest_comes_first(struct kunit *test)
{
	struct vectors set = {};

	KUNIT_EXPECT_EQ(test, vectors_pop_highest(&set), -1);
	vectors_add(&set, 0x31);
	vectors_add(&set, 0xfe);
	KUNIT_EXPECT_EQ(test, vectors_pop_highest(&set), 0xfe);
	KUNIT_EXPECT_TRUE(test, vectors_any(&set));
	KUNIT_EXPECT_EQ(test, vectors_pop_highest(&set), 0x31);
	KUNIT_EXPECT_FALSE(test, vectors_any(&set));
}

static struct kunit_case entry_state_cases[] = {
	KUNIT_CASE(every_exit_on_svm_ends_in_a_state_that_vmrun_takes),
	KUNIT_CASE(every_exit_on_vmx_ends_in_a_state_that_vm_entry_takes),
	KUNIT_CASE(the_rules_of_vmrun_find_what_breaks_them),
	KUNIT_CASE(the_rules_of_vm_entry_find_what_breaks_them),
	KUNIT_CASE(rip_is_as_wide_as_the_code),
	KUNIT_CASE(a_write_of_cr0_is_left_to_the_processor),
	KUNIT_CASE(what_is_refused_leaves_the_shadow_alone),
	KUNIT_CASE(an_owed_nmi_comes_when_iret_has_ended),
	KUNIT_CASE(without_one_owed_iret_is_not_stepped_over),
	KUNIT_CASE(an_nmi_does_not_overtake_iret),
	KUNIT_CASE(a_step_without_a_cause_has_ended),
	KUNIT_CASE(a_fault_of_iret_is_the_guests),
	KUNIT_CASE(a_doorbell_during_the_step_costs_nothing),
	KUNIT_CASE(the_guests_own_single_step_comes_first),
	KUNIT_CASE(a_breakpoint_that_iret_hits_is_not_lost),
	KUNIT_CASE(an_nmi_to_oneself_waits_behind_the_single_step),
	KUNIT_CASE(an_interrupt_broken_off_comes_later_on_svm),
	KUNIT_CASE(an_interrupt_told_as_an_exception_is_one),
	KUNIT_CASE(an_nmi_broken_off_comes_later_on_svm),
	KUNIT_CASE(an_interrupt_broken_off_comes_later_on_vmx),
	KUNIT_CASE(an_nmi_broken_off_comes_later_on_vmx),
	KUNIT_CASE(the_first_entry_has_the_mode_asked_for_on_svm),
	KUNIT_CASE(the_first_entry_has_the_mode_asked_for_on_vmx),
	KUNIT_CASE(a_start_up_ipi_forgets_the_mode_of_the_first_entry),
	KUNIT_CASE(a_start_up_ipi_begins_at_its_page_on_svm),
	KUNIT_CASE(a_start_up_ipi_begins_at_its_page_on_vmx),
	KUNIT_CASE(a_cpu_given_back_has_nothing_of_the_guest_on_svm),
	KUNIT_CASE(a_cpu_given_back_has_nothing_of_the_guest_on_vmx),
	KUNIT_CASE(a_vmcs_is_cleared_only_in_vmx_operation),
	KUNIT_CASE(a_cpu_that_waits_for_an_nmi_has_had_it),
	KUNIT_CASE(of_interrupts_owed_the_highest_comes_first),
	{}
};

static struct kunit_suite entry_state_suite = {
	.name = "covirt-entry-state",
	.test_cases = entry_state_cases,
};

kunit_test_suite(entry_state_suite);
