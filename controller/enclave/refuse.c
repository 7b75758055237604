// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bug.h>
#include <linux/preempt.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>

#include "controller/enclave/enclave.h"
#include "controller/enclave/refuse.h"

/* Of requests to the class, and of those to enclaves, named in front. */
static struct last_error class_errors = {
	.lock = __SPIN_LOCK_UNLOCKED(class_errors.lock),
};

static pid_t this_thread(void)
{
	return task_pid_vnr(current);
}

/* Refusals are rate-limited, so that no user can fill the log. */
static bool may_log(void)
{
	/*
	 * The flags are not set by ratelimit_set_flags() at each call: that makes newer kernels
	 * begin anew.
	 */
	static struct ratelimit_state state =
		RATELIMIT_STATE_INIT_FLAGS(state, DEFAULT_RATELIMIT_INTERVAL,
					   DEFAULT_RATELIMIT_BURST, RATELIMIT_MSG_ON_RELEASE);

	return __ratelimit(&state);
}

static void note(struct enclave *enclave, int err, struct va_format *text)
{
	last_error_note(&enclave->last_error, this_thread(), err, "%pV", text);
	last_error_note(&class_errors, this_thread(), err, "%s: %pV", enclave_name(enclave), text);
}

/**
 * enclave_refuse() - refuse a request: who made it finds the line in last_error
 * @enclave: that it was made to
 * @err:     -Exxx
 * @fmt:     a line that says what to do, without a newline
 *
 * Context: the thread that asked.
 * Return: @err.
 */
int enclave_refuse(struct enclave *enclave, int err, const char *fmt, ...)
{
	struct va_format text = { .fmt = fmt };
	va_list args;

	WARN_ON_ONCE(!in_task());
	va_start(args, fmt);
	text.va = &args;
	note(enclave, err, &text);
	if (may_log())
		dev_info(&enclave->dev, "%pV\n", &text);
	va_end(args);
	return err;
}

/**
 * enclave_fail() - not a refusal: what should have worked has failed, and the operator has to know
 * @enclave: that the request was made to
 * @err:     -Exxx
 * @fmt:     a line that says what to do, without a newline
 *
 * Context: the thread that asked.
 * Return: @err.
 */
int enclave_fail(struct enclave *enclave, int err, const char *fmt, ...)
{
	struct va_format text = { .fmt = fmt };
	va_list args;

	WARN_ON_ONCE(!in_task());
	va_start(args, fmt);
	text.va = &args;
	note(enclave, err, &text);
	dev_err(&enclave->dev, "%pV\n", &text);
	va_end(args);
	return err;
}

/**
 * class_refuse() - refuse a request where there is no enclave
 * @err: -Exxx
 * @fmt: a line that says what to do, without a newline
 *
 * Context: the thread that asked.
 * Return: @err.
 */
int class_refuse(int err, const char *fmt, ...)
{
	struct va_format text = { .fmt = fmt };
	va_list args;

	WARN_ON_ONCE(!in_task());
	va_start(args, fmt);
	text.va = &args;
	last_error_note(&class_errors, this_thread(), err, "%pV", &text);
	if (may_log())
		pr_info("%pV\n", &text);
	va_end(args);
	return err;
}

/**
 * enclave_request_begins() - what this thread is told in last_error is of this request, or nothing
 * @enclave: that the request is made to
 *
 * Context: the thread that asks.
 */
void enclave_request_begins(struct enclave *enclave)
{
	WARN_ON_ONCE(!in_task());
	last_error_forget(&enclave->last_error, this_thread());
}

/**
 * class_request_begins() - the same, for files of the class
 *
 * Context: the thread that asks.
 */
void class_request_begins(void)
{
	WARN_ON_ONCE(!in_task());
	last_error_forget(&class_errors, this_thread());
}

/**
 * enclave_print_last_error() - the file last_error of an enclave
 * @enclave: not locked: a request may take long
 * @buf:     a page
 *
 * Return: bytes in @buf.
 */
ssize_t enclave_print_last_error(struct enclave *enclave, char *buf)
{
	return last_error_print(&enclave->last_error, this_thread(), buf);
}

/**
 * class_print_last_error() - the file last_error of the class
 * @buf: a page
 *
 * Return: bytes in @buf.
 */
ssize_t class_print_last_error(char *buf)
{
	return last_error_print(&class_errors, this_thread(), buf);
}
