// SPDX-License-Identifier: GPL-2.0-only
#include "core/heartbeat.h"

/**
 * heartbeat_permit() - may the counter be there?
 * @ram:     the co-kernel's RAM
 * @counter: what it wrote to HEARTBEAT_MSR
 *
 * Return: true when the counter is aligned and wholly in RAM, or 0: there is none any more.
 */
bool heartbeat_permit(const struct covirt_ram *ram, gpa_t counter)
{
	u32 i;

	if (!counter)
		return true;
	if (counter % HEARTBEAT_SIZE)
		return false;
	for (i = 0; i < ram->nr && i < COVIRT_RAM_RANGES; i++)
		if (counter - ram->range[i].gpa < ram->range[i].len)
			return true;
	return false;
}
