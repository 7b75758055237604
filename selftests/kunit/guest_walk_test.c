// SPDX-License-Identifier: GPL-2.0-only
/* Walks of guest page tables that the tests write entry by entry. */
#include <kunit/test.h>
#include <linux/module.h>

#include "core/guest_walk.h"
#include "selftests/kunit/random.h"

#define PAGE		COVIRT_PAGE_SIZE
#define GUEST_PAGES	24
#define GUEST_BASE	0x40000000ULL	/* the enclave has [BASE, BASE + 24 pages) */

#define P		BIT_ULL(0)
#define W		BIT_ULL(1)
#define U		BIT_ULL(2)
#define PS		BIT_ULL(7)
#define NX		BIT_ULL(63)

#define PG		BIT_ULL(31)
#define PSE		BIT_ULL(4)
#define PAE		BIT_ULL(5)
#define LA57		BIT_ULL(12)
#define LMA		BIT_ULL(10)
#define LME		BIT_ULL(8)

struct guest {
	struct kunit *test;
	u8 *memory;
	u32 nr_reads;
};

/* Guest-physical address of page number n. */
static gpa_t page(u32 n)
{
	return GUEST_BASE + n * PAGE;
}

static int guest_read(void *ctx, gpa_t gpa, void *buf, size_t len)
{
	struct guest *guest = ctx;
	u64 offset = gpa - GUEST_BASE;

	guest->nr_reads++;
	KUNIT_EXPECT_GT(guest->test, len, (size_t)0);
	KUNIT_EXPECT_EQ(guest->test, gpa / PAGE, (gpa + len - 1) / PAGE);
	if (gpa < GUEST_BASE || offset >= GUEST_PAGES * PAGE)
		return -EFAULT;
	memcpy(buf, guest->memory + offset, len);
	return 0;
}

static struct guest *guest_new(struct kunit *test)
{
	struct guest *guest = kunit_kzalloc(test, sizeof(*guest), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, guest);
	guest->test = test;
	guest->memory = kunit_kzalloc(test, GUEST_PAGES * PAGE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, guest->memory);
	return guest;
}

static void set64(struct guest *guest, gpa_t table, u32 index, u64 entry)
{
	memcpy(guest->memory + (table - GUEST_BASE) + index * 8, &entry, 8);
}

static void set32(struct guest *guest, gpa_t table, u32 index, u32 entry)
{
	memcpy(guest->memory + (table - GUEST_BASE) + index * 4, &entry, 4);
}

static const struct guest_paging long4 = { .cr0 = PG, .cr4 = PAE, .efer = LMA | LME };
static const struct guest_paging long5 = { .cr0 = PG, .cr4 = PAE | LA57, .efer = LMA | LME };
static const struct guest_paging pae = { .cr0 = PG, .cr4 = PAE };
static const struct guest_paging legacy = { .cr0 = PG };
static const struct guest_paging legacy_pse = { .cr0 = PG, .cr4 = PSE };
static const struct guest_paging unpaged = { .cr0 = 1 };

static void expect_walk(struct guest *guest, const struct guest_paging *paging, gva_t va,
			gpa_t want)
{
	const struct guest_mem mem = { guest_read, guest };
	gpa_t out = 0;

	KUNIT_EXPECT_EQ(guest->test, guest_walk(paging, va, &out, &mem), 0);
	KUNIT_EXPECT_EQ(guest->test, out, want);
}

static void expect_no_walk(struct guest *guest, const struct guest_paging *paging, gva_t va)
{
	const struct guest_mem mem = { guest_read, guest };
	gpa_t out = 0x1234;

	KUNIT_EXPECT_EQ(guest->test, guest_walk(paging, va, &out, &mem), -EFAULT);
	KUNIT_EXPECT_EQ(guest->test, out, 0x1234ULL);
}

/*
 * The address 0xffffabcd12345678 in four levels: indices 0x157, 0x134, 0x091, 0x145.
 * Tables are in pages 1, 2, 3, 4 of the guest.
 */
#define VA4	0xffffabcd12345678ULL

static struct guest *guest_with_long4(struct kunit *test, struct guest_paging *paging)
{
	struct guest *guest = guest_new(test);

	*paging = long4;
	paging->cr3 = page(1) | 0x18;	/* PWT and PCD are no address bits */
	set64(guest, page(1), 0x157, page(2) | P | W | U);
	set64(guest, page(2), 0x134, page(3) | P | W | U);
	set64(guest, page(3), 0x091, page(4) | P | W | U);
	set64(guest, page(4), 0x145, page(5) | P | W | U);
	return guest;
}

