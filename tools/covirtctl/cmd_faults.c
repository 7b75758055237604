// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl faults: why an enclave was contained. */
#include <stdio.h>

#include "covirtctl.h"
#include "enclave.h"
#include "fault.h"
#include "record.h"

static const struct argp argp = {
	.children = json_child,
	.parser = words_option,
	.args_doc = "NAME",
	.doc = "Say why an enclave was contained.",
};

static int cmd_faults_run(int argc, char **argv)
{
	struct words words = { .min = 1, .max = 1 };
	struct json_object *record;
	int status;

	words_parse(&words, &argp, argc, argv);
	status = enclave_check(words.word[0]) ?: fault_read(words.word[0], &record);
	if (status)
		return status;
	if (words.json) {
		json_print(record);
	} else if (record) {
		json_object_object_foreach(record, key, value)
			printf("%s: %s\n", key, json_object_get_string(value));
	}
	json_object_put(record);
	return STATUS_OK;
}

const struct command cmd_faults = {
	.name = "faults",
	.summary = "say why a co-kernel was contained",
	.run = cmd_faults_run,
};
