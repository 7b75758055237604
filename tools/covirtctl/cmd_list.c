// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl list: a line for each enclave. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "covirtctl.h"
#include "enclave.h"
#include "record.h"

static const struct column columns[] = {
	{ "name", "NAME", COLUMN_TEXT },
	{ "state", "STATE", COLUMN_TEXT },
	{ "cpus", "CPUS", COLUMN_TEXT },
	{ "hung", "HUNG", COLUMN_TEXT },
	{ "memory", "MEMORY", COLUMN_SIZE },
	{ "starts", "STARTS", COLUMN_NUMBER },
	{ "faults", "FAULTS", COLUMN_NUMBER },
	{ "exits", "EXITS", COLUMN_NUMBER },
	{ "firmware", "CO-KERNEL", COLUMN_TEXT },
	{ 0 }
};

/* Member, attribute, whether it is a number. */
static const struct {
	const char *key;
	const char *attribute;
	bool number;
} sources[] = {
	{ "state", "state", false },
	{ "cpus", "cpus", false },
	{ "hung", "hung", false },
	{ "memory", "memory", true },
	{ "starts", "stats/starts", true },
	{ "faults", "stats/faults", true },
	{ "exits", "stats/exits", true },
	{ "firmware", "firmware", false },
};

static struct json_object *enclave_record(const char *name)
{
	struct json_object *record = json_object_new_object();
	char value[VALUE_ROOM];
	size_t i;

	record_set(record, "name", "%s", name);
	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		if (attribute_read(name, sources[i].attribute, value) || !*value)
			continue;
		if (sources[i].number)
			record_set_number(record, sources[i].key, strtoull(value, NULL, 10));
		else
			record_set(record, sources[i].key, "%s", value);
	}
	return record;
}

static const struct argp argp = {
	.children = json_child,
	.parser = words_option,
	.doc = "List the enclaves. EXITS counts how often the co-kernel had to leave guest mode since "
	       "its last start; HUNG names the CPUs that the watchdog has found hung."
	       "\v"
	       "States: empty (CPUs, memory or firmware missing), ready, running, stopped, faulted "
	       "('covirtctl faults NAME' says why).",
};

static int cmd_list_run(int argc, char **argv)
{
	struct json_object *records, *names;
	struct words words = { 0 };
	size_t i;

	words_parse(&words, &argp, argc, argv);
	if (module_check())
		return STATUS_NO_MODULE;
	records = json_object_new_array();
	names = enclave_names();
	for (i = 0; i < json_object_array_length(names); i++) {
		struct json_object *name = json_object_array_get_idx(names, i);

		json_object_array_add(records, enclave_record(json_object_get_string(name)));
	}
	records_print(records, columns, words.json);
	json_object_put(names);
	json_object_put(records);
	return STATUS_OK;
}

const struct command cmd_list = {
	.name = "list",
	.summary = "list enclaves: state, CPUs, memory, counts",
	.run = cmd_list_run,
};
