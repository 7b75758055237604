// SPDX-License-Identifier: GPL-2.0-only
#include <iconv.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "size.h"

#define JSON_STYLE	(JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | \
			 JSON_C_TO_STRING_NOSLASHESCAPE)

/* A byte that is no part of a character becomes a question mark: JSON knows UTF-8 only. */
static void text_mend(char *text)
{
	char *copy = strdup(text), *in = copy, *out = text;
	size_t left = strlen(text), room = left;
	iconv_t check = iconv_open("UTF-8", "UTF-8");

	if (check == (iconv_t)-1)
		left = 0;
	while (copy && left && iconv(check, &in, &left, &out, &room) == (size_t)-1) {
		*out++ = '?';
		room--;
		in++;
		left--;
	}
	if (check != (iconv_t)-1)
		iconv_close(check);
	free(copy);
}

/**
 * record_new_text() - text as a value
 * @text: may be anything; mended so that it is UTF-8
 *
 * Return: the value.
 */
struct json_object *record_new_text(char *text)
{
	text_mend(text);
	return json_object_new_string(text);
}

/**
 * record_set() - a member that is text
 * @record: the record
 * @key:    the member's name, which must outlive nothing: it is copied
 * @format: the text
 */
void record_set(struct json_object *record, const char *key, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) >= 0) {
		json_object_object_add(record, key, record_new_text(text));
		free(text);
	}
	va_end(args);
}

/**
 * record_set_number() - a member that is a count
 * @record: the record
 * @key:    the member's name
 * @number: the count
 */
void record_set_number(struct json_object *record, const char *key, uint64_t number)
{
	json_object_object_add(record, key, json_object_new_uint64(number));
}

/**
 * record_set_hex() - a member that is an address or a register
 * @record: the record
 * @key:    the member's name
 * @number: its value; text in JSON, because many readers of JSON have 53 bits for a number
 */
void record_set_hex(struct json_object *record, const char *key, uint64_t number)
{
	record_set(record, key, "0x%llx", (unsigned long long)number);
}

/**
 * record_set_list() - a member that is a list or a record
 * @record: the record
 * @key:    the member's name
 * @list:   belongs to @record from now on
 */
void record_set_list(struct json_object *record, const char *key, struct json_object *list)
{
	json_object_object_add(record, key, list);
}

/**
 * record_text() - a member as text
 * @record: the record
 * @key:    the member's name
 *
 * Return: its text, valid as long as the record is; "-" where there is no such member.
 */
const char *record_text(struct json_object *record, const char *key)
{
	struct json_object *value = json_object_object_get(record, key);

	return value ? json_object_get_string(value) : "-";
}

/**
 * json_print() - print JSON
 * @object: what to print
 */
void json_print(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_STYLE));
}

/**
 * json_print_line() - print JSON, an object a line
 * @object: what to print
 */
void json_print_line(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
						    JSON_C_TO_STRING_NOSLASHESCAPE));
}

/* A cell's text; @room is for those that have to be made. */
static const char *cell(struct json_object *record, const struct column *column, char *room)
{
	struct json_object *value = json_object_object_get(record, column->key);

	if (column->kind == COLUMN_SIZE && value)
		return size_format(json_object_get_uint64(value), room);
	return record_text(record, column->key);
}

static int width_of(struct json_object *records, const struct column *column)
{
	size_t i, width = strlen(column->title);
	char room[SIZE_TEXT];

	for (i = 0; i < json_object_array_length(records); i++) {
		size_t len = strlen(cell(json_object_array_get_idx(records, i), column, room));

		if (len > width)
			width = len;
	}
	return width;
}

/* Numbers are flush right; the last column is not filled up. */
static void cell_print(const char *text, const struct column *column, int width, FILE *out)
{
	const char *gap = column[1].key ? "  " : "\n";

	if (column->kind != COLUMN_TEXT)
		fprintf(out, "%*s%s", width, text, gap);
	else
		fprintf(out, "%-*s%s", column[1].key ? width : 0, text, gap);
}

/**
 * records_format() - write an array of records as a table
 * @records: a JSON array
 * @columns: at most 16, the last without a key
 * @out:     where to
 */
void records_format(struct json_object *records, const struct column *columns, FILE *out)
{
	size_t i, rows = json_object_array_length(records);
	const struct column *column;
	char room[SIZE_TEXT];
	int width[16];

	for (column = columns; column->key; column++) {
		width[column - columns] = width_of(records, column);
		cell_print(column->title, column, width[column - columns], out);
	}
	for (i = 0; i < rows; i++)
		for (column = columns; column->key; column++)
			cell_print(cell(json_object_array_get_idx(records, i), column, room),
				   column, width[column - columns], out);
}

/**
 * records_print() - print an array of records, as a table or as JSON
 * @records: a JSON array
 * @columns: at most 16, the last without a key
 * @json:    whether JSON is wanted
 */
void records_print(struct json_object *records, const struct column *columns, bool json)
{
	if (json)
		json_print(records);
	else
		records_format(records, columns, stdout);
}