static void four_levels(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);

	expect_walk(guest, &paging, VA4, page(5) + 0x678);
	KUNIT_EXPECT_EQ(test, guest->nr_reads, 4U);
	expect_no_walk(guest, &paging, VA4 + PAGE);
	expect_no_walk(guest, &paging, VA4 - PAGE);
}

/* As Bochs shows the guest at the write that disables paging: LMA is clear already. */
static void four_levels_on_the_way_out_of_long_mode(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);

	paging.efer &= ~LMA;
	expect_walk(guest, &paging, VA4, page(5) + 0x678);
}

static void permissions_and_ignored_bits_do_not_matter(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);

	set64(guest, page(1), 0x157, page(2) | P | NX);
	set64(guest, page(2), 0x134, page(3) | P | (0x7ffULL << 52));
	set64(guest, page(3), 0x091, page(4) | P | 0xe00);
	set64(guest, page(4), 0x145, page(5) | P | NX | 0xf78);
	expect_walk(guest, &paging, VA4, page(5) + 0x678);
}

static void each_level_must_be_present(struct kunit *test)
{
	static const u32 index[] = { 0x157, 0x134, 0x091, 0x145 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(index); i++) {
		struct guest_paging paging;
		struct guest *guest = guest_with_long4(test, &paging);

		set64(guest, page(1 + i), index[i], page(2 + i) | W | U);
		expect_no_walk(guest, &paging, VA4);
		KUNIT_EXPECT_EQ(test, guest->nr_reads, i + 1);
	}
}

static void large_pages(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);

	/* Bit 12 of a large page is its PAT bit, those up to the page size are reserved. */
	set64(guest, page(3), 0x091, 0x7ffffe00000ULL | BIT(12) | P | PS);
	expect_walk(guest, &paging, VA4, 0x7ffffe00000ULL + 0x145678);
	set64(guest, page(2), 0x134, 0xfffffc0000000ULL | BIT(12) | P | PS);
	expect_walk(guest, &paging, VA4, 0xfffffc0000000ULL + 0x12345678);
	set64(guest, page(1), 0x157, page(2) | P | PS);	/* no 512 GiB pages */
	expect_no_walk(guest, &paging, VA4);
}

static void bit_7_of_the_last_level_is_the_pat_bit(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);

	set64(guest, page(4), 0x145, page(5) | P | PS);
	expect_walk(guest, &paging, VA4, page(5) + 0x678);
}

static void addresses_must_be_canonical(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);

	expect_no_walk(guest, &paging, VA4 & ~NX);
	expect_no_walk(guest, &paging, VA4 & GENMASK_ULL(47, 0));
	expect_no_walk(guest, &paging, 0x800000000000ULL);
	KUNIT_EXPECT_EQ(test, guest->nr_reads, 0U);
}

static void five_levels(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);
	gva_t va = 0xff37abcd12345678ULL;	/* index 0x137 of level 5, the rest as VA4 */

	paging = long5;
	paging.cr3 = page(9);
	set64(guest, page(9), 0x137, page(1) | P);
	expect_walk(guest, &paging, va, page(5) + 0x678);
	KUNIT_EXPECT_EQ(test, guest->nr_reads, 5U);
	expect_no_walk(guest, &paging, VA4);
	set64(guest, page(9), 0x1ff, page(1) | P);
	expect_walk(guest, &paging, VA4, page(5) + 0x678);
	expect_no_walk(guest, &paging, 0xfe37abcd12345678ULL);	/* not canonical */
	set64(guest, page(9), 0x137, page(1) | P | PS);
	expect_no_walk(guest, &paging, va);
}

/* 0xdeadbeef: indices 3, 0x0f5, 0x0db in PAE. The top table is 32-byte aligned. */
static void pae_paging(struct kunit *test)
{
	struct guest *guest = guest_new(test);
	struct guest_paging paging = pae;

	paging.cr3 = page(1) | 0x7e0;
	set64(guest, page(1) + 0x7e0, 3, page(2) | P);
	set64(guest, page(2), 0x0f5, page(3) | P);
	set64(guest, page(3), 0x0db, 0xabcdef000ULL | P | NX);
	expect_walk(guest, &paging, 0xdeadbeef, 0xabcdefeefULL);
	KUNIT_EXPECT_EQ(test, guest->nr_reads, 3U);
	expect_walk(guest, &paging, 0xffffffffdeadbeefULL, 0xabcdefeefULL);
	set64(guest, page(2), 0x0f5, 0x1234600000ULL | P | PS);
	expect_walk(guest, &paging, 0xdeadbeef, 0x12346dbeefULL);
	set64(guest, page(1) + 0x7e0, 3, page(2) | P | PS);
	expect_no_walk(guest, &paging, 0xdeadbeef);
	expect_no_walk(guest, &paging, 0x1eadbeef);
}

