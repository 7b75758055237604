// SPDX-License-Identifier: GPL-2.0-only
/* Between two entries: what ends or continues the guest. */
#include "core/run.h"

/* Registers are recorded for fault records, for core dumps, and when Linux asks a running CPU. */
static void record_registers(struct covirt_cpu *cpu, struct covirt_registers *registers)
{
	const struct covirt_backend_cpu *backend = cpu->backend;

	if (cpu->waiting)
		return;
	memcpy(registers->gpr, cpu->gpr, sizeof(registers->gpr));
	registers->cs = backend->read(cpu, COVIRT_REG_CS);
	registers->ss = backend->read(cpu, COVIRT_REG_SS);
	registers->cpl = backend->read(cpu, COVIRT_REG_CPL);
	registers->rip = backend->read(cpu, COVIRT_REG_RIP);
	registers->rflags = backend->read(cpu, COVIRT_REG_RFLAGS);
	registers->cr0 = backend->read(cpu, COVIRT_REG_CR0);
	registers->cr2 = backend->read(cpu, COVIRT_REG_CR2);
	registers->cr3 = backend->read(cpu, COVIRT_REG_CR3);
	registers->cr4 = backend->read(cpu, COVIRT_REG_CR4);
	registers->efer = backend->read(cpu, COVIRT_REG_EFER);
	registers->code64 = backend->read(cpu, COVIRT_REG_CODE64);
	registers->cs_base = backend->read(cpu, COVIRT_REG_CS_BASE);
	registers->fs_base = backend->read(cpu, COVIRT_REG_FS_BASE);
	registers->gs_base = backend->read(cpu, COVIRT_REG_GS_BASE);
	registers->taken++;
}

/* The registers of a fault record, and of a core dump. */
static void record_end(struct covirt_cpu *cpu, struct covirt_fault *fault)
{
	struct covirt_status *status = cpu->status;

	if (fault->reason == COVIRT_FAULT_TRIPLE_FAULT && !cpu->backend->reports_shutdown) {
		fault->detail = COVIRT_WHERE_BEGIN;
		registers_to_fault(&status->began, fault);
	} else if (!cpu->waiting) {
		record_registers(cpu, &status->left);
		registers_to_fault(&status->left, fault);
	}
}

/**
 * run_begin() - the guest is entered for the first time, or after a start-up IPI
 * @cpu: this CPU; while it waits there is nothing to remember
 */
void run_begin(struct covirt_cpu *cpu)
{
	record_registers(cpu, &cpu->status->began);
}

/**
 * run_contain() - end the guest and say why
 * @cpu:    this CPU
 * @exit:   exit that led here, NULL if none did
 * @reason: enum covirt_fault_reason
 * @detail: see struct covirt_fault
 *
 * Return: COVIRT_LEAVE.
 */
enum covirt_verdict run_contain(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				enum covirt_fault_reason reason, u64 detail)
{
	struct covirt_fault *fault = &cpu->status->fault;

	hv_assert(reason > COVIRT_FAULT_NONE && reason < COVIRT_NR_FAULTS);
	memset(fault, 0, sizeof(*fault));
	fault->reason = reason;
	fault->detail = detail;
	fault->apicid = cpu->self->apicid;
	if (exit) {
		fault->exit = exit->reason;
		fault->code = exit->code;
		fault->info1 = exit->info1;
		fault->info2 = exit->info2;
	}
	if (exit && exit->reason == COVIRT_EXIT_NESTED_FAULT) {
		fault->gpa = exit->gpa;
		fault->access = exit->access;
		fault->walk = exit->walk;
	}
	record_end(cpu, fault);
	return COVIRT_LEAVE;
}

/**
 * run_fault() - let the guest have an architectural exception
 * @cpu:    this CPU
 * @vector: exception vector; an error code, where there is one, is 0
 *
 * Return: COVIRT_RESUME.
 */
enum covirt_verdict run_fault(struct covirt_cpu *cpu, vector_t vector)
{
	hv_assert(vector < HV_NR_EXCEPTIONS);
	cpu->backend->inject(cpu, vector, 0);
	return COVIRT_RESUME;
}

/**
 * run_control_state() - the guest registers that a control register write depends on
 * @cpu: this CPU
 * @now: filled in
 */
void run_control_state(struct covirt_cpu *cpu, struct control_state *now)
{
	now->cr0 = cpu->backend->read(cpu, COVIRT_REG_CR0);
	now->cr3 = cpu->backend->read(cpu, COVIRT_REG_CR3);
	now->cr4 = cpu->backend->read(cpu, COVIRT_REG_CR4);
	now->efer = cpu->backend->read(cpu, COVIRT_REG_EFER);
	now->code64 = cpu->backend->read(cpu, COVIRT_REG_CODE64);
	now->cs_l = cpu->backend->read(cpu, COVIRT_REG_CS_L);
}

/**
 * run_debugctl_set() - change the guest's DEBUGCTL
 * @cpu:   this CPU
 * @value: from debugctl_permit()
 */
void run_debugctl_set(struct covirt_cpu *cpu, u64 value)
{
	hv_assert(debugctl_permit(value));
	cpu->debugctl = value;
	cpu->backend->write(cpu, COVIRT_REG_DEBUGCTL, value);
}

static enum covirt_verdict command_execute(struct covirt_cpu *cpu, u32 code)
{
	switch (code) {
	case COVIRT_COMMAND_STOP:
		return run_contain(cpu, NULL, COVIRT_FAULT_STOPPED, 0);
	case COVIRT_COMMAND_FLUSH:
		cpu->backend->flush(cpu);
		return COVIRT_RESUME;
	case COVIRT_COMMAND_REGISTERS:
		record_registers(cpu, &cpu->status->snapshot);
		return COVIRT_RESUME;
	default:
		return COVIRT_RESUME;
	}
}

/**
 * run_commands() - carry out what the controller has posted to this CPU
 * @cpu: this CPU
 *
 * Each command is acknowledged once it has been carried out; a flush counts as
 * such since the guest is not entered before it takes effect.
 *
 * Return: COVIRT_LEAVE after a stop.
 */
enum covirt_verdict run_commands(struct covirt_cpu *cpu)
{
	const struct covirt_commands *ring = &cpu->self->commands;
	u32 head = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);
	u32 tail = cpu->status->command_tail;
	enum covirt_verdict verdict = COVIRT_RESUME;

	for (; tail != head && verdict == COVIRT_RESUME; tail++)
		verdict = command_execute(cpu, READ_ONCE(ring->code[tail % COVIRT_COMMANDS]));
	__atomic_store_n(&cpu->status->command_tail, tail, __ATOMIC_RELEASE);
	return verdict;
}
