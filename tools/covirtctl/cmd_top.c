// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl top: enclaves live. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "covirtctl.h"
#include "enclave.h"
#include "record.h"
#include "signals.h"
#include "terminal.h"
#include "top_sample.h"

#define DELAY_MIN	0.1
#define DELAY_MAX	3600.0

/**
 * struct top - its command line, and what it shows
 * @words:  must come first: words_option() knows no more
 * @delay:  seconds between two tables
 * @count:  tables, 0: until it is ended
 * @batch:  tables one below the other, also at a terminal
 * @screen: the terminal is ours
 * @fd:     signals can be read there
 * @now:    the sample that is shown
 * @before: the one before, or NULL
 */
struct top {
	struct words words;
	double delay;
	unsigned long count;
	bool batch;
	bool screen;
	int fd;
	struct top_sample *now;
	struct top_sample *before;
};

static const struct argp_option options[] = {
	{ "delay", 'd', "SECONDS", 0, "Time between two tables, 2 if not given; like 0.5", 0 },
	{ "count", 'n', "NUMBER", 0, "End after so many tables", 0 },
	{ "batch", 'b', NULL, 0, "Print tables one below the other, also at a terminal", 0 },
	{ 0 }
};

static void delay_parse(struct top *top, const char *arg, struct argp_state *state)
{
	char *end;

	top->delay = strtod(arg, &end);
	/* Written so that what is no number at all is refused too. */
	if (end == arg || *end || !(top->delay >= DELAY_MIN && top->delay <= DELAY_MAX))
		argp_error(state, "--delay takes seconds from 0.1 to 3600, not '%s'", arg);
}

static void count_parse(struct top *top, const char *arg, struct argp_state *state)
{
	char *end;

	errno = 0;
	top->count = strtoul(arg, &end, 10);
	if (errno || *arg < '0' || *arg > '9' || *end || !top->count)
		argp_error(state, "--count takes a number from 1 on, not '%s'", arg);
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct top *top = state->input;

	switch (key) {
	case 'd':
		delay_parse(top, arg, state);
		return 0;
	case 'n':
		count_parse(top, arg, state);
		return 0;
	case 'b':
		top->batch = true;
		return 0;
	default:
		return words_option(key, arg, state);
	}
}

static const struct argp argp = {
	.options = options,
	.children = json_child,
	.parser = option,
	.doc = "Show the enclaves live: state, CPUs, memory, exits a second and their most frequent "
	       "reasons, interrupts sent along routes, doorbells rung by Linux, faults. q leaves."
	       "\v"
	       "  covirtctl top -d 0.5\n"
	       "  covirtctl top --batch --count 10 >log\n"
	       "  covirtctl top --json | jq '.enclaves[] | [.name, .exits_per_s]'\n"
	       "\n"
	       "CYCLES is what an exit takes in the hypervisor, the median to a factor of two, of "
	       "enclaves with histogram=1. Without a terminal, and with --json (an object a line), "
	       "the first table comes after the first delay. Why an enclave was contained is for "
	       "root's eyes.",
};

/* --- showing --- */

static const struct column columns[] = {
	{ "name", "NAME", COLUMN_TEXT },
	{ "state", "STATE", COLUMN_TEXT },
	{ "cpus", "CPUS", COLUMN_TEXT },
	{ "memory", "MEMORY", COLUMN_SIZE },
	{ "exits_per_s", "EXITS/s", COLUMN_NUMBER },
	{ "routed_per_s", "IPIS/s", COLUMN_NUMBER },
	{ "doorbells_per_s", "BELL/s", COLUMN_NUMBER },
	{ "cycles", "CYCLES", COLUMN_NUMBER },
	{ "faults_told", "FAULTS", COLUMN_TEXT },
	{ 0 }
};

/* A table for itself, so that a window of 80 columns has room for it. */
static const struct column busiest[] = {
	{ "name", "NAME", COLUMN_TEXT },
	{ "busiest", "MOST EXITS/s", COLUMN_TEXT },
	{ 0 }
};

static const char *const for_people[] = { "busiest", "faults_told" };

static void print_head(const struct top *top, FILE *out, size_t nr)
{
	char clock[32];

	strftime(clock, sizeof(clock), "%H:%M:%S", top_sample_time(top->now));
	fprintf(out, "%s  %zu enclave%s, %zu running%s\n\n", clock, nr, nr == 1 ? "" : "s",
		top_sample_running(top->now), top->screen ? "; q leaves" : "");
}

static void print_line(const struct top *top, struct json_object *records)
{
	struct json_object *line = json_object_new_object();
	char clock[64];
	size_t i, member;

	for (i = 0; i < json_object_array_length(records); i++)
		for (member = 0; member < ARRAY_SIZE(for_people); member++)
			json_object_object_del(json_object_array_get_idx(records, i),
					       for_people[member]);
	strftime(clock, sizeof(clock), "%Y-%m-%dT%H:%M:%S%z", top_sample_time(top->now));
	record_set(line, "time", "%s", clock);
	record_set_list(line, "enclaves", json_object_get(records));
	json_print_line(line);
	json_object_put(line);
}

