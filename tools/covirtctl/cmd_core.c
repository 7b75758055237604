// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl core: an enclave's memory and registers, for debuggers. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core_save.h"
#include "covirtctl.h"
#include "enclave.h"
#include "record.h"
#include "signals.h"

/**
 * struct core - its command line
 * @words:  must come first: words_option() knows no more
 * @output: file to write, or NULL
 */
struct core {
	struct words words;
	const char *output;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write it there (NAME.core); - is stdout", 0 },
	{ 0 }
};

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct core *core = state->input;

	if (key != 'o')
		return words_option(key, arg, state);
	core->output = arg;
	return 0;
}

static const struct argp argp = {
	.options = options,
	.children = json_child,
	.parser = option,
	.args_doc = "NAME",
	.doc = "Save a core dump: an ELF file of the enclave's memory with the registers of its CPUs, "
	       "which gdb and crash open. Pages of zeros become holes of the file."
	       "\v"
	       "  covirtctl core lwk0\n"
	       "  gdb -c lwk0.core -ex 'symbol-file lwk.elf -o 0x40000000'\n"
	       "  covirtctl core lwk0 -o - | zstd >lwk0.core.zst\n"
	       "\n"
	       "A co-kernel that runs goes on; then its memory is no snapshot, but changes while it "
	       "is read. After a fault with on_fault=stop, and after a stop, the memory stays until "
	       "the next start; on_fault=restart clears it before anybody can look.\n"
	       "\n"
	       "The co-kernel's own page tables say at which addresses a debugger sees the memory. Of "
	       "a Linux that has come up, its VMCOREINFO is part of the dump, and how to start gdb is "
	       "said.",
};

/* stdout is either the dump's or the record's. */
static int check(const struct core *core)
{
	if (!core->output || strcmp(core->output, "-"))
		return STATUS_OK;
	if (!core->words.json && !isatty(STDOUT_FILENO))
		return STATUS_OK;
	complain("stdout is %s: write the dump to a file",
		 core->words.json ? "for JSON" : "a terminal");
	return STATUS_USAGE;
}

static int save(const struct core *core)
{
	const char *name = core->words.word[0];
	struct json_object *about = json_object_new_object();
	char path[PATH_MAX];
	int status;

	snprintf(path, sizeof(path), "%s.core", name);
	status = core_save(name, core->output ?: path, about);
	if (!status && core->words.json)
		json_print(about);
	else if (!status)
		core_report(about);
	json_object_put(about);
	return status;
}

static int cmd_core_run(int argc, char **argv)
{
	struct core core = { .words = { .min = 1, .max = 1 } };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &core);
	status = enclave_check(core.words.word[0]) ?: check(&core);
	if (status)
		return status;
	signals_open();
	status = save(&core);
	return signals_ending() ? STATUS_SIGNAL + signals_ending() : status;
}

const struct command cmd_core = {
	.name = "core",
	.summary = "save memory and registers for a debugger",
	.run = cmd_core_run,
};
