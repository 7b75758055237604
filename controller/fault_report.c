// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault records. The hypervisor's is raw and may be anything if the
 * hypervisor itself went wrong: it is copied once, and checked where it is used.
 */
#include <linux/fs.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/timekeeping.h>
#include <linux/sysfs.h>

#include "controller/backend.h"
#include "controller/enclave.h"
#include "controller/owner.h"
#include "core/guest_walk.h"

static const struct {
	const char *name;
	bool orderly;
} reasons[] = {
#define REASON_ROW(id, name, orderly)	{ name, orderly },
	COVIRT_FAULT_REASONS(REASON_ROW)
#undef REASON_ROW
};

static const char *const exits[] = {
#define EXIT_ROW(id, name)	#name,
	COVIRT_EXIT_REASONS(EXIT_ROW)
#undef EXIT_ROW
};

static const char *const gprs[COVIRT_NR_GPRS] = {
	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
};

/**
 * fault_name() - a reason as users see it
 * @reason: enum covirt_fault_reason, or anything
 *
 * Return: its name.
 */
const char *fault_name(u32 reason)
{
	return reason < ARRAY_SIZE(reasons) ? reasons[reason].name : "invalid";
}

/**
 * fault_is_orderly() - did the co-kernel, or the user, want it to end?
 * @reason: enum covirt_fault_reason, or anything
 *
 * Return: false for whatever was contained.
 */
bool fault_is_orderly(u32 reason)
{
	return reason < ARRAY_SIZE(reasons) && reasons[reason].orderly;
}

/**
 * fault_exit_name() - an exit as users see it
 * @exit: enum covirt_exit_reason, or anything
 *
 * Return: its name.
 */
const char *fault_exit_name(u32 exit)
{
	return exit < ARRAY_SIZE(exits) ? exits[exit] : "invalid";
}

static const char *access_name(u8 access)
{
	if (access & COVIRT_EXEC)
		return "exec";
	return access & COVIRT_WRITE ? "write" : "read";
}

/* --- completing --- */

static int guest_mem_read(void *ctx, gpa_t gpa, void *buf, size_t len)
{
	const struct partition *partition = ctx;
	const void *ram = partition_ram(partition, gpa, len);

	if (!ram)
		return -EFAULT;
	memcpy(buf, ram, len);
	return 0;
}

static struct guest_paging guest_paging(const struct covirt_fault *raw)
{
	return (struct guest_paging){
		.cr0 = raw->cr0,
		.cr3 = raw->cr3,
		.cr4 = raw->cr4,
		.efer = raw->efer,
	};
}

static size_t guest_read(struct enclave *enclave, gva_t va, void *buf, size_t len)
{
	const struct guest_paging paging = guest_paging(&enclave->fault.fault);
	const struct guest_mem mem = { .read = guest_mem_read, .ctx = &enclave->partition };

	return guest_read_va(&paging, va, buf, len, &mem);
}

static bool same_page(gpa_t one, gpa_t other)
{
	return one >> COVIRT_PAGE_SHIFT == other >> COVIRT_PAGE_SHIFT;
}

#define INSN_BYTES	15	/* the longest instruction */

/* The bytes at the instruction pointer, as far as they could be read. */
static const u8 *insn_at(const struct covirt_fault_record *record, u32 *len)
{
	u64 before = record->fault.cs_base + record->fault.rip - record->code_gva;

	*len = before < record->code_len ? min_t(u64, record->code_len - before, INSN_BYTES) : 0;
	return record->code + (*len ? before : 0);
}

/* Does this address lead to where the fault was, in the walk itself or behind it? */
static bool walk_leads_there(struct enclave *enclave, gva_t va)
{
	struct covirt_fault_record *record = &enclave->fault;
	const struct guest_paging paging = guest_paging(&record->fault);
	const struct guest_mem mem = { .read = guest_mem_read, .ctx = &enclave->partition };
	struct guest_walk_path *walk = &record->walk;
	gpa_t gpa;

	if (guest_walk_path(&paging, va, &gpa, walk, &mem))
		return record->fault.walk && walk->outside &&
		       same_page(walk->at[walk->nr - 1], record->fault.gpa);
	return !record->fault.walk && same_page(gpa, record->fault.gpa);
}

