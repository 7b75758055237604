// SPDX-License-Identifier: GPL-2.0-only
/*
 * break: written with "ADDRESS OFFSET HOW", damages the function that begins OFFSET bytes into
 * the hypervisor's image, if that is what lies at the physical address, else EINVAL. HOW:
 * "panic", whoever calls it meets an undefined instruction, as if by a bug of the hypervisor's;
 * "skip", it does nothing.
 */
#include <linux/io.h>
#include <linux/kernel.h>

#include "guard.h"

#define IMAGE_MAGIC	0x49565643	/* HV_HEADER_MAGIC of core/hv/space.h */

static const u8 ud2[] = { 0x0f, 0x0b }, ret[] = { 0xc3 };

static ssize_t break_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			   size_t len)
{
	unsigned long address, offset;
	char how[8];
	u8 *image;

	if (sscanf(buf, "%li %li %7s", &address, &offset, how) != 3)
		return -EINVAL;
	image = phys_to_virt(address);
	if (*(u32 *)image != IMAGE_MAGIC)
		return -EINVAL;
	if (!strcmp(how, "skip"))
		memcpy(image + offset, ret, sizeof(ret));
	else
		memcpy(image + offset, ud2, sizeof(ud2));
	return len;
}

struct kobj_attribute guard_break = __ATTR(break, 0200, NULL, break_store);
