// SPDX-License-Identifier: GPL-2.0-only
/* #VMEXIT, and what it is in vendor-neutral terms. */
#include "core/arch.h"
#include "core/exit.h"
#include "core/fetch.h"
#include "core/mov_cr.h"
#include "core/run.h"
#include "core/smp.h"
#include "backend/exit_kind.h"
#include "advance.h"
#include "svm.h"

/* EXITINFO1 of an I/O intercept, APM vol. 2, 15.10.2. */
#define IOIO_IN		BIT(0)
#define IOIO_STRING	BIT(2)
#define IOIO_SIZE(info)	((info) >> 4 & 7)
#define IOIO_PORT(info)	((info) >> 16 & 0xffff)

/* EXITINFO1 of a nested page fault, APM vol. 2, 15.25.6: a page-fault error code, and where. */
#define NPF_WRITE	BIT(1)
#define NPF_RESERVED	BIT(3)
#define NPF_FETCH	BIT(4)
#define NPF_WALK	BIT(33)

/* EXITINFO1 of a CR write with decode assists, APM vol. 2, 15.33. */
#define CR_IS_MOV	BIT(63)
#define CR_GPR(info)	((info) & 0xf)

static void decode_io(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	exit->port = IOIO_PORT(exit->info1);
	exit->size = IOIO_SIZE(exit->info1);
	exit->in = exit->info1 & IOIO_IN;
	exit->string = exit->info1 & IOIO_STRING;
	/* EXITINFO2 is the next RIP, on every processor. */
	exit->insn_len = exit->info2 - svm_vmcb(cpu)->save.rip;
}

static void decode_msr(struct covirt_cpu *cpu __maybe_unused, struct covirt_exit *exit)
{
	exit->reason = exit->info1 ? COVIRT_EXIT_MSR_WRITE : COVIRT_EXIT_MSR_READ;
}

static void decode_npf(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	if (exit->info1 & NPF_RESERVED) {
		exit->reason = COVIRT_EXIT_NESTED_BROKEN;
		return;
	}
	svm_redeliver(cpu);
	exit->gpa = exit->info2;
	exit->walk = exit->info1 & NPF_WALK;
	exit->event = svm_vmcb(cpu)->control.exitintinfo & VMCB_EVENT_VALID;
	if (exit->info1 & NPF_FETCH)
		exit->access = COVIRT_EXEC;
	else
		exit->access = exit->info1 & NPF_WRITE ? COVIRT_WRITE : COVIRT_READ;
}

#define MSR_INSN_LEN	2	/* RDMSR, WRMSR */

/* LMSW: PE, MP, EM, TS; it cannot clear PE (APM vol. 3). */
#define LMSW_BITS	0xfUL

static u64 written_value(struct covirt_cpu *cpu, const struct mov_cr *insn)
{
	u64 cr0 = svm_vmcb(cpu)->save.cr0;
	u64 value = cpu->gpr[insn->gpr];

	if (!insn->machine_status)
		return value;
	return (cr0 & ~LMSW_BITS) | (value & LMSW_BITS) | (cr0 & ARCH_CR0_PE);
}

/*
 * The register written comes from decode assists for a MOV; without them, and for LMSW, the
 * instruction is fetched from the guest. An exit is left undecoded when neither names that
 * register: the code was changed meanwhile, or is not mapped.
 */
static void decode_cr(struct covirt_cpu *cpu, struct covirt_exit *exit, u8 cr)
{
	struct mov_cr insn = { .cr = cr, .len = exit->insn_len };
	u8 bytes[MOV_CR_MAX_LEN];

	exit->cr = COVIRT_CR_UNDECODED;
	if (svm_has(cpu, COVIRT_FEATURE_DECODE) && exit->info1 & CR_IS_MOV) {
		insn.gpr = CR_GPR(exit->info1);
	} else {
		u32 len = guest_fetch(cpu, bytes, sizeof(bytes));

		if (!mov_cr_decode(bytes, len, svm_code64(cpu), &insn) || insn.cr != cr)
			return;
	}
	exit->cr = insn.cr;
	exit->value = written_value(cpu, &insn);
	exit->insn_len = insn.len;
}

static void decode_cr0(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	decode_cr(cpu, exit, 0);
}

static void decode_cr4(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	decode_cr(cpu, exit, 4);
}

