// SPDX-License-Identifier: GPL-2.0-only
/*
 * A region of Linux's memory that nobody may touch.
 *
 *	address		its physical address
 *	checksum	CRC of its content now
 *
 * It holds RET instructions, so that a co-kernel that is not stopped from
 * executing there comes back and can tell.
 */
#include <linux/crc32.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "guard.h"

#define REGION_ORDER	4
#define REGION_SIZE	(PAGE_SIZE << REGION_ORDER)
#define INSN_RET	0xc3

static unsigned long region;

static ssize_t address_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "0x%llx\n", (unsigned long long)virt_to_phys((void *)region));
}

static ssize_t checksum_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%08x\n", crc32_le(~0, (void *)region, REGION_SIZE));
}

struct kobj_attribute guard_address = __ATTR_RO(address);
struct kobj_attribute guard_checksum = __ATTR_RO(checksum);

int region_create(void)
{
	region = __get_free_pages(GFP_KERNEL, REGION_ORDER);
	if (!region)
		return -ENOMEM;
	memset((void *)region, INSN_RET, REGION_SIZE);
	return 0;
}

void region_destroy(void)
{
	free_pages(region, REGION_ORDER);
}
