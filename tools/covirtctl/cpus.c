// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cpus.h"

#define CPU_DIR	"/sys/devices/system/cpu"
#define NODES_MAX	1024	/* that Linux can be built for */

/**
 * cpus_read() - read a list of CPUs from /sys/devices/system/cpu
 * @file: below there
 * @list: filled in, empty where there is no such file
 *
 * Return: 0 or -Exxx.
 */
int cpus_read(const char *file, struct cpulist *list)
{
	char path[128], text[4096] = "";
	FILE *stream;

	memset(list, 0, sizeof(*list));
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

/* CPUs that Linux leaves alone with other work than their own. The second file may say "(null)". */
static const char *const isolations[] = { "isolated", "nohz_full" };

static void isolated_read(int n, struct cpulist *list)
{
	if (cpus_read(isolations[n], list))
		memset(list, 0, sizeof(*list));
}

/* The lowest online CPU that is not in @isolated, or -1. */
static int first_keeper(const struct cpulist *isolated)
{
	struct cpulist online;
	int cpu;

	if (cpus_read("online", &online))
		return -1;
	for (cpu = 0; cpu < CPULIST_CPUS; cpu++)
		if (online.has[cpu] && !isolated->has[cpu])
			return cpu;
	return -1;
}

static bool keeps_house(int cpu)
{
	struct cpulist isolated;
	int n;

	for (n = 0; n < 2; n++) {
		isolated_read(n, &isolated);
		if (cpulist_count(&isolated) && first_keeper(&isolated) == cpu)
			return true;
	}
	return false;
}

/**
 * cpus_why_not() - what stands against taking a CPU from Linux
 * @cpu: an online CPU
 *
 * Return: the reason, or NULL when it may go.
 */
const char *cpus_why_not(int cpu)
{
	char path[64];

	snprintf(path, sizeof(path), CPU_DIR "/cpu%d/online", cpu);
	if (!cpu)
		return "boots and wakes Linux";
	if (access(path, F_OK))
		return "has no switch";
	if (keeps_house(cpu))
		return "does Linux's own work, for the others are isolated";
	return NULL;
}

/**
 * cpus_node() - the NUMA node of a CPU
 * @cpu: a CPU
 *
 * Return: its number, or -1 when Linux does not say.
 */
int cpus_node(int cpu)
{
	char path[64];
	int node;

	for (node = 0; node < NODES_MAX; node++) {
		snprintf(path, sizeof(path), CPU_DIR "/cpu%d/node%d", cpu, node);
		if (!access(path, F_OK))
			return node;
	}
	return -1;
}

static bool all_may_go(const struct cpulist *threads)
{
	int cpu;

	for (cpu = 0; cpu < CPULIST_CPUS; cpu++)
		if (threads->has[cpu] && cpus_why_not(cpu))
			return false;
	return true;
}

/* CPUs that have to be claimed together with @cpu. */
static bool unit_of(int cpu, bool share_cores, struct cpulist *unit)
{
	if (!share_cores)
		return !cpus_threads(cpu, unit) && all_may_go(unit);
	memset(unit, 0, sizeof(*unit));
	unit->has[cpu] = true;
	return !cpus_why_not(cpu);
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

/* From those of @left that are in @among, the highest first; what is still wanted then. */
static int choose_among(const struct cpulist *among, bool share_cores, struct cpulist *left,
			struct cpulist *chosen, int count)
{
	struct cpulist unit;
	int cpu;

	for (cpu = cpulist_last(left); cpu > 0 && count; cpu--) {
		if (!left->has[cpu] || !among->has[cpu] || !unit_of(cpu, share_cores, &unit))
			continue;
		if (cpulist_count(&unit) > count)
			continue;
		list_move(left, chosen, &unit);
		count -= cpulist_count(&unit);
	}
	return count;
}

/**
 * cpus_choose() - CPUs to take from Linux: isolated ones, then the highest, in whole cores
 * @count:       how many
 * @share_cores: single threads of a core will do
 * @chosen:      filled in
 *
 * Return: 0, or -ENOENT when there are not as many.
 */
int cpus_choose(int count, bool share_cores, struct cpulist *chosen)
{
	struct cpulist left, among;
	int n, err;

	memset(chosen, 0, sizeof(*chosen));
	err = cpus_read("online", &left);
	if (err)
		return err;
	for (n = 0; n < 2; n++) {
		isolated_read(n, &among);
		count = choose_among(&among, share_cores, &left, chosen, count);
	}
	among = left;
	return choose_among(&among, share_cores, &left, chosen, count) ? -ENOENT : 0;
}