/* 0xdeadbeef: indices 0x37a and 0x2db in 32-bit paging. */
static void legacy_paging(struct kunit *test)
{
	struct guest *guest = guest_new(test);
	struct guest_paging paging = legacy;

	paging.cr3 = page(1) | 0xfff;
	set32(guest, page(1), 0x37a, page(2) | P | PS);	/* PS means nothing without CR4.PSE */
	set32(guest, page(2), 0x2db, 0xabcde000 | P);
	expect_walk(guest, &paging, 0xdeadbeef, 0xabcdeeef);
	KUNIT_EXPECT_EQ(test, guest->nr_reads, 2U);
	expect_no_walk(guest, &paging, 0xdeadceef);
}

static void legacy_4m_pages(struct kunit *test)
{
	struct guest *guest = guest_new(test);
	struct guest_paging paging = legacy_pse;

	paging.cr3 = page(1);
	set32(guest, page(1), 0x37a, 0x7fc00000 | P | PS);
	expect_walk(guest, &paging, 0xdeadbeef, 0x7fedbeef);	/* offset 0x2dbeef */
	set32(guest, page(1), 0x37a, 0x7fc00000 | (0xab << 13) | P | PS);
	expect_walk(guest, &paging, 0xdeadbeef, 0xab7fedbeefULL);
	set32(guest, page(1), 0x37a, page(2) | P);
	set32(guest, page(2), 0x2db, 0xabcde000 | P);
	expect_walk(guest, &paging, 0xdeadbeef, 0xabcdeeef);
}

static void without_paging_addresses_are_physical(struct kunit *test)
{
	struct guest *guest = guest_new(test);

	expect_walk(guest, &unpaged, 0xdeadbeef, 0xdeadbeef);
	expect_walk(guest, &unpaged, 0x1deadbeefULL, 0xdeadbeef);
	KUNIT_EXPECT_EQ(test, guest->nr_reads, 0U);
}

static void tables_outside_the_enclave_are_not_followed(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);

	set64(guest, page(3), 0x091, page(GUEST_PAGES) | P);
	expect_no_walk(guest, &paging, VA4);
	set64(guest, page(1), 0x157, GENMASK_ULL(51, 12) | P);
	expect_no_walk(guest, &paging, VA4);
	paging.cr3 = ~0ULL;
	expect_no_walk(guest, &paging, VA4);
}

static void a_table_that_points_to_itself_ends_the_walk(struct kunit *test)
{
	static const struct {
		const struct guest_paging *paging;
		u32 depth;
	} modes[] = { { &long4, 4 }, { &long5, 5 }, { &pae, 3 }, { &legacy, 2 } };
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		struct guest *guest = guest_new(test);
		struct guest_paging paging = *modes[i].paging;

		paging.cr3 = page(1);
		for (j = 0; j < 512; j++)
			set64(guest, page(1), j, page(1) | P);
		for (j = 0; paging.cr4 == 0 && j < 1024; j++)
			set32(guest, page(1), j, page(1) | P);
		expect_walk(guest, &paging, 0x123456, page(1) + 0x456);
		KUNIT_EXPECT_EQ(test, guest->nr_reads, modes[i].depth);
	}
}

/* Reading */

static void reads_cross_pages(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);
	const struct guest_mem mem = { guest_read, guest };
	gva_t va = (VA4 | 0xfff) - 4;	/* five bytes to the end of the page */
	u8 buf[15] = { 0 };
	u32 i;

	set64(guest, page(4), 0x146, page(11) | P);	/* the next page lies elsewhere */
	for (i = 0; i < 5; i++)
		guest->memory[5 * PAGE + 0xffb + i] = i + 1;
	for (i = 0; i < 10; i++)
		guest->memory[11 * PAGE + i] = i + 6;
	KUNIT_EXPECT_EQ(test, guest_read_va(&paging, va, buf, sizeof(buf), &mem), sizeof(buf));
	for (i = 0; i < sizeof(buf); i++)
		KUNIT_EXPECT_EQ(test, (u32)buf[i], i + 1);
}

