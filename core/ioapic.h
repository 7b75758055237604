/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The I/O APIC of an enclave, by the datasheet of the 82093AA, but with few pins, which are
 * all edge-triggered. Its registers are behind two words of a page, an index and the register that
 * it selects. The co-kernel reads that page without an exit; each of its writes exits, and the
 * hypervisor then writes into the page what is to be read next.
 */
#ifndef COVIRT_CORE_IOAPIC_H
#define COVIRT_CORE_IOAPIC_H

#include "core/types.h"

#define IOAPIC_PAGE	0xfec00000ULL	/* where a PC has it */
#define IOAPIC_PINS	8
#define IOAPIC_COM1	4		/* its pin, as on a PC */

/**
 * struct ioapic_page - the page as the co-kernel reads it
 * @index:    register that @data shows
 * @reserved: 0
 * @data:     that register
 * @unused:   0
 */
struct ioapic_page {
	u32 index;
	u32 reserved[3];
	u32 data;
	u8 unused[COVIRT_PAGE_SIZE - 5 * sizeof(u32)];
};

/**
 * struct ioapic - what a co-kernel has written; all 0 after a reset
 * @entry: redirection table, its two halves by pin; the mask bit is kept inverted
 * @held:  pins with an edge that came while they were masked
 */
struct ioapic {
	u32 entry[IOAPIC_PINS][2];
	u32 held;
};

/**
 * struct ioapic_message - what a pin sends
 * @vector:  vector, from 16 on
 * @logical: @dest is a logical id, else an APIC id
 * @lowest:  one of the CPUs of @dest is meant, else all of them
 * @dest:    destination, of 15 bits
 */
struct ioapic_message {
	vector_t vector;
	bool logical;
	bool lowest;
	u32 dest;
};

bool ioapic_write(struct ioapic *ioapic, struct ioapic_page *page, u32 offset, u32 value,
		  u32 *pin);
bool ioapic_edge(struct ioapic *ioapic, u32 pin);
bool ioapic_message(const struct ioapic *ioapic, u32 pin, struct ioapic_message *message);

static_assert(sizeof(struct ioapic_page) == COVIRT_PAGE_SIZE);

#endif /* COVIRT_CORE_IOAPIC_H */
