// SPDX-License-Identifier: GPL-2.0-only
/*
 * jitter COUNT: sleep COUNT times for a millisecond, and print by how much too long that was,
 * in nanoseconds: the mean.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PERIOD_NS	1000000L
#define SECOND_NS	1000000000L

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SECOND_NS + time.tv_nsec;
}

int main(int argc, char **argv)
{
	const struct timespec period = { .tv_nsec = PERIOD_NS };
	int count = argc > 1 ? atoi(argv[1]) : 0, i;
	long long late = 0, start;

	if (count < 1)
		return 2;
	for (i = 0; i < count; i++) {
		start = now();
		clock_nanosleep(CLOCK_MONOTONIC, 0, &period, NULL);
		late += now() - start - PERIOD_NS;
	}
	printf("%lld\n", late / count);
	return 0;
}
