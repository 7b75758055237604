// SPDX-License-Identifier: GPL-2.0-only
/*
 * The boot page tables map the enclave's RAM only. To touch what is not the
 * enclave's, and so meet the nested tables and not a page fault of our own,
 * the payload adds identity mappings to them.
 */
#include "cpu.h"
#include "paging.h"

#define ENTRIES		512
#define SPARE_TABLES	16
#define SHIFT_4K	12
#define SHIFT_2M	21
#define SHIFT_512G	39
#define GRAFT_SLOT	255ULL	/* of the root: the highest with a positive address */
#define PTE_PRESENT	0x001ULL
#define PTE_WRITE	0x002ULL
#define PTE_USER	0x004ULL
#define PTE_LARGE	0x080ULL
#define PTE_ADDR	0x000ffffffffff000ULL

static u64 spare[SPARE_TABLES][ENTRIES] __aligned(4096);
static u32 spare_used;

static u64 *entry_of(u64 table, u64 addr, u32 shift)
{
	return (u64 *)table + ((addr >> shift) & (ENTRIES - 1));
}

/* Map the 2 MiB around @addr at their own address; false if @addr has no identity address. */
bool paging_map(u64 addr)
{
	u64 table = cpu_read_cr3() & PTE_ADDR;
	u64 *entry;
	u32 shift;

	if (addr >> 47)
		return false;
	for (shift = SHIFT_512G; shift > SHIFT_2M; shift -= 9) {
		entry = entry_of(table, addr, shift);
		if (*entry & PTE_LARGE)
			return true;
		if (!(*entry & PTE_PRESENT)) {
			if (spare_used == SPARE_TABLES)
				return false;
			*entry = (u64)spare[spare_used++] | PTE_PRESENT | PTE_WRITE;
		}
		table = *entry & PTE_ADDR;
	}
	entry = entry_of(table, addr, SHIFT_2M);
	if (!(*entry & PTE_PRESENT))
		*entry = (addr & ~((1ULL << SHIFT_2M) - 1)) | PTE_PRESENT | PTE_WRITE | PTE_LARGE;
	return true;
}

/* Map @page at @addr for code without privilege; what is mapped there already stays, for it too. */
bool paging_map_user(u64 addr, u64 page)
{
	u64 table = cpu_read_cr3() & PTE_ADDR;
	u64 *entry;
	u32 shift;

	for (shift = SHIFT_512G; shift > SHIFT_4K; shift -= 9) {
		entry = entry_of(table, addr, shift);
		if (!(*entry & PTE_PRESENT)) {
			if (spare_used == SPARE_TABLES)
				return false;
			*entry = (u64)spare[spare_used++] | PTE_PRESENT | PTE_WRITE;
		}
		*entry |= PTE_USER;
		if (*entry & PTE_LARGE)
			return true;
		table = *entry & PTE_ADDR;
	}
	*entry_of(table, addr, SHIFT_4K) = page | PTE_PRESENT | PTE_WRITE | PTE_USER;
	return true;
}

/* Let the page at @addr be the table below an entry of the root; an address that it translates. */
u64 paging_graft(u64 addr)
{
	u64 translated = GRAFT_SLOT << SHIFT_512G;

	*entry_of(cpu_read_cr3() & PTE_ADDR, translated, SHIFT_512G) =
		(addr & PTE_ADDR) | PTE_PRESENT | PTE_WRITE;
	return translated;
}
