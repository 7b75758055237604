// SPDX-License-Identifier: GPL-2.0-only
/* Zero page of every image that boots by Linux's protocol. */
#include "zero_page_judge.h"

#define E820_RAM	1
#define E820_ACPI	3
#define RNG_SEED	9

static void judge_cmdline(const struct load *load, const u8 *page, u32 max)
{
	const char *user = load->request.cmdline ? load->request.cmdline : "";
	size_t len = __builtin_strlen(user);
	gpa_t gpa = number(page + CMDLINE, 4);
	const char *line = enclave_at(load->enclave, gpa, LOADER_CMDLINE_MAX + 1);
	size_t all = __builtin_strlen(line);

	CHECK(gpa < LOW_END && all <= max && all <= LOADER_CMDLINE_MAX && all >= len);
	CHECK(!memcmp(line + all - len, user, len));
	CHECK(all == len || !memcmp(line, "tsc=reliable", 12) ||
	      !memcmp(line, "tsc_early_khz=", 14));
	CHECK(all == len || load->request.tsc_khz);
}

/* Ascending, no overlap, of RAM only; all of RAM is told. */
static void judge_e820(const struct load *load, const u8 *page)
{
	const struct covirt_gpmap *map = &load->enclave->map;
	u64 told = 0, there = 0, end = 0;
	u32 i;

	CHECK(page[E820_ENTRIES] <= E820_MAX);
	for (i = 0; i < page[E820_ENTRIES]; i++) {
		const u8 *entry = page + E820_TABLE + i * 20;
		u64 start = number(entry, 8), len = number(entry + 8, 8);
		bool acpi = start < LOW_END && start + len > 0x80000;

		CHECK(len && start >= end && enclave_has(load->enclave, start, len));
		CHECK(number(entry + 16, 4) == (acpi ? E820_ACPI : E820_RAM));
		told += len;
		end = start + len;
	}
	for (i = 0; i < map->nr; i++)
		if (map->extent[i].kind == COVIRT_KIND_RAM)
			there += map->extent[i].len;
	CHECK(told == there);
}

static void judge_seed(const struct load *load, const u8 *page)
{
	gpa_t gpa = number(page + SETUP_DATA, 8);
	const u8 *data = enclave_at(load->enclave, gpa, 16 + LOADER_SEED_BYTES);

	CHECK(gpa < LOW_END && number(data, 8) == 0);
	CHECK(number(data + 8, 4) == RNG_SEED && number(data + 12, 4) == LOADER_SEED_BYTES);
	CHECK(!memcmp(data + 16, load->request.rng_seed, LOADER_SEED_BYTES));
}

/**
 * zero_page_initrd() - find the initrd
 * @page: the zero page
 *
 * Return: where Linux is told that it lies.
 */
struct place zero_page_initrd(const u8 *page)
{
	return (struct place){
		number(page + INITRD, 4) | number(page + INITRD_HIGH, 4) << 32,
		number(page + INITRD_SIZE, 4) | number(page + INITRD_SIZE_HIGH, 4) << 32,
	};
}

/**
 * zero_page_judge() - CHECK() what every Linux is told
 * @load:        a load that succeeded
 * @cmdline_max: characters that this one takes
 *
 * Return: the zero page.
 */
const u8 *zero_page_judge(const struct load *load, u32 cmdline_max)
{
	const u8 *page = enclave_at(load->enclave, load->entry.rsi, PAGE_LEN);

	CHECK(load->entry.rsi < LOW_END && !load->entry.rdi);
	CHECK(page[LOADER_TYPE] == 0xff);
	CHECK(number(page + RSDP_ADDR, 8) == 0x80000);
	judge_cmdline(load, page, cmdline_max);
	judge_e820(load, page);
	judge_seed(load, page);
	return page;
}
