// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl create and set: an enclave and its attributes. */
#include "covirtctl.h"
#include "enclave.h"
#include "life.h"

#define ASSIGNMENTS	64

static int assignments_apply(const struct words *words)
{
	int i, status = STATUS_OK;

	for (i = 1; i < words->nr && !status; i++)
		status = assignment_apply(words->word[0], words->word[i]);
	return status;
}

static const struct argp create_argp = {
	.parser = words_option,
	.args_doc = "NAME [ATTRIBUTE=VALUE...]",
	.doc = "Create an enclave, and set attributes of it in the order given. When one is refused "
	       "there is no enclave afterwards."
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
	status = enclave_create(words.word[0]);
	if (status)
		return status;
	status = assignments_apply(&words);
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
