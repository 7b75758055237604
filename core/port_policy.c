// SPDX-License-Identifier: GPL-2.0-only
/*
 * No port is open: the permission map is all-ones and stays so. Reading 0 from
 * a port that nobody granted ends the probe loops of kernels which expect a
 * PC (with all-ones they spin a hundred thousand times).
 */
#include "core/cmos.h"
#include "core/pit.h"
#include "core/port_policy.h"
#include "core/uart16550.h"

/**
 * struct port_rule - something answers here
 * @first:  first port
 * @last:   last port
 * @device: enum port_device
 * @sizes:  access sizes in bytes that count, as a mask
 * @mask:   PORT_POWER: bits that decide
 * @match:  PORT_POWER: their value when the effect is asked for
 * @effect: PORT_POWER: enum port_effect
 * @reason: why
 */
struct port_rule {
	u16 first;
	u16 last;
	u8 device;
	u8 sizes;
	u32 mask;
	u32 match;
	u8 effect;
	const char *reason;
};

#define BYTE	1
#define WORD	2
#define ANY	7

/* Ascending, so that a search ends early: each access waits for it. */
static const struct port_rule rules[] = {
	{ PIT_PORTS, PIT_PORTS + PIT_NR_PORTS - 1, PORT_PIT, BYTE, 0, 0, PORT_HARMLESS,
	  "interval timer: kernels measure their other clocks by it" },
	{ PIT_GATE_PORT, PIT_GATE_PORT, PORT_PIT, BYTE, 0, 0, PORT_HARMLESS,
	  "gate and output of its channel 2, by which they measure" },
	{ 0x0064, 0x0064, PORT_POWER, ANY, 0xff, 0xfe, PORT_RESET,
	  "keyboard controller: pulse the reset line" },
	{ CMOS_PORTS, CMOS_PORTS + CMOS_NR_PORTS - 1, PORT_CMOS, BYTE, 0, 0, PORT_HARMLESS,
	  "real-time clock" },
	{ 0x0080, 0x0080, PORT_DELAY, ANY, 0, 0, PORT_HARMLESS,
	  "POST code: written to pass time" },
	{ 0x0092, 0x0092, PORT_POWER, ANY, BIT(0), BIT(0), PORT_RESET,
	  "system control port A: fast reset" },
	{ UART16550_COM1, UART16550_COM1 + UART16550_PORTS - 1, PORT_UART, BYTE, 0, 0,
	  PORT_HARMLESS, "console" },
	{ 0x0604, 0x0604, PORT_POWER, BYTE, BIT(5), BIT(5), PORT_POWER_OFF,
	  "sleep control register of the enclave's FADT: SLP_EN" },
	{ 0x0604, 0x0604, PORT_POWER, WORD | 4, BIT(13), BIT(13), PORT_POWER_OFF,
	  "PM1a control of a PC: SLP_EN" },
	{ 0x0cf9, 0x0cf9, PORT_POWER, ANY, BIT(2), BIT(2), PORT_RESET,
	  "reset control register: CPU reset" },
};

/**
 * port_device() - what answers at a port
 * @port: port number
 *
 * Return: the device, PORT_NONE for most ports.
 */
enum port_device port_device(u16 port)
{
	u32 i = 0;

	while (i < ARRAY_SIZE(rules) && port > rules[i].last)
		i++;
	return i < ARRAY_SIZE(rules) && port >= rules[i].first ? rules[i].device : PORT_NONE;
}

/**
 * port_effect() - what a write asks of the machine
 * @port:  port number
 * @size:  access size in bytes
 * @value: value written
 *
 * Return: the effect.
 */
enum port_effect port_effect(u16 port, u8 size, u32 value)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (port == rules[i].first && rules[i].device == PORT_POWER &&
		    size & rules[i].sizes && (value & rules[i].mask) == rules[i].match)
			return rules[i].effect;
	return PORT_HARMLESS;
}
