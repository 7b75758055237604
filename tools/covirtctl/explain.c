// SPDX-License-Identifier: GPL-2.0-only
/* From a raw record to a JSON object, section by section; explain_print.c is for people. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "covirtctl.h"
#include "explain.h"
#include "insn.h"
#include "record.h"

#define LISTING		9	/* instructions at most */

static const struct {
	const char *name;
	bool orderly;
} reasons[] = {
#define REASON_ROW(id, name, orderly)	{ name, orderly },
	COVIRT_FAULT_REASONS(REASON_ROW)
#undef REASON_ROW
};

static const char *const exits[] = {
#define EXIT_NAME(id, name)	#name,
	COVIRT_EXIT_REASONS(EXIT_NAME)
#undef EXIT_NAME
};

static const char *const gprs[COVIRT_NR_GPRS] = {
	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
};

/**
 * explain_reason() - a reason's name
 * @reason: enum covirt_fault_reason, or anything
 *
 * Return: its name.
 */
const char *explain_reason(uint32_t reason)
{
	return reason < ARRAY_SIZE(reasons) ? reasons[reason].name : "unknown";
}

/**
 * explain_is_orderly() - did the co-kernel, or the user, want it to end?
 * @name: of a reason, or anything
 *
 * Return: false for whatever was contained.
 */
bool explain_is_orderly(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (!strcmp(name, reasons[i].name))
			return reasons[i].orderly;
	return false;
}

static const char *exit_name(uint32_t exit)
{
	return exit < ARRAY_SIZE(exits) ? exits[exit] : "unknown";
}

static u64 instruction_pointer(const struct covirt_fault_record *record)
{
	return record->fault.cs_base + record->fault.rip;
}

/* --- what happened, in one sentence --- */

/* "which is ..." */
static const char *owner_phrase(const struct covirt_fault_record *record)
{
	static char phrase[64];

	if (!strcmp(record->owner, "linux"))
		return "which is Linux's memory";
	if (!strcmp(record->owner, "hypervisor"))
		return "which is the hypervisor's memory";
	if (!strcmp(record->owner, "local-apic"))
		return "where a local APIC has its registers in xAPIC mode: "
		       "a co-kernel begins in x2APIC mode, which it has to use or to leave, "
		       "and can access registers by MOV of 32 bits only "
		       "(Linux: without acpi=off)";
	if (!strcmp(record->owner, "none"))
		return "where the enclave has nothing, and Linux no memory";
	snprintf(phrase, sizeof(phrase), "which is memory of %.*s", (int)sizeof(record->owner),
		 record->owner);
	return phrase;
}

static const char *access_name(const struct covirt_fault *fault)
{
	if (fault->access & COVIRT_EXEC)
		return "fetch";
	return fault->access & COVIRT_WRITE ? "write" : "read";
}

static void describe_violation(const struct covirt_fault_record *record, char *text, size_t size)
{
	const struct covirt_fault *fault = &record->fault;
	unsigned int bytes = insn_access_bytes(record);
	char amount[32] = "";

	if (fault->walk) {
		snprintf(text, size, "CPU %d looked for a page table at %#llx, %s",
			 record->cpu, fault->gpa, owner_phrase(record));
		return;
	}
	if (fault->access & COVIRT_EXEC) {
		snprintf(text, size, "CPU %d jumped to %#llx, %s", record->cpu, fault->gpa,
			 owner_phrase(record));
		return;
	}
	if (bytes)
		snprintf(amount, sizeof(amount), " %u byte%s", bytes, bytes == 1 ? "" : "s");
	snprintf(text, size, "CPU %d %s%s at %#llx, %s", record->cpu,
		 fault->access & COVIRT_WRITE ? "wrote" : "read", amount, fault->gpa,
		 owner_phrase(record));
}

/* A control register, or what is emulated at an address: see COVIRT_FAULT_UNDECODED. */
static void describe_undecoded(const struct covirt_fault_record *record, char *text, size_t size)
{
	const struct covirt_fault *fault = &record->fault;

	if (fault->exit != COVIRT_EXIT_NESTED_FAULT)
		snprintf(text, size,
			 "CPU %d wrote to a control register with an instruction that could not be decoded",
			 record->cpu);
	else
		snprintf(text, size,
			 "CPU %d %s at %#llx with an instruction that covirt does not emulate there",
			 record->cpu, fault->access & COVIRT_WRITE ? "wrote" : "read", fault->gpa);
}

static const char *const delivery[] = {
	"interrupt", "lowest-priority interrupt", "SMI", "reserved message", "NMI", "INIT",
	"start-up IPI", "external interrupt",
};

