// SPDX-License-Identifier: GPL-2.0-only
/* The command line that most commands have: --json and some words; and what goes to stderr. */
#include <stdarg.h>
#include <stdio.h>

#include "covirtctl.h"

static void say(const char *prefix, const char *format, va_list args)
{
	fflush(stdout);
	fputs(prefix, stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

/**
 * complain() - say on stderr what went wrong, and what to do
 * @format: without a full stop or a newline
 */
void complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("covirtctl: ", format, args);
	va_end(args);
}

/**
 * notice() - say on stderr what goes on; stdout is for what was asked for
 * @format: without a newline
 */
void notice(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("", format, args);
	va_end(args);
}

static error_t json_option(int key, char *arg, struct argp_state *state)
{
	struct words *words = state->input;

	(void)arg;
	if (key != 'j')
		return ARGP_ERR_UNKNOWN;
	words->json = true;
	return 0;
}

static const struct argp_option json_options[] = {
	{ "json", 'j', NULL, 0, "Print JSON, for programs", 0 },
	{ 0 }
};

static const struct argp json_argp = { .options = json_options, .parser = json_option };

const struct argp_child json_child[] = { { .argp = &json_argp }, { 0 } };

/**
 * words_option() - parser for the argp of a command without other options
 * @key:   as argp says
 * @arg:   as argp says
 * @state: as argp says; its input is a struct words
 *
 * Return: 0, or ARGP_ERR_UNKNOWN.
 */
error_t words_option(int key, char *arg, struct argp_state *state)
{
	struct words *words = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		if (state->child_inputs)
			state->child_inputs[0] = words;
		return 0;
	case ARGP_KEY_ARG:
		if (words->nr >= words->max)
			argp_error(state, "what is '%s' for?", arg);
		words->word = &state->argv[state->next - 1 - words->nr];
		words->nr++;
		return 0;
	case ARGP_KEY_END:
		if (words->nr < words->min)
			argp_error(state, "a word is missing");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/**
 * words_parse() - parse a command line, or end the program
 * @words: with @min and @max; filled in
 * @argp:  the command's
 * @argc:  of the command
 * @argv:  of the command; options are moved before the words
 */
void words_parse(struct words *words, const struct argp *argp, int argc, char **argv)
{
	argp_parse(argp, argc, argv, 0, NULL, words);
}
