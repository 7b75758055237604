// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers are those of the 82093AA's datasheet, 3.1 and 3.2. A pin that is masked keeps an edge,
 * which a real one may lose: Linux masks a pin to move its interrupt to another CPU.
 */
#include "core/ioapic.h"

enum ioapic_register {
	IOAPIC_VERSION	= 0x01,
	IOAPIC_TABLE	= 0x10,	/* two registers for each pin, the lower half first */
};

enum {
	ENTRY_VECTOR		= 0x000ff,
	ENTRY_MODE		= 0x00700,
	ENTRY_LOGICAL		= 0x00800,
	ENTRY_POLARITY		= 0x02000,
	ENTRY_LEVEL		= 0x08000,
	ENTRY_MASKED		= 0x10000,
	ENTRY_WRITABLE		= ENTRY_VECTOR | ENTRY_MODE | ENTRY_LOGICAL | ENTRY_POLARITY |
				  ENTRY_LEVEL | ENTRY_MASKED,

	MODE_FIXED		= 0x00000,
	MODE_LOWEST		= 0x00100,
};

#define VERSION		0x11	/* the one without an EOI register */
#define FIRST_VECTOR	16	/* an APIC refuses lower ones as illegal */

#define DEST_SHIFT	24
/* Bits 14:8, where KVM_FEATURE_MSI_EXT_DEST_ID is shown (core/cpuid_policy.c). */
#define DEST_MORE_SHIFT	17
#define DEST_MORE_MASK	0x7f

static u32 entry_low(const struct ioapic *ioapic, u32 pin)
{
	return ioapic->entry[pin][0] ^ ENTRY_MASKED;
}

static u32 entry_dest(const struct ioapic *ioapic, u32 pin)
{
	u32 high = ioapic->entry[pin][1];

	return high >> DEST_SHIFT | (high >> DEST_MORE_SHIFT & DEST_MORE_MASK) << 8;
}

/* Id 0, and whatever the datasheet does not name, reads 0. */
static u32 register_read(const struct ioapic *ioapic, u32 index)
{
	u32 half = index - IOAPIC_TABLE;

	if (index == IOAPIC_VERSION)
		return (IOAPIC_PINS - 1) << 16 | VERSION;
	if (half >= 2 * IOAPIC_PINS)
		return 0;
	return half % 2 ? ioapic->entry[half / 2][1] : entry_low(ioapic, half / 2);
}

/* True when pin *@pin has an edge to send: it is not masked any more. */
static bool register_write(struct ioapic *ioapic, u32 index, u32 value, u32 *pin)
{
	u32 half = index - IOAPIC_TABLE;

	if (half >= 2 * IOAPIC_PINS)
		return false;
	*pin = half / 2;
	if (half % 2)
		ioapic->entry[*pin][1] = value;
	else
		ioapic->entry[*pin][0] = (value & ENTRY_WRITABLE) ^ ENTRY_MASKED;
	return ioapic->held & BIT(*pin) && ioapic_edge(ioapic, *pin);
}

/**
 * ioapic_write() - the co-kernel writes a word of the page
 * @ioapic: the I/O APIC
 * @page:   what the co-kernel reads, which follows
 * @offset: in the page; other words than the two are reserved, and a write of them is lost
 * @value:  what is written
 * @pin:    receives the pin that sends now
 *
 * Return: true if one does, for ioapic_message().
 */
bool ioapic_write(struct ioapic *ioapic, struct ioapic_page *page, u32 offset, u32 value,
		  u32 *pin)
{
	bool sends = false;

	if (offset == offsetof(struct ioapic_page, data))
		sends = register_write(ioapic, page->index, value, pin);
	else if (offset == offsetof(struct ioapic_page, index))
		WRITE_ONCE(page->index, value & 0xff);
	WRITE_ONCE(page->data, register_read(ioapic, page->index));
	return sends;
}

/**
 * ioapic_edge() - the line at a pin rises
 * @ioapic: the I/O APIC
 * @pin:    below IOAPIC_PINS
 *
 * Return: true if the pin sends now, for ioapic_message(); a masked one does when it is unmasked.
 */
bool ioapic_edge(struct ioapic *ioapic, u32 pin)
{
	bool masked = entry_low(ioapic, pin) & ENTRY_MASKED;

	if (masked)
		ioapic->held |= BIT(pin);
	else
		ioapic->held &= ~BIT(pin);
	return !masked;
}

/**
 * ioapic_message() - what a pin sends
 * @ioapic:  the I/O APIC
 * @pin:     below IOAPIC_PINS
 * @message: filled in
 *
 * Return: false for what is not sent: an illegal vector, and all but ordinary interrupts.
 */
bool ioapic_message(const struct ioapic *ioapic, u32 pin, struct ioapic_message *message)
{
	u32 low = entry_low(ioapic, pin), mode = low & ENTRY_MODE;

	*message = (struct ioapic_message) {
		.vector = low & ENTRY_VECTOR,
		.logical = low & ENTRY_LOGICAL,
		.lowest = mode == MODE_LOWEST,
		.dest = entry_dest(ioapic, pin),
	};
	return message->vector >= FIRST_VECTOR && (mode == MODE_FIXED || mode == MODE_LOWEST);
}
