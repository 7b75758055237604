/* SPDX-License-Identifier: GPL-2.0-only */
/* Samples for covirtctl top: all enclaves at one moment, and what happened since another. */
#ifndef COVIRTCTL_TOP_SAMPLE_H
#define COVIRTCTL_TOP_SAMPLE_H

#include <json-c/json.h>
#include <time.h>

struct top_sample;

struct top_sample *top_sample_read(void);
void top_sample_free(struct top_sample *sample);
struct json_object *top_sample_records(const struct top_sample *now,
				       const struct top_sample *before);
size_t top_sample_running(const struct top_sample *sample);
const struct tm *top_sample_time(const struct top_sample *sample);

#endif /* COVIRTCTL_TOP_SAMPLE_H */
