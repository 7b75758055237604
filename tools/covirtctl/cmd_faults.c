// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl faults: why an enclave was contained. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "covirtctl.h"
#include "enclave.h"
#include "explain.h"
#include "fault_log.h"
#include "record.h"

/**
 * struct faults - its command line
 * @words:   must come first: words_option() knows no more
 * @all:     every record, not the last one only
 * @vmlinux: file with symbols, or NULL
 * @offset:  where the co-kernel lies, beside where that file says
 */
struct faults {
	struct words words;
	bool all;
	const char *vmlinux;
	uint64_t offset;
};

static const struct argp_option options[] = {
	{ "all", 'a', NULL, 0, "All records that are kept, 16 at most; else the last one", 0 },
	{ "vmlinux", 'v', "FILE", 0,
	  "Name functions from the co-kernel's ELF file, or from its System.map", 0 },
	{ "offset", 'o', "ADDRESS", 0,
	  "Where the co-kernel was loaded, beside where that file says", 0 },
	{ 0 }
};

static void offset_parse(struct faults *faults, const char *arg, struct argp_state *state)
{
	char *end;

	faults->offset = strtoull(arg, &end, 0);
	if (end == arg || *end)
		argp_error(state, "--offset takes an address like 0x200000, not '%s'", arg);
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct faults *faults = state->input;

	switch (key) {
	case 'a':
		faults->all = true;
		return 0;
	case 'v':
		faults->vmlinux = arg;
		return 0;
	case 'o':
		offset_parse(faults, arg, state);
		return 0;
	default:
		return words_option(key, arg, state);
	}
}

static const struct argp argp = {
	.options = options,
	.children = json_child,
	.parser = option,
	.args_doc = "NAME",
	.doc = "Say why an enclave was contained: in one sentence, then the instruction with its "
	       "operands, the code around it, registers, the page walk and where it stopped, whose "
	       "memory it was, a backtrace, what the policy did, the last exits before."
	       "\v"
	       "  covirtctl faults lwk0 --vmlinux lwk.elf\n"
	       "  covirtctl faults lwk0 --all --json\n"
	       "\n"
	       "A position-independent co-kernel says where it was loaded: --offset. A backtrace needs "
	       "frame pointers. The kernel keeps the last 16 faults of an enclave; how many were lost "
	       "is said.",
};

static int symbols_get(const struct faults *faults, struct symbols *symbols)
{
	int err;

	if (!faults->vmlinux)
		return STATUS_OK;
	err = symbols_load(symbols, faults->vmlinux, faults->offset);
	if (!err)
		return STATUS_OK;
	complain("%s: %s", faults->vmlinux, err == -ENOEXEC ?
		 "there are no symbols in it: neither ELF64 with a symbol table nor a System.map" :
		 strerror(-err));
	return STATUS_FAILED;
}

static void print_json(const struct fault_log *log, struct json_object *list)
{
	struct json_object *object = json_object_new_object();

	record_set_number(object, "lost", log->lost);
	record_set_list(object, "faults", json_object_get(list));
	json_print(object);
	json_object_put(object);
}

static void print_text(const struct faults *faults, const struct fault_log *log,
		       struct json_object *list)
{
	size_t i;

	if (!log->nr)
		printf("%s has had no fault.\n", faults->words.word[0]);
	for (i = 0; i < json_object_array_length(list); i++)
		explain_print(json_object_array_get_idx(list, i));
	if (!faults->all && log->nr > 1)
		printf("%zu older ones: --all\n", log->nr - 1);
	if (log->lost)
		printf("%llu still older ones are not kept.\n", log->lost);
}

static void print(const struct faults *faults, const struct fault_log *log,
		  const struct symbols *symbols)
{
	struct json_object *list = json_object_new_array();
	size_t i = faults->all || !log->nr ? 0 : log->nr - 1;

	for (; i < log->nr; i++)
		json_object_array_add(list, explain(&log->record[i], symbols));
	if (faults->words.json)
		print_json(log, list);
	else
		print_text(faults, log, list);
	json_object_put(list);
}

static int cmd_faults_run(int argc, char **argv)
{
	struct faults faults = { .words = { .min = 1, .max = 1 } };
	struct symbols symbols = { 0 };
	struct fault_log log;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &faults);
	status = enclave_check(faults.words.word[0]) ?: symbols_get(&faults, &symbols);
	if (!status)
		status = fault_log_read(faults.words.word[0], &log);
	if (!status)
		print(&faults, &log, &symbols);
	symbols_free(&symbols);
	return status;
}

const struct command cmd_faults = {
	.name = "faults",
	.summary = "say why a co-kernel was contained",
	.run = cmd_faults_run,
};