/* Prints the enclaves that had exits. */
static void print_busiest(struct json_object *records, FILE *out)
{
	struct json_object *some = json_object_new_array();
	size_t i;

	for (i = 0; i < json_object_array_length(records); i++) {
		struct json_object *record = json_object_array_get_idx(records, i);

		if (json_object_object_get(record, "busiest"))
			json_object_array_add(some, json_object_get(record));
	}
	if (json_object_array_length(some)) {
		fputc('\n', out);
		records_format(some, busiest, out);
	}
	json_object_put(some);
}

static void print_table(const struct top *top, struct json_object *records, FILE *out)
{
	print_head(top, out, json_object_array_length(records));
	records_format(records, columns, out);
	print_busiest(records, out);
}

/* As much as the window has room for, over what is there. */
static void print_screen(const struct top *top, struct json_object *records)
{
	unsigned int rows = 24, width = 80;
	char *text = NULL, *line, *rest;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	print_table(top, records, out);
	fclose(out);
	terminal_size(&rows, &width);
	printf("\033[H");
	for (rest = text; (line = strsep(&rest, "\n")) && (*line || rest) && rows; rows--)
		printf("%s%.*s\033[K", line == text ? "" : "\n", (int)width, line);
	printf("\033[J");
	free(text);
}

/* Return: false when nobody reads it any more. */
static bool show(const struct top *top)
{
	struct json_object *records = top_sample_records(top->now, top->before);

	if (top->words.json) {
		print_line(top, records);
	} else if (top->screen) {
		print_screen(top, records);
	} else {
		print_table(top, records, stdout);
		putchar('\n');
	}
	json_object_put(records);
	return !fflush(stdout);
}

/* --- waiting --- */

enum wake {
	WAKE_DUE,	/* it is time for the next table */
	WAKE_REDRAW,	/* the window is another */
	WAKE_LEAVE,
};

static bool key_leaves(void)
{
	char key;
	ssize_t len = read(STDIN_FILENO, &key, 1);

	return len == 1 ? key == 'q' || key == 'Q' : len == 0 || errno != EINTR;
}

static int milliseconds_until(const struct timespec *due)
{
	struct timespec now;
	double left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left = (due->tv_sec - now.tv_sec) * 1e3 + (due->tv_nsec - now.tv_nsec) / 1e6;
	return left > 0 ? left + 1 : 0;
}

static enum wake wait_until(const struct top *top, const struct timespec *due)
{
	struct pollfd fds[] = {
		{ .fd = top->fd, .events = POLLIN },
		{ .fd = top->screen ? STDIN_FILENO : -1, .events = POLLIN },
	};

	for (;;) {
		int left = milliseconds_until(due);
		int ready = left ? poll(fds, ARRAY_SIZE(fds), left) : 0;

		if (!left)
			return WAKE_DUE;
		if (ready <= 0)
			continue;
		if (fds[1].revents && key_leaves())
			return WAKE_LEAVE;
		if (!fds[0].revents)
			continue;
		return signals_ending() ? WAKE_LEAVE : WAKE_REDRAW;
	}
}

static struct timespec due_after(double seconds)
{
	struct timespec due;

	clock_gettime(CLOCK_MONOTONIC, &due);
	due.tv_sec += (time_t)seconds;
	due.tv_nsec += (seconds - (time_t)seconds) * 1e9;
	return due;
}

/* Until the next table is due; at a terminal what is there is drawn anew where need be. */
static bool pause_for(const struct top *top, double seconds)
{
	struct timespec due = due_after(seconds);
	enum wake wake;

	while ((wake = wait_until(top, &due)) == WAKE_REDRAW)
		if (top->screen)
			show(top);
	return wake == WAKE_DUE;
}

/* --- running --- */

static bool advance(struct top *top)
{
	struct top_sample *next = top_sample_read();

	if (!next)
		return false;
	top_sample_free(top->before);
	top->before = top->now;
	top->now = next;
	return true;
}

/* A screen is not left empty for the first interval; who reads tables wants rates in each. */
static void run(struct top *top)
{
	unsigned long shown = 0;

	if (!advance(top))
		return;
	if (top->screen)
		show(top);
	while ((!top->count || shown < top->count) && pause_for(top, top->delay) && advance(top) &&
	       show(top))
		shown++;
}

static bool has_screen(const struct top *top)
{
	const char *kind = getenv("TERM");

	return !top->batch && !top->words.json && terminal_is_there() && isatty(STDOUT_FILENO) &&
	       kind && strcmp(kind, "dumb");
}

static int cmd_top_run(int argc, char **argv)
{
	struct top top = { .delay = 2 };

	argp_parse(&argp, argc, argv, 0, NULL, &top);
	if (module_check())
		return STATUS_NO_MODULE;
	top.fd = signals_open();
	top.screen = has_screen(&top);
	if (top.screen)
		terminal_acquire(TERMINAL_SCREEN);
	run(&top);
	terminal_release();
	top_sample_free(top.before);
	top_sample_free(top.now);
	return signals_ending() ? STATUS_SIGNAL + signals_ending() : STATUS_OK;
}

const struct command cmd_top = {
	.name = "top",
	.summary = "show enclaves live: exits, interrupts, doorbells",
	.run = cmd_top_run,
};