/* ICR in x2APIC mode: SDM vol. 3, 12.12.9. */
static void describe_ipi(const struct covirt_fault_record *record, char *text, size_t size)
{
	u64 icr = record->fault.detail;

	snprintf(text, size,
		 "CPU %d sent %s %#x to what the co-kernel calls APIC id %#x, which it may not (ICR %#llx)",
		 record->cpu, delivery[(icr >> 8) & 7], (unsigned int)icr & 0xff,
		 (unsigned int)(icr >> 32), icr);
}

static void describe_hung(const struct covirt_fault_record *record, char *text, size_t size)
{
	if (record->fault.detail == COVIRT_HANG_HEARTBEAT)
		snprintf(text, size,
			 "CPU %d is hung: its heartbeat has stopped, and it executes at %#llx",
			 record->cpu, instruction_pointer(record));
	else
		snprintf(text, size,
			 "CPU %d is hung: it does not answer its doorbell; all that is known are its last exits",
			 record->cpu);
}

/* Sentences that need no more than the CPU and the detail. */
static const char *const sentences[COVIRT_NR_FAULTS] = {
	[COVIRT_FAULT_STOPPED] = "CPU %d was stopped",
	[COVIRT_FAULT_GUEST_RESET] = "CPU %d asked for a reset, at port %#llx",
	[COVIRT_FAULT_POWER_OFF] = "CPU %d switched the enclave off, at port %#llx",
	[COVIRT_FAULT_STRING_IO] = "CPU %d used INS or OUTS on port %#llx, which covirt does not emulate",
	[COVIRT_FAULT_TRIPLE_FAULT] =
		"CPU %d could not deliver an exception, nor the double fault that followed: a triple fault",
	[COVIRT_FAULT_MACHINE_CHECK] = "CPU %d met a hardware error (machine check): see Linux's log",
	[COVIRT_FAULT_INIT] = "CPU %d got an INIT that only Linux can have sent",
	[COVIRT_FAULT_ENTRY_FAILED] = "CPU %d was refused by the processor: a bug in covirt, please report it",
	[COVIRT_FAULT_UNKNOWN_EXIT] =
		"CPU %d left guest mode for a reason that covirt does not know: please report it",
	[COVIRT_FAULT_HYPERVISOR_PANIC] =
		"The hypervisor on CPU %d met exception %llu: a bug in covirt, please report it",
	[COVIRT_FAULT_LOST] = "CPU %d does not answer any more",
	[COVIRT_FAULT_NESTED_BROKEN] =
		"CPU %d found the enclave's nested tables broken: a bug in covirt, please report it",
};

/**
 * explain_sentence() - what happened
 * @record: the record
 * @text:   filled in, without a full stop
 * @size:   room there
 */
void explain_sentence(const struct covirt_fault_record *record, char *text, size_t size)
{
	uint32_t reason = record->fault.reason;

	if (reason == COVIRT_FAULT_MEMORY_VIOLATION)
		describe_violation(record, text, size);
	else if (reason == COVIRT_FAULT_IPI_DENIED)
		describe_ipi(record, text, size);
	else if (reason == COVIRT_FAULT_UNDECODED)
		describe_undecoded(record, text, size);
	else if (reason == COVIRT_FAULT_HUNG)
		describe_hung(record, text, size);
	else if (reason < COVIRT_NR_FAULTS && sentences[reason])
		snprintf(text, size, sentences[reason], record->cpu,
			 (unsigned long long)record->fault.detail);
	else
		snprintf(text, size, "CPU %d was contained, for reason %u", record->cpu, reason);
}

/* --- sections --- */

static bool has_guest(const struct covirt_fault_record *record)
{
	uint32_t reason = record->fault.reason;

	if (reason == COVIRT_FAULT_HUNG)
		return record->fault.detail == COVIRT_HANG_HEARTBEAT;
	if (reason == COVIRT_FAULT_TRIPLE_FAULT)
		return record->fault.detail == COVIRT_WHERE_FAULT;
	return reason != COVIRT_FAULT_LOST && reason != COVIRT_FAULT_HYPERVISOR_PANIC;
}

static bool has_begin_only(const struct covirt_fault_record *record)
{
	return record->fault.reason == COVIRT_FAULT_TRIPLE_FAULT && !has_guest(record);
}

static void symbol_set(struct json_object *object, const struct symbols *symbols, u64 address)
{
	char name[256];

	if (symbols_find(symbols, address, name, sizeof(name)))
		record_set(object, "symbol", "%s", name);
}

