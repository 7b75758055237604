/* SPDX-License-Identifier: GPL-2.0-only */
/* Screening: which of the interrupts that arrive at an enclave CPU are meant for it. */
#ifndef COVIRT_IRQ_SCREEN_H
#define COVIRT_IRQ_SCREEN_H

#include "core/vectors.h"

/**
 * struct screen - what explains an interrupt
 * @own:      the CPU's APIC itself: vectors of its local vector table, now or before
 * @granted:  a route: vectors that others than the enclave's CPUs may send
 * @expected: a CPU of the enclave, which has added the vector before it sent the interrupt
 */
struct screen {
	const struct vectors *own;
	const struct vectors *granted;
	struct vectors *expected;
};

bool screen_admit(const struct screen *screen, vector_t vector);

#endif /* COVIRT_IRQ_SCREEN_H */
