// SPDX-License-Identifier: GPL-2.0-only
/* Fault records and files with symbols, as covirtctl explains and reads them. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/covirtctl/explain.h"
#include "tools/covirtctl/insn.h"
#include "tools/covirtctl/symbols.h"
#include "fuzz.h"

/* The bounds are those of is_usable() in fault_log.c. */
static struct covirt_fault_record *record_make(const u8 *data, size_t size)
{
	struct covirt_fault_record *record = calloc(1, sizeof(*record));

	memcpy(record, data, min(size, sizeof(*record)));
	record->code_len %= COVIRT_FAULT_CODE + 1;
	record->stack_len %= COVIRT_FAULT_STACK + 1;
	record->nr_frames %= COVIRT_FAULT_FRAMES + 1;
	record->nr_recent %= COVIRT_RECENT_EXITS + 1;
	record->walk.nr %= COVIRT_WALK_LEVELS + 1;
	return record;
}

/* An instruction lies in the code that there is, and a listing arrives at the one that faulted. */
static void check_listing(const struct covirt_fault_record *record)
{
	u64 rip = record->fault.cs_base + record->fault.rip, at = insn_listing_start(record);
	struct insn insn;
	int i;

	for (i = 0; i < COVIRT_FAULT_CODE && at != rip && insn_decode(record, at, &insn); i++) {
		CHECK(insn.len && at - record->code_gva + insn.len <= record->code_len);
		CHECK(strlen(insn.text) < sizeof(insn.text));
		at += insn.len;
	}
	CHECK(at == rip);
}

/* The explanation of a record is JSON, and has a sentence. */
static void check_record(const u8 *data, size_t size)
{
	struct covirt_fault_record *record = record_make(data, size);
	struct symbols symbols = {};
	struct json_object *fault = explain(record, &symbols), *again;

	check_listing(record);
	CHECK(json_object_get_string_len(json_object_object_get(fault, "sentence")) > 10);
	again = json_tokener_parse(json_object_to_json_string(fault));
	CHECK(again);
	json_object_put(again);
	json_object_put(fault);
	free(record);
}

/* Sorted; each symbol is found at its address, unless another has the same. */
static void check_found(const struct symbols *symbols)
{
	char text[64], *plus;
	size_t i;

	for (i = 0; i < symbols->nr; i++) {
		CHECK(!i || symbols->symbol[i - 1].address <= symbols->symbol[i].address);
		CHECK(symbols_find(symbols, symbols->symbol[i].address, text, sizeof(text)));
		plus = strrchr(text, '+');
		CHECK(strlen(text) == sizeof(text) - 1 || (plus && !strcmp(plus, "+0")));
	}
}

static void check_symbols(const u8 *data, size_t size)
{
	struct symbols symbols = {};
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	if (!symbols_parse(&symbols, text, size, 0x1000))
		check_found(&symbols);
	symbols_free(&symbols);
	free(text);
}

/* The first byte says which. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	if (!size)
		return 0;
	(*data & 1 ? check_symbols : check_record)(data + 1, size - 1);
	return 0;
}
