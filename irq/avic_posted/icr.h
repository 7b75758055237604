/* SPDX-License-Identifier: GPL-2.0-only */
/* The interrupt command register: every way for a CPU to interrupt another. */
#ifndef COVIRT_IRQ_ICR_H
#define COVIRT_IRQ_ICR_H

#include "core/types.h"

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
 * @dest:      destination, where there is no shorthand
 */
struct icr {
	vector_t vector;
	u8 mode;
	u8 shorthand;
	bool logical;
	u32 dest;
};

struct icr icr_decode(u64 value);
bool icr_targets_self(const struct icr *icr, apicid_t self);

/**
 * struct icr_order - how a permitted IPI is carried out
 * @msr:   x2APIC register to write
 * @value: value to write
 */
struct icr_order {
	u32 msr;
	u64 value;
};

bool icr_permit(u64 value, apicid_t self, struct icr_order *order);

#endif /* COVIRT_IRQ_ICR_H */
