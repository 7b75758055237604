// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl start, stop and destroy. */
#include "covirtctl.h"
#include "enclave.h"
#include "images.h"
#include "life.h"

static int each(const struct words *words, int (*verb)(const char *name))
{
	int i, first = STATUS_OK;

	for (i = 0; i < words->nr; i++) {
		int status = enclave_check(words->word[i]);

		if (!status)
			status = verb(words->word[i]);
		first = first ?: status;
	}
	return first;
}

static int run_verb(const struct argp *argp, int argc, char **argv, int (*verb)(const char *name))
{
	struct words words = { .min = 1, .max = argc };

	words_parse(&words, argp, argc, argv);
	return each(&words, verb);
}

static int start(const char *name)
{
	return attribute_write(name, "state", "start");
}

static int stop(const char *name)
{
	return attribute_write(name, "state", "stop");
}

static const struct argp start_argp = {
	.parser = words_option,
	.args_doc = "NAME...",
	.doc = "Start the co-kernel of each enclave. Its console is 'covirtctl console NAME'; what it "
	       "prints before somebody attaches is kept, up to 64 KiB.",
};

static int cmd_start_run(int argc, char **argv)
{
	return run_verb(&start_argp, argc, argv, start);
}

const struct command cmd_start = {
	.name = "start",
	.summary = "start co-kernels",
	.run = cmd_start_run,
};

static const struct argp stop_argp = {
	.parser = words_option,
	.args_doc = "NAME...",
	.doc = "Stop the co-kernel of each enclave, without asking it. The enclave keeps its CPUs and "
	       "memory.",
};

static int cmd_stop_run(int argc, char **argv)
{
	return run_verb(&stop_argp, argc, argv, stop);
}

const struct command cmd_stop = {
	.name = "stop",
	.summary = "stop co-kernels; their enclaves stay",
	.run = cmd_stop_run,
};

/* --- destroy --- */

/**
 * struct destruction - its command line
 * @words: must come first: words_option() knows no more
 * @force: stop it first
 */
struct destruction {
	struct words words;
	bool force;
};

static const struct argp_option destroy_options[] = {
	{ "force", 'f', NULL, 0, "Stop it first, if it runs", 0 },
	{ 0 }
};

static error_t destroy_option(int key, char *arg, struct argp_state *state)
{
	struct destruction *destruction = state->input;

	if (key != 'f')
		return words_option(key, arg, state);
	destruction->force = true;
	return 0;
}

static int destroy(const char *name)
{
	int status = enclave_destroy(name);

	if (!status)
		images_remove(name);
	return status;
}

static const struct argp destroy_argp = {
	.options = destroy_options,
	.parser = destroy_option,
	.args_doc = "NAME...",
	.doc = "Destroy enclaves: their CPUs and their memory, cleared, are Linux's again.",
};

static int cmd_destroy_run(int argc, char **argv)
{
	struct destruction destruction = { .words = { .min = 1, .max = argc } };

	argp_parse(&destroy_argp, argc, argv, 0, NULL, &destruction);
	return each(&destruction.words, destruction.force ? life_end : destroy);
}

const struct command cmd_destroy = {
	.name = "destroy",
	.summary = "give an enclave's CPUs and memory back to Linux",
	.run = cmd_destroy_run,
};
