// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often a tracepoint fires, counted as perf stat does: on all CPUs, while a command runs.
 *
 *   perf_count EVENT COMMAND...		EVENT like covirt/covirt_create
 */
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CPUS	64

static int number_of(const char *event)
{
	char path[256];
	int number = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/tracing/events/%s/id", event);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%d", &number) != 1)
		return -1;
	fclose(file);
	return number;
}

static int counter_open(int number, int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = number,
	};

	return syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static int run(char **argv)
{
	pid_t child = fork();
	int status;

	if (!child) {
		execvp(argv[0], argv);
		_exit(127);
	}
	return waitpid(child, &status, 0) == child && !status ? 0 : -1;
}

int main(int argc, char **argv)
{
	int fds[CPUS], cpu, nr = 0, number = argc > 2 ? number_of(argv[1]) : -1;
	uint64_t count, sum = 0;

	if (number < 0)
		return 1;
	/* A CPU that is offline has none. */
	for (cpu = 0; cpu < CPUS; cpu++) {
		fds[nr] = counter_open(number, cpu);
		nr += fds[nr] >= 0;
	}
	if (!nr || run(argv + 2))
		return 1;
	while (nr--)
		if (read(fds[nr], &count, sizeof(count)) == sizeof(count))
			sum += count;
	printf("%llu\n", (unsigned long long)sum);
	return 0;
}
