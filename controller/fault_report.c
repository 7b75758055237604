// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault records. The hypervisor's is raw and may be anything if the
 * hypervisor itself went wrong: it is copied once, and checked where it is used.
 */
#include <linux/ioport.h>
#include <linux/mm.h>
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

static const char *exit_name(u32 exit)
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

static void take_insn(struct fault_report *report, struct partition *partition)
{
	const struct covirt_fault *raw = &report->raw;
	const struct guest_paging paging = {
		.cr0 = raw->cr0,
		.cr3 = raw->cr3,
		.cr4 = raw->cr4,
		.efer = raw->efer,
	};
	const struct guest_mem mem = { .read = guest_mem_read, .ctx = partition };

	report->insn_len = 0;
	if (raw->reason == COVIRT_FAULT_TRIPLE_FAULT || raw->reason == COVIRT_FAULT_LOST ||
	    raw->reason == COVIRT_FAULT_HYPERVISOR_PANIC || !partition->built)
		return;
	report->insn_len = guest_read_va(&paging, raw->cs_base + raw->rip, report->insn,
					 sizeof(report->insn), &mem);
}

/* A packed map has no host address for what it does not map; others name the host's addresses. */
static bool names_host(const struct enclave *enclave, gpa_t gpa)
{
	return enclave->layout->build != layout_build_packed && gpa >= COVIRT_BLANK_END;
}

static void take_owner(struct enclave *enclave, struct fault_report *report)
{
	gpa_t gpa = report->raw.gpa;

	if (report->raw.reason != COVIRT_FAULT_MEMORY_VIOLATION || !names_host(enclave, gpa))
		strscpy(report->owner, "none", sizeof(report->owner));
	else
		owner_of(gpa, report->owner, sizeof(report->owner));
}

/**
 * fault_report_take() - make an enclave's report from the hypervisor's record
 * @enclave: locked; its CPUs do not run any more
 * @slot:    CPU whose record it is
 * @raw:     a private copy of the record
 */
void fault_report_take(struct enclave *enclave, u32 slot, const struct covirt_fault *raw)
{
	struct fault_report *report = &enclave->fault;

	report->raw = *raw;
	report->cpu = enclave->cpus.slot[slot];
	take_insn(report, &enclave->partition);
	take_owner(enclave, report);
}

/* --- telling --- */

/**
 * fault_report_log() - the essence, in a few lines of the kernel log
 * @enclave: with a report
 */
void fault_report_log(struct enclave *enclave)
{
	const struct fault_report *report = &enclave->fault;
	const struct covirt_fault *raw = &report->raw;
	struct device *dev = &enclave->dev;

	dev_warn(dev, "%s on CPU %d, detail 0x%llx\n", fault_name(raw->reason), report->cpu,
		 raw->detail);
	if (raw->reason == COVIRT_FAULT_MEMORY_VIOLATION)
		dev_warn(dev, "%s at guest-physical 0x%llx, which belongs to: %s\n",
			 access_name(raw->access), raw->gpa, report->owner);
	if (raw->reason == COVIRT_FAULT_ENTRY_FAILED)
		dev_warn(dev, "VM entry failed: %s; a bug in covirt: please report it with the fault file\n",
			 backend()->entry_error(raw));
	dev_warn(dev, "rip 0x%llx rsp 0x%llx cr3 0x%llx, insn %*ph%s\n", raw->rip,
		 raw->gpr[GPR_RSP], raw->cr3, (int)report->insn_len, report->insn,
		 report->insn_len ? "" : "none");
	dev_warn(dev, "exit %s code 0x%llx info 0x%llx 0x%llx; all of it: /sys/class/covirt/%s/fault\n",
		 exit_name(raw->exit), raw->code, raw->info1, raw->info2, enclave_name(enclave));
}

static int show_head(const struct fault_report *report, char *buf)
{
	const struct covirt_fault *raw = &report->raw;

	return sysfs_emit(buf, "reason: %s\ndetail: 0x%llx\ncpu: %d\nrip: 0x%llx\n",
			  fault_name(raw->reason), raw->detail, report->cpu, raw->rip);
}

static int show_aim(const struct fault_report *report, char *buf, int at)
{
	const struct covirt_fault *raw = &report->raw;

	if (raw->reason != COVIRT_FAULT_MEMORY_VIOLATION)
		return sysfs_emit_at(buf, at, "gpa: none\naccess: none\nowner: none\n");
	return sysfs_emit_at(buf, at, "gpa: 0x%llx\naccess: %s\nowner: %s\n", raw->gpa,
			     access_name(raw->access), report->owner);
}

static int show_insn(const struct fault_report *report, char *buf, int at)
{
	if (!report->insn_len)
		return sysfs_emit_at(buf, at, "insn: none\n");
	return sysfs_emit_at(buf, at, "insn: %*ph\n", (int)report->insn_len, report->insn);
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
			     exit_name(raw->exit), raw->code, raw->info1, raw->info2, raw->walk,
			     raw->cpl);
}

/**
 * fault_report_show() - the whole report as `key: value` lines
 * @report: the report
 * @buf:    a page
 *
 * Return: bytes written.
 */
ssize_t fault_report_show(const struct fault_report *report, char *buf)
{
	int len;

	if (report->raw.reason == COVIRT_FAULT_NONE)
		return sysfs_emit(buf, "none\n");
	len = show_head(report, buf);
	len += show_aim(report, buf, len);
	len += show_insn(report, buf, len);
	len += show_registers(&report->raw, buf, len);
	len += show_exit(&report->raw, buf, len);
	len += show_entry_error(&report->raw, buf, len);
	return len;
}
