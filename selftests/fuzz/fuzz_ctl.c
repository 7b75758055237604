// SPDX-License-Identifier: GPL-2.0-only
/* The parsers of covirtctl: sizes, lists of CPUs, lines of the kernel's files, counters. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/covirtctl/cpulist.h"
#include "tools/covirtctl/last_error.h"
#include "tools/covirtctl/regions.h"
#include "tools/covirtctl/size.h"
#include "tools/covirtctl/stats.h"
#include "fuzz.h"

/* Nothing is shifted out; a size has one shortest text, and that one means the same. */
static void check_size(char *text)
{
	uint64_t size, again, number;
	unsigned int shift;
	static const char units[] = "KMGT";
	const char *unit;
	char *suffix;
	char short_text[SIZE_TEXT];

	if (size_parse(text, &size))
		return;
	CHECK(*text >= '0' && *text <= '9');
	number = strtoull(text, &suffix, 0);
	unit = *suffix ? strchr(units, *suffix & ~0x20) : NULL;
	shift = unit ? 10 * (unit - units + 1) : 0;
	CHECK(size >> shift == number);
	CHECK(strlen(size_format(size, short_text)) < SIZE_TEXT);
	CHECK(!size_parse(short_text, &again) && again == size);
}

static void check_cpulist(char *text)
{
	static struct cpulist list, again;
	static char short_text[1 << 16];
	int cpu, count = 0;
	char *room;

	if (cpulist_parse(text, &list))
		return;
	for (cpu = 0; cpu < CPULIST_CPUS; cpu++)
		count += list.has[cpu];
	CHECK(cpulist_count(&list) == count);
	CHECK(count ? list.has[cpulist_last(&list)] : cpulist_last(&list) == -1);
	CHECK(cpulist_format(&list, short_text, sizeof(short_text)) == strlen(short_text));
	CHECK(!cpulist_parse(short_text, &again) && !memcmp(&list, &again, sizeof(list)));
	/* A text that does not fit is cut, and nothing is written behind the room. */
	room = malloc(8);
	CHECK(cpulist_format(&list, room, 8) == strlen(short_text) && strlen(room) < 8);
	free(room);
}

static void check_last_error(char *text)
{
	const char *found = last_error_text(text, 77);

	CHECK(!found || (found > text && found < text + strlen(text)));
	CHECK(!found || !last_error_text(text, 78));
}

/* Owners of an address in a list. */
static int owners(const struct regions *regions, uint64_t at)
{
	int count = 0;
	size_t i;

	for (i = 0; i < regions->nr; i++)
		count += regions->region[i].first <= at && at <= regions->region[i].last;
	return count;
}

/* At each border: RAM has an owner; what had one keeps it; nothing else gets one. */
static void check_borders(const struct regions *filled, const struct regions *ram,
			  const struct regions *taken)
{
	size_t i;

	for (i = 0; i < ram->nr; i++) {
		CHECK(owners(filled, ram->region[i].first) >= 1);
		CHECK(owners(filled, ram->region[i].last) >= 1);
	}
	for (i = 0; i < filled->nr; i++) {
		const struct region *region = &filled->region[i];

		CHECK(region->first <= region->last);
		CHECK(!i || filled->region[i - 1].first <= region->first);
		if (region->owner != OWNER_LINUX)
			continue;
		CHECK(owners(ram, region->first) && owners(ram, region->last));
		CHECK(!owners(taken, region->first) && !owners(taken, region->last));
	}
}

static void check_regions(char *text)
{
	struct regions ram = {}, taken = {}, filled = {};
	uint64_t first, last;
	char *line;
	size_t i;

	while ((line = strsep(&text, "\n"))) {
		if (iomem_parse(line, &first, &last))
			regions_add(&ram, first, last, OWNER_LINUX);
		else if (memory_map_parse(line, &first, &last))
			regions_add(&taken, first, last, OWNER_ENCLAVES);
		else if (hypervisor_memory_parse(line, &first, &last))
			regions_add(&taken, first, last, OWNER_HYPERVISOR);
	}
	regions_sort(&taken);
	for (i = 0; i < taken.nr; i++)
		regions_add(&filled, taken.region[i].first, taken.region[i].last,
			    taken.region[i].owner);
	regions_fill(&filled, &ram);
	check_borders(&filled, &ram, &taken);
	regions_free(&ram);
	regions_free(&taken);
	regions_free(&filled);
}

/* A counter is its digits. */
static void check_counter(struct stats *stats, const char *name, const char *value)
{
	size_t nr = stats->nr;
	char digits[32];

	if (!stats_add(stats, name, value)) {
		CHECK(stats->nr == nr);
		return;
	}
	CHECK(stats->nr == nr + 1 && stats->nr <= STATS_COUNTERS);
	CHECK(!strcmp(stats->counter[nr].name, name));
	CHECK(strspn(value, "0123456789") == strlen(value));
	snprintf(digits, sizeof(digits), "%" PRIu64, stats->counter[nr].value);
	while (*value == '0' && value[1])
		value++;
	CHECK(!strcmp(digits, value));
}

/* Each line names a bucket by the fewest cycles it counts. */
static void check_buckets(const char *table)
{
	const char *line = table;

	while (line && *line) {
		uint64_t first = strtoull(line, NULL, 10);

		CHECK(!first || (first > 1 && __builtin_popcountll(first) == 1));
		line = strchr(line, '\n');
		if (line)
			line++;
	}
}

/* As the kernel would print it, it means the same. */
static void check_cycles(struct stats *stats, const char *table)
{
	struct stats again = {};
	char text[STATS_BUCKETS * 48] = "";
	uint64_t median;
	int i, len = 0;

	if (!stats_add_cycles(stats, table))
		return;
	check_buckets(table);
	for (i = 0; i < STATS_BUCKETS; i++)
		if (stats->cycles[i])
			len += sprintf(text + len, "%s%" PRIu64 " %" PRIu64, len ? "\n" : "",
				       i ? UINT64_C(1) << i : 0, stats->cycles[i]);
	CHECK(stats_add_cycles(&again, text));
	CHECK(!memcmp(again.cycles, stats->cycles, sizeof(again.cycles)));
	CHECK(stats_median(stats, &median) == (len > 0));
	CHECK(!len || stats->cycles[median ? __builtin_ctzll(median) : 0]);
}

/*
 * Two samples, with an empty line between them: "NAME VALUE" lines, the others are the histogram.
 */
static void stats_parse(struct stats *stats, char *text)
{
	char *line, *value;

	while ((line = strsep(&text, "\n"))) {
		value = strchr(line, ':');
		if (value)
			*value++ = '\0';
		check_counter(stats, line, value ?: line);
	}
}

static void check_stats(char *text)
{
	struct stats now = {}, before = {}, gained;
	char *later = strstr(text, "\n\n");
	size_t i;

	if (later) {
		*later = '\0';
		later += 2;
	}
	check_cycles(&before, text);
	stats_parse(&before, text);
	if (later) {
		check_cycles(&now, later);
		stats_parse(&now, later);
	}
	gained = stats_gain(&now, &before);
	CHECK(gained.nr == now.nr);
	for (i = 0; i < gained.nr; i++)
		CHECK(gained.counter[i].value <= now.counter[i].value);
}

static void (*const checks[])(char *text) = {
	check_size, check_cpulist, check_last_error, check_regions, check_stats,
};

/* The first byte says which; the others are a text on the heap for itself. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	char *text;

	if (!size)
		return 0;
	text = strndup((const char *)data + 1, size - 1);
	checks[*data % ARRAY_SIZE(checks)](text);
	free(text);
	return 0;
}
