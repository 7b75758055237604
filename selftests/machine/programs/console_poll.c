// SPDX-License-Identifier: GPL-2.0-only
/*
 * Console access that a shell cannot do: poll it, and use it without waiting.
 *
 *   console_poll DEVICE                 the events that are there: "in", "out", "hup"
 *   console_poll DEVICE EVENT SECONDS   wait for one; exit status 1 when it does not come
 *   console_poll DEVICE read N          without waiting: how many bytes came, or the error
 *   console_poll DEVICE write N         likewise: how many were taken
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	short event;
} events[] = {
	{ "in", POLLIN }, { "out", POLLOUT }, { "hup", POLLHUP },
};

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

static int show(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN | POLLOUT };
	unsigned int i;

	poll(&poll_fd, 1, 0);
	for (i = 0; i < ARRAY_SIZE(events); i++)
		if (poll_fd.revents & events[i].event)
			printf("%s ", events[i].name);
	printf("\n");
	return 0;
}

static int wait_for(int fd, const char *name, int seconds)
{
	struct pollfd poll_fd = { .fd = fd };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(events); i++)
		if (!strcmp(events[i].name, name))
			poll_fd.events = events[i].event;
	return poll(&poll_fd, 1, seconds * 1000) != 1;
}

static int transfer(int fd, const char *how, size_t len)
{
	char *bytes = calloc(1, len);
	ssize_t done = *how == 'r' ? read(fd, bytes, len) : write(fd, bytes, len);

	if (done < 0)
		printf("%s\n", strerrorname_np(errno));
	else
		printf("%zd\n", done);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDWR | O_NONBLOCK) : -1;

	if (fd < 0) {
		perror("console_poll");
		return 2;
	}
	if (argc < 4)
		return show(fd);
	if (!strcmp(argv[2], "read") || !strcmp(argv[2], "write"))
		return transfer(fd, argv[2], strtoul(argv[3], NULL, 0));
	return wait_for(fd, argv[2], atoi(argv[3]));
}