static bool try_walk(struct enclave *enclave, gva_t va)
{
	struct covirt_fault_record *record = &enclave->fault;

	record->walk_gva = va;
	record->walked = walk_leads_there(enclave, va);
	return record->walked;
}

static s32 displacement(const u8 *insn)
{
	s32 value;

	memcpy(&value, insn, sizeof(value));
	return value;
}

/* Wherever in the instruction it may stand, of either size. */
static bool try_displacements(struct enclave *enclave, gva_t base)
{
	u32 len, at;
	const u8 *insn = insn_at(&enclave->fault, &len);

	for (at = 2; at < len; at++) {
		if (try_walk(enclave, base + (s8)insn[at]))
			return true;
		if (len - at >= sizeof(s32) &&
		    try_walk(enclave, base + displacement(insn + at)))
			return true;
	}
	return false;
}

/* Behind the displacement there may be an immediate operand. */
static bool try_relative(struct enclave *enclave, gva_t ip)
{
	u32 len, at, immediate;
	const u8 *insn = insn_at(&enclave->fault, &len);

	for (at = 2; at + sizeof(s32) <= len; at++)
		for (immediate = 0; immediate <= sizeof(s32); immediate++)
			if (try_walk(enclave, ip + at + sizeof(s32) + immediate +
				     displacement(insn + at)))
				return true;
	return false;
}

static bool try_registers(struct enclave *enclave,
			  bool (*try)(struct enclave *enclave, gva_t base))
{
	const struct covirt_fault_record *record = &enclave->fault;
	u32 i;

	for (i = 0; i < COVIRT_NR_GPRS; i++)
		if (try(enclave, record->fault.gpr[i]))
			return true;
	return try(enclave, record->fs_base) || try(enclave, record->gs_base);
}

/*
 * Processors do not always tell the guest-virtual address, and nothing decodes instructions
 * here. Mostly a register holds it, or one in the same page, or it lies as far from there as a
 * displacement says: whether it does can be seen, for it must lead to where the fault was.
 */
static void take_walk(struct enclave *enclave)
{
	const struct covirt_fault *raw = &enclave->fault.fault;
	gva_t ip = raw->cs_base + raw->rip;

	if (raw->reason != COVIRT_FAULT_MEMORY_VIOLATION)
		return;
	if (!try_walk(enclave, ip) && !try_registers(enclave, try_walk) &&
	    !try_registers(enclave, try_displacements))
		try_relative(enclave, ip);
}

/* Half of the window lies before the instruction, less where the page before cannot be read. */
static void take_code(struct enclave *enclave)
{
	struct covirt_fault_record *record = &enclave->fault;
	gva_t rip = record->fault.cs_base + record->fault.rip;
	gva_t start = rip - COVIRT_FAULT_CODE / 2;
	u8 probe;

	if (!guest_read(enclave, start, &probe, 1))
		start = max(start, ALIGN_DOWN(rip, COVIRT_PAGE_SIZE));
	record->code_gva = start;
	record->code_len = guest_read(enclave, start, record->code, COVIRT_FAULT_CODE);
}

/* The chain leads upwards; what does not is no frame. */
static void take_frames(struct enclave *enclave)
{
	struct covirt_fault_record *record = &enclave->fault;
	size_t word = record->fault.code64 ? sizeof(u64) : sizeof(u32);
	u64 at = record->fault.gpr[GPR_RBP];

	while (record->nr_frames < COVIRT_FAULT_FRAMES) {
		u64 next = 0, back = 0;

		if (guest_read(enclave, at, &next, word) != word ||
		    guest_read(enclave, at + word, &back, word) != word || !back)
			return;
		record->frame[record->nr_frames++] = back;
		if (next <= at)
			return;
		at = next;
	}
}

static bool has_guest(const struct covirt_fault *raw)
{
	switch (raw->reason) {
	case COVIRT_FAULT_TRIPLE_FAULT:
	case COVIRT_FAULT_LOST:
	case COVIRT_FAULT_HYPERVISOR_PANIC:
		return false;
	case COVIRT_FAULT_HUNG:
		return raw->detail == COVIRT_HANG_HEARTBEAT;
	default:
		return true;
	}
}

