/* SPDX-License-Identifier: GPL-2.0-only */
/* Filtering: which of the interrupts that arrive at an enclave CPU are meant for it. */
#ifndef COVIRT_IRQ_FILTER_H
#define COVIRT_IRQ_FILTER_H

#include "core/vectors.h"

/**
 * struct irq_filter - what explains an interrupt
 * @own:      the CPU's APIC itself: vectors of its local vector table, now or before
 * @granted:  a route: vectors that others than the enclave's CPUs may send
 * @expected: a CPU of the enclave, which has added the vector before it sent the interrupt
 */
struct irq_filter {
	const struct vectors *own;
	const struct vectors *granted;
	struct vectors *expected;
};

bool irq_filter_admit(const struct irq_filter *filter, vector_t vector);

#endif /* COVIRT_IRQ_FILTER_H */
