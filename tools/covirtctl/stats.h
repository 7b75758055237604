/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters of an enclave as the kernel prints them, and what they gained between two samples. */
#ifndef COVIRTCTL_STATS_H
#define COVIRTCTL_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATS_NAME	40	/* room for a counter's name */
#define STATS_COUNTERS	96
#define STATS_BUCKETS	64

/**
 * struct stats - one sample of a folder "stats"
 * @nr:      counters
 * @counter: name and value
 * @cycles:  exits by what they took: [n] counts those of 2^n to 2^(n+1) - 1 cycles
 */
struct stats {
	size_t nr;
	struct {
		char name[STATS_NAME];
		uint64_t value;
	} counter[STATS_COUNTERS];
	uint64_t cycles[STATS_BUCKETS];
};

bool stats_add(struct stats *stats, const char *name, const char *value);
bool stats_add_cycles(struct stats *stats, const char *table);
uint64_t stats_value(const struct stats *stats, const char *name);
struct stats stats_gain(const struct stats *now, const struct stats *before);
bool stats_median(const struct stats *stats, uint64_t *cycles);

#endif /* COVIRTCTL_STATS_H */
