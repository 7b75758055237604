// SPDX-License-Identifier: GPL-2.0-only
/* Exit codes of instructions that CPUID does not announce to the guest. */
#include "backend/exit_kind.h"

/* A code below this is the number of an intercept bit. Above are nested paging and AVIC. */
#define INTERCEPTS_END	0x400

/*
 * Exit codes of APM vol. 2, appendix C, that are never intercepted: events, traps behind an
 * instruction, and instructions that the guest has, for which #UD would be wrong.
 */
static const struct {
	u16 first;
	u16 last;
	const char *what;
} others[] = {
	{ 0x00, 0x3f, "control and debug registers" },
	{ 0x40, 0x65, "exceptions, interrupts, CR0" },
	{ 0x66, 0x6f, "descriptor tables, RDTSC, RDPMC" },
	{ 0x70, 0x71, "PUSHF, POPF" },
	{ 0x72, 0x72, "CPUID" },
	{ 0x74, 0x75, "IRET, INTn" },
	{ 0x77, 0x79, "PAUSE, HLT, INVLPG" },
	{ 0x7b, 0x7f, "IN and OUT, MSRs, task switch, FERR, shutdown" },
	{ 0x87, 0x88, "RDTSCP, INT1" },
	{ 0x8a, 0x8c, "MONITOR, MWAIT" },
	{ 0x8e, 0x8e, "RDPRU" },
	{ 0x8f, 0x9f, "writes of EFER and control registers, behind them" },
	{ 0xa2, 0xa2, "INVPCID" },
	{ 0xa5, 0xa6, "bus lock, idle HLT" },
};

/**
 * svm_exit_is_instruction() - is an exit that no rule knows an instruction that is hidden?
 * @code: EXITCODE
 *
 * Every exit has a bit that asks for it, or is in the list: intercepts are built from zero, so
 * one that is not has an instruction behind it that a later processor intercepts by itself.
 *
 * Return: true: the guest gets #UD, as on a processor without it. false: it is contained.
 */
bool svm_exit_is_instruction(u64 code)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (code >= others[i].first && code <= others[i].last)
			return false;
	return code < INTERCEPTS_END;
}
