// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl: which command is meant. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/version.h"
#include "covirtctl.h"

static const struct command *const commands[] = {
	&cmd_run, &cmd_create, &cmd_set, &cmd_start, &cmd_stop, &cmd_destroy,
	&cmd_list, &cmd_show, &cmd_console, &cmd_faults, &cmd_map, &cmd_check,
	&cmd_top,
	&cmd_core,
};

static const char introduction[] =
	"Usage: covirtctl COMMAND [OPTION...] [NAME...]\n"
	"Run co-kernels in enclaves: CPUs and memory that Linux gives away.\n"
	"\n";

static const char teaching[] =
	"\n"
	"Begin with \"covirtctl check\": it says what this machine lacks. Then, in one command,\n"
	"\n"
	"  covirtctl run --cpus 2 --memory 512M --kernel vmlinuz --initrd initrd \\\n"
	"                --append console=ttyS0\n"
	"\n"
	"or step by step, with an enclave that stays when the command has ended:\n"
	"\n"
	"  covirtctl create lwk0 cpus=2-3 memory=512M firmware=covirt/lwk.elf\n"
	"  covirtctl start lwk0\n"
	"  covirtctl console lwk0            Ctrl-] leaves\n"
	"  covirtctl faults lwk0             why it was contained\n"
	"  covirtctl core lwk0               its memory and registers, for gdb\n"
	"  covirtctl destroy lwk0\n"
	"\n"
	"\"covirtctl COMMAND --help\" says more; so does covirtctl(8), exit statuses among it.\n"
	"\"covirtctl --version\" prints the version; that of the module is in\n"
	"/sys/module/covirt/version.\n";

static void help(FILE *out)
{
	size_t i;

	fputs(introduction, out);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fputs(teaching, out);
}

static const struct command *command_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static int command_run(const struct command *command, int argc, char **argv)
{
	static char name[32];

	snprintf(name, sizeof(name), "covirtctl %s", command->name);
	argv[0] = name;
	return command->run(argc, argv);
}

static bool is_cry_for_help(const char *word)
{
	return !strcmp(word, "help") || !strcmp(word, "--help") || !strcmp(word, "-h") ||
	       !strcmp(word, "-?");
}

/* "help COMMAND" is "COMMAND --help". */
static int help_run(int argc, char **argv)
{
	const struct command *command = argc > 2 ? command_find(argv[2]) : NULL;
	char *words[] = { argv[0], "--help", NULL };

	if (command)
		return command_run(command, 2, words);
	help(stdout);
	return STATUS_OK;
}

int main(int argc, char **argv)
{
	const struct command *command;

	argp_err_exit_status = STATUS_USAGE;
	if (argc < 2) {
		help(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("covirtctl " COVIRT_VERSION);
		return STATUS_OK;
	}
	if (is_cry_for_help(argv[1]))
		return help_run(argc, argv);
	command = command_find(argv[1]);
	if (!command) {
		complain("there is no command '%s': see covirtctl --help", argv[1]);
		return STATUS_USAGE;
	}
	return command_run(command, argc - 1, argv + 1);
}
