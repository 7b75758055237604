// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "covirtctl.h"
#include "enclave.h"
#include "fault.h"
#include "record.h"

static struct json_object *fault_parse(char *text)
{
	struct json_object *record = json_object_new_object();
	char *line, *colon;

	while ((line = strsep(&text, "\n"))) {
		colon = strstr(line, ": ");
		if (!colon)
			continue;
		*colon = '\0';
		record_set(record, line, "%s", colon + 2);
	}
	return record;
}

/**
 * fault_read() - the last fault of an enclave, as its fault file has it
 * @name:   of the enclave
 * @record: written: NULL when there was none
 *
 * Return: a status.
 */
int fault_read(const char *name, struct json_object **record)
{
	char value[VALUE_ROOM];
	int err = attribute_read(name, "fault", value);

	*record = err || !strcmp(value, "none") ? NULL : fault_parse(value);
	return err ? complain_not_permitted("fault records", -err) : STATUS_OK;
}

/**
 * fault_tell() - say on stderr what happened
 * @name: of an enclave that faulted
 */
void fault_tell(const char *name)
{
	struct json_object *record;

	if (fault_read(name, &record) || !record)
		return;
	tell("%s was contained: %s on CPU %s at rip %s.", name, record_text(record, "reason"),
	     record_text(record, "cpu"), record_text(record, "rip"));
	json_object_put(record);
}

/**
 * fault_reason() - why an enclave ended, in a word
 * @name: of the enclave
 *
 * Return: text that is valid until the next call.
 */
const char *fault_reason(const char *name)
{
	static char reason[64];
	struct json_object *record = NULL;

	fault_read(name, &record);
	snprintf(reason, sizeof(reason), "%s", record ? record_text(record, "reason") : "stopped");
	json_object_put(record);
	return reason;
}
