/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walks of nested tables, one per format, written from the manuals alone. They share nothing with
 * the code under test, and call every entry broken that hardware would fault for.
 */
#ifndef COVIRT_KUNIT_NESTED_WALK_H
#define COVIRT_KUNIT_NESTED_WALK_H

#include "mm/npt_ept/formats.h"
#include "mm/npt_ept/pt.h"

/* The table at an address: whoever includes this says how it is found. */
struct pool;
static inline u64 *pool_page(struct pool *pool, hpa_t hpa);

/* Width of physical addresses on the CPU that walks. */
#define PHYS_BITS	46

/**
 * struct flavour - a format and how the CPU at hand has it
 * @name:   for the test's description
 * @format: the format under test
 * @flags:  PT_* flags
 * @c_bit:  memory-encryption bit, or 0
 */
struct flavour {
	const char *name;
	const struct pt_format *format;
	u32 flags;
	u64 c_bit;
};

enum seen_status { SEEN_HOLE, SEEN_PAGE, SEEN_BROKEN };

/**
 * struct seen - what a CPU would find at an address
 * @status:    nothing, a page, or a table that faults for being malformed
 * @size:      of the page or of the entry that is not present
 * @table:     the last table on the way
 * @hpa:       where the address leads
 * @access:    what is permitted
 * @memtype:   type that the nested tables ask for
 * @fixed:     the guest's PAT has no say in it (EPT)
 * @encrypted: every step carried the C-bit (NPT)
 */
struct seen {
	enum seen_status status;
	u64 size;
	hpa_t table;
	hpa_t hpa;
	u8 access;
	u8 memtype;
	bool fixed;
	bool encrypted;
};

static const struct seen broken = { .status = SEEN_BROKEN };

static inline int level_shift(int level)
{
	return 12 + PT_INDEX_BITS * (level - 1);
}

/* APM vol. 2, 5.3 and 5.4 (entries), 15.25.5 (user), 7.8.2 (PAT; as Linux sets it). */
static inline struct seen npt_see(struct pool *pool, const struct flavour *flavour, hpa_t root,
				  gpa_t gpa)
{
	static const u8 pat[8] = { 6, 1, 7, 0, 6, 5, 7, 4 };
	struct seen seen = { .access = COVIRT_RWX, .encrypted = true };
	u64 reserved = GENMASK_ULL(51, PHYS_BITS) & ~flavour->c_bit;
	hpa_t table = root;
	int level;

	for (level = PT_LEVELS; level >= 1; level--) {
		int shift = level_shift(level);
		u64 entry = pool_page(pool, table)[(gpa >> shift) % PT_NR_ENTRIES];
		u64 address = entry & GENMASK_ULL(51, 12) & ~flavour->c_bit;
		bool large = level > 1 && (entry & (1 << 7));

		seen.size = 1ULL << shift;
		seen.table = table;
		if (!(entry & 1))
			return seen;
		if (entry & reserved)
			return broken;
		if (!(entry & 4) || !(entry & 0x20))	/* user; accessed is preset */
			return broken;
		if (!(entry & 2))
			seen.access &= ~COVIRT_WRITE;
		if (entry >> 63)
			seen.access &= ~COVIRT_EXEC;
		if (flavour->c_bit && !(entry & flavour->c_bit))
			seen.encrypted = false;
		if (level > 1 && !large) {
			table = address;
			continue;
		}
		if (level == 4 || (level == 3 && !(flavour->flags & PT_1G_OK)))
			return broken;
		if (!(entry & 0x40) || (address & (seen.size - 1)))	/* dirty; alignment */
			return broken;
		seen.status = SEEN_PAGE;
		seen.hpa = address + (gpa & (seen.size - 1));
		seen.memtype = pat[((entry >> 3) & 3) + (level == 1 ? (entry >> 5) & 4 : 0)];
		seen.encrypted = seen.encrypted && flavour->c_bit;
		return seen;
	}
	return broken;
}

/* SDM vol. 3, tables 29-1 to 29-6, and 29.3.3.1 for what is a misconfiguration. */
static inline struct seen ept_see(struct pool *pool, const struct flavour *flavour, hpa_t root,
				  gpa_t gpa)
{
	struct seen seen = { .access = COVIRT_RWX };
	hpa_t table = root;
	int level;

	for (level = PT_LEVELS; level >= 1; level--) {
		int shift = level_shift(level);
		u64 entry = pool_page(pool, table)[(gpa >> shift) % PT_NR_ENTRIES];
		bool page = level == 1 || (level < 4 && (entry & 0x80));
		u64 address = entry & GENMASK_ULL(51, 12);

		seen.size = 1ULL << shift;
		seen.table = table;
		if (!(entry & 7))
			return seen;
		if (!(entry & 1) || (entry & GENMASK_ULL(51, PHYS_BITS)))
			return broken;
		seen.access &= entry & 7;
		if (!page) {
			if (entry & (level == 4 ? 0xf8 : 0x78))
				return broken;
			table = address;
			continue;
		}
		if (level == 3 && !(flavour->flags & PT_1G_OK))
			return broken;
		if (address & (seen.size - 1))
			return broken;
		seen.memtype = (entry >> 3) & 7;
		if (seen.memtype == 2 || seen.memtype == 3 || seen.memtype == 7)
			return broken;
		seen.status = SEEN_PAGE;
		seen.hpa = address + (gpa & (seen.size - 1));
		seen.fixed = entry & 0x40;
		return seen;
	}
	return broken;
}

static inline struct seen see(struct pool *pool, const struct flavour *flavour, hpa_t root,
			      gpa_t gpa)
{
	if (flavour->format == &npt_format)
		return npt_see(pool, flavour, root, gpa);
	return ept_see(pool, flavour, root, gpa);
}

#endif /* COVIRT_KUNIT_NESTED_WALK_H */
