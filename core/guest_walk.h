/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A walk of the guest's own page tables, to fetch what its RIP points at.
 *
 * Used for instruction bytes in fault records and for decoding without
 * decode assists. The tables are the guest's and may be anything: every
 * entry is read once, the number of reads is bounded by the paging depth,
 * and memory is reached only through the caller's read function.
 */
#ifndef COVIRT_CORE_GUEST_WALK_H
#define COVIRT_CORE_GUEST_WALK_H

#include "core/types.h"
#include "include/uapi/linux/covirt.h"

/**
 * struct guest_paging - the registers that choose the guest's paging mode
 * @cr0:  CR0 (PG)
 * @cr3:  CR3
 * @cr4:  CR4 (PAE, PSE, LA57)
 * @efer: EFER (LME)
 */
struct guest_paging {
	u64 cr0;
	u64 cr3;
	u64 cr4;
	u64 efer;
};

/**
 * struct guest_mem - how to read guest-physical memory
 * @read: copies @len bytes at @gpa into @buf; 0, or -Exxx when some byte is not the enclave's.
 *        Never asked to cross a 4 KiB boundary.
 * @ctx:  handed to @read
 */
struct guest_mem {
	int (*read)(void *ctx, gpa_t gpa, void *buf, size_t len);
	void *ctx;
};

/**
 * guest_walk_path() - translate a guest-virtual address, and record the walk
 * @paging: the guest's paging registers
 * @va:     the address (linear: segment base already added)
 * @out:    the guest-physical address, written on success only
 * @path:   written
 * @mem:    the guest's memory
 *
 * Return: as guest_walk().
 */
int guest_walk_path(const struct guest_paging *paging, gva_t va, gpa_t *out,
		    struct covirt_walk_path *path, const struct guest_mem *mem);

/**
 * guest_walk() - translate a guest-virtual address
 * @paging: the guest's paging registers
 * @va:     the address (linear: segment base already added)
 * @out:    the guest-physical address, written on success only
 * @mem:    the guest's memory
 *
 * Covers no paging, 32-bit paging, PAE, and long mode with 4 or 5 levels.
 * Permissions are ignored: the question is where the bytes are, not whether
 * the guest may use them.
 *
 * Return: 0; -EFAULT when @va is not mapped, not canonical, or a table lies
 * outside the enclave.
 */
int guest_walk(const struct guest_paging *paging, gva_t va, gpa_t *out,
	       const struct guest_mem *mem);

/**
 * guest_read_va() - copy bytes at a guest-virtual address
 * @paging: the guest's paging registers
 * @va:     the first byte's address
 * @buf:    where to
 * @len:    how many bytes
 * @mem:    the guest's memory
 *
 * Return: the bytes read, up to the first page that cannot be read.
 */
size_t guest_read_va(const struct guest_paging *paging, gva_t va, void *buf, size_t len,
		     const struct guest_mem *mem);

#endif /* COVIRT_CORE_GUEST_WALK_H */
