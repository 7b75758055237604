// SPDX-License-Identifier: GPL-2.0-only
/*
 * branches: step a program from branch to branch, as debuggers do (PTRACE_SINGLEBLOCK). The
 * kernel sets DEBUGCTL.BTF for that, and clears it.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PTRACE_SINGLEBLOCK
#define PTRACE_SINGLEBLOCK	33
#endif

#define STEPS	20

static void be_traced(void)
{
	volatile int i = 0;

	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	for (;;)
		i++;
}

static int is_stopped(pid_t child, int sig)
{
	int status;

	return waitpid(child, &status, 0) == child && WIFSTOPPED(status) &&
	       WSTOPSIG(status) == sig;
}

int main(void)
{
	pid_t child = fork();
	int steps = 0;

	if (child < 0)
		return 1;
	if (!child)
		be_traced();
	if (!is_stopped(child, SIGSTOP))
		return 1;
	while (steps < STEPS && !ptrace(PTRACE_SINGLEBLOCK, child, NULL, NULL) &&
	       is_stopped(child, SIGTRAP))
		steps++;
	kill(child, SIGKILL);
	printf("branches: %d of %d\n", steps, STEPS);
	return steps != STEPS;
}
