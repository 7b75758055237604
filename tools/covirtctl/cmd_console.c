// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl console: a terminal on an enclave's console. */
#include <fcntl.h>

#include "attach.h"
#include "covirtctl.h"
#include "enclave.h"
#include "life.h"
#include "signals.h"

/**
 * struct console - its command line
 * @words: must come first: words_option() knows no more
 * @stty:  a shell there is told the size of the window
 */
struct console {
	struct words words;
	bool stty;
};

static const struct argp_option options[] = {
	{ "stty", 's', NULL, 0,
	  "Tell a shell there the window's size, by typing 'stty rows ...'", 0 },
	{ 0 }
};

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct console *console = state->input;

	if (key != 's')
		return words_option(key, arg, state);
	console->stty = true;
	return 0;
}

static const struct argp argp = {
	.options = options,
	.parser = option,
	.args_doc = "NAME",
	.doc = "Attach this terminal to an enclave's console. Every key goes there, Ctrl-C too; Ctrl-] "
	       "leaves, and the enclave goes on. Without a terminal, stdin is typed and what is "
	       "printed goes to stdout, until the co-kernel ends."
	       "\v"
	       "The console is a serial line, which cannot carry the window's size: --stty has it "
	       "typed to the shell there, at first and whenever it changes.\n"
	       "\n"
	       "Exit status: 0 when it was left or the co-kernel ended in good order, 3 when it was "
	       "contained after a fault.",
};

static int cmd_console_run(int argc, char **argv)
{
	struct console console = { .words = { .min = 1, .max = 1 } };
	char faults[VALUE_ROOM];
	const char *name;
	int status, fd;

	argp_parse(&argp, argc, argv, 0, NULL, &console);
	name = console.words.word[0];
	status = enclave_check(name) ?: enclave_open(name, O_RDWR | O_NONBLOCK, &fd);
	if (status)
		return status;
	life_faults(name, faults);
	switch (attach(name, fd, console.stty ? ATTACH_SIZE_ALWAYS : ATTACH_SIZE_UNTOLD)) {
	case ATTACH_ENDED:
		return life_report_end(name, faults);
	case ATTACH_LEFT:
		notice("Left; %s goes on.", name);
		return STATUS_OK;
	case ATTACH_SIGNAL:
		return STATUS_SIGNAL + signals_ending();
	default:
		return STATUS_FAILED;
	}
}

const struct command cmd_console = {
	.name = "console",
	.summary = "attach this terminal to a co-kernel's console",
	.run = cmd_console_run,
};