/*
 * CR2 is left alone by an intercepted page fault (APM vol. 2, 15.12.15), which there is in a step
 * only: the guest finds what it would have.
 */
static void decode_exception(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	exit->vector = exit->code - VMEXIT_EXCEPTION;
	exit->error = exit->info1;
	if (exit->vector == ARCH_VECTOR_PF)
		svm_vmcb(cpu)->save.cr2 = exit->info2;
	svm_redeliver(cpu);
}

/* The NMI that made the guest exit is still pending. */
static void take_nmi(struct covirt_cpu *cpu, struct covirt_exit *exit __maybe_unused)
{
	svm_take_nmi();
	WRITE_ONCE(cpu->nmi, false);
}

static void decode_iret(struct covirt_cpu *cpu, struct covirt_exit *exit __maybe_unused)
{
	svm_nmi_iret(cpu);
}

static void decode_vintr(struct covirt_cpu *cpu, struct covirt_exit *exit __maybe_unused)
{
	svm_interrupt_window_open(cpu);
}

/**
 * struct svm_exit_rule - how an exit code is decoded
 * @known:  there is such a rule
 * @reason: enum covirt_exit_reason
 * @len:    length of the instruction without prefixes; svm_skip() knows better
 *          where the processor saves the next RIP
 * @decode: what else there is to say, or NULL
 */
struct svm_exit_rule {
	bool known;
	u8 reason;
	u8 len;
	void (*decode)(struct covirt_cpu *cpu, struct covirt_exit *exit);
};

#define RULE(reason, ...)	{ true, COVIRT_EXIT_##reason, __VA_ARGS__ }

static const struct svm_exit_rule rules[] = {
	[VMEXIT_WRITE_CR4] =	RULE(CR_WRITE, 3, decode_cr4),
	[VMEXIT_EXCEPTION ... VMEXIT_EXCEPTION_LAST] = RULE(EXCEPTION, 0, decode_exception),
	[VMEXIT_INTR] =		RULE(INTERRUPT),
	[VMEXIT_NMI] =		RULE(DOORBELL, 0, take_nmi),
	[VMEXIT_INIT] =		RULE(INIT),
	[VMEXIT_VINTR] =	RULE(NMI_WINDOW, 0, decode_vintr),
	[VMEXIT_CR0_SELECTIVE] = RULE(CR_WRITE, 3, decode_cr0),
	[VMEXIT_RDPMC] =	RULE(RDPMC),
	[VMEXIT_CPUID] =	RULE(CPUID, 2),
	[VMEXIT_RSM] =		RULE(VIRT_INSN),
	[VMEXIT_IRET] =		RULE(NMI_WINDOW, 0, decode_iret),
	[VMEXIT_INVD] =		RULE(CACHE_FLUSH, 2),
	[VMEXIT_INVLPGA] =	RULE(VIRT_INSN),
	[VMEXIT_IOIO] =		RULE(IO, 0, decode_io),
	[VMEXIT_MSR] =		RULE(MSR_WRITE, MSR_INSN_LEN, decode_msr),
	[VMEXIT_SHUTDOWN] =	RULE(SHUTDOWN),
	[VMEXIT_VMRUN] =	RULE(VIRT_INSN),
	[VMEXIT_VMMCALL] =	RULE(VIRT_INSN),
	[VMEXIT_VMLOAD] =	RULE(VIRT_INSN),
	[VMEXIT_VMSAVE] =	RULE(VIRT_INSN),
	[VMEXIT_STGI] =		RULE(VIRT_INSN),
	[VMEXIT_CLGI] =		RULE(VIRT_INSN),
	[VMEXIT_SKINIT] =	RULE(VIRT_INSN),
	[VMEXIT_WBINVD] =	RULE(CACHE_FLUSH, 2),
	[VMEXIT_XSETBV] =	RULE(XSETBV, 3),
	[VMEXIT_INVLPGB] =	RULE(VIRT_INSN),
	[VMEXIT_INVLPGB_BAD] =	RULE(VIRT_INSN),
	[VMEXIT_TLBSYNC] =	RULE(VIRT_INSN),
};

static const struct svm_exit_rule nested_fault = RULE(NESTED_FAULT, 0, decode_npf);
static const struct svm_exit_rule invalid = RULE(ENTRY_FAILED);
static const struct svm_exit_rule unknown = RULE(UNKNOWN);
static const struct svm_exit_rule hidden = RULE(VIRT_INSN);
static const struct svm_exit_rule stepped = RULE(NMI_WINDOW);

