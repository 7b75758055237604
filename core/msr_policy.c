// SPDX-License-Identifier: GPL-2.0-only
/*
 * The allow list of MSRs. What is not here is denied: the permission maps
 * start all-ones. Sorted by MSR; a test checks that.
 */
#include "core/heartbeat.h"
#include "core/msr_policy.h"

/*
 * ARCH_CAPABILITIES: which faults the processor has not, or has all the more, and what VERW does
 * (SDM vol. 4, table 2-2). The others say that an MSR is there (TSX_CTRL, MCU_CONTROL,
 * MISC_PACKAGE_CTLS, FB_CLEAR_CTRL, XAPIC_DISABLE_STATUS, OVERCLOCKING_STATUS, GDS_CTRL and the
 * like), and it is not granted, or are of a later processor.
 */
#define CAPABILITIES_SHOWN							\
	(BIT_ULL(0) |		/* RDCL_NO */					\
	 BIT_ULL(1) |		/* IBRS_ALL */					\
	 BIT_ULL(2) |		/* RSBA: more has to be done */			\
	 GENMASK_ULL(6, 4) |	/* SSB_NO, MDS_NO, PSCHANGE_MC_NO */		\
	 BIT_ULL(8) |		/* TAA_NO */					\
	 GENMASK_ULL(15, 13) |	/* SBDR_SSDP_NO, FBSDP_NO, PSDP_NO */		\
	 BIT_ULL(17) |		/* FB_CLEAR */					\
	 BIT_ULL(19) |		/* RRSBA: more has to be done */		\
	 BIT_ULL(20) |		/* BHI_NO */					\
	 BIT_ULL(24) |		/* PBRSB_NO */					\
	 GENMASK_ULL(28, 26) |	/* GDS_NO, RFDS_NO, RFDS_CLEAR */		\
	 BIT_ULL(62))		/* ITS_NO */

