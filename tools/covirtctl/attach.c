// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes from the console go to stdout, bytes from stdin to the console. What is typed
 * waits in a buffer until the co-kernel takes it; meanwhile nothing more is read, unless
 * stdin is a terminal: whoever sits there may want to leave.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attach.h"
#include "covirtctl.h"
#include "enclave.h"
#include "signals.h"
#include "terminal.h"

/**
 * struct attachment - a console that is attached
 * @console:  its device
 * @signals:  to read signals from
 * @terminal: stdin is a terminal: Ctrl-] leaves
 * @size:     what a shell there is told
 * @deaf:     stdin has ended
 * @typed:    what the console has not taken yet
 * @len:      how much
 */
struct attachment {
	int console;
	int signals;
	bool terminal;
	enum attach_size size;
	bool deaf;
	char typed[1 << 16];
	size_t len;
};

#define GO_ON	(-1)	/* beside enum attach_end */

static int out_write(const char *bytes, ssize_t len)
{
	while (len > 0) {
		ssize_t done = write(STDOUT_FILENO, bytes, len);

		if (done < 0 && errno != EINTR)
			return ATTACH_FAILED;
		bytes += done > 0 ? done : 0;
		len -= done > 0 ? done : 0;
	}
	return GO_ON;
}

static int console_read(struct attachment *at)
{
	char bytes[4096];
	ssize_t len = read(at->console, bytes, sizeof(bytes));

	if (!len)
		return ATTACH_ENDED;
	if (len < 0)
		return errno == EAGAIN || errno == EINTR ? GO_ON : ATTACH_FAILED;
	return out_write(bytes, len);
}

/* Nobody hears where nothing runs: what was typed for it is gone. */
static void console_write(struct attachment *at)
{
	ssize_t done = write(at->console, at->typed, at->len);

	if (done < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (done < 0)
		done = at->len;
	at->len -= done;
	memmove(at->typed, at->typed + done, at->len);
}

/* Keys that there is no room for are lost; the bell says so. */
static void type_keys(struct attachment *at, const char *keys, size_t len)
{
	size_t room = sizeof(at->typed) - at->len;

	if (len > room)
		out_write("\a", 1);
	len = len < room ? len : room;
	memcpy(at->typed + at->len, keys, len);
	at->len += len;
}

/* A serial line has no other way to tell. */
static void type_size(struct attachment *at)
{
	unsigned int rows, columns;
	char line[64];

	if (terminal_size(&rows, &columns))
		type_keys(at, line, snprintf(line, sizeof(line), " stty rows %u cols %u\r", rows,
					     columns));
}

static int keys_read(struct attachment *at)
{
	char keys[512];
	ssize_t len = read(STDIN_FILENO, keys, sizeof(keys));
	char *leave;

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return GO_ON;
	if (len <= 0) {
		at->deaf = true;
		return at->terminal ? ATTACH_LEFT : GO_ON;
	}
	leave = at->terminal ? memchr(keys, TERMINAL_LEAVE, len) : NULL;
	type_keys(at, keys, leave ? leave - keys : len);
	console_write(at);
	return leave ? ATTACH_LEFT : GO_ON;
}

static int signal_read(struct attachment *at)
{
	int number = signals_next();

	if (number == SIGWINCH && at->size != ATTACH_SIZE_UNTOLD)
		type_size(at);
	return signals_ending() ? ATTACH_SIGNAL : GO_ON;
}

static bool hears(const struct attachment *at)
{
	return !at->deaf && (at->terminal || !at->len);
}

/* Waits for the first source that is ready, and serves those that are. */
static int step(struct attachment *at)
{
	struct pollfd fds[] = {
		{ .fd = at->signals, .events = POLLIN },
		{ .fd = at->console, .events = at->len ? POLLIN | POLLOUT : POLLIN },
		{ .fd = hears(at) ? STDIN_FILENO : -1, .events = POLLIN },
	};
	int end = GO_ON;

	/* A signal may have something typed: then what the user types is read in the next step. */
	if (poll(fds, 3, -1) < 0)
		return errno == EINTR ? GO_ON : ATTACH_FAILED;
	if (fds[0].revents)
		end = signal_read(at);
	if (end == GO_ON && fds[1].revents & POLLOUT)
		console_write(at);
	if (end == GO_ON && fds[1].revents & (POLLIN | POLLHUP | POLLERR))
		end = console_read(at);
	if (end == GO_ON && fds[2].revents && hears(at))
		end = keys_read(at);
	return end;
}

static enum attach_end pump(struct attachment *at)
{
	int end;

	if (at->size == ATTACH_SIZE_ALWAYS)
		type_size(at);
	do {
		end = step(at);
	} while (end == GO_ON);
	return end;
}

/**
 * attach() - attach a console until something ends it
 * @name:    of the enclave
 * @console: its device, opened without waiting; closed at the end
 * @size:    what a shell there is told by typing "stty rows ... cols ..."
 *
 * Return: what ended it; the terminal is as it was.
 */
enum attach_end attach(const char *name, int console, enum attach_size size)
{
	struct attachment at = {
		.console = console,
		.signals = signals_open(),
		.terminal = terminal_is_there(),
		.size = size,
	};
	enum attach_end end;

	fflush(stdout);
	if (at.terminal) {
		notice("Console of %s; Ctrl-] leaves.", name);
		terminal_acquire(TERMINAL_CONSOLE);
	}
	end = pump(&at);
	if (end == ATTACH_FAILED && errno != EPIPE)
		complain("console of %s: %s", name, strerror(errno));
	terminal_release();
	close(console);
	return end;
}
