// SPDX-License-Identifier: GPL-2.0-only
/*
 * Part of a fault report that is read from the co-kernel's memory. No value there can be trusted.
 */
#include <linux/bug.h>
#include <linux/lockdep.h>
#include <linux/uaccess.h>

#include "controller/enclave/enclave.h"
#include "controller/fault/guest.h"
#include "core/gpr.h"
#include "core/insn.h"

static int guest_mem_read(void *ctx, gpa_t gpa, void *buf, size_t len)
{
	const struct partition *partition = ctx;
	const void *ram = partition_ram(partition, gpa, len);

	if (!ram)
		return -EFAULT;
	/*
	 * The page may be a bad one, which has caused a machine check already: the copy survives
	 * another.
	 */
	return copy_mc_to_kernel(buf, ram, len) ? -EFAULT : 0;
}

/**
 * fault_guest_paging() - how the co-kernel translated addresses
 * @raw: its registers
 *
 * Return: what a walk needs of them.
 */
struct guest_paging fault_guest_paging(const struct covirt_fault *raw)
{
	return (struct guest_paging){
		.cr0 = raw->cr0,
		.cr3 = raw->cr3,
		.cr4 = raw->cr4,
		.efer = raw->efer,
	};
}

/**
 * fault_guest_mem() - how its memory is read
 * @enclave: locked; its partition is there as long as the result is used
 *
 * Return: by guest-physical address, from Linux's mapping.
 */
struct guest_mem fault_guest_mem(struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	return (struct guest_mem){ .read = guest_mem_read, .ctx = &enclave->partition };
}

static size_t guest_read(struct enclave *enclave, gva_t va, void *buf, size_t len)
{
	const struct guest_paging paging = fault_guest_paging(&enclave->fault.fault);
	const struct guest_mem mem = fault_guest_mem(enclave);

	return guest_read_va(&paging, va, buf, len, &mem);
}

/**
 * fault_insn() - the bytes at the instruction pointer, as far as they could be read
 * @record: with its code
 * @len:    how many: at most INSN_MAX_LEN, 0 if none
 *
 * Return: the first of them.
 */
const u8 *fault_insn(const struct covirt_fault_record *record, u32 *len)
{
	u64 before = record->fault.cs_base + record->fault.rip - record->code_gva;
	u64 left = before < record->code_len ? record->code_len - before : 0;

	*len = min_t(u64, left, INSN_MAX_LEN);
	return record->code + (left ? before : 0);
}

/* Half of the window lies before the instruction, less where the page before cannot be read. */
static void collect_code(struct enclave *enclave)
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
static void collect_frames(struct enclave *enclave)
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

/**
 * fault_guest_collect() - code, stack and backtrace of a report
 * @enclave: locked, with a report that has the registers, and with a partition
 */
void fault_guest_collect(struct enclave *enclave)
{
	struct covirt_fault_record *record = &enclave->fault;

	lockdep_assert_held(&enclave->lock);
	WARN_ON_ONCE(!enclave->partition.built);
	collect_code(enclave);
	record->stack_len = guest_read(enclave, record->fault.gpr[GPR_RSP], record->stack,
				       COVIRT_FAULT_STACK);
	collect_frames(enclave);
}