const struct msr_rule msr_rules[] = {
	{ 0x00000010, 0x00000010, MSR_PASS, MSR_DENY, MSR_UNWRITTEN, 0,
	  "TSC: reading is RDTSC; writing would move Linux's clock on that CPU" },
	{ 0x0000001b, 0x0000001b, MSR_APIC_BASE, MSR_APIC_BASE, MSR_BY_APIC, 0,
	  "APIC_BASE: the APIC stays where it is; another mode than its own is emulated" },
	{ 0x00000048, 0x00000048, MSR_PASS, MSR_PASS, MSR_BY_SWITCH, 0,
	  "SPEC_CTRL: the co-kernel's own mitigations" },
	{ 0x00000049, 0x00000049, MSR_DENY, MSR_PASS, MSR_COMMAND, 0,
	  "PRED_CMD: a barrier on its own CPU" },
	{ 0x0000008b, 0x0000008b, MSR_PASS, MSR_IGNORE, MSR_UNWRITTEN, 0,
	  "microcode revision: kernels decide on errata by it; they write 0 first" },
	{ 0x000000ce, 0x000000ce, MSR_FIXED, MSR_DENY, MSR_UNWRITTEN, 0,
	  "PLATFORM_INFO: no ratio to choose; kernels read it unprotected, by the model alone" },
	{ 0x000000e7, 0x000000e8, MSR_PASS, MSR_DENY, MSR_UNWRITTEN, 0,
	  "MPERF, APERF: frequency-invariant scheduling reads them" },
	{ 0x0000010a, 0x0000010a, MSR_MASKED, MSR_DENY, MSR_UNWRITTEN, CAPABILITIES_SHOWN,
	  "ARCH_CAPABILITIES: read-only description" },
	{ 0x00000174, 0x00000176, MSR_PASS, MSR_PASS, MSR_BY_SWITCH, 0,
	  "SYSENTER: guest state" },
	{ 0x00000179, 0x0000017a, MSR_FIXED, MSR_FIXED, MSR_UNWRITTEN, 0,
	  "MCG_CAP, MCG_STATUS: no banks; machine checks are the hypervisor's" },
	{ 0x000001a0, 0x000001a0, MSR_FIXED, MSR_FIXED, MSR_UNWRITTEN,
	  BIT(0) | BIT(11) | BIT(12) | BIT(18),
	  "MISC_ENABLE: fast strings and MWAIT on, no trace stores; kernels read it unprotected" },
	{ 0x000001d9, 0x000001d9, MSR_DEBUGCTL, MSR_DEBUGCTL, MSR_BY_SWITCH, 0,
	  "DEBUGCTL: kernels clear it, and step a program from branch to branch" },
	{ 0x00000277, 0x00000277, MSR_PASS, MSR_PASS, MSR_BY_SWITCH, 0,
	  "PAT: guest state, types are combined with those of the nested tables" },
	{ 0x000006e0, 0x000006e0, MSR_PASS, MSR_PASS, MSR_BY_APIC, 0,
	  "TSC_DEADLINE: its own timer" },
	{ 0x00000802, 0x00000802, MSR_APIC_ID, MSR_DENY, MSR_UNWRITTEN, 0,
	  "x2APIC id: the one that the co-kernel knows; kernels read it when a CPU comes up" },
	{ 0x00000803, 0x00000803, MSR_PASS, MSR_DENY, MSR_UNWRITTEN, 0, "version" },
	{ 0x00000808, 0x00000808, MSR_PASS, MSR_PASS, MSR_BY_APIC, 0, "TPR" },
	{ 0x0000080a, 0x0000080a, MSR_PASS, MSR_DENY, MSR_UNWRITTEN, 0, "PPR" },
	{ 0x0000080b, 0x0000080b, MSR_DENY, MSR_PASS, MSR_COMMAND, 0, "EOI, without an exit" },
	{ 0x0000080d, 0x0000080d, MSR_APIC_LDR, MSR_DENY, MSR_UNWRITTEN, 0,
	  "LDR, which follows from the id" },
	{ 0x0000080f, 0x0000080f, MSR_PASS, MSR_SVR, MSR_BY_APIC, 0,
	  "SVR: NMIs reach a disabled APIC too, so the doorbell still works" },
	{ 0x00000810, 0x00000827, MSR_PASS, MSR_DENY, MSR_UNWRITTEN, 0, "ISR, TMR, IRR" },
	{ 0x00000828, 0x00000828, MSR_PASS, MSR_PASS, MSR_BY_APIC, 0, "ESR" },
	{ 0x0000082f, 0x0000082f, MSR_PASS, MSR_LVT, MSR_BY_APIC, 0, "LVT CMCI" },
	{ 0x00000830, 0x00000830, MSR_ICR, MSR_ICR, MSR_COMMAND, 0,
	  "ICR: every IPI is checked; the APIC's may hold one of the hypervisor's" },
	{ 0x00000832, 0x00000832, MSR_PASS, MSR_LVT, MSR_BY_APIC, 0,
	  "LVT timer: has no delivery mode, but QEMU's has; counting and EOI do not exit" },
	{ 0x00000833, 0x00000837, MSR_PASS, MSR_LVT, MSR_BY_APIC, 0,
	  "LVT thermal, performance, LINT0, LINT1, error" },
	{ 0x00000838, 0x00000838, MSR_PASS, MSR_PASS, MSR_BY_APIC, 0, "timer initial count" },
	{ 0x00000839, 0x00000839, MSR_PASS, MSR_DENY, MSR_UNWRITTEN, 0,
	  "timer current count: read thousands of times to calibrate" },
	{ 0x0000083e, 0x0000083e, MSR_PASS, MSR_PASS, MSR_BY_APIC, 0, "timer divide" },
	{ 0x0000083f, 0x0000083f, MSR_DENY, MSR_SELF_IPI, MSR_COMMAND, 0,
	  "self IPI: cannot leave its own CPU" },
	{ 0x00000da0, 0x00000da0, MSR_FIXED, MSR_FIXED, MSR_UNWRITTEN, 0,
	  "XSS: no supervisor state component is granted" },
	{ HEARTBEAT_MSR, HEARTBEAT_MSR, MSR_HEARTBEAT, MSR_HEARTBEAT, MSR_BY_START, 0,
	  "heartbeat: the processor has none; an address in the co-kernel's own RAM" },
	{ 0xc0000080, 0xc0000080, MSR_EFER_BITS, MSR_EFER_BITS, MSR_BY_SWITCH, 0, "EFER" },
	{ 0xc0000081, 0xc0000084, MSR_PASS, MSR_PASS, MSR_BY_SWITCH, 0,
	  "STAR, LSTAR, CSTAR, SFMASK: guest state" },
	{ 0xc0000100, 0xc0000102, MSR_PASS, MSR_PASS, MSR_BY_SWITCH, 0,
	  "FS, GS and kernel GS base: guest state" },
	{ 0xc0000103, 0xc0000103, MSR_PASS, MSR_PASS, MSR_BY_SWITCH, 0,
	  "TSC_AUX: RDTSCP and RDPID return it" },
	{ 0xc0010000, 0xc0010007, MSR_FIXED, MSR_IGNORE, MSR_UNWRITTEN, 0,
	  "legacy performance counters: no bit of CPUID says that they are missing" },
	{ 0xc0010015, 0xc0010015, MSR_FIXED, MSR_FIXED, MSR_UNWRITTEN, BIT(24),
	  "HWCR: TSC counts at the P0 frequency; SMI and other controls out of reach" },
	{ 0xc001001f, 0xc001001f, MSR_FIXED, MSR_FIXED, MSR_UNWRITTEN, BIT_ULL(46),
	  "NB_CFG: extended configuration access is on already, so kernels leave it alone" },
	{ 0xc0010140, 0xc0010141, MSR_FIXED, MSR_DENY, MSR_UNWRITTEN, 0,
	  "OSVW: no workaround information; kernels fall back to the model" },
	{ 0xc0011029, 0xc0011029, MSR_FIXED, MSR_FIXED, MSR_UNWRITTEN, BIT(1),
	  "DE_CFG: LFENCE is serializing" },
};

const u32 msr_nr_rules = ARRAY_SIZE(msr_rules);

/**
 * msr_rule_find() - the rule for an MSR
 * @msr: MSR number
 *
 * Return: the rule, or NULL: denied both ways.
 */
const struct msr_rule *msr_rule_find(u32 msr)
{
	u32 low = 0, high = msr_nr_rules;

	while (low < high) {
		u32 mid = (low + high) / 2;

		if (msr > msr_rules[mid].last)
			low = mid + 1;
		else
			high = mid;
	}
	return low < msr_nr_rules && msr >= msr_rules[low].first ? &msr_rules[low] : NULL;
}
