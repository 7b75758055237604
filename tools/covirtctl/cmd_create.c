// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl create and set: an enclave and its attributes. */
#include <string.h>

#include "covirtctl.h"
#include "enclave.h"
#include "judge.h"
#include "life.h"
#include "signals.h"

#define ASSIGNMENTS	64

static int assignments_check(const struct words *words)
{
	int i, status = STATUS_OK;

	for (i = 1; i < words->nr && !status; i++)
		status = assignment_check(words->word[0], words->word[i]);
	return status;
}

static int assignments_apply(const struct words *words)
{
	int i, status = assignments_check(words);

	for (i = 1; i < words->nr && !status; i++)
		status = assignment_apply(words->word[0], words->word[i]);
	return status;
}

/*
 * Names are judged before anything is written, and CPUs are taken when all else but the start has
 * been accepted: a word that is refused costs Linux nothing.
 */
static bool is_of(const char *assignment, const char *attribute)
{
	size_t len = strlen(attribute);

	return !strncmp(assignment, attribute, len) && assignment[len] == '=';
}

static int when(const char *assignment)
{
	return is_of(assignment, "state") ? 2 : is_of(assignment, "cpus");
}

static const char *value_of(const struct words *words, const char *attribute)
{
	const char *value = NULL;
	int i;

	for (i = 1; i < words->nr; i++)
		if (is_of(words->word[i], attribute))
			value = strchr(words->word[i], '=') + 1;
	return value;
}

/* Of an enclave that is to start at once: the start would refuse them when all has been taken. */
static int images_judge(const struct words *words)
{
	const char *state = value_of(words, "state"), *initrd = value_of(words, "initrd");
	const struct images images = {
		.kernel = value_of(words, "firmware"),
		.initrd = initrd && *initrd ? initrd : NULL,
		.protocol = value_of(words, "protocol"),
	};
	uint64_t need;

	if (!state || strcmp(state, "start") || !images.kernel)
		return STATUS_OK;
	return judge_firmware(&images, &need);
}

static int create_apply_one(const char *name, const char *assignment)
{
	if (is_of(assignment, "memory"))
		return life_memory(name, strchr(assignment, '=') + 1);
	return assignment_apply(name, assignment);
}

/* A signal may come at any step, and is obeyed behind it. */
static int create_apply(const struct words *words)
{
	int pass, i, status = assignments_check(words);

	if (!status)
		status = images_judge(words);
	status = signals_status(status);
	for (pass = 0; pass < 3; pass++)
		for (i = 1; i < words->nr && !status; i++)
			if (when(words->word[i]) == pass)
				status = signals_status(create_apply_one(words->word[0],
									 words->word[i]));
	return status;
}

static const struct argp create_argp = {
	.parser = words_option,
	.args_doc = "NAME [ATTRIBUTE=VALUE...]",
	.doc = "Create an enclave, and set attributes of it: in the order given, but CPUs are taken "
	       "last, and state comes behind them. When one is refused, or a signal (Ctrl-C) ends the "
	       "command, there is no enclave afterwards."
	       "\v"
	       "  covirtctl create lwk0 cpus=2-3 memory=512M firmware=covirt/lwk.elf\n"
	       "\n"
	       "cpus and memory leave Linux at once. firmware and initrd are paths below "
	       "/lib/firmware. 'covirtctl show NAME' lists all attributes; Documentation/ABI of the "
	       "sources says what they mean.",
};

static int cmd_create_run(int argc, char **argv)
{
	struct words words = { .min = 1, .max = ASSIGNMENTS };
	int status;

	words_parse(&words, &create_argp, argc, argv);
	signals_open();
	status = enclave_create(words.word[0]);
	if (status)
		return status;
	status = create_apply(&words);
	if (status)
		life_end(words.word[0]);
	return status;
}

const struct command cmd_create = {
	.name = "create",
	.summary = "create an enclave that stays",
	.run = cmd_create_run,
};

static const struct argp set_argp = {
	.parser = words_option,
	.args_doc = "NAME ATTRIBUTE=VALUE...",
	.doc = "Set attributes of an enclave, in the order given; the first that is refused ends it."
	       "\v"
	       "  covirtctl set lwk0 memory=1G on_fault=restart\n"
	       "  covirtctl set lwk0 cpus=          gives all CPUs back\n"
	       "  covirtctl set lwk0 watchdog=10    says which CPU is hung, and where\n",
};

static int cmd_set_run(int argc, char **argv)
{
	struct words words = { .min = 2, .max = ASSIGNMENTS };
	int status;

	words_parse(&words, &set_argp, argc, argv);
	status = enclave_check(words.word[0]);
	return status ?: assignments_apply(&words);
}

const struct command cmd_set = {
	.name = "set",
	.summary = "change attributes of an enclave",
	.run = cmd_set_run,
};
