// SPDX-License-Identifier: GPL-2.0-only
/* Page tables and VMCOREINFO, as covirtctl core finds them in a co-kernel's memory. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/guest_walk.h"
#include "tools/covirtctl/core_segments.h"
#include "tools/covirtctl/vmcoreinfo.h"
#include "fuzz.h"

#define PAGES	8
#define SIZE	(PAGES * COVIRT_PAGE_SIZE)

static union {
	u8 bytes[SIZE];
	u64 words[SIZE / sizeof(u64)];
} memory;

static int memory_read(void *ctx, gpa_t gpa, void *buf, size_t len)
{
	(void)ctx;
	if (gpa >= SIZE || len > SIZE - gpa)
		return -EFAULT;
	memcpy(buf, memory.bytes + gpa, len);
	return 0;
}

static const struct guest_mem mem = { .read = memory_read };
/* Page 3 is not the co-kernel's. */
static const struct core_ram ram[] = {
	{ 0, 3 * COVIRT_PAGE_SIZE, 0x2000 },
	{ 4 * COVIRT_PAGE_SIZE, 4 * COVIRT_PAGE_SIZE, 0x5000 },
};

static const struct covirt_registers registers = {
	.taken = 1, .cr0 = BIT(31) | 1, .cr4 = BIT(5), .efer = BIT(8) | BIT(10),
};

/* --- page tables --- */

/* The walk of one address says the same of both ends of a run. */
static void check_run(const struct core_run *run)
{
	const struct guest_paging paging = {
		.cr0 = registers.cr0, .cr3 = registers.cr3, .cr4 = registers.cr4,
		.efer = registers.efer,
	};
	gpa_t gpa;

	CHECK(run->len && !((run->va | run->gpa | run->len) & (COVIRT_PAGE_SIZE - 1)));
	CHECK(!guest_walk(&paging, run->va, &gpa, &mem) && gpa == run->gpa);
	CHECK(!guest_walk(&paging, run->va + run->len - 1, &gpa, &mem) &&
	      gpa == run->gpa + run->len - 1);
}

static void check_segment(const struct core_segment *segment)
{
	const struct core_ram *home = &ram[segment->gpa >= ram[1].gpa];

	CHECK(segment->len && segment->gpa >= home->gpa &&
	      segment->gpa + segment->len <= home->gpa + home->len);
	CHECK(segment->offset - home->offset == segment->gpa - home->gpa);
}

static bool is_covered(const struct core_segments *segments, gpa_t page)
{
	size_t i;

	for (i = 0; i < segments->nr; i++)
		if (page - segments->segment[i].gpa < segments->segment[i].len)
			return true;
	return false;
}

/* Each page of the co-kernel's memory is there, and nothing else. */
static void check_segments(const struct core_map *map)
{
	struct core_segments segments = { 0 };
	size_t i;

	CHECK(!core_segments_make(&segments, map, ram, ARRAY_SIZE(ram)));
	for (i = 0; i < segments.nr; i++)
		check_segment(&segments.segment[i]);
	for (i = 0; i < PAGES; i++)
		CHECK(is_covered(&segments, i * COVIRT_PAGE_SIZE) == (i != 3));
	core_segments_free(&segments);
}

/* Words of memory: which, and what stands there. */
static void tables_make(const u8 *data, size_t size)
{
	u16 index;

	for (; size >= sizeof(index) + sizeof(u64); size -= sizeof(index) + sizeof(u64)) {
		memcpy(&index, data, sizeof(index));
		memcpy(&memory.words[index % ARRAY_SIZE(memory.words)], data + sizeof(index),
		       sizeof(u64));
		data += sizeof(index) + sizeof(u64);
	}
}

static void check_tables(const u8 *data, size_t size)
{
	struct core_map map = { 0 };
	size_t i;

	tables_make(data, size);
	CHECK(!core_map_read(&map, &registers, &mem));
	CHECK(map.nr <= PAGES * 512 * 4 && !map.cut);
	for (i = 0; i < map.nr; i++)
		check_run(&map.run[i]);
	check_segments(&map);
	core_map_free(&map);
}

/* --- VMCOREINFO --- */

static void check_value(const struct vmcoreinfo *info, const char *key, size_t room)
{
	char *value = malloc(room);

	if (vmcoreinfo_text(info, key, value, room))
		CHECK(strlen(value) < room && !strchr(value, '\n'));
	free(value);
}

static void check_note(const u8 *data, size_t size)
{
	struct vmcoreinfo *info = calloc(1, sizeof(*info));
	size_t i;

	memcpy(memory.bytes, data, min(size, COVIRT_PAGE_SIZE));
	if (vmcoreinfo_find(info, 0, SIZE, &mem)) {
		CHECK(info->len <= VMCOREINFO_ROOM && !info->note[info->len]);
		for (i = 24; i < info->len; i++)
			CHECK(info->note[i] == '\n' ||
			      (info->note[i] >= ' ' && info->note[i] <= '~'));
	}
	check_value(info, "OSRELEASE", 8);
	check_value(info, "KERNELOFFSET", 128);
	check_value(info, "", 1);
	free(info);
}

/* The first byte says which. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	if (!size)
		return 0;
	memset(&memory, 0, sizeof(memory));
	(*data & 1 ? check_note : check_tables)(data + 1, size - 1);
	return 0;
}
