/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output of commands. A record is a JSON object; columns say which of its members people see, and
 * how. So tables and JSON come from the same data.
 */
#ifndef COVIRTCTL_RECORD_H
#define COVIRTCTL_RECORD_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum column_kind {
	COLUMN_TEXT,
	COLUMN_NUMBER,
	COLUMN_SIZE,	/* bytes, shown like 512M */
};

/**
 * struct column - a member of records as people see it
 * @key:   its name in JSON
 * @title: above the column
 * @kind:  how it is shown
 */
struct column {
	const char *key;
	const char *title;
	enum column_kind kind;
};

struct json_object *record_new_text(char *text);
void __attribute__((format(printf, 3, 4)))
record_set(struct json_object *record, const char *key, const char *format, ...);
void record_set_number(struct json_object *record, const char *key, uint64_t number);
void record_set_hex(struct json_object *record, const char *key, uint64_t number);
void record_set_list(struct json_object *record, const char *key, struct json_object *list);
const char *record_text(struct json_object *record, const char *key);

void json_print(struct json_object *object);
void json_print_line(struct json_object *object);
void records_format(struct json_object *records, const struct column *columns, FILE *out);
void records_print(struct json_object *records, const struct column *columns, bool json);

#endif /* COVIRTCTL_RECORD_H */
