// SPDX-License-Identifier: GPL-2.0-only
/*
 * GDT, stack and, in 64-bit mode, page tables for the first instruction. The tables map every
 * RAM run at its own address, rounded outwards to whole pages of the largest
 * size: what is not the enclave's stays absent in the nested tables.
 */
#include "boot_cpu.h"
#include "guest_ram.h"

#define BOOT_CS		0x10	/* __BOOT_CS and __BOOT_DS of Linux's boot protocol */
#define BOOT_DS		0x18

/* Page-table entry bits, APM vol. 2, 5.4. */
#define PTE_PRESENT	0x001ULL
#define PTE_WRITE	0x002ULL
#define PTE_ACCESSED	0x020ULL
#define PTE_DIRTY	0x040ULL
#define PTE_LARGE	0x080ULL
#define PTE_ADDR	0x000ffffffffff000ULL

#define TABLE_ENTRIES	512
#define SHIFT_4K	12
#define SHIFT_2M	21
#define SHIFT_1G	30
#define SHIFT_512G	39
#define LOWER_HALF_END	BIT_ULL(47)	/* canonical addresses end here */

#define BOOT_DESCRIPTORS	(BOOT_DS / 8 + 1)
#define FLAT_CODE64	0x00af9b000000ffffULL
#define FLAT_CODE32	0x00cf9b000000ffffULL
#define FLAT_DATA	0x00cf93000000ffffULL

/* By mode, flat descriptors, APM vol. 2, 4.8: present, accessed, DPL 0. */
static const u64 boot_gdt[][BOOT_DESCRIPTORS] = {
	[COVIRT_ENTRY_64] = { [BOOT_CS / 8] = FLAT_CODE64, [BOOT_DS / 8] = FLAT_DATA },
	[COVIRT_ENTRY_32] = { [BOOT_CS / 8] = FLAT_CODE32, [BOOT_DS / 8] = FLAT_DATA },
};

/**
 * struct table_pool - the pages that the tables may take
 * @page: where LOW_TABLES lies; the first page is the root
 * @used: pages taken
 * @max:  pages there are
 */
struct table_pool {
	u64 (*page)[TABLE_ENTRIES];
	u32 used;
	u32 max;
};

static u64 table_gpa(u32 index)
{
	return LOW_TABLES + index * COVIRT_PAGE_SIZE;
}

static u64 *table_entry(u64 *table, u64 gpa, u32 shift)
{
	return &table[(gpa >> shift) & (TABLE_ENTRIES - 1)];
}

/* The table behind an entry, taken from the pool if there is none yet; NULL when it is empty. */
static u64 *table_below(struct table_pool *pool, u64 *entry)
{
	if (!(*entry & PTE_PRESENT)) {
		if (pool->used == pool->max)
			return NULL;
		*entry = table_gpa(pool->used++) | PTE_PRESENT | PTE_WRITE | PTE_ACCESSED;
	}
	return pool->page[((*entry & PTE_ADDR) - LOW_TABLES) >> SHIFT_4K];
}

static bool table_map(struct table_pool *pool, u64 gpa, u32 leaf_shift)
{
	u64 *table = pool->page[0];
	u32 shift;

	for (shift = SHIFT_512G; shift > leaf_shift; shift -= 9) {
		table = table_below(pool, table_entry(table, gpa, shift));
		if (!table)
			return false;
	}
	*table_entry(table, gpa, leaf_shift) =
		gpa | PTE_PRESENT | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY | PTE_LARGE;
	return true;
}

static int boot_map_run(struct loading *loading, struct table_pool *pool, struct gpa_range run)
{
	u32 shift = loading->request->have_1g_pages ? SHIFT_1G : SHIFT_2M;
	u64 gpa = ALIGN_DOWN(run.gpa, 1ULL << shift);

	if (run.gpa > LOWER_HALF_END || run.len > LOWER_HALF_END - run.gpa)
		return loading_fail(loading, -EINVAL,
				    "memory lies too high for an identity map: use layout packed");
	for (; gpa < run.gpa + run.len; gpa += 1ULL << shift)
		if (!table_map(pool, gpa, shift))
			return loading_fail(loading, -EINVAL,
					    "boot page tables do not fit: give less memory");
	return 0;
}

static int boot_write_tables(struct loading *loading)
{
	const struct loader_request *request = loading->request;
	const u64 size = loading->tables_end - LOW_TABLES;
	struct table_pool pool = { .used = 1, .max = size >> SHIFT_4K };
	struct gpa_range run;
	u32 cursor = 0;
	int err;

	pool.page = request->mem(request->ctx, LOW_TABLES, size);
	if (!pool.page)
		return loading_fail(loading, -EFAULT, "enclave memory is not accessible");
	memset(pool.page, 0, size);	/* entries are followed: trust nothing that was there */
	while (guest_ram_next(request->map, &cursor, &run)) {
		err = boot_map_run(loading, &pool, run);
		if (err)
			return err;
	}
	return 0;
}

static int boot_enter(struct loading *loading, enum covirt_entry_mode mode, gva_t rip)
{
	struct covirt_entry *entry = loading->entry;

	entry->mode = mode;
	entry->rip = rip;
	entry->rsp = LOW_STACK_TOP;
	entry->gdt_base = LOW_GDT;
	entry->gdt_limit = sizeof(boot_gdt[mode]) - 1;
	entry->cs = BOOT_CS;
	entry->ds = BOOT_DS;
	return guest_ram_write(loading, LOW_GDT, boot_gdt[mode], sizeof(boot_gdt[mode]));
}

/**
 * boot_cpu_prepare() - write GDT and page tables, fill the entry state for 64-bit mode
 * @loading: the loading
 * @rip:     the first instruction
 *
 * RDI and RSI stay as they are: they belong to the image's format.
 *
 * Return: 0 or a negative errno.
 */
int boot_cpu_prepare(struct loading *loading, gva_t rip)
{
	int err;

	err = boot_write_tables(loading);
	if (err)
		return err;
	loading->entry->cr3 = LOW_TABLES;
	return boot_enter(loading, COVIRT_ENTRY_64, rip);
}

/**
 * boot_cpu_prepare_32() - write the GDT, fill the entry state for 32-bit mode without paging
 * @loading: the loading
 * @rip:     the first instruction, below 4 GiB
 *
 * RAX and RBX stay as they are: they belong to the image's format.
 *
 * Return: 0; -EFAULT if low memory is missing.
 */
int boot_cpu_prepare_32(struct loading *loading, gpa_t rip)
{
	return boot_enter(loading, COVIRT_ENTRY_32, rip);
}
