// SPDX-License-Identifier: GPL-2.0-only
/* /sys/class/covirt: how enclaves come and go. */
#include <linux/capability.h>
#include <linux/completion.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "controller/enclave/refuse.h"
#include "controller/face/sysfs/class.h"
#include "controller/face/sysfs/groups.h"
#include "controller/face/sysfs/setting.h"
#include "controller/face/sysfs/stats.h"
#include "controller/host/compat.h"
#include "controller/hv/pages.h"
#include "controller/life/registry.h"
#include "controller/partition/memory_spare.h"

static ssize_t class_apply(int (*verb)(const char *name), const char *buf, size_t len)
{
	char *name;
	int err;

	class_request_begins();
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	name = kstrndup(buf, len, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	err = verb(strim(name));
	kfree(name);
	return err ?: len;
}

static ssize_t create_store(compat_class *class, compat_class_attribute *attr,
			    const char *buf, size_t len)
{
	return class_apply(enclave_create, buf, len);
}
static CLASS_ATTR_WO(create);

static ssize_t destroy_store(compat_class *class, compat_class_attribute *attr,
			     const char *buf, size_t len)
{
	return class_apply(enclave_destroy, buf, len);
}
static CLASS_ATTR_WO(destroy);

static ssize_t hypervisor_memory_show(compat_class *class, compat_class_attribute *attr, char *buf)
{
	return hv_pages_print(buf);
}

static struct class_attribute class_attr_hypervisor_memory =
	__ATTR(hypervisor_memory, 0400, hypervisor_memory_show, NULL);

static ssize_t memory_spare_show(compat_class *class, compat_class_attribute *attr, char *buf)
{
	return memory_spare_print(buf);
}
static CLASS_ATTR_RO(memory_spare);

static ssize_t memory_reserve_show(compat_class *class, compat_class_attribute *attr, char *buf)
{
	return memory_reserve_print(buf);
}

static int reserve_set(const char *value)
{
	char *copy = kstrdup(value, GFP_KERNEL);
	int err;

	if (!copy)
		return -ENOMEM;
	err = memory_reserve_set(copy);
	kfree(copy);
	if (err)
		return class_refuse(err,
				    "memory_reserve takes a size like 512M, of each node, or auto");
	return 0;
}

static ssize_t memory_reserve_store(compat_class *class, compat_class_attribute *attr,
				    const char *buf, size_t len)
{
	return class_apply(reserve_set, buf, len);
}
static CLASS_ATTR_RW(memory_reserve);

static ssize_t abi_version_show(compat_class *class, compat_class_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", COVIRT_ABI_VERSION);
}
static CLASS_ATTR_RO(abi_version);

static ssize_t last_error_show(compat_class *class, compat_class_attribute *attr, char *buf)
{
	return class_print_last_error(buf);
}
static CLASS_ATTR_RO(last_error);

static struct attribute *class_attrs[] = {
	&class_attr_abi_version.attr,
	&class_attr_create.attr,
	&class_attr_destroy.attr,
	&class_attr_hypervisor_memory.attr,
	&class_attr_last_error.attr,
	&class_attr_memory_reserve.attr,
	&class_attr_memory_spare.attr,
	NULL
};

static const struct attribute_group class_group = { .attrs = class_attrs };
static const struct attribute_group *class_groups[] = { &class_group, NULL };

static char *enclave_devnode(compat_devnode_device *dev, umode_t *mode)
{
	if (mode)
		*mode = 0600;
	return kasprintf(GFP_KERNEL, "covirt/%s", dev_name(dev));
}

static DECLARE_COMPLETION(class_gone);

static void class_release(compat_class *class)
{
	complete(&class_gone);
}

static const struct attribute_group *enclave_groups[] = {
	&enclave_life_group,
	&enclave_cpus_group,
	&enclave_memory_group,
	&enclave_cokernel_group,
	&enclave_policies_group,
	&enclave_stats_group,
	NULL
};

struct class enclave_class = {
	.name = "covirt",
	.class_groups = class_groups,
	.dev_groups = enclave_groups,
	.devnode = enclave_devnode,
	.class_release = class_release,
};

/**
 * enclave_sysfs_init() - make /sys/class/covirt
 *
 * Return: 0 or an error.
 */
int enclave_sysfs_init(void)
{
	enclave_stats_init();
	return class_register(&enclave_class);
}

/**
 * enclave_sysfs_exit() - undo enclave_sysfs_init(); there is no enclave any more
 *
 * Returns when nobody refers to the class, which is part of the module.
 */
void enclave_sysfs_exit(void)
{
	class_unregister(&enclave_class);
	wait_for_completion(&class_gone);
}
