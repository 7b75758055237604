/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Routes: the interrupts that cross an enclave's border. Within the border they need none.
 * A route is one vector from one sender to one CPU. The controller keeps all of them; what
 * the hypervisor of a sending enclave has to know of them is here.
 */
#ifndef COVIRT_IRQ_ROUTE_H
#define COVIRT_IRQ_ROUTE_H

#include "core/types.h"

#define COVIRT_MAX_ROUTES	32	/* out of one enclave */
#define COVIRT_ROUTE_FIRST	32	/* vectors below are exceptions to who gets them */
/* Added to Linux's number of the target: no APIC id of an enclave's own is as large. */
#define COVIRT_ROUTE_DESTINATION	0x10000U

struct covirt_config;

/**
 * struct covirt_route - an interrupt that CPUs of an enclave may send to somebody outside
 * @icr:     the ICR value that asks for it, see route_icr(); 0: no route
 * @target:  the ICR value that is sent; 0 while nobody is there. It changes as one word
 * @senders: mask of the indexes of the CPUs that may
 */
struct covirt_route {
	u64 icr;
	u64 target;
	u32 senders;
};

/**
 * route_icr() - the ICR value of a fixed interrupt to one CPU
 * @apicid: the CPU
 * @vector: vector
 */
static inline u64 route_icr(apicid_t apicid, vector_t vector)
{
	return (u64)apicid << 32 | vector;
}

const struct covirt_route *route_find(const struct covirt_config *config, u32 self, u64 icr);

#endif /* COVIRT_IRQ_ROUTE_H */