static void add_head(struct json_object *fault, const struct covirt_fault_record *record)
{
	char sentence[512], when[64];
	time_t seconds = record->time_ns / 1000000000;
	struct tm tm;

	explain_sentence(record, sentence, sizeof(sentence));
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &tm));
	record_set_number(fault, "sequence", record->sequence);
	record_set(fault, "time", "%s", when);
	record_set(fault, "reason", "%s", explain_reason(record->fault.reason));
	record_set(fault, "sentence", "%s", sentence);
	record_set_number(fault, "cpu", record->cpu);
	record_set_number(fault, "apicid", record->fault.apicid);
	record_set_hex(fault, "detail", record->fault.detail);
}

static void add_instruction(struct json_object *fault, const struct covirt_fault_record *record,
			    const struct symbols *symbols)
{
	struct json_object *object = json_object_new_object();
	struct insn insn;

	record_set_hex(object, "address", instruction_pointer(record));
	symbol_set(object, symbols, instruction_pointer(record));
	if (insn_decode(record, instruction_pointer(record), &insn))
		record_set(object, "text", "%s", insn.text);
	record_set_list(object, "operands", insn_operands(record));
	record_set_list(fault, "instruction", object);
}

static struct json_object *listing_line(const struct covirt_fault_record *record,
					const struct insn *insn)
{
	const uint8_t *code = record->code + (insn->address - record->code_gva);
	struct json_object *line = json_object_new_object();
	char bytes[16 * 3 + 1] = "";
	int i;

	for (i = 0; i < insn->len; i++)
		snprintf(bytes + 3 * i, sizeof(bytes) - 3 * i, "%02x ", code[i]);
	bytes[3 * insn->len - 1] = '\0';
	record_set_hex(line, "address", insn->address);
	record_set(line, "bytes", "%s", bytes);
	record_set(line, "text", "%s", insn->text);
	return line;
}

static void add_listing(struct json_object *fault, const struct covirt_fault_record *record)
{
	struct json_object *lines = json_object_new_array();
	u64 at = insn_listing_start(record);
	struct insn insn;
	int i;

	for (i = 0; i < LISTING && insn_decode(record, at, &insn); i++) {
		json_object_array_add(lines, listing_line(record, &insn));
		at += insn.len;
	}
	record_set_list(fault, "code", lines);
}

static void add_registers(struct json_object *fault, const struct covirt_fault_record *record)
{
	struct json_object *object = json_object_new_object();
	const struct covirt_fault *raw = &record->fault;
	int i;

	for (i = 0; i < COVIRT_NR_GPRS; i++)
		record_set_hex(object, gprs[i], raw->gpr[i]);
	record_set_hex(object, "rip", raw->rip);
	record_set_hex(object, "rflags", raw->rflags);
	record_set_hex(object, "cs_base", raw->cs_base);
	record_set_hex(object, "fs_base", record->fs_base);
	record_set_hex(object, "gs_base", record->gs_base);
	record_set_hex(object, "cr0", raw->cr0);
	record_set_hex(object, "cr2", raw->cr2);
	record_set_hex(object, "cr3", raw->cr3);
	record_set_hex(object, "cr4", raw->cr4);
	record_set_hex(object, "efer", raw->efer);
	record_set_list(fault, "registers", object);
	record_set(fault, "mode", "%s, privilege level %d, paging %s", insn_mode(raw), raw->cpl,
		   raw->cr0 & 0x80000000 ? "on" : "off");
}

/* The mode says how the CPU was entered: at first, or by a start-up IPI. */
static void add_begin(struct json_object *fault, const struct covirt_fault_record *record)
{
	const struct covirt_fault *raw = &record->fault;

	record_set(fault, "began",
		   "at %#llx, %s, paging %s; the processor does not tell where it ended",
		   (unsigned long long)instruction_pointer(record), insn_mode(raw),
		   raw->cr0 & 0x80000000 ? "on" : "off");
}

static void add_walk(struct json_object *fault, const struct covirt_fault_record *record)
{
	const struct covirt_walk_path *walk = &record->walk;
	struct json_object *object, *entries = json_object_new_array();
	unsigned int i;

	object = json_object_new_object();
	if (record->walked)
		record_set_hex(object, "virtual", record->walk_gva);
	for (i = 0; record->walked && i < walk->nr; i++) {
		struct json_object *entry = json_object_new_object();

		record_set_hex(entry, "at", walk->at[i]);
		if (!walk->outside || i + 1 < walk->nr)
			record_set_hex(entry, "entry", walk->entry[i]);
		json_object_array_add(entries, entry);
	}
	record_set_list(object, "entries", entries);
	record_set_hex(object, "physical", record->fault.gpa);
	record_set(object, "access", "%s", access_name(&record->fault));
	record_set(object, "owner", "%.*s", (int)sizeof(record->owner), record->owner);
	if (record->fault.walk)
		record_set(object, "stopped", "in the guest's page tables: the enclave's map has no memory there");
	else
		record_set(object, "stopped", "behind the guest's page tables: the enclave's map permits no %s there",
			   access_name(&record->fault));
	record_set_list(fault, "walk", object);
}

