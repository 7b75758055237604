// SPDX-License-Identifier: GPL-2.0-only
/* VM exits, and what they are in vendor-neutral terms. */
#include "core/arch.h"
#include "core/exit.h"
#include "core/run.h"
#include "core/smp.h"
#include "backend/exit_kind.h"
#include "advance.h"
#include "vmx.h"

/* Exit qualification of an I/O instruction, SDM vol. 3, table 28-5. */
#define IO_SIZE(q)	(((q) & 7) + 1)
#define IO_IN		BIT(3)
#define IO_STRING	BIT(4)
#define IO_PORT(q)	((q) >> 16 & 0xffff)

/* Exit qualification of an EPT violation, table 28-7. */
#define EPTV_WRITE	BIT(1)
#define EPTV_FETCH	BIT(2)
#define EPTV_LINEAR	BIT(7)
#define EPTV_FINAL	BIT(8)

/* Exit qualification of a control register access, table 28-3. */
#define CR_NUMBER(q)	((q) & 0xf)
#define CR_ACCESS(q)	((q) >> 4 & 3)
#define CR_MOV_TO	0
#define CR_GPR(q)	((q) >> 8 & 0xf)

/*
 * Exit qualification of a debug exception, table 28-1: the bits that a #DB would have set in DR6.
 */
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
	vmx_redeliver(cpu);
	exit->gpa = vmcs_read(VMCS_GUEST_PHYSICAL);
	exit->info2 = exit->gpa;
	exit->walk = exit->info1 & EPTV_LINEAR && !(exit->info1 & EPTV_FINAL);
	exit->event = vmcs_read(VMCS_EXIT_DELIVERY) & EVENT_VALID;
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

/* INT1 is a trap without a status in DR6, so RIP is moved past its byte before it is injected. */
static void skip_int1(struct covirt_cpu *cpu)
{
	vmx_rip_add(cpu, vmcs_read(VMCS_EXIT_INSN_LEN));
}

static void decode_event(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	u64 event = vmcs_read(VMCS_EXIT_EVENT);

	exit->info2 = event;
	if (EVENT_TYPE(event) == EVENT_TYPE_NMI) {
		exit->reason = COVIRT_EXIT_DOORBELL;
		vmx_unblock_nmi();
		return;
	}
	vmx_redeliver(cpu);
	exit->vector = EVENT_VECTOR(event);
	exit->error = vmcs_read(VMCS_EXIT_EVENT_ERROR);
	if (EVENT_TYPE(event) == EVENT_TYPE_INT1)
		skip_int1(cpu);
	else if (exit->vector == ARCH_VECTOR_DB)
		debug_status_set(exit->info1);
}

/* Machine checks that VM entry meets while it loads the guest: 27.9. */
static void decode_machine_check(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	exit->vector = ARCH_VECTOR_MC;
}

static void decode_nmi_window(struct covirt_cpu *cpu __maybe_unused,
			      struct covirt_exit *exit __maybe_unused)
{
	vmx_nmi_window_open();
}

/*
 * The window was asked for to inject an interrupt that is owed, or to accept one that has arrived.
 */
static void decode_interrupt_window(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	if (vmx_interrupt_window_open(cpu))
		exit->reason = COVIRT_EXIT_NMI_WINDOW;
}

/**
 * struct vmx_exit_rule - how an exit reason is decoded
 * @known:  there is such a rule
 * @reason: enum covirt_exit_reason
 * @decode: what else there is to say, or NULL
 */
struct vmx_exit_rule {
	bool known;
	u8 reason;
	void (*decode)(struct covirt_cpu *cpu, struct covirt_exit *exit);
};

#define RULE(reason, ...)	{ true, COVIRT_EXIT_##reason, __VA_ARGS__ }