static void reads_stop_at_the_first_page_that_is_not_there(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);
	const struct guest_mem mem = { guest_read, guest };
	gva_t va = (VA4 | 0xfff) - 4;
	u8 buf[15] = { [5] = 0xaa };

	KUNIT_EXPECT_EQ(test, guest_read_va(&paging, va, buf, sizeof(buf), &mem), (size_t)5);
	KUNIT_EXPECT_EQ(test, (int)buf[5], 0xaa);
	set64(guest, page(4), 0x146, page(GUEST_PAGES) | P);	/* mapped, but not the enclave's */
	KUNIT_EXPECT_EQ(test, guest_read_va(&paging, va, buf, sizeof(buf), &mem), (size_t)5);
	KUNIT_EXPECT_EQ(test, guest_read_va(&paging, va + 5, buf, 1, &mem), (size_t)0);
	KUNIT_EXPECT_EQ(test, guest_read_va(&paging, va, buf, 5, &mem), (size_t)5);
	KUNIT_EXPECT_EQ(test, guest_read_va(&paging, va, buf, 0, &mem), (size_t)0);
}

static void a_read_past_the_last_address_does_not_wrap(struct kunit *test)
{
	struct guest_paging paging = long4;
	struct guest *guest = guest_new(test);
	const struct guest_mem mem = { guest_read, guest };
	u8 buf[15];

	paging.cr3 = page(1);
	set64(guest, page(1), 511, page(1) | P);
	KUNIT_EXPECT_EQ(test, guest_read_va(&paging, ~0ULL - 2, buf, sizeof(buf), &mem), (size_t)3);
}

/*
 * Random tables: whatever a guest writes, the walk reads no more than one
 * entry per level, agrees with a second walk written out level by level, and
 * leaves the result alone when it fails.
 */

static bool plain_walk(struct guest *guest, const struct guest_paging *paging, gva_t va,
		       gpa_t *out)
{
	u64 pml4, pdpt, pd, pt, *mem = (u64 *)guest->memory;
	u64 address = GENMASK_ULL(51, 12);

#define ENTRY(table, i) mem[((((table) & address) - GUEST_BASE) / 8) + (i)]
#define OUTSIDE(table) (((table) & address) - GUEST_BASE >= GUEST_PAGES * PAGE)
	pml4 = ENTRY(paging->cr3, (va >> 39) & 511);
	if (!(pml4 & P) || (pml4 & PS) || OUTSIDE(pml4))
		return false;
	pdpt = ENTRY(pml4, (va >> 30) & 511);
	*out = (pdpt & GENMASK_ULL(51, 30)) + (va & GENMASK_ULL(29, 0));
	if (!(pdpt & P) || (pdpt & PS))
		return pdpt & P;
	if (OUTSIDE(pdpt))
		return false;
	pd = ENTRY(pdpt, (va >> 21) & 511);
	*out = (pd & GENMASK_ULL(51, 21)) + (va & GENMASK_ULL(20, 0));
	if (!(pd & P) || (pd & PS))
		return pd & P;
	if (OUTSIDE(pd))
		return false;
	pt = ENTRY(pd, (va >> 12) & 511);
	*out = (pt & address) + (va & 0xfff);
	return pt & P;
#undef ENTRY
#undef OUTSIDE
}

static u64 random_entry(struct test_random *random)
{
	u64 entry = test_random_u64(random);

	if (!test_random_one_in(random, 10))
		entry = (entry & ~GENMASK_ULL(51, 12)) |
			page(test_random_below(random, GUEST_PAGES));
	if (!test_random_one_in(random, 8))
		entry |= P;
	if (!test_random_one_in(random, 4))
		entry &= ~PS;
	return entry;
}

static void any_tables_at_all_give_a_bounded_walk(struct kunit *test)
{
	struct guest *guest = guest_new(test);
	const struct guest_mem mem = { guest_read, guest };
	struct guest_paging paging = long4;
	struct test_random random = { 42 };
	u32 round, i, nr_found = 0;

	for (i = 0; i < GUEST_PAGES * 512; i++)
		set64(guest, page(0), i, random_entry(&random));
	for (round = 0; round < 20000; round++) {
		gva_t va = test_random_u64(&random) & GENMASK_ULL(46, 0);
		gpa_t out = 0, want = 0;
		bool found;
		int err;

		paging.cr3 = page(test_random_below(&random, GUEST_PAGES));
		guest->nr_reads = 0;
		err = guest_walk(&paging, va, &out, &mem);
		found = plain_walk(guest, &paging, va, &want);
		KUNIT_ASSERT_EQ(test, err, found ? 0 : -EFAULT);
		KUNIT_ASSERT_EQ(test, out, found ? want : 0);
		KUNIT_ASSERT_LE(test, guest->nr_reads, 4U);
		nr_found += found;
	}
	KUNIT_EXPECT_GT(test, nr_found, 5000U);
	KUNIT_EXPECT_GT(test, 20000 - nr_found, 2000U);
}

