/* SPDX-License-Identifier: GPL-2.0-only */
/* Port policy: the device behind each of a co-kernel's I/O ports. */
#ifndef COVIRT_CORE_PORT_POLICY_H
#define COVIRT_CORE_PORT_POLICY_H

#include "core/types.h"

/**
 * enum port_device - what answers at a port
 * @PORT_NONE:   nothing: reads 0, writes vanish, both counted
 * @PORT_UART:   the emulated COM1
 * @PORT_CMOS:   the emulated real-time clock
 * @PORT_PIT:    the emulated interval timer
 * @PORT_DELAY:  the POST port, which kernels write to pass time
 * @PORT_POWER:  a register through which a PC is reset or switched off
 */
enum port_device {
	PORT_NONE,
	PORT_UART,
	PORT_CMOS,
	PORT_PIT,
	PORT_DELAY,
	PORT_POWER,
};

/**
 * enum port_effect - what a write to a PORT_POWER register asks for
 * @PORT_HARMLESS:  nothing
 * @PORT_RESET:     reset
 * @PORT_POWER_OFF: power off
 */
enum port_effect {
	PORT_HARMLESS,
	PORT_RESET,
	PORT_POWER_OFF,
};

enum port_device port_device(u16 port);
enum port_effect port_effect(u16 port, u8 size, u32 value);

#endif /* COVIRT_CORE_PORT_POLICY_H */
