// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpulist.h"

/* A number below CPULIST_CPUS at *@text, which moves behind it; or -1. */
static int number_parse(const char **text)
{
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)**text))
		return -1;
	number = strtoul(*text, &end, 10);
	*text = end;
	return number < CPULIST_CPUS ? (int)number : -1;
}

static int range_parse(const char **text, struct cpulist *list)
{
	int first = number_parse(text), last = first;

	if (first >= 0 && **text == '-') {
		++*text;
		last = number_parse(text);
	}
	if (first < 0 || last < first)
		return -EINVAL;
	memset(list->has + first, true, last - first + 1);
	return 0;
}

/**
 * cpulist_parse() - read a list like "2-3,5"; a newline may follow, and nothing is the empty list
 * @text: the list
 * @list: filled in
 *
 * Return: 0 or -EINVAL.
 */
int cpulist_parse(const char *text, struct cpulist *list)
{
	memset(list, 0, sizeof(*list));
	if (!*text || *text == '\n')
		return 0;
	do {
		if (range_parse(&text, list))
			return -EINVAL;
	} while (*text == ',' && text++);
	return *text && strcmp(text, "\n") ? -EINVAL : 0;
}

static int range_end(const struct cpulist *list, int cpu)
{
	while (cpu + 1 < CPULIST_CPUS && list->has[cpu + 1])
		cpu++;
	return cpu;
}

/**
 * cpulist_format() - the shortest text that cpulist_parse() takes for the same list
 * @list: the list
 * @text: where to
 * @size: room there
 *
 * Return: its length; as much as there is room for was written, NUL-terminated.
 */
size_t cpulist_format(const struct cpulist *list, char *text, size_t size)
{
	size_t len = 0;
	int cpu, last;

	*text = '\0';
	for (cpu = 0; cpu < CPULIST_CPUS; cpu++) {
		if (!list->has[cpu])
			continue;
		last = range_end(list, cpu);
		len += snprintf(text + (len < size ? len : size - 1), len < size ? size - len : 1,
				last > cpu ? "%s%d-%d" : "%s%d", len ? "," : "", cpu, last);
		cpu = last;
	}
	return len;
}

/**
 * cpulist_count() - how many CPUs are in it?
 * @list: the list
 *
 * Return: the number.
 */
int cpulist_count(const struct cpulist *list)
{
	int cpu, count = 0;

	for (cpu = 0; cpu < CPULIST_CPUS; cpu++)
		count += list->has[cpu];
	return count;
}

/**
 * cpulist_last() - the highest CPU
 * @list: the list
 *
 * Return: its number, -1 where there is none.
 */
int cpulist_last(const struct cpulist *list)
{
	int cpu = CPULIST_CPUS - 1;

	while (cpu >= 0 && !list->has[cpu])
		cpu--;
	return cpu;
}
