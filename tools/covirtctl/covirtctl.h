/* SPDX-License-Identifier: GPL-2.0-only */
/* Declarations that the commands of covirtctl share: their table, exit statuses, messages. */
#ifndef COVIRTCTL_H
#define COVIRTCTL_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base.h"

/**
 * enum status - exit statuses, in the manual page too
 * @STATUS_OK:            done
 * @STATUS_FAILED:        refused by the kernel, or failed
 * @STATUS_USAGE:         wrong usage
 * @STATUS_FAULTED:       the co-kernel was contained
 * @STATUS_NO_ENCLAVE:    there is no enclave of that name
 * @STATUS_NO_MODULE:     covirt is not loaded
 * @STATUS_NOT_PERMITTED: the user may not
 * @STATUS_SIGNAL:        plus the signal that ended it
 */
enum status {
	STATUS_OK,
	STATUS_FAILED,
	STATUS_USAGE,
	STATUS_FAULTED,
	STATUS_NO_ENCLAVE,
	STATUS_NO_MODULE,
	STATUS_NOT_PERMITTED,
	STATUS_SIGNAL = 128,
};

/**
 * struct command - a command of covirtctl
 * @name:    its name
 * @summary: what it does, for the list of commands
 * @run:     carries it out and returns a status; argv[0] is "covirtctl NAME"
 */
struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};

extern const struct command cmd_run, cmd_create, cmd_set, cmd_start, cmd_stop, cmd_destroy;
extern const struct command cmd_list, cmd_show, cmd_console, cmd_faults, cmd_map, cmd_check;
extern const struct command cmd_top;
extern const struct command cmd_core;

/**
 * struct words - the command line of most commands
 * @json:  --json was given
 * @min:   how many words it takes at least
 * @max:   and at most
 * @nr:    how many there are
 * @word:  the words that are no options
 */
struct words {
	bool json;
	int min;
	int max;
	int nr;
	char **word;
};

/* A child for argp of commands that print records. */
extern const struct argp_child json_child[];

void words_parse(struct words *words, const struct argp *argp, int argc, char **argv);
error_t words_option(int key, char *arg, struct argp_state *state);

void __attribute__((format(printf, 1, 2))) complain(const char *format, ...);
void __attribute__((format(printf, 1, 2))) notice(const char *format, ...);

#endif /* COVIRTCTL_H */
