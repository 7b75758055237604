// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault records. The hypervisor's is raw and may be anything if the
 * hypervisor itself went wrong: it is copied once, and checked where it is used.
 */
#include <linux/bug.h>
#include <linux/fs.h>
#include <linux/ioport.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/timekeeping.h>
#include <linux/sysfs.h>

#include "controller/enclave/enclave.h"
#include "controller/enclave/names.h"
#include "controller/fault/guest.h"
#include "controller/fault/report.h"
#include "controller/fault/walk.h"
#include "controller/host/backend.h"
#include "controller/partition/owner.h"
#include "core/apic.h"
#include "core/gpr.h"

static const char *const gprs[COVIRT_NR_GPRS] = {
	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
};

static const char *access_name(u8 access)
{
	if (access & COVIRT_EXEC)
		return "exec";
	return access & COVIRT_WRITE ? "write" : "read";
}

/* --- completing --- */

/* Did it aim at an address? One not its own, or with an instruction that is not emulated. */
static bool has_aim(const struct covirt_fault *raw)
{
	return raw->reason == COVIRT_FAULT_MEMORY_VIOLATION ||
	       (raw->reason == COVIRT_FAULT_UNDECODED && raw->exit == COVIRT_EXIT_NESTED_FAULT);
}

/* A packed map has no host address for what it does not map; others name the host's addresses. */
static bool names_host(const struct enclave *enclave, gpa_t gpa)
{
	return enclave->layout->build != layout_build_packed && gpa >= COVIRT_BLANK_END;
}

/*
 * The page of a local APIC, where APICs have no registers in memory: the co-kernel expects an old
 * one.
 */
static bool is_apic(gpa_t gpa)
{
	return !(backend_features() & COVIRT_FEATURE_XAPIC) &&
	       ALIGN_DOWN(gpa, COVIRT_PAGE_SIZE) == APIC_PAGE;
}

static void collect_owner(struct enclave *enclave)
{
	struct covirt_fault_record *record = &enclave->fault;
	gpa_t gpa = record->fault.gpa;

	if (!has_aim(&record->fault))
		strscpy(record->owner, "none", sizeof(record->owner));
	else if (is_apic(gpa))
		strscpy(record->owner, "local-apic", sizeof(record->owner));
	else if (!names_host(enclave, gpa))
		strscpy(record->owner, "none", sizeof(record->owner));
	else
		owner_of(gpa, record->owner, sizeof(record->owner));
}

/* Oldest first. The hypervisor's count may be anything. */
static void collect_recent(struct enclave *enclave, u32 index)
{
	const struct covirt_status *status = hv_space_status(&enclave->space, index);
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

static bool has_guest(const struct covirt_fault *raw)
{
	switch (raw->reason) {
	case COVIRT_FAULT_TRIPLE_FAULT:
		return raw->detail == COVIRT_WHERE_FAULT;
	case COVIRT_FAULT_LOST:
	case COVIRT_FAULT_HYPERVISOR_PANIC:
		return false;
	case COVIRT_FAULT_HUNG:
		return raw->detail == COVIRT_HANG_HEARTBEAT;
	default:
		return true;
	}
}

/* The page walk needs the code. */
static void take_guest(struct enclave *enclave)
{
	if (!has_guest(&enclave->fault.fault) || !enclave->partition.built)
		return;
	fault_guest_collect(enclave);
	fault_walk_collect(enclave);
}

/**
 * fault_report_collect() - make an enclave's report from the hypervisor's record
 * @enclave: locked; its CPUs do not run any more, or one of them is hung
 * @index:   CPU whose record it is
 * @raw:     a private copy of the record
 */
void fault_report_collect(struct enclave *enclave, u32 index, const struct covirt_fault *raw)
{
	const struct covirt_status *status = hv_space_status(&enclave->space, index);
	/* A CPU that is hung has not left the guest. */
	const struct covirt_registers *registers =
		raw->reason == COVIRT_FAULT_HUNG ? &status->snapshot : &status->left;
	struct covirt_fault_record *record = &enclave->fault;

	lockdep_assert_held(&enclave->lock);
	memset(record, 0, sizeof(*record));
	record->version = COVIRT_FAULT_RECORD_VERSION;
	record->size = sizeof(*record);
	record->time_ns = ktime_get_real_ns();
	record->cpu = enclave->cpus.cpu[index];
	record->fault = *raw;
	record->fs_base = registers->fs_base;
	record->gs_base = registers->gs_base;
	strscpy(record->policy, policy_name(enclave), sizeof(record->policy));
	take_guest(enclave);
	collect_owner(enclave);
	collect_recent(enclave, index);
}

/* --- keeping --- */

/**
 * fault_log_add() - keep the report: it is of a fault
 * @enclave: locked, with a report; enclave::faults counts it already
 */
void fault_log_add(struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	WARN_ON_ONCE(!enclave->faults);
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
	lockdep_assert_held(&enclave->lock);
	return memory_read_from_buffer(buf, len, &pos, enclave->fault_log,
				       sizeof(*enclave->fault_log));
}

/* --- reporting --- */

/**
 * fault_report_log() - the essence, in a few lines of the kernel log
 * @enclave: locked, with a report
 */
void fault_report_log(struct enclave *enclave)
{
	const struct covirt_fault_record *record = &enclave->fault;
	const struct covirt_fault *raw = &record->fault;
	struct device *dev = &enclave->dev;
	u32 insn_len;
	const u8 *insn = fault_insn(record, &insn_len);

	lockdep_assert_held(&enclave->lock);
	dev_warn(dev, "%s on CPU %d, detail 0x%llx\n", fault_name(raw->reason), record->cpu,
		 raw->detail);
	if (raw->reason == COVIRT_FAULT_MEMORY_VIOLATION)
		dev_warn(dev, "%s at guest-physical 0x%llx, which belongs to: %s\n",
			 access_name(raw->access), raw->gpa, record->owner);
	if (raw->reason == COVIRT_FAULT_MEMORY_VIOLATION && is_apic(raw->gpa))
		dev_warn(dev, "an enclave's CPUs begin with their local APIC in x2APIC mode, not there: the co-kernel has to use that mode or to leave it (Linux: without acpi=off)\n");
	if (raw->reason == COVIRT_FAULT_UNDECODED && has_aim(raw))
		dev_warn(dev, "%s at guest-physical 0x%llx by an instruction that is not emulated there: only MOV, MOVZX and MOVSX within a page are, of up to 64 bits, and in an APIC's page MOV of 32 bits to a register\n",
			 access_name(raw->access), raw->gpa);
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

	if (!has_aim(raw))
		return sysfs_emit_at(buf, at, "gpa: none\naccess: none\nowner: none\n");
	return sysfs_emit_at(buf, at, "gpa: 0x%llx\naccess: %s\nowner: %s\n", raw->gpa,
			     access_name(raw->access), record->owner);
}

static int show_insn(const struct covirt_fault_record *record, char *buf, int at)
{
	u32 len;
	const u8 *insn = fault_insn(record, &len);

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
