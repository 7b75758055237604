// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "covirtctl.h"
#include "signals.h"
#include "terminal.h"

/* Signals that end the program, after it has cleaned up. */
static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static const int others[] = { SIGWINCH, SIGTSTP };

static int fd = -1;
static volatile sig_atomic_t wanted;	/* the signal that is to end the program */

/**
 * signals_open() - from now on signals are read here
 *
 * Return: a file descriptor that can be read when signals_next() has one, or -1.
 */
int signals_open(void)
{
	sigset_t set;
	size_t i;

	if (fd >= 0)
		return fd;
	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(ending); i++)
		sigaddset(&set, ending[i]);
	for (i = 0; i < ARRAY_SIZE(others); i++)
		sigaddset(&set, others[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* A reader of our output that goes away is noticed by the write that fails. */
	signal(SIGPIPE, SIG_IGN);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return fd;
}

/**
 * signals_next() - take a signal that has come
 *
 * SIGTSTP is obeyed here.
 *
 * Return: its number; 0 when none is waiting.
 */
int signals_next(void)
{
	struct signalfd_siginfo info;
	size_t i;

	if (fd < 0 || read(fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	for (i = 0; i < ARRAY_SIZE(ending); i++)
		if (info.ssi_signo == (unsigned int)ending[i])
			wanted = ending[i];
	if (info.ssi_signo == SIGTSTP)
		terminal_stop();
	return info.ssi_signo;
}

/* The same that signals_next() does when it is asked. */
static void note(int number)
{
	wanted = number;
}

/**
 * signals_may_interrupt() - may signals that end the program interrupt a call of the kernel?
 * @may: true from here on: what comes is noted for signals_ending(); false: as before
 */
void signals_may_interrupt(bool may)
{
	struct sigaction action = { .sa_handler = may ? note : SIG_DFL };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(ending); i++)
		sigaddset(&set, ending[i]);
	if (!may)
		sigprocmask(SIG_BLOCK, &set, NULL);
	for (i = 0; i < ARRAY_SIZE(ending); i++)
		sigaction(ending[i], &action, NULL);
	if (may)
		sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/**
 * signals_ending() - has a signal come that wants the program to end?
 *
 * Return: its number, or 0.
 */
int signals_ending(void)
{
	while (signals_next())
		continue;
	return wanted;
}

/**
 * signals_status() - how a step has ended
 * @status: its own status
 *
 * Return: @status; if it is STATUS_OK, that of a signal that wants the program to end.
 */
int signals_status(int status)
{
	return !status && signals_ending() ? STATUS_SIGNAL + signals_ending() : status;
}
