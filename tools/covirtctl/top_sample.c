// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sample is read once; records are made of two of them. A file that cannot be read, because it
 * is root's or because the enclave goes this moment, is left out.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "covirtctl.h"
#include "enclave.h"
#include "fault_log.h"
#include "include/uapi/linux/covirt.h"
#include "record.h"
#include "stats.h"
#include "top_sample.h"

#define REASON_PREFIX	"exits_"
#define LAST_ROOM	40

/**
 * struct top_enclave - one of them
 * @name:   its name
 * @state:  its state
 * @cpus:   list of its CPUs
 * @memory: bytes
 * @last:   why it was contained last, or ""
 * @stats:  its counters
 */
struct top_enclave {
	char name[NAME_ROOM];
	char state[NAME_ROOM];
	char cpus[256];
	uint64_t memory;
	char last[LAST_ROOM];
	struct stats stats;
};

/**
 * struct top_sample - all of them
 * @taken:    CLOCK_MONOTONIC
 * @time:     the same for people
 * @nr:       enclaves
 * @enclave:  sorted by name
 */
struct top_sample {
	struct timespec taken;
	struct tm time;
	size_t nr;
	struct top_enclave enclave[];
};

/* --- reading --- */

static void text_read(const char *name, const char *attribute, char *text, size_t room)
{
	char value[VALUE_ROOM];

	if (!attribute_read(name, attribute, value))
		snprintf(text, room, "%.*s", (int)room - 1, value);
}

static void counter_read(struct top_enclave *enclave, const char *file)
{
	char path[NAME_MAX + 8], value[VALUE_ROOM];

	snprintf(path, sizeof(path), "stats/%s", file);
	if (attribute_read(enclave->name, path, value))
		return;
	if (strcmp(file, "cycles"))
		stats_add(&enclave->stats, file, value);
	else
		stats_add_cycles(&enclave->stats, value);
}

static void stats_read(struct top_enclave *enclave)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), CLASS_DIR "/%s/stats", enclave->name);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_type == DT_REG)
			counter_read(enclave, entry->d_name);
	if (dir)
		closedir(dir);
}

static const char *const reasons[] = {
#define REASON_ROW(id, name, orderly)	name,
	COVIRT_FAULT_REASONS(REASON_ROW)
#undef REASON_ROW
};

static void last_fault_read(struct top_enclave *enclave)
{
	struct fault_log log;
	uint32_t reason;

	if (!stats_value(&enclave->stats, "faults"))
		return;
	if (fault_log_get(enclave->name, &log) || !log.nr) {
		snprintf(enclave->last, LAST_ROOM, "(for root only)");
		return;
	}
	reason = log.record[log.nr - 1].fault.reason;
	snprintf(enclave->last, LAST_ROOM, "%s",
		 reason < ARRAY_SIZE(reasons) ? reasons[reason] : "unknown");
}

static void enclave_read(struct top_enclave *enclave, const char *name)
{
	char memory[NAME_ROOM] = "0";

	snprintf(enclave->name, NAME_ROOM, "%s", name);
	text_read(name, "state", enclave->state, sizeof(enclave->state));
	text_read(name, "cpus", enclave->cpus, sizeof(enclave->cpus));
	text_read(name, "memory", memory, sizeof(memory));
	enclave->memory = strtoull(memory, NULL, 10);
	stats_read(enclave);
	last_fault_read(enclave);
}

/**
 * top_sample_read() - look at all enclaves
 *
 * Return: for top_sample_free(); NULL without memory.
 */
struct top_sample *top_sample_read(void)
{
	struct json_object *names = enclave_names();
	size_t i, nr = json_object_array_length(names);
	struct top_sample *sample = calloc(1, sizeof(*sample) + nr * sizeof(sample->enclave[0]));
	time_t now = time(NULL);

	if (sample) {
		clock_gettime(CLOCK_MONOTONIC, &sample->taken);
		localtime_r(&now, &sample->time);
		sample->nr = nr;
		for (i = 0; i < nr; i++) {
			struct json_object *name = json_object_array_get_idx(names, i);

			enclave_read(&sample->enclave[i], json_object_get_string(name));
		}
	}
	json_object_put(names);
	return sample;
}

/**
 * top_sample_free() - forget a sample
 * @sample: or NULL
 */
void top_sample_free(struct top_sample *sample)
{
	free(sample);
}

/* --- showing --- */

static double seconds_between(const struct top_sample *now, const struct top_sample *before)
{
	return now->taken.tv_sec - before->taken.tv_sec +
	       (now->taken.tv_nsec - before->taken.tv_nsec) / 1e9;
}

/* Rates below 10 have a decimal. */
static void set_rate(struct json_object *record, const char *key, uint64_t count, double seconds)
{
	double rate = seconds > 0 ? count / seconds : 0;
	char text[64];

	snprintf(text, sizeof(text), rate < 9.95 ? "%.1f" : "%.0f", rate);
	json_object_object_add(record, key, json_object_new_double_s(rate, text));
}

