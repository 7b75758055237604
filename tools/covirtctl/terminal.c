// SPDX-License-Identifier: GPL-2.0-only
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "terminal.h"

static struct termios before;
static bool taken;

/**
 * terminal_is_there() - is the standard input a terminal?
 *
 * Return: true or false.
 */
bool terminal_is_there(void)
{
	return isatty(STDIN_FILENO);
}

/**
 * terminal_take() - every key goes to the co-kernel, Ctrl-C too; nothing is echoed here
 *
 * Output is processed as before: not every co-kernel returns the carriage.
 */
void terminal_take(void)
{
	struct termios raw;

	if (taken || tcgetattr(STDIN_FILENO, &before))
		return;
	raw = before;
	cfmakeraw(&raw);
	raw.c_oflag = before.c_oflag;
	taken = !tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

/**
 * terminal_give_back() - the terminal is the user's again, as it was
 */
void terminal_give_back(void)
{
	if (taken)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	taken = false;
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
