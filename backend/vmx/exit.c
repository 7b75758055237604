// SPDX-License-Identifier: GPL-2.0-only
/* VM exits in vendor-neutral terms. */
#include "core/arch.h"
#include "vmx.h"

/* Exit qualification of an I/O instruction, SDM vol. 3, table 28-5. */
#define IO_SIZE(q)	(((q) & 7) + 1)
#define IO_IN		BIT(3)
#define IO_STRING	BIT(4)
#define IO_PORT(q)	((q) >> 16 & 0xffff)

/* Of an EPT violation, table 28-7. */
#define EPTV_WRITE	BIT(1)
#define EPTV_FETCH	BIT(2)
#define EPTV_LINEAR	BIT(7)
#define EPTV_FINAL	BIT(8)

/* Of a control register access, table 28-3. */
#define CR_NUMBER(q)	((q) & 0xf)
#define CR_ACCESS(q)	((q) >> 4 & 3)
#define CR_MOV_TO	0
#define CR_GPR(q)	((q) >> 8 & 0xf)

/* Of a debug exception, table 28-1: what a #DB would have set in DR6. */
#define DEBUG_DR6	0x600fUL
#define DEBUG_DR6_RTM	BIT(16)

static void decode_io(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	exit->port = IO_PORT(exit->info1);
	exit->size = IO_SIZE(exit->info1);
	exit->in = exit->info1 & IO_IN;
	exit->string = exit->info1 & IO_STRING;
}

static void decode_ept(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	exit->gpa = vmcs_read(VMCS_GUEST_PHYSICAL);
	exit->info2 = exit->gpa;
	exit->walk = exit->info1 & EPTV_LINEAR && !(exit->info1 & EPTV_FINAL);
	if (exit->info1 & EPTV_FETCH)
		exit->access = COVIRT_EXEC;
	else
		exit->access = exit->info1 & EPTV_WRITE ? COVIRT_WRITE : COVIRT_READ;
}

/* Only MOV to CR0 and CR4 exit; the bits that LMSW can change are the guest's own. */
static void decode_cr(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	exit->cr = COVIRT_CR_UNDECODED;
	if (CR_ACCESS(exit->info1) != CR_MOV_TO)
		return;
	exit->cr = CR_NUMBER(exit->info1);
	exit->value = cpu->gpr[CR_GPR(exit->info1)];
}

/* DR6 is left alone by the exit (SDM vol. 3, 28.1): the guest finds what it would have. */
static void debug_status_set(u64 qualification)
{
	u64 dr6 = arch_read_dr6() & ~0xfUL;

	arch_write_dr6((dr6 | (qualification & DEBUG_DR6)) & ~(qualification & DEBUG_DR6_RTM));
}

static void decode_event(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	u64 event = vmcs_read(VMCS_EXIT_EVENT);

	exit->info2 = event;
	if (EVENT_TYPE(event) == EVENT_TYPE_NMI) {
		exit->reason = COVIRT_EXIT_DOORBELL;
		return;
	}
	exit->vector = EVENT_VECTOR(event);
	exit->error = vmcs_read(VMCS_EXIT_EVENT_ERROR);
	if (exit->vector == ARCH_VECTOR_DB)
		debug_status_set(exit->info1);
}

/**
 * struct vmx_exit_rule - how an exit reason is decoded
 * @first:  basic exit reason
 * @last:   last one of a run of reasons
 * @reason: enum covirt_exit_reason
 * @decode: what else there is to say, or NULL
 */
struct vmx_exit_rule {
	u16 first;
	u16 last;
	u8 reason;
	void (*decode)(struct covirt_cpu *cpu, struct covirt_exit *exit);
};

#define ONE(code)	(code), (code)

/* The most frequent first: the table is searched from the front. */
static const struct vmx_exit_rule rules[] = {
	{ ONE(VMX_EXIT_WRMSR),		COVIRT_EXIT_MSR_WRITE },
	{ ONE(VMX_EXIT_RDMSR),		COVIRT_EXIT_MSR_READ },
	{ ONE(VMX_EXIT_IO),		COVIRT_EXIT_IO, decode_io },
	{ ONE(VMX_EXIT_CPUID),		COVIRT_EXIT_CPUID },
	{ ONE(VMX_EXIT_EVENT),		COVIRT_EXIT_EXCEPTION, decode_event },
	{ ONE(VMX_EXIT_CR),		COVIRT_EXIT_CR_WRITE, decode_cr },
	{ ONE(VMX_EXIT_EPT_VIOLATION),	COVIRT_EXIT_NESTED_FAULT, decode_ept },
	{ ONE(VMX_EXIT_XSETBV),		COVIRT_EXIT_XSETBV },
	{ ONE(VMX_EXIT_WBINVD),		COVIRT_EXIT_CACHE_FLUSH },
	{ ONE(VMX_EXIT_INVD),		COVIRT_EXIT_CACHE_FLUSH },
	{ ONE(VMX_EXIT_RDPMC),		COVIRT_EXIT_RDPMC },
	{ ONE(VMX_EXIT_TRIPLE_FAULT),	COVIRT_EXIT_SHUTDOWN },
	{ ONE(VMX_EXIT_INIT),		COVIRT_EXIT_INIT },
	{ VMX_EXIT_VMCALL, VMX_EXIT_VMXON, COVIRT_EXIT_VIRT_INSN },
	{ ONE(VMX_EXIT_GETSEC),		COVIRT_EXIT_VIRT_INSN },
	{ ONE(VMX_EXIT_INVEPT),		COVIRT_EXIT_VIRT_INSN },
	{ ONE(VMX_EXIT_INVVPID),	COVIRT_EXIT_VIRT_INSN },
	{ ONE(VMX_EXIT_VMFUNC),		COVIRT_EXIT_VIRT_INSN },
	{ ONE(VMX_EXIT_ENCLS),		COVIRT_EXIT_VIRT_INSN },
	{ VMX_EXIT_BAD_GUEST, VMX_EXIT_BAD_MSR, COVIRT_EXIT_ENTRY_FAILED },
	{ ONE(VMX_EXIT_ENTRY_MC),	COVIRT_EXIT_ENTRY_FAILED },
};

static const struct vmx_exit_rule unknown = { 0, 0, COVIRT_EXIT_UNKNOWN };

static const struct vmx_exit_rule *rule_find(u16 code)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (code >= rules[i].first && code <= rules[i].last)
			return &rules[i];
	return &unknown;
}

/**
 * vmx_exit_decode() - say what happened
 * @cpu:  this CPU, just out of guest mode
 * @exit: filled in
 */
void vmx_exit_decode(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	u32 code = vmcs_read(VMCS_EXIT_REASON);
	const struct vmx_exit_rule *rule = rule_find(code);

	*exit = (struct covirt_exit) {
		.reason = rule->reason,
		.code = code,
		.info1 = vmcs_read(VMCS_EXIT_QUALIFICATION),
		.insn_len = vmcs_read(VMCS_EXIT_INSN_LEN),
	};
	if (rule->decode)
		rule->decode(cpu, exit);
}
