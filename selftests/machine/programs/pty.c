// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user at a terminal: runs a command in a pseudo-terminal, and plays a script.
 *
 *   pty STEP... -- COMMAND...
 *
 *   wait=TEXT     until the command has printed it, behind what was waited for before
 *   type=TEXT     type it; \n, \r, \\ and \xHH as in C
 *   size=RxC      the window gets R rows and C columns
 *   mode=raw      until the terminal is raw, or "cooked"
 *   kill=NUMBER   send the command this signal
 *   stopped=      until the command is stopped
 *
 * What was printed goes to stdout. The exit status is the command's, as a shell has it;
 * 99 when a step did not come true in time.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define PATIENCE		250	/* seconds for a step in which nothing is printed */
#define GAVE_UP			99

static int terminal;	/* our side of it */
static pid_t command;
static char printed[1 << 20];
static size_t nr_printed, nr_waited;
static bool ended;

/* Take what is printed, for a tenth of a second at most. */
static void listen_a_while(void)
{
	struct pollfd poll_fd = { .fd = terminal, .events = POLLIN };
	ssize_t len;

	if (poll(&poll_fd, 1, 100) != 1 || nr_printed == sizeof(printed) - 1)
		return;
	len = read(terminal, printed + nr_printed, sizeof(printed) - 1 - nr_printed);
	if (len > 0)
		nr_printed += len;
	else if (len < 0 && errno == EIO)	/* nobody has the terminal open any more */
		ended = true;
}

static bool has_printed(const char *text)
{
	char *found = memmem(printed + nr_waited, nr_printed - nr_waited, text, strlen(text));

	if (!found)
		return false;
	nr_waited = found + strlen(text) - printed;
	return true;
}

static bool has_mode(const char *mode)
{
	struct termios now;

	return !tcgetattr(terminal, &now) && !(now.c_lflag & ICANON) == !strcmp(mode, "raw");
}

static bool is_stopped(const char *unused)
{
	int status;

	(void)unused;
	return waitpid(command, &status, WNOHANG | WUNTRACED) == command && WIFSTOPPED(status);
}

static char unescape(const char **text)
{
	char c = *(*text)++;

	if (c != '\\')
		return c;
	c = *(*text)++;
	if (c == 'x') {
		const char digits[] = { (*text)[0], (*text)[1], '\0' };

		*text += 2;
		return strtoul(digits, NULL, 16);
	}
	return c == 'n' ? '\n' : c == 'r' ? '\r' : c;
}

static bool type(const char *text)
{
	char c;

	while (*text) {
		c = unescape(&text);
		if (write(terminal, &c, 1) != 1)
			return false;
	}
	return true;
}

static bool resize(const char *text)
{
	struct winsize size = { 0 };

	return sscanf(text, "%hux%hu", &size.ws_row, &size.ws_col) == 2 &&
	       !ioctl(terminal, TIOCSWINSZ, &size);
}

static bool send_signal(const char *text)
{
	return !kill(command, atoi(text));
}

static const struct {
	const char *name;
	bool (*run)(const char *text);
	bool patient;	/* it may take time */
} steps[] = {
	{ "wait=", has_printed, true },
	{ "type=", type, false },
	{ "size=", resize, false },
	{ "mode=", has_mode, true },
	{ "kill=", send_signal, false },
	{ "stopped=", is_stopped, true },
};

/* A program that has printed something gets its time anew; there is no room to print for ever. */
static bool has_patience(time_t *end, size_t *heard)
{
	if (nr_printed != *heard)
		*end = time(NULL) + PATIENCE;
	*heard = nr_printed;
	return time(NULL) <= *end;
}

static bool run_step(const char *word)
{
	time_t end = time(NULL) + PATIENCE;
	size_t heard = nr_printed;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++)
		if (!strncmp(word, steps[i].name, strlen(steps[i].name)))
			break;
	if (i == ARRAY_SIZE(steps))
		return false;
	word += strlen(steps[i].name);
	while (!steps[i].run(word)) {
		if (!steps[i].patient || !has_patience(&end, &heard) || ended)
			return false;
		listen_a_while();
	}
	return true;
}

static int finish(void)
{
	time_t end = time(NULL) + PATIENCE;
	size_t heard = nr_printed;
	int status;

	while (!ended && has_patience(&end, &heard))
		listen_a_while();
	fwrite(printed, 1, nr_printed, stdout);
	if (!ended) {
		printf("\npty: it does not end\n");
		kill(command, SIGKILL);
	}
	waitpid(command, &status, 0);
	if (!ended)
		return GAVE_UP;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		continue;
	if (i + 1 >= argc)
		return GAVE_UP;
	command = forkpty(&terminal, NULL, NULL, &(struct winsize){ .ws_row = 24, .ws_col = 80 });
	if (command < 0) {
		perror("pty");
		return GAVE_UP;
	}
	if (!command) {
		execvp(argv[i + 1], argv + i + 1);
		_exit(127);
	}
	for (i = 1; strcmp(argv[i], "--"); i++) {
		if (run_step(argv[i]))
			continue;
		fwrite(printed, 1, nr_printed, stdout);
		printf("\npty: gave up at %s\n", argv[i]);
		kill(command, SIGKILL);
		return GAVE_UP;
	}
	return finish();
}
