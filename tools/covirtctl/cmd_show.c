// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl show: every attribute of an enclave, also those that are newer than this program. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "covirtctl.h"
#include "enclave.h"
#include "record.h"
#include "size.h"

/* Files that are the device core's, or have a command of their own. */
static const char *const skipped[] = { "uevent", "dev", "fault", "faults", NULL };
/* The user's own words, which are text even where they look like a number. */
static const char *const words_of_users[] = { "firmware", "initrd", "cmdline", NULL };

static bool is_in(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name))
		names++;
	return *names;
}

static int is_attribute(const struct dirent *entry)
{
	return entry->d_type == DT_REG && !is_in(skipped, entry->d_name);
}

static bool is_number(const char *value)
{
	return *value && strlen(value) < 19 && strspn(value, "0123456789") == strlen(value);
}

static struct json_object *lines_of(char *value)
{
	struct json_object *lines = json_object_new_array();
	char *line, *rest = value;

	while ((line = strsep(&rest, "\n")))
		json_object_array_add(lines, record_new_text(line));
	return lines;
}

static void attribute_add(struct json_object *record, const char *name, const char *folder,
			  const char *attribute)
{
	char path[NAME_MAX * 2 + 2], value[VALUE_ROOM];
	int err;

	snprintf(path, sizeof(path), "%s%s", folder, attribute);
	err = attribute_read(name, path, value);
	if (err == -EACCES)
		record_set(record, attribute, "(for root only)");
	else if (err)
		record_set(record, attribute, "(%s)", strerror(-err));
	else if (is_number(value) && !is_in(words_of_users, attribute))
		record_set_number(record, attribute, strtoull(value, NULL, 10));
	else if (strchr(value, '\n'))
		record_set_list(record, attribute, lines_of(value));
	else
		record_set(record, attribute, "%s", value);
}

/* The attributes in a folder of an enclave: "" or "stats/". */
static struct json_object *folder_record(const char *name, const char *folder)
{
	struct json_object *record = json_object_new_object();
	struct dirent **entries;
	char path[512];
	int i, nr;

	snprintf(path, sizeof(path), CLASS_DIR "/%s/%s", name, folder);
	nr = scandir(path, &entries, is_attribute, alphasort);
	for (i = 0; i < nr; i++) {
		attribute_add(record, name, folder, entries[i]->d_name);
		free(entries[i]);
	}
	if (nr >= 0)
		free(entries);
	return record;
}

static void value_print(const char *key, struct json_object *value)
{
	char size[SIZE_TEXT];

	if (!strcmp(key, "memory") && json_object_is_type(value, json_type_int))
		puts(size_format(json_object_get_uint64(value), size));
	else
		puts(json_object_get_string(value));
}

static void lines_print(struct json_object *lines)
{
	size_t i;

	for (i = 0; i < json_object_array_length(lines); i++)
		printf("%s%s\n", i ? "                    " : "",
		       json_object_get_string(json_object_array_get_idx(lines, i)));
}

static void record_print(struct json_object *record, const char *folder)
{
	char title[64];

	json_object_object_foreach(record, key, value) {
		if (json_object_is_type(value, json_type_object)) {
			record_print(value, "stats/");
			continue;
		}
		snprintf(title, sizeof(title), "%s%s", folder, key);
		printf("%-19s ", title);
		if (json_object_is_type(value, json_type_array))
			lines_print(value);
		else
			value_print(key, value);
	}
}

static const struct argp argp = {
	.children = json_child,
	.parser = words_option,
	.args_doc = "NAME",
	.doc = "Show every attribute and every counter of an enclave. What names addresses is for "
	       "root's eyes."
	       "\v"
	       "  covirtctl show lwk0\n"
	       "  covirtctl show --json lwk0 | jq .stats.exits",
};

static int cmd_show_run(int argc, char **argv)
{
	struct words words = { .min = 1, .max = 1 };
	struct json_object *record;
	int status;

	words_parse(&words, &argp, argc, argv);
	status = enclave_check(words.word[0]);
	if (status)
		return status;
	record = folder_record(words.word[0], "");
	record_set_list(record, "stats", folder_record(words.word[0], "stats/"));
	if (words.json)
		json_print(record);
	else
		record_print(record, "");
	json_object_put(record);
	return STATUS_OK;
}

const struct command cmd_show = {
	.name = "show",
	.summary = "show all attributes and counters of an enclave",
	.run = cmd_show_run,
};