static void take_guest(struct enclave *enclave)
{
	struct covirt_fault_record *record = &enclave->fault;

	if (!has_guest(&record->fault) || !enclave->partition.built)
		return;
	take_code(enclave);
	record->stack_len = guest_read(enclave, record->fault.gpr[GPR_RSP], record->stack,
				       COVIRT_FAULT_STACK);
	take_frames(enclave);
	take_walk(enclave);
}

/* A packed map has no host address for what it does not map; others name the host's addresses. */
static bool names_host(const struct enclave *enclave, gpa_t gpa)
{
	return enclave->layout->build != layout_build_packed && gpa >= COVIRT_BLANK_END;
}

static void take_owner(struct enclave *enclave)
{
	struct covirt_fault_record *record = &enclave->fault;
	gpa_t gpa = record->fault.gpa;

	if (record->fault.reason != COVIRT_FAULT_MEMORY_VIOLATION || !names_host(enclave, gpa))
		strscpy(record->owner, "none", sizeof(record->owner));
	else
		owner_of(gpa, record->owner, sizeof(record->owner));
}

/* Oldest first. The hypervisor's count may be anything. */
static void take_recent(struct enclave *enclave, u32 slot)
{
	const struct covirt_status *status = hv_space_status(&enclave->space, slot);
	struct covirt_fault_record *record = &enclave->fault;
	u32 end = status->nr_recent, i;

	record->nr_recent = min_t(u32, end, COVIRT_RECENT_EXITS);
	for (i = 0; i < record->nr_recent; i++)
		record->recent[i] = status->recent[(end - record->nr_recent + i) %
						   COVIRT_RECENT_EXITS];
}

static const char *policy_name(const struct enclave *enclave)
{
	bool fault = enclave->fault.fault.reason != COVIRT_FAULT_HUNG ||
		     enclave->watchdog.on_hang == ENCLAVE_HANG_FAULT;

	return fault ? enclave_on_fault_name(enclave) : "report";
}

/**
 * fault_report_take() - make an enclave's report from the hypervisor's record
 * @enclave: locked; its CPUs do not run any more, or one of them is hung
 * @slot:    CPU whose record it is
 * @raw:     a private copy of the record
 */
void fault_report_take(struct enclave *enclave, u32 slot, const struct covirt_fault *raw)
{
	const struct covirt_status *status = hv_space_status(&enclave->space, slot);
	/* One that is hung has not left. */
	const struct covirt_registers *registers =
		raw->reason == COVIRT_FAULT_HUNG ? &status->snapshot : &status->left;
	struct covirt_fault_record *record = &enclave->fault;

	memset(record, 0, sizeof(*record));
	record->version = COVIRT_FAULT_RECORD_VERSION;
	record->size = sizeof(*record);
	record->time_ns = ktime_get_real_ns();
	record->cpu = enclave->cpus.slot[slot];
	record->fault = *raw;
	record->fs_base = registers->fs_base;
	record->gs_base = registers->gs_base;
	strscpy(record->policy, policy_name(enclave), sizeof(record->policy));
	take_guest(enclave);
	take_owner(enclave);
	take_recent(enclave, slot);
}

/* --- keeping --- */

/**
 * fault_log_add() - keep the report: it is of a fault
 * @enclave: locked, with a report; enclave::faults counts it already
 */
void fault_log_add(struct enclave *enclave)
{
	enclave->fault.sequence = enclave->faults;
	enclave->fault_log->record[(enclave->faults - 1) % COVIRT_FAULT_RECORDS] = enclave->fault;
}

/**
 * fault_log_read() - what is kept, as bytes
 * @enclave: locked
 * @buf:     where to
 * @pos:     from which byte on; not negative
 * @len:     how many
 *
 * Return: bytes written.
 */
ssize_t fault_log_read(const struct enclave *enclave, char *buf, loff_t pos, size_t len)
{
	return memory_read_from_buffer(buf, len, &pos, enclave->fault_log,
				       sizeof(*enclave->fault_log));
}

/* --- telling --- */

/**
 * fault_report_log() - the essence, in a few lines of the kernel log
 * @enclave: with a report
 */
