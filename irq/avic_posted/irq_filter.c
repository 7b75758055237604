// SPDX-License-Identifier: GPL-2.0-only
#include "irq/avic_posted/irq_filter.h"

/**
 * irq_filter_admit() - is an interrupt that has arrived meant for the guest?
 * @filter: what can explain it
 * @vector: its vector
 *
 * What was expected is expected no more. If one that was not meant comes first, it is taken
 * for the expected one, and that for a stranger: the guest gets one, after what was to be
 * seen by it was written.
 *
 * Return: true if the guest shall have it.
 */
bool irq_filter_admit(const struct irq_filter *filter, vector_t vector)
{
	bool expected = vectors_remove_shared(filter->expected, vector);

	return expected || vectors_have(filter->own, vector) ||
	       vectors_have(filter->granted, vector);
}
