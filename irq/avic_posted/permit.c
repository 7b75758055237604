// SPDX-License-Identifier: GPL-2.0-only
/* Permission of the IPIs that an enclave CPU sends. */
#include "irq/avic_posted/icr.h"
#include "irq/avic_posted/permit.h"

static bool mode_permitted(const struct icr *icr)
{
	switch (icr->mode) {
	case ICR_FIXED:
		return icr->vector >= ICR_FIRST_VECTOR;
	case ICR_NMI:
	case ICR_INIT:
	case ICR_STARTUP:
		return icr->shorthand != ICR_SELF;	/* invalid: SDM vol. 3, table 12-4 */
	default:
		return false;
	}
}

/* An IPI out of the enclave must be an ordinary interrupt to one CPU, named by its APIC id. */
static bool route_permit(const struct icr *icr, const struct covirt_config *config, u32 self,
			 struct ipi *ipi)
{
	const struct covirt_route *route;

	if (icr->mode != ICR_FIXED || icr->shorthand != ICR_NO_SHORTHAND || icr->logical)
		return false;
	route = route_find(config, self, route_icr(icr->dest, icr->vector));
	*ipi = (struct ipi) { .mode = ICR_FIXED, .vector = icr->vector, .route = route };
	return route;
}

static bool targets_permit(const struct icr *icr, u32 targets, u32 self, struct ipi *ipi)
{
	bool resets = icr->mode == ICR_INIT || icr->mode == ICR_STARTUP;

	if (resets && targets & BIT(self))
		return false;
	if (icr->mode == ICR_INIT && icr->deassert)
		targets = 0;
	*ipi = (struct ipi) {
		.mode = icr->mode, .vector = icr->vector, .targets = targets,
	};
	return true;
}

/**
 * icr_permit() - may this IPI be sent, and to whom does it go?
 * @value:  as written to the ICR
 * @config: the enclave
 * @self:   index of the sender
 * @ipi:    the IPI to send instead of the write; filled in if it may
 *
 * A CPU may interrupt those of its own enclave, and reset all of them but itself. It may
 * interrupt nobody else, except as the routes say. What is done instead is never the guest's
 * own ICR value: that could ask for a level trigger, and the EOI of such a vector is
 * broadcast to Linux's IOAPICs. The end of an INIT concerns no CPU any more.
 *
 * Return: true if it may.
 */
bool icr_permit(u64 value, const struct covirt_config *config, u32 self,
		struct ipi *ipi)
{
	struct icr icr = icr_decode(value);
	u32 targets;

	if (!mode_permitted(&icr))
		return false;
	if (!icr_resolve(&icr, config, self, &targets))
		return route_permit(&icr, config, self, ipi);
	return targets_permit(&icr, targets, self, ipi);
}

/**
 * icr_permit_targets() - the same where it is known already to whom the IPI goes
 * @command: lower half of the ICR
 * @targets: mask of CPU indexes of the enclave
 * @self:    index of the sender
 * @ipi:     as icr_permit()
 *
 * Return: true if it may; nobody is no target.
 */
bool icr_permit_targets(u32 command, u32 targets, u32 self, struct ipi *ipi)
{
	struct icr icr = icr_decode(command);

	return mode_permitted(&icr) && targets && targets_permit(&icr, targets, self, ipi);
}
