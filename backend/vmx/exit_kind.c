// SPDX-License-Identifier: GPL-2.0-only
/* Exit reasons of instructions that CPUID does not announce to the guest. */
#include "backend/exit_kind.h"
#include "vmcs.h"

/*
 * Exit reasons of SDM vol. 3, appendix C, that are never asked for: events, and instructions that
 * the guest has, for which #UD would be wrong.
 */
static const struct {
	u16 first;
	u16 last;
	const char *what;
} others[] = {
	{ 0, 9, "exceptions, interrupts, INIT, SIPI, SMIs, windows, task switch" },
	{ 10, 10, "CPUID" },
	{ 12, 12, "HLT" },
	{ 14, 16, "INVLPG, RDPMC, RDTSC" },
	{ 28, 34, "control and debug registers, IN and OUT, MSRs, failed entries" },
	{ 36, 37, "MWAIT, trap flag" },
	{ 39, 40, "MONITOR, PAUSE" },
	{ 41, 41, "machine check at an entry" },
	{ 43, 49, "TPR, APIC, descriptor tables, nested tables" },
	{ 51, 52, "RDTSCP, preemption timer" },
	{ 54, 54, "WBINVD" },
	{ 56, 58, "APIC write, RDRAND, INVPCID" },
	{ 61, 62, "RDSEED, page modification log" },
	{ 66, 66, "sub-page permissions" },
	{ 74, 75, "bus lock, notification of a long instruction" },
};

/**
 * vmx_exit_is_instruction() - is an exit that no rule knows an instruction that is hidden?
 * @code: exit reason
 *
 * An event makes a guest exit by a control, and controls that we do not know are 0; those that
 * exit without one are in the list. An instruction may exit by itself where it did not exist
 * before (SEAMCALL, TDCALL): whatever is not in the list is one. The length of an instruction
 * does not tell: for other exits it is undefined (SDM vol. 3, 28.2.5).
 *
 * Return: true: the guest gets #UD, as on a processor without it. false: it is contained.
 */
bool vmx_exit_is_instruction(u32 code)
{
	u16 reason = code;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (reason >= others[i].first && reason <= others[i].last)
			return false;
	return !(code & VMX_EXIT_ENTRY_FAILED);
}
