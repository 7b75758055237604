/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupt command register: every way for a CPU to interrupt another.
 * What costs each plain IPI is here, to be inlined.
 */
#ifndef COVIRT_IRQ_ICR_H
#define COVIRT_IRQ_ICR_H

#include "core/config.h"

/* Delivery modes, SDM vol. 3, figure 12-28; APM vol. 2, 16.5. */
enum icr_mode {
	ICR_FIXED,
	ICR_LOWEST,
	ICR_SMI,
	ICR_REMOTE_READ,
	ICR_NMI,
	ICR_INIT,
	ICR_STARTUP,
	ICR_EXTINT,
};

enum icr_shorthand {
	ICR_NO_SHORTHAND,
	ICR_SELF,
	ICR_ALL,
	ICR_ALL_BUT_SELF,
};

/**
 * struct icr - an x2APIC ICR value taken apart
 * @vector:    vector
 * @mode:      enum icr_mode
 * @shorthand: enum icr_shorthand
 * @logical:   @dest is a logical x2APIC id, else an APIC id; either one as the co-kernel knows it
 * @deassert:  level-triggered and not asserted: the end of an INIT on old processors
 * @dest:      destination, where there is no shorthand
 */
struct icr {
	vector_t vector;
	u8 mode;
	u8 shorthand;
	bool logical;
	bool deassert;
	u32 dest;
};

#define ICR_SHORTHAND_SHIFT	18
#define ICR_LOGICAL		BIT(11)
#define ICR_ASSERT		BIT(14)
#define ICR_FIRST_VECTOR	16	/* the APIC refuses lower ones as illegal */

/**
 * icr_logical_id() - the logical id of a CPU in x2APIC mode
 * @id: its APIC id
 *
 * SDM vol. 3, 12.12.10.2: the cluster (id / 16) in the upper half, and one bit of 16 in the lower.
 */
static inline u32 icr_logical_id(apicid_t id)
{
	return id >> 4 << 16 | BIT(id & 15);
}

/* No key of a CPU is 0. */
static inline u32 icr_key(apicid_t id)
{
	return id / COVIRT_ID_SLOTS + 1;
}

/**
 * icr_enter_cpu() - let icr_plain() find a CPU
 * @config: the enclave
 * @cpu:    the CPU, whose ids are there
 *
 * Of two CPUs whose ids have the same lowest bits it finds the last. That happens with ids of the
 * hardware only, and costs the other one time.
 */
static inline void icr_enter_cpu(struct covirt_config *config, const struct covirt_cpu_config *cpu)
{
	config->by_id[cpu->guest_apicid % COVIRT_ID_SLOTS] = (struct covirt_id_slot) {
		.key = icr_key(cpu->guest_apicid), .apicid = cpu->apicid,
	};
}

struct icr icr_decode(u64 value);
bool icr_resolve(const struct icr *icr, const struct covirt_config *config, u32 self,
		 u32 *targets);

/**
 * icr_plain() - does a plain IPI go to a CPU of the enclave?
 * @command: lower half of the ICR, as written
 * @dest:    upper half: the destination
 * @config:  the enclave
 * @target:  that CPU, by hardware's id
 *
 * Plain is what kernels send all the time: an ordinary interrupt, one destination, by its APIC id
 * or its logical id. It is permitted, and icr_permit() says the same. Inline, as it costs each of
 * them, whichever CPU of the enclave is meant.
 *
 * Return: false: icr_permit() has to be asked.
 */
static inline bool icr_plain(u32 command, u32 dest, const struct covirt_config *config,
			     apicid_t *target)
{
	u32 member = dest & 0xffff;
	const struct covirt_id_slot *slot;

	if (command & ~(0xffU | ICR_LOGICAL | ICR_ASSERT) || (command & 0xff) < ICR_FIRST_VECTOR)
		return false;
	if (command & ICR_LOGICAL) {
		if (!member || member & (member - 1))
			return false;
		dest = dest >> 16 << 4 | __builtin_ctz(member);
	}
	slot = &config->by_id[dest % COVIRT_ID_SLOTS];
	*target = slot->apicid;
	return slot->key == icr_key(dest);
}

#endif /* COVIRT_IRQ_ICR_H */
