// SPDX-License-Identifier: GPL-2.0-only
#include "core/heartbeat.h"

/**
 * heartbeat_add_ram() - add a piece of RAM
 * @ram: as of the pieces below
 * @gpa: where it begins
 * @len: its bytes
 */
void heartbeat_add_ram(struct covirt_ram *ram, gpa_t gpa, u64 len)
{
	u32 last = COVIRT_RAM_RANGES - 1;

	if (ram->nr == COVIRT_RAM_RANGES) {
		ram->range[last].len = gpa + len - ram->range[last].gpa;
		return;
	}
	ram->range[ram->nr].gpa = gpa;
	ram->range[ram->nr].len = len;
	ram->nr++;
}

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