static const struct svm_exit_rule *rule_find(u64 code)
{
	if (code < ARRAY_SIZE(rules) && rules[code].known)
		return &rules[code];
	if (code == VMEXIT_NPF)
		return &nested_fault;
	if ((u32)code == VMEXIT_INVALID)
		return &invalid;
	return svm_exit_is_instruction(code) ? &hidden : &unknown;
}

static void decode(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	const struct vmcb_control *control = &svm_vmcb(cpu)->control;
	const struct svm_exit_rule *rule = rule_find(control->exitcode);

	if (cpu->stepping && svm_nmi_stepped(cpu))
		rule = &stepped;
	exit->reason = rule->reason;
	exit->code = control->exitcode;
	exit->info1 = control->exitinfo1;
	exit->info2 = control->exitinfo2;
	exit->insn_len = rule->len;
	if (rule->decode)
		rule->decode(cpu, exit);
}

/* Hardly any exit has an NMI that waits, so the question is asked here. */
static void settle(struct covirt_cpu *cpu, enum covirt_verdict verdict)
{
	if (verdict == COVIRT_RESUME && cpu->nmi_owed)
		svm_nmi_settle(cpu);
}

/* An NMI was taken with something else than its exit. */
static noinline enum covirt_verdict doorbell(struct covirt_cpu *cpu)
{
	const struct covirt_exit exit = { .reason = COVIRT_EXIT_DOORBELL };
	enum covirt_verdict verdict;

	WRITE_ONCE(cpu->nmi, false);
	if (cpu->config->histogram)
		run_stamp(cpu);
	verdict = exit_handle(cpu, &exit);
	settle(cpu, verdict);
	return verdict;
}

/*
 * The delivery of what is injected may exit before the guest executes anything, and so
 * without end (XSA-156): a pending NMI, which would make the guest exit, never has its
 * turn then. It is taken here.
 */
static enum covirt_verdict finish(struct covirt_cpu *cpu, enum covirt_verdict verdict)
{
	struct vmcb *vmcb = svm_vmcb(cpu);

	if (vmcb->control.event_inj)
		svm_take_nmi();
	if (verdict == COVIRT_RESUME && READ_ONCE(cpu->nmi))
		verdict = doorbell(cpu);
	vmcb->save.rax = cpu->gpr[GPR_RAX];
	return verdict;
}

static noinline enum covirt_verdict act(struct covirt_cpu *cpu)
{
	enum covirt_verdict verdict;
	struct covirt_exit exit;

	decode(cpu, &exit);
	verdict = finish(cpu, exit_handle(cpu, &exit));
	settle(cpu, verdict);
	return verdict;
}

static noinline enum covirt_verdict act_on_wrmsr(struct covirt_cpu *cpu, u64 info1)
{
	if (!smp_sends_plain(cpu, info1))
		return act(cpu);
	svm_advance(cpu, MSR_INSN_LEN);
	return finish(cpu, COVIRT_RESUME);
}

/**
 * svm_exit() - the guest has left: decode why and act on it
 * @cpu: this CPU
 *
 * RAX and RSP travel in the VMCB; the other registers are switched by run.S.
 *
 * Return: whether the guest is entered again.
 */
enum covirt_verdict svm_exit(struct covirt_cpu *cpu)
{
	struct vmcb *vmcb = svm_vmcb(cpu);

	cpu->gpr[GPR_RAX] = vmcb->save.rax;
	cpu->gpr[GPR_RSP] = vmcb->save.rsp;
	vmcb->control.tlb_control = VMCB_TLB_KEEP;
	vmcb->control.event_inj = 0;
	if (vmcb->control.exitcode == VMEXIT_MSR && vmcb->control.exitinfo1)
		return act_on_wrmsr(cpu, vmcb->control.exitinfo1);
	return act(cpu);
}

/**
 * svm_exit_measured() - svm_exit(), and count what it takes
 * @cpu: this CPU
 *
 * A handler of its own: where nothing is measured an exit costs no instruction more.
 *
 * Return: as svm_exit().
 */
enum covirt_verdict svm_exit_measured(struct covirt_cpu *cpu)
{
	u64 begin = run_stamp(cpu);
	enum covirt_verdict verdict = svm_exit(cpu);

	run_measured(cpu, begin);
	return verdict;
}
