// SPDX-License-Identifier: GPL-2.0-only
/* Running one instruction that may fault, for a command. */
#include "probe.h"
#include "serial.h"

static const char *const exception_names[] = {
	"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM",
	"#DF", "#9", "#TS", "#NP", "#SS", "#GP", "#PF", "#15",
	"#MF", "#AC", "#MC", "#XM",
};

/* True if the instruction went through; else tells which exception it raised. */
bool probe_try(const struct word *word, int (*probe)(struct probe_regs *regs),
	       struct probe_regs *regs)
{
	int vector = probe(regs);

	if (vector == PROBE_OK)
		return true;
	print("payload: ");
	print(vector < (int)ARRAY_SIZE(exception_names) ? exception_names[vector] : "#XX");
	print(" at ");
	print(word->name);
	print("\n");
	return false;
}
