// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpuinfo.h"

#define FLAT_BITS	8	/* of a logical destination in flat mode */

static bool words_have(char *words, const char *wanted)
{
	char *word;

	while ((word = strsep(&words, " \t\n")))
		if (!strcmp(word, wanted))
			return true;
	return false;
}

static bool key_is(const char *line, const char *key)
{
	size_t len = strlen(key);

	return !strncmp(line, key, len) && strspn(line + len, "\t :");
}

/* Is @wanted a word in the first line that begins with @key? */
static bool line_has(const char *key, const char *wanted)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	bool found = false;
	char *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) > 0) {
		if (!key_is(line, key))
			continue;
		found = words_have(line, wanted);
		break;
	}
	free(line);
	if (file)
		fclose(file);
	return found;
}

/**
 * cpuinfo_is_amd() - does the processor speak AMD's dialect of virtualization?
 *
 * Return: true or false.
 */
bool cpuinfo_is_amd(void)
{
	return line_has("vendor_id", "AuthenticAMD") || line_has("vendor_id", "HygonGenuine");
}

/**
 * cpuinfo_has() - has it a feature?
 * @flag: its name in "flags" or, for those of virtualization on Intel, in "vmx flags"
 *
 * Return: true or false.
 */
bool cpuinfo_has(const char *flag)
{
	return line_has("flags", flag) || line_has("vmx flags", flag);
}

/**
 * cpuinfo_foreign_bit() - a CPU whose APIC id is, as a bit, another CPU's number
 *
 * Return: the CPU, -1 where there is none.
 */
int cpuinfo_foreign_bit(void)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	int cpu = -1, apicid, found = -1;
	char line[4096];

	while (file && found < 0 && fgets(line, sizeof(line), file)) {
		sscanf(line, "processor : %d", &cpu);
		if (sscanf(line, "apicid : %d", &apicid) == 1 && apicid < FLAT_BITS &&
		    apicid != cpu)
			found = cpu;
	}
	if (file)
		fclose(file);
	return found;
}
