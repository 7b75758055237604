// SPDX-License-Identifier: GPL-2.0-only
/* #VMEXIT in vendor-neutral terms. */
#include "core/arch.h"
#include "mov_cr.h"
#include "svm.h"

/* EXITINFO1 of an I/O intercept, APM vol. 2, 15.10.2. */
#define IOIO_IN		BIT(0)
#define IOIO_STRING	BIT(2)
#define IOIO_SIZE(info)	((info) >> 4 & 7)
#define IOIO_PORT(info)	((info) >> 16 & 0xffff)

/* EXITINFO1 of a nested page fault, APM vol. 2, 15.25.6: a page-fault error code, and where. */
#define NPF_WRITE	BIT(1)
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

static void decode_npf(struct covirt_cpu *cpu __maybe_unused, struct covirt_exit *exit)
{
	exit->gpa = exit->info2;
	exit->walk = exit->info1 & NPF_WALK;
	if (exit->info1 & NPF_FETCH)
		exit->access = COVIRT_EXEC;
	else
		exit->access = exit->info1 & NPF_WRITE ? COVIRT_WRITE : COVIRT_READ;
}

/*
 * Which register is written? Decode assists say; without them the instruction
 * is fetched from the guest. What is no MOV to that register (LMSW, code that
 * was changed meanwhile or is not mapped) is left undecoded.
 */
static void decode_cr(struct covirt_cpu *cpu, struct covirt_exit *exit, u8 cr)
{
	struct mov_cr insn = { .cr = cr, .len = exit->insn_len };
	u8 bytes[MOV_CR_MAX_LEN];

	exit->cr = COVIRT_CR_UNDECODED;
	if (svm_has(cpu, COVIRT_FEATURE_DECODE) && exit->info1 & CR_IS_MOV) {
		insn.gpr = CR_GPR(exit->info1);
	} else {
		bool code64 = svm_vmcb(cpu)->save.cs.attrib & VMCB_ATTRIB_L;

		if (!mov_cr_decode(bytes, svm_fetch(cpu, bytes, sizeof(bytes)), code64, &insn) ||
		    insn.cr != cr)
			return;
	}
	exit->cr = insn.cr;
	exit->value = cpu->gpr[insn.gpr];
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

/**
 * struct svm_exit_rule - how an exit code is decoded
 * @code:   exit code
 * @reason: enum covirt_exit_reason
 * @len:    length of the instruction without prefixes, for processors that do
 *          not save the next RIP; 0: not an instruction
 * @decode: what else there is to say, or NULL
 */
struct svm_exit_rule {
	u16 code;
	u8 reason;
	u8 len;
	void (*decode)(struct covirt_cpu *cpu, struct covirt_exit *exit);
};

/* The most frequent first: the table is searched from the front. */
static const struct svm_exit_rule rules[] = {
	{ VMEXIT_MSR,		COVIRT_EXIT_MSR_WRITE,	2, decode_msr },
	{ VMEXIT_IOIO,		COVIRT_EXIT_IO,		0, decode_io },
	{ VMEXIT_CPUID,		COVIRT_EXIT_CPUID,	2 },
	{ VMEXIT_NMI,		COVIRT_EXIT_DOORBELL },
	{ VMEXIT_WRITE_CR4,	COVIRT_EXIT_CR_WRITE,	3, decode_cr4 },
	{ VMEXIT_CR0_SELECTIVE,	COVIRT_EXIT_CR_WRITE,	3, decode_cr0 },
	{ VMEXIT_NPF,		COVIRT_EXIT_NESTED_FAULT, 0, decode_npf },
	{ VMEXIT_XSETBV,	COVIRT_EXIT_XSETBV,	3 },
	{ VMEXIT_WBINVD,	COVIRT_EXIT_CACHE_FLUSH, 2 },
	{ VMEXIT_INVD,		COVIRT_EXIT_CACHE_FLUSH, 2 },
	{ VMEXIT_RDPMC,		COVIRT_EXIT_RDPMC },
	{ VMEXIT_SHUTDOWN,	COVIRT_EXIT_SHUTDOWN },
	{ VMEXIT_INIT,		COVIRT_EXIT_INIT },
	{ VMEXIT_VMRUN,		COVIRT_EXIT_VIRT_INSN },
	{ VMEXIT_VMMCALL,	COVIRT_EXIT_VIRT_INSN },
	{ VMEXIT_VMLOAD,	COVIRT_EXIT_VIRT_INSN },
	{ VMEXIT_VMSAVE,	COVIRT_EXIT_VIRT_INSN },
	{ VMEXIT_STGI,		COVIRT_EXIT_VIRT_INSN },
	{ VMEXIT_CLGI,		COVIRT_EXIT_VIRT_INSN },
	{ VMEXIT_SKINIT,	COVIRT_EXIT_VIRT_INSN },
	{ VMEXIT_INVLPGA,	COVIRT_EXIT_VIRT_INSN },
	{ VMEXIT_RSM,		COVIRT_EXIT_VIRT_INSN },
	{ VMEXIT_INVLPGB,	COVIRT_EXIT_VIRT_INSN },
	{ VMEXIT_INVLPGB_BAD,	COVIRT_EXIT_VIRT_INSN },
	{ VMEXIT_TLBSYNC,	COVIRT_EXIT_VIRT_INSN },
};

static const struct svm_exit_rule unknown = { 0, COVIRT_EXIT_UNKNOWN };
static const struct svm_exit_rule invalid = { 0, COVIRT_EXIT_ENTRY_FAILED };
static const struct svm_exit_rule exception = { 0, COVIRT_EXIT_EXCEPTION };

static const struct svm_exit_rule *rule_find(u64 code)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].code == code)
			return &rules[i];
	if ((u32)code == VMEXIT_INVALID)
		return &invalid;
	if (code >= VMEXIT_EXCEPTION && code <= VMEXIT_EXCEPTION_LAST)
		return &exception;
	return &unknown;
}

static u32 insn_length(struct covirt_cpu *cpu, const struct svm_exit_rule *rule)
{
	const struct vmcb *vmcb = svm_vmcb(cpu);

	if (rule->len && svm_has(cpu, COVIRT_FEATURE_NEXT_RIP))
		return vmcb->control.next_rip - vmcb->save.rip;
	return rule->len;
}

/**
 * svm_exit_decode() - say what happened
 * @cpu:  this CPU, just out of guest mode
 * @exit: filled in
 */
void svm_exit_decode(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	const struct vmcb_control *control = &svm_vmcb(cpu)->control;
	const struct svm_exit_rule *rule = rule_find(control->exitcode);

	*exit = (struct covirt_exit) {
		.reason = rule->reason,
		.code = control->exitcode,
		.info1 = control->exitinfo1,
		.info2 = control->exitinfo2,
		.insn_len = insn_length(cpu, rule),
	};
	if (rule == &exception) {
		exit->vector = control->exitcode - VMEXIT_EXCEPTION;
		exit->error = control->exitinfo1;
	}
	if (rule->decode)
		rule->decode(cpu, exit);
}
