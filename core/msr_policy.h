/* SPDX-License-Identifier: GPL-2.0-only */
/* MSR policy: the model-specific registers that a co-kernel may access, and who restores each. */
#ifndef COVIRT_CORE_MSR_POLICY_H
#define COVIRT_CORE_MSR_POLICY_H

#include "core/types.h"

/**
 * enum msr_action - what becomes of a RDMSR or WRMSR
 * @MSR_DENY:      #GP, counted
 * @MSR_PASS:      no exit
 * @MSR_FIXED:     reads the rule's value; writing just that value is ignored,
 *                 any other value is denied
 * @MSR_MASKED:    reads the hardware's, as far as the rule's value has bits; never written
 * @MSR_IGNORE:    written values are dropped
 * @MSR_EFER_BITS: filtered, see efer_permit()
 * @MSR_APIC_BASE: reads the hardware's, with the enclave's boot CPU as the boot processor, in
 *                 the guest's mode; filtered, see apic_base_permit()
 * @MSR_APIC_ID:   reads the id that the co-kernel knows, which need not be the hardware's
 * @MSR_APIC_LDR:  reads the logical id that belongs to it
 * @MSR_ICR:       filtered, see icr_permit(); reads what the guest wrote
 * @MSR_LVT:       filtered, see lvt_filter()
 * @MSR_SVR:       filtered, see svr_filter()
 * @MSR_DEBUGCTL:  filtered, see debugctl_permit(); reads what the guest wrote
 * @MSR_SELF_IPI:  no exit, unless interrupts are filtered: then as an ICR write
 * @MSR_HEARTBEAT: not the processor's: reads what was written, see heartbeat_permit()
 */
enum msr_action {
	MSR_DENY,
	MSR_PASS,
	MSR_FIXED,
	MSR_MASKED,
	MSR_IGNORE,
	MSR_EFER_BITS,
	MSR_APIC_BASE,
	MSR_APIC_ID,
	MSR_APIC_LDR,
	MSR_ICR,
	MSR_LVT,
	MSR_SVR,
	MSR_DEBUGCTL,
	MSR_SELF_IPI,
	MSR_HEARTBEAT,
};

/**
 * enum msr_restore - who undoes what a co-kernel wrote
 * @MSR_UNWRITTEN: nobody need: it cannot be written
 * @MSR_BY_SWITCH: hardware, which keeps a guest copy in the control block, or
 *                 the backend, which clears it on disable, or hv_main(), which puts Linux's
 *                 value back
 * @MSR_BY_APIC:   apic_restore(), which leaves the APIC as after a reset
 * @MSR_BY_LINUX:  Linux's own bring-up of a CPU writes it always
 * @MSR_COMMAND:   nobody need: it holds no state
 * @MSR_BY_START:  it is kept in the CPU's status page, which each start clears
 */
enum msr_restore {
	MSR_UNWRITTEN,
	MSR_BY_SWITCH,
	MSR_BY_APIC,
	MSR_BY_LINUX,
	MSR_COMMAND,
	MSR_BY_START,
};

/**
 * struct msr_rule - a range of MSRs that is not denied
 * @first:   first MSR
 * @last:    last MSR
 * @read:    enum msr_action for RDMSR
 * @write:   enum msr_action for WRMSR
 * @restore: enum msr_restore
 * @value:   MSR_FIXED: its value; MSR_MASKED: bits that are shown
 * @reason:  why it is open
 */
struct msr_rule {
	u32 first;
	u32 last;
	u8 read;
	u8 write;
	u8 restore;
	u64 value;
	const char *reason;
};

extern const struct msr_rule msr_rules[];
extern const u32 msr_nr_rules;

const struct msr_rule *msr_rule_find(u32 msr);

#endif /* COVIRT_CORE_MSR_POLICY_H */
