// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

/* Digits alone: no sign, no space, no overflow. */
static bool number_parse(const char **text, uint64_t *value)
{
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*value = strtoull(*text, &end, 10);
	*text = end;
	return !errno;
}

/**
 * stats_add() - a counter
 * @stats: gets it
 * @name:  its name
 * @value: its value as text, without a newline
 *
 * Return: false for what is no counter; then @stats is as before.
 */
bool stats_add(struct stats *stats, const char *name, const char *value)
{
	uint64_t number;

	if (stats->nr == STATS_COUNTERS || strlen(name) >= STATS_NAME ||
	    !number_parse(&value, &number) || *value)
		return false;
	strcpy(stats->counter[stats->nr].name, name);
	stats->counter[stats->nr++].value = number;
	return true;
}

/* "FEWEST-CYCLES COUNT": the first is 0, or a power of two that names the bucket. */
static bool bucket_parse(const char **text, uint64_t *cycles)
{
	uint64_t first, count;

	if (!number_parse(text, &first) || *(*text)++ != ' ' || !number_parse(text, &count))
		return false;
	if (first & (first - 1) || first == 1)
		return false;
	cycles[first ? __builtin_ctzll(first) : 0] = count;
	return true;
}

/**
 * stats_add_cycles() - the histogram
 * @stats: gets it
 * @table: "FEWEST-CYCLES COUNT" a line, the last one without a newline; may be empty
 *
 * Return: false for what is no such table; then @stats is as before.
 */
bool stats_add_cycles(struct stats *stats, const char *table)
{
	uint64_t cycles[STATS_BUCKETS] = { 0 };

	while (*table) {
		if (!bucket_parse(&table, cycles) || (*table && *table++ != '\n'))
			return false;
	}
	memcpy(stats->cycles, cycles, sizeof(cycles));
	return true;
}

/**
 * stats_value() - a counter's value
 * @stats: of one sample
 * @name:  its name
 *
 * Return: the value, 0 where there is no such counter.
 */
uint64_t stats_value(const struct stats *stats, const char *name)
{
	size_t i;

	for (i = 0; i < stats->nr; i++)
		if (!strcmp(stats->counter[i].name, name))
			return stats->counter[i].value;
	return 0;
}

/* With a start most counters begin at 0 again. */
static uint64_t gain(uint64_t now, uint64_t before)
{
	return now < before ? now : now - before;
}

/**
 * stats_gain() - what was counted between two samples
 * @now:    the later sample
 * @before: the earlier one
 *
 * Return: the counters of @now, with what they gained.
 */
struct stats stats_gain(const struct stats *now, const struct stats *before)
{
	struct stats gained = *now;
	size_t i;

	for (i = 0; i < now->nr; i++)
		gained.counter[i].value = gain(now->counter[i].value,
					       stats_value(before, now->counter[i].name));
	for (i = 0; i < STATS_BUCKETS; i++)
		gained.cycles[i] = gain(now->cycles[i], before->cycles[i]);
	return gained;
}

/**
 * stats_median() - what an exit takes, to a factor of two
 * @stats:  with a histogram
 * @cycles: written: half of the exits took at least about so many cycles
 *
 * Return: false where none was measured.
 */
bool stats_median(const struct stats *stats, uint64_t *cycles)
{
	long double all = 0, sum = 0;
	size_t i;

	for (i = 0; i < STATS_BUCKETS; i++)
		all += stats->cycles[i];
	for (i = 0; i < STATS_BUCKETS; i++) {
		sum += stats->cycles[i];
		if (sum && 2 * sum >= all)
			break;
	}
	if (i == STATS_BUCKETS)
		return false;
	*cycles = i ? 1ULL << i : 0;
	return true;
}
