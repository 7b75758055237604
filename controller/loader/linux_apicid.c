// SPDX-License-Identifier: GPL-2.0-only
/* Linux leaves out a CPU that the interrupts of its devices could not reach. */
#include "linux_apicid.h"

#define SHORT_LAST	255	/* of the 8 bits that a message's address has */
#define EXTENDED_LAST	32767	/* of 15 bits, with those that are reserved otherwise */

/**
 * linux_apicid() - which Linux brings up a CPU with this APIC id
 * @apicid: the id
 *
 * Return: see there.
 */
enum linux_apicid linux_apicid(apicid_t apicid)
{
	if (apicid > EXTENDED_LAST)
		return LINUX_APICID_NONE;
	return apicid > SHORT_LAST ? LINUX_APICID_RECENT : LINUX_APICID_ANY;
}