static const struct vmx_exit_rule rules[] = {
	[VMX_EXIT_EVENT] =		RULE(EXCEPTION, decode_event),
	[VMX_EXIT_INTERRUPT] =		RULE(INTERRUPT),
	[VMX_EXIT_TRIPLE_FAULT] =	RULE(SHUTDOWN),
	[VMX_EXIT_INIT] =		RULE(INIT),
	[VMX_EXIT_INTERRUPT_WINDOW] =	RULE(INTERRUPT, decode_interrupt_window),
	[VMX_EXIT_NMI_WINDOW] =		RULE(NMI_WINDOW, decode_nmi_window),
	[VMX_EXIT_CPUID] =		RULE(CPUID),
	[VMX_EXIT_GETSEC] =		RULE(VIRT_INSN),
	[VMX_EXIT_INVD] =		RULE(CACHE_FLUSH),
	[VMX_EXIT_RDPMC] =		RULE(RDPMC),
	[VMX_EXIT_VMCALL ... VMX_EXIT_VMXON] = RULE(VIRT_INSN),
	[VMX_EXIT_CR] =			RULE(CR_WRITE, decode_cr),
	[VMX_EXIT_IO] =			RULE(IO, decode_io),
	[VMX_EXIT_RDMSR] =		RULE(MSR_READ),
	[VMX_EXIT_WRMSR] =		RULE(MSR_WRITE),
	[VMX_EXIT_BAD_GUEST] =		RULE(ENTRY_FAILED),
	[VMX_EXIT_BAD_MSR] =		RULE(ENTRY_FAILED),
	[VMX_EXIT_ENTRY_MC] =		RULE(EXCEPTION, decode_machine_check),
	[VMX_EXIT_EPT_VIOLATION] =	RULE(NESTED_FAULT, decode_ept),
	[VMX_EXIT_EPT_BROKEN] =		RULE(NESTED_BROKEN),
	[VMX_EXIT_INVEPT] =		RULE(VIRT_INSN),
	[VMX_EXIT_INVVPID] =		RULE(VIRT_INSN),
	[VMX_EXIT_WBINVD] =		RULE(CACHE_FLUSH),
	[VMX_EXIT_XSETBV] =		RULE(XSETBV),
	[VMX_EXIT_VMFUNC] =		RULE(VIRT_INSN),
	[VMX_EXIT_ENCLS] =		RULE(VIRT_INSN),
};

static const struct vmx_exit_rule unknown = RULE(UNKNOWN);
static const struct vmx_exit_rule hidden = RULE(VIRT_INSN);

static const struct vmx_exit_rule *rule_find(u32 code)
{
	u16 reason = code;

	if (reason < ARRAY_SIZE(rules) && rules[reason].known)
		return &rules[reason];
	return vmx_exit_is_instruction(code) ? &hidden : &unknown;
}

static void decode(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	u32 code = vmcs_read(VMCS_EXIT_REASON);
	const struct vmx_exit_rule *rule = rule_find(code);

	exit->reason = rule->reason;
	exit->code = code;
	exit->info1 = vmcs_read(VMCS_EXIT_QUALIFICATION);
	exit->info2 = 0;
	exit->insn_len = vmcs_read(VMCS_EXIT_INSN_LEN);
	if (rule->decode)
		rule->decode(cpu, exit);
}

/* SDM vol. 3, 27.7: an entry that fails at once has no exit to be decoded. */
static void entry_failed(struct covirt_exit *exit)
{
	*exit = (struct covirt_exit) {
		.reason = COVIRT_EXIT_ENTRY_FAILED,
		.code = VMX_EXIT_NONE,
		.info1 = vmcs_read(VMCS_INSTRUCTION_ERROR),
	};
}

/* An NMI that came while the hypervisor ran rings like one that made the guest exit. */
static void nmi_taken(struct covirt_cpu *cpu, struct covirt_exit *exit)
{
	WRITE_ONCE(cpu->nmi, false);
	*exit = (struct covirt_exit) { .reason = COVIRT_EXIT_DOORBELL };
}

static noinline enum covirt_verdict act(struct covirt_cpu *cpu, enum vmx_entered how)
{
	struct covirt_exit exit;

	cpu->gpr[GPR_RSP] = vmcs_read(VMCS_GUEST_RSP);
	if (how == VMX_ENTERED)
		decode(cpu, &exit);
	else if (how == VMX_NMI_BEFORE)
		nmi_taken(cpu, &exit);
	else
		entry_failed(&exit);
	return exit_handle(cpu, &exit);
}

/* An exit for WRMSR has no exit qualification, so none is read on this short path. */
static noinline enum covirt_verdict act_on_wrmsr(struct covirt_cpu *cpu)
{
	if (!smp_sends_plain(cpu, 0))
		return act(cpu, VMX_ENTERED);
	vmx_advance(cpu, vmcs_read(VMCS_EXIT_INSN_LEN));
	return COVIRT_RESUME;
}

/**
 * vmx_exit() - the guest has left, or was not entered: decode why and act on it
 * @cpu: this CPU
 * @how: what became of the entry
 *
 * Return: whether the guest is entered again.
 */
enum covirt_verdict vmx_exit(struct covirt_cpu *cpu, enum vmx_entered how)
{
	if (how == VMX_ENTERED && vmcs_read(VMCS_EXIT_REASON) == VMX_EXIT_WRMSR)
		return act_on_wrmsr(cpu);
	return act(cpu, how);
}

/**
 * vmx_exit_measured() - vmx_exit(), and count what it takes
 * @cpu: this CPU
 * @how: what became of the entry
 *
 * A handler of its own: where nothing is measured an exit costs no instruction more.
 *
 * Return: as vmx_exit().
 */
enum covirt_verdict vmx_exit_measured(struct covirt_cpu *cpu, enum vmx_entered how)
{
	u64 begin = run_stamp(cpu);
	enum covirt_verdict verdict = vmx_exit(cpu, how);

	run_measured(cpu, begin);
	return verdict;
}
