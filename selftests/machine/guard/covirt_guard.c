// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test-only: memory of Linux at a known address, and its checksum.
 *
 *	/sys/kernel/covirt_guard/address	physical address of the region
 *	/sys/kernel/covirt_guard/checksum	CRC of its content now
 *	/sys/kernel/covirt_guard/offline_pages	pages of System RAM marked PageOffline
 *
 * The region holds RET instructions, so that a co-kernel that is not stopped from
 * executing there comes back and can tell.
 */
#include <linux/crc32.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#define GUARD_ORDER	4
#define GUARD_SIZE	(PAGE_SIZE << GUARD_ORDER)
#define INSN_RET	0xc3

static unsigned long guard;
static struct kobject *guard_kobj;

static ssize_t address_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "0x%llx\n", (unsigned long long)virt_to_phys((void *)guard));
}

static ssize_t checksum_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%08x\n", crc32_le(~0, (void *)guard, GUARD_SIZE));
}

/* RAM that Linux knows ends a little above what it counts, for the hole below 4 GiB. */
static ssize_t offline_pages_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	unsigned long pfn, end = totalram_pages() + (SZ_4G >> PAGE_SHIFT), count = 0;

	for (pfn = 0; pfn < end; pfn++)
		if (pfn_valid(pfn) && PageOffline(pfn_to_page(pfn)))
			count++;
	return sysfs_emit(buf, "%lu\n", count);
}

static struct kobj_attribute address_attr = __ATTR_RO(address);
static struct kobj_attribute checksum_attr = __ATTR_RO(checksum);
static struct kobj_attribute offline_pages_attr = __ATTR_RO(offline_pages);

static struct attribute *guard_attrs[] = {
	&address_attr.attr,
	&checksum_attr.attr,
	&offline_pages_attr.attr,
	NULL,
};

static const struct attribute_group guard_group = {
	.attrs = guard_attrs,
};

static int __init guard_init(void)
{
	int err = -ENOMEM;

	guard = __get_free_pages(GFP_KERNEL, GUARD_ORDER);
	if (!guard)
		return err;
	memset((void *)guard, INSN_RET, GUARD_SIZE);

	guard_kobj = kobject_create_and_add("covirt_guard", kernel_kobj);
	if (!guard_kobj)
		goto free;
	err = sysfs_create_group(guard_kobj, &guard_group);
	if (err)
		goto put;
	return 0;
put:
	kobject_put(guard_kobj);
free:
	free_pages(guard, GUARD_ORDER);
	return err;
}

static void __exit guard_exit(void)
{
	kobject_put(guard_kobj);
	free_pages(guard, GUARD_ORDER);
}

module_init(guard_init);
module_exit(guard_exit);
MODULE_DESCRIPTION("Test-only: a region of Linux's memory with a checksum");
MODULE_LICENSE("GPL");
