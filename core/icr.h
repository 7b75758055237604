/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupt command register: every way for a CPU to interrupt another.
 * Declared here, decided in the folder irq/.
 */
#ifndef COVIRT_CORE_ICR_H
#define COVIRT_CORE_ICR_H

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
 * @logical:   @dest is a logical x2APIC id, else an APIC id
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

struct icr icr_decode(u64 value);
bool icr_resolve(const struct icr *icr, const struct covirt_config *config, u32 self,
		 u32 *targets);

/**
 * struct icr_order - a permitted IPI
 * @mode:    ICR_FIXED, ICR_NMI, ICR_INIT or ICR_STARTUP
 * @vector:  vector; of ICR_STARTUP, the page where the target begins
 * @targets: mask of slots, perhaps none
 * @route:   instead of @targets, a route out of the enclave; or NULL
 */
struct icr_order {
	u8 mode;
	vector_t vector;
	u32 targets;
	const struct covirt_route *route;
};

bool icr_permit(u64 value, const struct covirt_config *config, u32 self,
		struct icr_order *order);

#endif /* COVIRT_CORE_ICR_H */