static void frame_add(struct json_object *frames, const struct symbols *symbols, u64 address)
{
	struct json_object *frame = json_object_new_object();

	record_set_hex(frame, "address", address);
	symbol_set(frame, symbols, address);
	json_object_array_add(frames, frame);
}

/* Code without frame pointers leaves anything in RBP: what is no address ends the chain. */
static bool is_canonical(u64 address)
{
	return (u64)((int64_t)(address << 7) >> 7) == address;
}

static void add_backtrace(struct json_object *fault, const struct covirt_fault_record *record,
			  const struct symbols *symbols)
{
	struct json_object *frames = json_object_new_array();
	unsigned int i;

	frame_add(frames, symbols, instruction_pointer(record));
	for (i = 0; i < record->nr_frames && is_canonical(record->frame[i]); i++)
		frame_add(frames, symbols, record->frame[i]);
	record_set_list(fault, "backtrace", frames);
}

static void add_policy(struct json_object *fault, const struct covirt_fault_record *record)
{
	static const struct {
		const char *name;
		const char *effect;
	} policies[] = {
		{ "stop", "CPUs and memory stay as they are, for inspection" },
		{ "restart", "it is started again, at most 5 times a minute" },
		{ "kill", "CPUs and memory went back to Linux" },
		{ "report", "it runs on" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(policies); i++)
		if (!strncmp(record->policy, policies[i].name, sizeof(record->policy)))
			record_set(fault, "policy", "%s: %s", policies[i].name, policies[i].effect);
}

/* The meaning of the values depends on the exit. */
static void recent_detail(struct json_object *object, const struct covirt_recent *recent)
{
	switch (recent->reason) {
	case COVIRT_EXIT_CPUID:
		record_set(object, "detail", "leaf %#x, ecx %#x", recent->rax, recent->rcx);
		break;
	case COVIRT_EXIT_MSR_READ:
	case COVIRT_EXIT_MSR_WRITE:
		record_set(object, "detail", "MSR %#x", recent->rcx);
		break;
	case COVIRT_EXIT_IO:
		record_set(object, "detail", "port %#x, eax %#x", recent->info1 >> 16, recent->rax);
		break;
	default:
		break;
	}
}

static void add_recent(struct json_object *fault, const struct covirt_fault_record *record)
{
	struct json_object *list = json_object_new_array();
	unsigned int i;

	for (i = 0; i < record->nr_recent; i++) {
		struct json_object *object = json_object_new_object();

		record_set(object, "exit", "%s", exit_name(record->recent[i].reason));
		recent_detail(object, &record->recent[i]);
		json_object_array_add(list, object);
	}
	record_set_list(fault, "exits", list);
}

static void add_processor(struct json_object *fault, const struct covirt_fault_record *record)
{
	struct json_object *object = json_object_new_object();

	record_set(object, "exit", "%s", exit_name(record->fault.exit));
	record_set_hex(object, "code", record->fault.code);
	record_set_hex(object, "info1", record->fault.info1);
	record_set_hex(object, "info2", record->fault.info2);
	record_set_list(fault, "processor", object);
}

/**
 * explain() - all that a record says
 * @record:  a record that fault_log_read() took for usable
 * @symbols: names of the co-kernel's functions, or none
 *
 * Return: a JSON object.
 */
struct json_object *explain(const struct covirt_fault_record *record,
			    const struct symbols *symbols)
{
	struct json_object *fault = json_object_new_object();

	add_head(fault, record);
	if (has_guest(record)) {
		add_instruction(fault, record, symbols);
		add_listing(fault, record);
		add_registers(fault, record);
	}
	if (has_begin_only(record))
		add_begin(fault, record);
	if (record->fault.reason == COVIRT_FAULT_MEMORY_VIOLATION)
		add_walk(fault, record);
	if (has_guest(record))
		add_backtrace(fault, record, symbols);
	add_policy(fault, record);
	add_recent(fault, record);
	add_processor(fault, record);
	return fault;
}
