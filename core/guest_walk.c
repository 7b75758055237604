// SPDX-License-Identifier: GPL-2.0-only
/* A bounded walk of the guest's own page tables: see guest_walk.h. */
#include "core/guest_walk.h"

#define CR0_PG		BIT(31)
#define CR4_PSE		BIT(4)
#define CR4_PAE		BIT(5)
#define CR4_LA57	BIT(12)
#define EFER_LME	BIT(8)

#define ENTRY_PRESENT	BIT(0)
#define ENTRY_LARGE	BIT(7)

/**
 * struct paging_mode - the shape of a guest's page tables
 * @levels:     tables between CR3 and a 4 KiB page; 0: no paging
 * @index_bits: address bits that one table consumes
 * @entry_size: bytes of an entry
 * @large:      bit n: an entry of level n may be a page (the lowest table is level 1)
 * @root_mask:  CR3 bits that are the top table's address
 */
struct paging_mode {
	u8 levels;
	u8 index_bits;
	u8 entry_size;
	u8 large;
	u64 root_mask;
};

#define TABLE_MASK	GENMASK_ULL(51, 12)

/* APM vol. 2, 5.2 and 5.3; SDM vol. 3, 4.3 to 4.5. */
static const struct paging_mode mode_off = { 0 };
static const struct paging_mode mode_legacy = { 2, 10, 4, 0, GENMASK_ULL(31, 12) };
static const struct paging_mode mode_legacy_pse = { 2, 10, 4, BIT(2), GENMASK_ULL(31, 12) };
static const struct paging_mode mode_pae = { 3, 9, 8, BIT(2), GENMASK_ULL(31, 5) };
static const struct paging_mode mode_long4 = { 4, 9, 8, BIT(2) | BIT(3), TABLE_MASK };
static const struct paging_mode mode_long5 = { 5, 9, 8, BIT(2) | BIT(3), TABLE_MASK };

/*
 * While paging is on, EFER.LMA is LME (APM vol. 2, 14.6.1). LME it is, because a CPU may
 * have cleared LMA already when it tells of the write that disables paging: Bochs does.
 */
static const struct paging_mode *paging_mode_get(const struct guest_paging *paging)
{
	if (!(paging->cr0 & CR0_PG))
		return &mode_off;
	if (paging->efer & EFER_LME)
		return paging->cr4 & CR4_LA57 ? &mode_long5 : &mode_long4;
	if (paging->cr4 & CR4_PAE)
		return &mode_pae;
	return paging->cr4 & CR4_PSE ? &mode_legacy_pse : &mode_legacy;
}

static bool mode_is_long(const struct paging_mode *mode)
{
	return mode->levels >= 4;
}

/* Bits above the implemented ones must repeat the highest implemented one (APM vol. 2, 5.3.1). */
static bool va_is_canonical(const struct paging_mode *mode, gva_t va)
{
	unsigned int unused = 64 - (COVIRT_PAGE_SHIFT + mode->levels * mode->index_bits);

	return (gva_t)((s64)(va << unused) >> unused) == va;
}

static unsigned int level_shift(const struct paging_mode *mode, unsigned int level)
{
	return COVIRT_PAGE_SHIFT + (level - 1) * mode->index_bits;
}

static gpa_t entry_gpa(const struct paging_mode *mode, unsigned int level, gpa_t table, gva_t va)
{
	u64 index = (va >> level_shift(mode, level)) & (BIT(mode->index_bits) - 1);

	return table + index * mode->entry_size;
}

/* A 4-byte large entry has address bits 39:32 in its bits 20:13 (PSE-36, SDM vol. 3, table 4-4). */
static gpa_t page_base(const struct paging_mode *mode, unsigned int level, u64 entry)
{
	u64 base = entry & TABLE_MASK & ~(BIT(level_shift(mode, level)) - 1);

	if (mode->entry_size == sizeof(u32) && level > 1)
		base |= (entry & GENMASK_ULL(20, 13)) << (32 - 13);
	return base;
}

static bool entry_is_page(const struct paging_mode *mode, unsigned int level, u64 entry)
{
	return level == 1 || ((mode->large & BIT(level)) && (entry & ENTRY_LARGE));
}

/* An 8-byte entry must have the large bit clear on a level without pages: the CPU would fault. */
static bool entry_is_malformed(const struct paging_mode *mode, unsigned int level, u64 entry)
{
	return mode->entry_size == sizeof(u64) && (entry & ENTRY_LARGE) &&
	       !entry_is_page(mode, level, entry);
}

/* Reads the next entry of the path, once, because the guest may change it meanwhile. */
static int entry_read(const struct paging_mode *mode, gpa_t at, struct covirt_walk_path *path,
		      const struct guest_mem *mem)
{
	u32 i = path->nr++;

	path->at[i] = at;
	path->entry[i] = 0;
	path->outside = mem->read(mem->ctx, at, &path->entry[i], mode->entry_size) != 0;
	return path->outside ? -EFAULT : 0;
}

static int walk_tables(const struct paging_mode *mode, gpa_t table, gva_t va, gpa_t *out,
		       struct covirt_walk_path *path, const struct guest_mem *mem)
{
	unsigned int level;

	for (level = mode->levels; level > 0; level--) {
		u64 entry;

		if (entry_read(mode, entry_gpa(mode, level, table, va), path, mem))
			return -EFAULT;
		entry = path->entry[path->nr - 1];
		if (!(entry & ENTRY_PRESENT) || entry_is_malformed(mode, level, entry))
			return -EFAULT;
		if (entry_is_page(mode, level, entry)) {
			*out = page_base(mode, level, entry) |
			       (va & (BIT(level_shift(mode, level)) - 1));
			return 0;
		}
		table = entry & TABLE_MASK;
	}
	return -EFAULT;
}

int guest_walk_path(const struct guest_paging *paging, gva_t va, gpa_t *out,
		    struct covirt_walk_path *path, const struct guest_mem *mem)
{
	const struct paging_mode *mode = paging_mode_get(paging);

	path->nr = 0;
	path->outside = 0;
	if (!mode_is_long(mode))
		va = (u32)va;
	else if (!va_is_canonical(mode, va))
		return -EFAULT;
	if (!mode->levels) {
		*out = va;
		return 0;
	}
	return walk_tables(mode, paging->cr3 & mode->root_mask, va, out, path, mem);
}

int guest_walk(const struct guest_paging *paging, gva_t va, gpa_t *out,
	       const struct guest_mem *mem)
{
	struct covirt_walk_path path;

	return guest_walk_path(paging, va, out, &path, mem);
}

size_t guest_read_va(const struct guest_paging *paging, gva_t va, void *buf, size_t len,
		     const struct guest_mem *mem)
{
	size_t done = 0;

	while (done < len) {
		u64 left_in_page = COVIRT_PAGE_SIZE - (va + done) % COVIRT_PAGE_SIZE;
		size_t step = min_t(size_t, len - done, left_in_page);
		gpa_t gpa;

		if (guest_walk(paging, va + done, &gpa, mem))
			break;
		if (mem->read(mem->ctx, gpa, (u8 *)buf + done, step))
			break;
		done += step;
	}
	return done;
}