void fault_report_log(struct enclave *enclave)
{
	const struct covirt_fault_record *record = &enclave->fault;
	const struct covirt_fault *raw = &record->fault;
	struct device *dev = &enclave->dev;
	u32 insn_len;
	const u8 *insn = insn_at(record, &insn_len);

	dev_warn(dev, "%s on CPU %d, detail 0x%llx\n", fault_name(raw->reason), record->cpu,
		 raw->detail);
	if (raw->reason == COVIRT_FAULT_MEMORY_VIOLATION)
		dev_warn(dev, "%s at guest-physical 0x%llx, which belongs to: %s\n",
			 access_name(raw->access), raw->gpa, record->owner);
	if (raw->reason == COVIRT_FAULT_ENTRY_FAILED)
		dev_warn(dev, "VM entry failed: %s; a bug in covirt: please report it with the fault file\n",
			 backend()->entry_error(raw));
	dev_warn(dev, "rip 0x%llx rsp 0x%llx cr3 0x%llx, insn %*ph%s\n", raw->rip,
		 raw->gpr[GPR_RSP], raw->cr3, (int)insn_len, insn, insn_len ? "" : "none");
	dev_warn(dev, "exit %s code 0x%llx info 0x%llx 0x%llx; covirtctl faults %s explains\n",
		 fault_exit_name(raw->exit), raw->code, raw->info1, raw->info2,
		 enclave_name(enclave));
}

static int show_head(const struct covirt_fault_record *record, char *buf)
{
	const struct covirt_fault *raw = &record->fault;

	return sysfs_emit(buf, "reason: %s\ndetail: 0x%llx\ncpu: %d\nrip: 0x%llx\n",
			  fault_name(raw->reason), raw->detail, record->cpu, raw->rip);
}

static int show_aim(const struct covirt_fault_record *record, char *buf, int at)
{
	const struct covirt_fault *raw = &record->fault;

	if (raw->reason != COVIRT_FAULT_MEMORY_VIOLATION)
		return sysfs_emit_at(buf, at, "gpa: none\naccess: none\nowner: none\n");
	return sysfs_emit_at(buf, at, "gpa: 0x%llx\naccess: %s\nowner: %s\n", raw->gpa,
			     access_name(raw->access), record->owner);
}

static int show_insn(const struct covirt_fault_record *record, char *buf, int at)
{
	u32 len;
	const u8 *insn = insn_at(record, &len);

	if (!len)
		return sysfs_emit_at(buf, at, "insn: none\n");
	return sysfs_emit_at(buf, at, "insn: %*ph\n", (int)len, insn);
}

static int show_registers(const struct covirt_fault *raw, char *buf, int at)
{
	int len, i;

	len = sysfs_emit_at(buf, at, "cr0: 0x%llx\ncr2: 0x%llx\ncr3: 0x%llx\ncr4: 0x%llx\n",
			    raw->cr0, raw->cr2, raw->cr3, raw->cr4);
	len += sysfs_emit_at(buf, at + len, "efer: 0x%llx\nrflags: 0x%llx\n", raw->efer,
			     raw->rflags);
	for (i = 0; i < COVIRT_NR_GPRS; i++)
		len += sysfs_emit_at(buf, at + len, "%s: 0x%llx\n", gprs[i], raw->gpr[i]);
	return len;
}

static int show_entry_error(const struct covirt_fault *raw, char *buf, int at)
{
	if (raw->reason != COVIRT_FAULT_ENTRY_FAILED)
		return 0;
	return sysfs_emit_at(buf, at, "entry_error: %s\n", backend()->entry_error(raw));
}

static int show_exit(const struct covirt_fault *raw, char *buf, int at)
{
	return sysfs_emit_at(buf, at,
			     "exit: %s\nexit_code: 0x%llx\nexit_info1: 0x%llx\nexit_info2: 0x%llx\n"
			     "walk: %d\ncpl: %d\n",
			     fault_exit_name(raw->exit), raw->code, raw->info1, raw->info2,
			     raw->walk, raw->cpl);
}

/**
 * fault_report_show() - the whole report as `key: value` lines
 * @record: the report
 * @buf:    a page
 *
 * Return: bytes written.
 */
ssize_t fault_report_show(const struct covirt_fault_record *record, char *buf)
{
	int len;

	if (record->fault.reason == COVIRT_FAULT_NONE)
		return sysfs_emit(buf, "none\n");
	len = show_head(record, buf);
	len += show_aim(record, buf, len);
	len += show_insn(record, buf, len);
	len += show_registers(&record->fault, buf, len);
	len += show_exit(&record->fault, buf, len);
	len += show_entry_error(&record->fault, buf, len);
	return len;
}
