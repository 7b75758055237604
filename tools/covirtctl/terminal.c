// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "terminal.h"

static struct termios before;
static bool acquired;
static enum terminal_use acquired_for;

/**
 * terminal_is_there() - is the standard input a terminal?
 *
 * Return: true or false.
 */
bool terminal_is_there(void)
{
	return isatty(STDIN_FILENO);
}

/* The other screen, without a cursor; and back. */
static const char screen_begin[] = "\033[?1049h\033[?25l";
static const char screen_end[] = "\033[?25h\033[?1049l";

static void screen_write(const char *text)
{
	if (acquired_for == TERMINAL_SCREEN && write(STDOUT_FILENO, text, strlen(text)) < 0)
		return;		/* nobody sees it */
}

/**
 * terminal_acquire() - the terminal is ours
 * @use: what for
 *
 * Output is processed as before: not every co-kernel returns the carriage.
 */
void terminal_acquire(enum terminal_use use)
{
	struct termios raw;

	if (acquired || tcgetattr(STDIN_FILENO, &before))
		return;
	raw = before;
	cfmakeraw(&raw);
	raw.c_oflag = before.c_oflag;
	if (use == TERMINAL_SCREEN)
		raw.c_lflag |= before.c_lflag & ISIG;
	acquired_for = use;
	acquired = !tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	if (acquired)
		screen_write(screen_begin);
}

/**
 * terminal_release() - the terminal is the user's again, as it was
 */
void terminal_release(void)
{
	if (acquired) {
		screen_write(screen_end);
		tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	}
	acquired = false;
}

/**
 * terminal_stop() - stop this process; its shell has the terminal until it goes on
 */
void terminal_stop(void)
{
	bool was_acquired = acquired;

	terminal_release();
	raise(SIGSTOP);
	if (was_acquired)
		terminal_acquire(acquired_for);
}

/**
 * terminal_size() - the size of the window
 * @rows:    written
 * @columns: written
 *
 * Return: false where there is none.
 */
bool terminal_size(unsigned int *rows, unsigned int *columns)
{
	struct winsize size;

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		return false;
	*rows = size.ws_row;
	*columns = size.ws_col;
	return true;
}
