// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cpus.h"

#define CPU_DIR	"/sys/devices/system/cpu"

/**
 * cpus_read() - read a list of CPUs from /sys/devices/system/cpu
 * @file: below there
 * @list: filled in
 *
 * Return: 0 or -Exxx.
 */
int cpus_read(const char *file, struct cpulist *list)
{
	char path[128], text[4096] = "";
	FILE *stream;

	snprintf(path, sizeof(path), CPU_DIR "/%s", file);
	stream = fopen(path, "re");
	if (!stream)
		return -errno;
	if (!fgets(text, sizeof(text), stream))
		*text = '\0';
	fclose(stream);
	return cpulist_parse(text, list);
}

/**
 * cpus_threads() - the threads of a CPU's core, itself among them
 * @cpu:     an online CPU
 * @threads: filled in
 *
 * Return: 0 or -Exxx.
 */
int cpus_threads(int cpu, struct cpulist *threads)
{
	char file[64];

	snprintf(file, sizeof(file), "cpu%d/topology/thread_siblings_list", cpu);
	return cpus_read(file, threads);
}

/**
 * cpus_may_go() - can Linux do without this CPU?
 * @cpu: an online CPU
 *
 * Return: false for the boot CPU, which has no switch.
 */
bool cpus_may_go(int cpu)
{
	char path[64];

	snprintf(path, sizeof(path), CPU_DIR "/cpu%d/online", cpu);
	return cpu && !access(path, F_OK);
}

static bool all_may_go(const struct cpulist *threads)
{
	int cpu;

	for (cpu = 0; cpu < CPULIST_CPUS; cpu++)
		if (threads->has[cpu] && !cpus_may_go(cpu))
			return false;
	return true;
}

/* What has to go along with @cpu. */
static bool unit_of(int cpu, bool share_cores, struct cpulist *unit)
{
	if (!share_cores)
		return !cpus_threads(cpu, unit) && all_may_go(unit);
	memset(unit, 0, sizeof(*unit));
	unit->has[cpu] = true;
	return cpus_may_go(cpu);
}

static void list_move(struct cpulist *from, struct cpulist *to, const struct cpulist *these)
{
	int cpu;

	for (cpu = 0; cpu < CPULIST_CPUS; cpu++) {
		if (!these->has[cpu])
			continue;
		from->has[cpu] = false;
		to->has[cpu] = true;
	}
}

/**
 * cpus_choose() - CPUs to take from Linux, the highest ones, in whole cores
 * @count:       how many
 * @share_cores: single threads of a core will do
 * @chosen:      filled in
 *
 * Return: 0, or -ENOENT when there are not as many.
 */
int cpus_choose(int count, bool share_cores, struct cpulist *chosen)
{
	struct cpulist left, unit;
	int cpu, err;

	memset(chosen, 0, sizeof(*chosen));
	err = cpus_read("online", &left);
	if (err)
		return err;
	for (cpu = cpulist_last(&left); cpu > 0 && count; cpu--) {
		if (!left.has[cpu] || !unit_of(cpu, share_cores, &unit))
			continue;
		if (cpulist_count(&unit) > count)
			continue;
		list_move(&left, chosen, &unit);
		count -= cpulist_count(&unit);
	}
	return count ? -ENOENT : 0;
}
