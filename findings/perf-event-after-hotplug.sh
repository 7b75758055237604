#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A perf event of a CPU stands still for good once the CPU was offline, and nothing tells.
#
# Seen:	Debian's cloud kernels 6.1.176, 6.12.117, 7.3.4, in QEMU 10.0.13 (TCG, x86).
# Expectation: perf_event_open(2): an event with pid -1 counts whatever runs on the given CPU.
#	PERF_EVENT_IOC_ENABLE enables it. A read of a pinned one that cannot count returns end of
#	file. So when the CPU is back, the event counts, or tells in some way that it does not.
# Behaviour: reads succeed and give the value and both times of the moment when the CPU went.
#	PERF_EVENT_IOC_ENABLE returns 0 and changes nothing. A new event on that CPU counts.
# Who gives CPUs away and takes them back leaves the monitoring of a node with such counters, which
# look like those of an idle CPU until their owner opens them anew.
set -eu
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

emulator
cat >"$work/events.c" <<'END'
#define _GNU_SOURCE
#include <linux/perf_event.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct reading {
	uint64_t value, enabled, running;
};

/* Context switches on CPU 1, whichever task's. */
static int event(void)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_CONTEXT_SWITCHES,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
	};

	return syscall(SYS_perf_event_open, &attr, -1, 1, -1, 0);
}

static void move_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		perror("sched_setaffinity");
}

static const char *grown(uint64_t before, uint64_t after, uint64_t least)
{
	return after >= before + least ? "goes on" : after == before ? "stands" : "crawls";
}

/* Tell what 100 naps on CPU 1, two context switches each, do to the event. */
static void nap(const char *when, int fd)
{
	struct reading before = {}, after = {};
	struct timespec millisecond = { 0, 1000000 };
	ssize_t got = read(fd, &before, sizeof(before));
	int i;

	move_to(1);
	for (i = 0; i < 100; i++)
		nanosleep(&millisecond, NULL);
	move_to(0);
	got += read(fd, &after, sizeof(after));
	printf("%s: %zd bytes, value %s, enabled %s, running %s\n", when, got,
	       grown(before.value, after.value, 100), grown(before.enabled, after.enabled, 1),
	       grown(before.running, after.running, 1));
}

static void online(const char *value)
{
	int fd = open("/sys/devices/system/cpu/cpu1/online", O_WRONLY);

	if (write(fd, value, 1) != 1)
		perror("online");
	close(fd);
}

int main(void)
{
	int fd = event();

	nap("before", fd);
	online("0");
	online("1");
	nap("back", fd);
	printf("PERF_EVENT_IOC_ENABLE: %d\n", ioctl(fd, PERF_EVENT_IOC_ENABLE, 0));
	nap("enabled", fd);
	nap("another", event());
	return 0;
}
END
gcc -O2 -Wall -static -o "$work/initrd/events" "$work/events.c"
initramfs <<'END'
uname -r
/events
END
boots 6.1 6.12 7.3 >"$work/seen"
judge "$work/seen" <<END
6.1.0-50-cloud-amd64
before: 48 bytes, value goes on, enabled goes on, running goes on
back: 48 bytes, value stands, enabled stands, running stands
PERF_EVENT_IOC_ENABLE: 0
enabled: 48 bytes, value stands, enabled stands, running stands
another: 48 bytes, value goes on, enabled goes on, running goes on
6.12.117+deb13-cloud-amd64
before: 48 bytes, value goes on, enabled goes on, running goes on
back: 48 bytes, value stands, enabled stands, running stands
PERF_EVENT_IOC_ENABLE: 0
enabled: 48 bytes, value stands, enabled stands, running stands
another: 48 bytes, value goes on, enabled goes on, running goes on
7.3.4+deb13-cloud-amd64
before: 48 bytes, value goes on, enabled goes on, running goes on
back: 48 bytes, value stands, enabled stands, running stands
PERF_EVENT_IOC_ENABLE: 0
enabled: 48 bytes, value stands, enabled stands, running stands
another: 48 bytes, value goes on, enabled goes on, running goes on
END
