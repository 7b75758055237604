/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nested page tables: one algorithm over two entry formats, NPT and EPT.
 *
 * The controller edits them from the Linux side while enclave CPUs walk them:
 * every entry changes by one 64-bit store, a table is linked only once it is
 * complete, and a table taken out is freed only after the flush. Editors of one
 * struct pt are serialized by their caller.
 *
 * The life of an edit: pt_map(), pt_unmap() or pt_protect(); when
 * pt_flush_owed() says so, flush every CPU that may use the tables;
 * pt_flush_done().
 */
#ifndef COVIRT_MM_PT_H
#define COVIRT_MM_PT_H

#include "core/linux/gpmap.h"
#include "mm/npt_ept/pt_geometry.h"

/* pt_init() flags */
#define PT_1G_OK	BIT(0)	/* the processor walks 1 GiB nested pages */
#define PT_EXEC_4K	BIT(1)	/* what can be executed is mapped by 4 KiB pages only */

struct pt_format;

/**
 * struct pt_mm - where table pages come from and how wide physical addresses are
 * @alloc:     a zeroed 4 KiB page and its host-physical address, or NULL
 * @free:      gives such a page back
 * @virt:      pointer to such a page
 * @ctx:       handed to all three
 * @phys_bits: width of host-physical addresses in bits, 32 to 52; 0 means 52
 * @c_bit:     memory-encryption bit that entries carry (NPT under SME), or 0
 */
struct pt_mm {
	void *(*alloc)(void *ctx, hpa_t *hpa);
	void (*free)(void *ctx, hpa_t hpa);
	void *(*virt)(void *ctx, hpa_t hpa);
	void *ctx;
	u8 phys_bits;
	u64 c_bit;
};

/**
 * struct pt_pages - a stack of table pages, linked through their first entry
 * @top: host-physical address of the last page pushed; meaningless when @nr is 0
 * @nr:  pages on the stack
 */
struct pt_pages {
	hpa_t top;
	u64 nr;
};

/**
 * struct pt - one set of nested tables; private to pt.c
 * @format:     how entries look
 * @mm:         where tables come from
 * @flags:      PT_* flags
 * @flush_owed: a present entry changed since the last pt_flush_done()
 * @root:       host-physical address of the top table
 * @nr_tables:  tables that the walk from @root reaches, @root included
 * @reserve:    pages set aside for the edit under way; empty between edits
 * @deferred:   tables taken out, which a CPU may still walk
 */
struct pt {
	const struct pt_format *format;
	struct pt_mm mm;
	u32 flags;
	bool flush_owed;
	hpa_t root;
	u64 nr_tables;
	struct pt_pages reserve;
	struct pt_pages deferred;
};

/**
 * struct pt_leaf - what a walk of the nested tables finds
 * @gpa:     first guest-physical address of the page
 * @hpa:     its host-physical address
 * @size:    bytes: 4 KiB, 2 MiB or 1 GiB
 * @access:  enum covirt_access bits
 * @memtype: enum covirt_memtype
 */
struct pt_leaf {
	gpa_t gpa;
	hpa_t hpa;
	u64 size;
	u8 access;
	u8 memtype;
};

/**
 * pt_init() - make empty tables: one root page
 * @pt:     what to initialize
 * @format: one of formats.h
 * @mm:     page source; copied
 * @flags:  PT_* flags
 *
 * Return: 0; -EINVAL for an address width or encryption bit that the format
 * cannot have; -ENOMEM.
 */
int pt_init(struct pt *pt, const struct pt_format *format, const struct pt_mm *mm, u32 flags);

/**
 * pt_destroy() - free every page, deferred ones included
 * @pt: the tables; no CPU may still use them, nor hold translations of them
 */
void pt_destroy(struct pt *pt);

/**
 * pt_map() - map an extent with the largest pages that fit
 * @pt:     the tables
 * @extent: what to map
 *
 * Only non-present entries are filled, so no flush is owed for it.
 *
 * Return: 0; -EINVAL or -ERANGE as extent_check(), -ERANGE also beyond the
 * physical address width; -EEXIST when a page of it is mapped already;
 * -ENOMEM. On error nothing has changed.
 */
int pt_map(struct pt *pt, const struct covirt_extent *extent);

/**
 * pt_unmap() - take a range out
 * @pt:  the tables
 * @gpa: start, multiple of 4 KiB
 * @len: bytes, multiple of 4 KiB, not 0
 *
 * Pages that stick out of the range are split. Owes a flush. A range whose
 * ends do not cut a large page cannot fail for want of memory.
 *
 * Return: 0; -EINVAL or -ERANGE as gpa_range_check(); -ENOENT when a page of it
 * is not mapped; -ENOMEM. On error nothing has changed.
 */
int pt_unmap(struct pt *pt, gpa_t gpa, u64 len);

/**
 * pt_protect() - change the access of a range
 * @pt:     the tables
 * @gpa:    start, multiple of 4 KiB
 * @len:    bytes, multiple of 4 KiB, not 0
 * @access: the new access, READ among it
 *
 * Pages that stick out of the range are split. Owes a flush when anything
 * changed.
 *
 * Return: as pt_unmap(); -EINVAL also for an access without READ.
 */
int pt_protect(struct pt *pt, gpa_t gpa, u64 len, u8 access);

/**
 * pt_build() - map a whole guest-physical map into empty tables
 * @pt:  tables that map nothing and that no CPU uses yet
 * @map: the map
 *
 * Return: 0; -EEXIST when the tables are not empty; else as pt_map(). On
 * error the tables are empty again.
 */
int pt_build(struct pt *pt, const struct covirt_gpmap *map);

/**
 * pt_flush_owed() - may a CPU hold a translation that the tables no longer say?
 * @pt: the tables
 *
 * Return: true from the first change of a present entry until pt_flush_done().
 */
bool pt_flush_owed(const struct pt *pt);

/**
 * pt_flush_done() - every CPU that uses the tables has flushed since the last edit
 * @pt: the tables
 *
 * Frees the tables that edits took out.
 */
void pt_flush_done(struct pt *pt);

/**
 * pt_lookup() - the page that maps an address
 * @pt:   the tables
 * @gpa:  any guest-physical address
 * @leaf: the page, written on success only
 *
 * Return: true when @gpa is mapped.
 */
bool pt_lookup(const struct pt *pt, gpa_t gpa, struct pt_leaf *leaf);

/**
 * pt_next() - the first page at or behind an address
 * @pt:   the tables
 * @gpa:  any guest-physical address
 * @leaf: the page that maps @gpa or, if none does, the next one; written on
 *        success only
 *
 * Return: false when nothing is mapped from @gpa on.
 */
bool pt_next(const struct pt *pt, gpa_t gpa, struct pt_leaf *leaf);

/**
 * pt_root() - host-physical address of the top table
 * @pt: the tables
 *
 * Return: the address alone; nCR3 and EPTP add their own bits.
 */
hpa_t pt_root(const struct pt *pt);

/**
 * pt_nr_tables() - table pages in use
 * @pt: the tables
 *
 * Return: tables that hardware can reach, the root included; deferred ones not.
 */
u64 pt_nr_tables(const struct pt *pt);

#endif /* COVIRT_MM_PT_H */
