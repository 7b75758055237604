// SPDX-License-Identifier: GPL-2.0-only
/* A fault for people: the JSON object of explain.c, laid out. */
#include <stdio.h>
#include <string.h>

#include "explain.h"
#include "record.h"

#define MARGIN	"              "

static void title(const char *text)
{
	printf("  %-11s ", text);
}

static struct json_object *member(struct json_object *object, const char *key)
{
	return json_object_object_get(object, key);
}

static size_t length(struct json_object *object, const char *key)
{
	struct json_object *list = member(object, key);

	return list ? json_object_array_length(list) : 0;
}

static struct json_object *element(struct json_object *object, const char *key, size_t i)
{
	return json_object_array_get_idx(member(object, key), i);
}

static bool has(struct json_object *object, const char *key)
{
	return member(object, key);
}

static void print_operands(struct json_object *insn)
{
	size_t i;

	for (i = 0; i < length(insn, "operands"); i++) {
		struct json_object *operand = element(insn, "operands", i);

		printf(MARGIN "%s %s %s\n", record_text(operand, "operand"),
		       has(operand, "address") ? "is at" : "=",
		       record_text(operand, has(operand, "address") ? "address" : "value"));
	}
}

static void print_instruction(struct json_object *fault)
{
	struct json_object *insn = member(fault, "instruction");

	if (!insn)
		return;
	title("instruction");
	printf("%s%s%s\n", has(insn, "text") ? record_text(insn, "text") : "cannot be read",
	       has(insn, "symbol") ? "    in " : "",
	       has(insn, "symbol") ? record_text(insn, "symbol") : "");
	print_operands(insn);
}

static void print_code(struct json_object *fault)
{
	const char *here = record_text(member(fault, "instruction"), "address");
	size_t i;

	for (i = 0; i < length(fault, "code"); i++) {
		struct json_object *line = element(fault, "code", i);
		const char *address = record_text(line, "address");

		title(i ? "" : "code");
		printf("%s %-18s  %-30s  %s\n", strcmp(address, here) ? " " : ">", address,
		       record_text(line, "bytes"), record_text(line, "text"));
	}
}

static void print_registers(struct json_object *fault)
{
	struct json_object *registers = member(fault, "registers");
	int i = 0;

	if (!registers)
		return;
	json_object_object_foreach(registers, name, value) {
		if (!(i % 3))
			title(i ? "" : "registers");
		i++;
		printf("%-7s %-18s%s", name, json_object_get_string(value), i % 3 ? "  " : "\n");
	}
	printf("%s", i % 3 ? "\n" : "");
	title("mode");
	puts(record_text(fault, "mode"));
}

static void print_entries(struct json_object *walk)
{
	size_t i;

	for (i = 0; i < length(walk, "entries"); i++) {
		struct json_object *entry = element(walk, "entries", i);

		printf(MARGIN "entry at %s: %s\n", record_text(entry, "at"),
		       has(entry, "entry") ? record_text(entry, "entry") : "out of reach");
	}
}

static void print_walk(struct json_object *fault)
{
	struct json_object *walk = member(fault, "walk");

	if (!walk)
		return;
	title("page walk");
	if (has(walk, "virtual"))
		printf("guest-virtual %s\n", record_text(walk, "virtual"));
	else
		puts("the guest-virtual address is not known");
	print_entries(walk);
	printf(MARGIN "guest-physical %s\n", record_text(walk, "physical"));
	printf(MARGIN "stopped %s\n", record_text(walk, "stopped"));
	title("owner");
	puts(record_text(walk, "owner"));
}

static void print_backtrace(struct json_object *fault)
{
	size_t i;

	for (i = 0; i < length(fault, "backtrace"); i++) {
		struct json_object *frame = element(fault, "backtrace", i);

		title(i ? "" : "backtrace");
		printf("#%-2zu %-18s  %s\n", i, record_text(frame, "address"),
		       has(frame, "symbol") ? record_text(frame, "symbol") : "");
	}
}

static void print_exits(struct json_object *fault)
{
	struct json_object *processor = member(fault, "processor");
	size_t i;

	for (i = 0; i < length(fault, "exits"); i++) {
		struct json_object *exit = element(fault, "exits", i);

		title(i ? "" : "last exits");
		printf("%-12s %s\n", record_text(exit, "exit"),
		       has(exit, "detail") ? record_text(exit, "detail") : "");
	}
	title("processor");
	printf("exit %s, code %s, info %s %s\n", record_text(processor, "exit"),
	       record_text(processor, "code"), record_text(processor, "info1"),
	       record_text(processor, "info2"));
}

/**
 * explain_print() - print a fault for people
 * @fault: made by explain()
 */
void explain_print(struct json_object *fault)
{
	printf("Fault %s, %s: %s\n", record_text(fault, "sequence"), record_text(fault, "time"),
	       record_text(fault, "reason"));
	printf("  %s.\n", record_text(fault, "sentence"));
	print_instruction(fault);
	print_code(fault);
	print_registers(fault);
	if (has(fault, "began")) {
		title("began");
		puts(record_text(fault, "began"));
	}
	print_walk(fault);
	print_backtrace(fault);
	if (has(fault, "policy")) {
		title("policy");
		puts(record_text(fault, "policy"));
	}
	print_exits(fault);
}
