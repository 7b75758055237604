// SPDX-License-Identifier: GPL-2.0-only
/*
 * Negative control, linked instead of core/linux/permission_map.c in a build that is for
 * tests only: every MSR and every port is passed, and with the ICR every IPI, so that
 * a test which claims that none is can be seen to fail. COM1 stays emulated: that is
 * how the payload tells.
 */
#include "core/linux/permission_map.h"

#define COM1		0x3f8
#define COM1_PORTS	8

void permission_msr_map(const struct permission_format *format, void *map,
			u32 interrupts __maybe_unused)
{
	memset(map, 0, format->msr_size);
}

void permission_port_map(const struct permission_format *format, void *map)
{
	memset(map, 0, format->port_size);
	memset(map + COM1 / 8, 0xff, COM1_PORTS / 8);
}
