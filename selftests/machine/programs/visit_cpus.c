// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs on each online CPU in turn. Exit status 1, and the number of the CPU on stdout, where Linux
 * would not have it there; 2 where the list of CPUs cannot be read.
 */
#include <sched.h>
#include <stdio.h>

#define ONLINE	"/sys/devices/system/cpu/online"

static int visit(int cpu)
{
	cpu_set_t only;

	CPU_ZERO(&only);
	CPU_SET(cpu, &only);
	if (!sched_setaffinity(0, sizeof(only), &only) && sched_getcpu() == cpu)
		return 0;
	printf("%d\n", cpu);
	return 1;
}

int main(void)
{
	FILE *online = fopen(ONLINE, "r");
	int first, last, separator;

	while (online && fscanf(online, "%d", &first) == 1) {
		last = first;
		separator = fgetc(online);
		if (separator == '-') {
			if (fscanf(online, "%d", &last) != 1)
				return 2;
			separator = fgetc(online);
		}
		for (; first <= last; first++)
			if (visit(first))
				return 1;
		if (separator != ',')
			return 0;
	}
	return 2;
}