static bool is_reason(const struct stats *stats, size_t i)
{
	return !strncmp(stats->counter[i].name, REASON_PREFIX, strlen(REASON_PREFIX)) &&
	       stats->counter[i].value;
}

static const char *reason_name(const struct stats *stats, size_t i)
{
	return stats->counter[i].name + strlen(REASON_PREFIX);
}

/* Of all reasons: the counter "exits" was read at another moment. */
static uint64_t all_exits(const struct stats *gained)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < gained->nr; i++)
		if (is_reason(gained, i))
			sum += gained->counter[i].value;
	return sum;
}

static struct json_object *reasons_record(const struct stats *gained, double seconds)
{
	struct json_object *record = json_object_new_object();
	size_t i;

	for (i = 0; i < gained->nr; i++)
		if (is_reason(gained, i))
			set_rate(record, reason_name(gained, i), gained->counter[i].value,
				 seconds);
	return record;
}

/* The most frequent reason that is rarer than @below, or -1. Ties are settled by the place. */
static int next_reason(const struct stats *gained, int below)
{
	int i, best = -1;

	for (i = 0; i < (int)gained->nr; i++) {
		uint64_t value = gained->counter[i].value;

		if (!is_reason(gained, i) ||
		    (below >= 0 && (value > gained->counter[below].value ||
				    (value == gained->counter[below].value && i <= below))))
			continue;
		if (best < 0 || value > gained->counter[best].value)
			best = i;
	}
	return best;
}

#define BUSIEST		3

static void set_busiest(struct json_object *record, const struct stats *gained, double seconds)
{
	char text[256] = "";
	int i, n, len = 0;

	for (n = 0, i = next_reason(gained, -1); n < BUSIEST && i >= 0; n++) {
		len += snprintf(text + len, sizeof(text) - len, "%s%s %.0f", n ? ", " : "",
				reason_name(gained, i), gained->counter[i].value / seconds);
		i = next_reason(gained, i);
	}
	if (len)
		record_set(record, "busiest", "%s", text);
}

static void set_rates(struct json_object *record, const struct stats *gained, double seconds)
{
	uint64_t cycles;

	set_rate(record, "exits_per_s", all_exits(gained), seconds);
	set_rate(record, "routed_per_s", stats_value(gained, "ipi_routed"), seconds);
	set_rate(record, "doorbells_per_s", stats_value(gained, "doorbells"), seconds);
	if (stats_median(gained, &cycles))
		record_set_number(record, "cycles", cycles);
	record_set_list(record, "exits_by_reason", reasons_record(gained, seconds));
	set_busiest(record, gained, seconds);
}

static const struct top_enclave *enclave_find(const struct top_sample *sample, const char *name)
{
	size_t i;

	for (i = 0; sample && i < sample->nr; i++)
		if (!strcmp(sample->enclave[i].name, name))
			return &sample->enclave[i];
	return NULL;
}

static struct json_object *enclave_record(const struct top_enclave *enclave)
{
	struct json_object *record = json_object_new_object();

	record_set(record, "name", "%s", enclave->name);
	record_set(record, "state", "%s", enclave->state);
	record_set(record, "cpus", "%s", enclave->cpus);
	record_set_number(record, "memory", enclave->memory);
	record_set_number(record, "faults", stats_value(&enclave->stats, "faults"));
	if (*enclave->last)
		record_set(record, "last_fault", "%s", enclave->last);
	record_set(record, "faults_told", "%llu%s%s",
		   (unsigned long long)stats_value(&enclave->stats, "faults"),
		   *enclave->last ? " " : "", enclave->last);
	return record;
}

/**
 * top_sample_records() - what is shown
 * @now:    a sample
 * @before: an earlier one, or NULL: then there are no rates
 *
 * Return: a JSON array of records, one for each enclave. Members "busiest" and "faults_told" say
 * in words for people what others say for programs.
 */
struct json_object *top_sample_records(const struct top_sample *now,
				       const struct top_sample *before)
{
	struct json_object *records = json_object_new_array();
	size_t i;

	for (i = 0; i < now->nr; i++) {
		const struct top_enclave *enclave = &now->enclave[i];
		const struct top_enclave *earlier = enclave_find(before, enclave->name);
		struct json_object *record = enclave_record(enclave);

		if (earlier) {
			struct stats gained = stats_gain(&enclave->stats, &earlier->stats);

			set_rates(record, &gained, seconds_between(now, before));
		}
		json_object_array_add(records, record);
	}
	return records;
}

/**
 * top_sample_running() - how many run?
 * @sample: a sample
 *
 * Return: their number.
 */
size_t top_sample_running(const struct top_sample *sample)
{
	size_t i, count = 0;

	for (i = 0; i < sample->nr; i++)
		count += !strcmp(sample->enclave[i].state, "running");
	return count;
}

/**
 * top_sample_time() - when it was taken
 * @sample: a sample
 *
 * Return: local time.
 */
const struct tm *top_sample_time(const struct top_sample *sample)
{
	return &sample->time;
}
