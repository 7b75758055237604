// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "covirtctl.h"
#include "enclave.h"
#include "explain.h"
#include "fault_log.h"
#include "images.h"
#include "life.h"
#include "signals.h"

/**
 * life_memory() - give an enclave memory; a signal that wants the program to end ends that, too
 * @name:  of the enclave
 * @value: of its attribute
 *
 * Return: a status.
 */
int life_memory(const char *name, const char *value)
{
	int status;

	signals_may_interrupt(true);
	status = attribute_write(name, "memory", value);
	signals_may_interrupt(false);
	return signals_ending() ? STATUS_SIGNAL + signals_ending() : status;
}

/**
 * life_end() - stop an enclave, if it runs, and give all of it back to Linux
 * @name: of the enclave
 *
 * Return: a status.
 */
int life_end(const char *name)
{
	int status = STATUS_OK;

	if (enclave_is(name, "running") || enclave_is(name, "faulted"))
		status = attribute_write(name, "state", "stop");
	if (!status)
		status = enclave_destroy(name);
	if (!status)
		images_remove(name);
	return status;
}

static void fault_print(const char *name)
{
	static struct fault_log log;
	char sentence[512];

	if (fault_log_read(name, &log) || !log.nr)
		return;
	explain_sentence(&log.record[log.nr - 1], sentence, sizeof(sentence));
	notice("%s was contained: %s.", name, sentence);
}

/*
 * The first line of the fault file, "reason: NAME", is there for orderly ends too. Anything else
 * did not end this run: it is of one before, or of a CPU that was hung.
 */
static const char *end_reason(const char *name, char value[VALUE_ROOM])
{
	if (attribute_read(name, "fault", value) || strncmp(value, "reason: ", 8))
		return "stopped";
	value[strcspn(value, "\n")] = '\0';
	return explain_is_orderly(value + 8) ? value + 8 : "stopped";
}

/**
 * life_faults() - how often has it been contained?
 * @name:  of the enclave
 * @count: filled in, for life_report_end()
 */
void life_faults(const char *name, char count[VALUE_ROOM])
{
	if (attribute_read(name, "stats/faults", count))
		*count = '\0';
}

/* With on_fault=kill all is given back by the time that anybody sees it: it was never faulted. */
static bool is_killed(const char *name, const char *faults)
{
	char now[VALUE_ROOM];

	life_faults(name, now);
	return enclave_is(name, "empty") && strcmp(now, faults);
}

/**
 * life_report_end() - why the co-kernel is not running any more
 * @name:   of the enclave
 * @faults: from life_faults(), before it can have ended
 *
 * Return: STATUS_FAULTED when it was contained, STATUS_OK when it ended in good order, or has not.
 */
int life_report_end(const char *name, const char *faults)
{
	char value[VALUE_ROOM];

	if (enclave_is(name, "faulted") || is_killed(name, faults)) {
		fault_print(name);
		return STATUS_FAULTED;
	}
	if (enclave_is(name, "stopped"))
		notice("%s has ended: %s", name, end_reason(name, value));
	return STATUS_OK;
}