static int walk_path(struct guest *guest, const struct guest_paging *paging,
		     struct covirt_walk_path *path)
{
	const struct guest_mem mem = { guest_read, guest };
	gpa_t out;

	return guest_walk_path(paging, VA4, &out, path, &mem);
}

static void path_has_each_entry(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);
	struct covirt_walk_path path;
	u64 last;

	memcpy(&last, guest->memory + (page(4) - GUEST_BASE) + 0x145 * 8, sizeof(last));
	KUNIT_EXPECT_EQ(test, walk_path(guest, &paging, &path), 0);
	KUNIT_EXPECT_EQ(test, path.nr, 4U);
	KUNIT_EXPECT_EQ(test, path.outside, 0U);
	KUNIT_EXPECT_EQ(test, path.at[0], page(1) + 0x157 * 8);
	KUNIT_EXPECT_EQ(test, path.at[3], page(4) + 0x145 * 8);
	KUNIT_EXPECT_EQ(test, path.entry[3], last);
}

static void path_ends_outside(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);
	struct covirt_walk_path path;

	set64(guest, page(2), 0x134, page(GUEST_PAGES) | P | W);
	KUNIT_EXPECT_EQ(test, walk_path(guest, &paging, &path), -EFAULT);
	KUNIT_EXPECT_EQ(test, path.nr, 3U);
	KUNIT_EXPECT_EQ(test, path.outside, 1U);
	KUNIT_EXPECT_EQ(test, path.at[2], page(GUEST_PAGES) + 0x91 * 8);
	KUNIT_EXPECT_EQ(test, path.entry[2], 0ULL);
}

static void path_ends_where_nothing_is_present(struct kunit *test)
{
	struct guest_paging paging;
	struct guest *guest = guest_with_long4(test, &paging);
	struct covirt_walk_path path;

	set64(guest, page(2), 0x134, W);
	KUNIT_EXPECT_EQ(test, walk_path(guest, &paging, &path), -EFAULT);
	KUNIT_EXPECT_EQ(test, path.nr, 2U);
	KUNIT_EXPECT_EQ(test, path.outside, 0U);
	KUNIT_EXPECT_EQ(test, path.entry[1], W);
}

static struct kunit_case guest_walk_cases[] = {
	KUNIT_CASE(path_has_each_entry),
	KUNIT_CASE(path_ends_outside),
	KUNIT_CASE(path_ends_where_nothing_is_present),
	KUNIT_CASE(four_levels),
	KUNIT_CASE(four_levels_on_the_way_out_of_long_mode),
	KUNIT_CASE(permissions_and_ignored_bits_do_not_matter),
	KUNIT_CASE(each_level_must_be_present),
	KUNIT_CASE(large_pages),
	KUNIT_CASE(bit_7_of_the_last_level_is_the_pat_bit),
	KUNIT_CASE(addresses_must_be_canonical),
	KUNIT_CASE(five_levels),
	KUNIT_CASE(pae_paging),
	KUNIT_CASE(legacy_paging),
	KUNIT_CASE(legacy_4m_pages),
	KUNIT_CASE(without_paging_addresses_are_physical),
	KUNIT_CASE(tables_outside_the_enclave_are_not_followed),
	KUNIT_CASE(a_table_that_points_to_itself_ends_the_walk),
	KUNIT_CASE(reads_cross_pages),
	KUNIT_CASE(reads_stop_at_the_first_page_that_is_not_there),
	KUNIT_CASE(a_read_past_the_last_address_does_not_wrap),
	KUNIT_CASE(any_tables_at_all_give_a_bounded_walk),
	{}
};

static struct kunit_suite guest_walk_suite = {
	.name = "covirt-guest-walk",
	.test_cases = guest_walk_cases,
};

kunit_test_suites(&guest_walk_suite);

MODULE_DESCRIPTION("Covirt: guest page-table walk tests");
MODULE_LICENSE("GPL");
