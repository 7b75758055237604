// SPDX-License-Identifier: GPL-2.0-only
/* The module: parameter, and the order in which its parts come and go. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/string.h>

#include "controller/border/notify.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/wake.h"
#include "controller/face/device.h"
#include "controller/face/host_events.h"
#include "controller/face/sysfs/class.h"
#include "controller/host/backend.h"
#include "controller/host/hostirq.h"
#include "controller/host/linux_cmdline.h"
#include "controller/hv/image.h"
#include "controller/hv/low_page.h"
#include "controller/life/handover.h"
#include "controller/life/registry.h"
#include "controller/partition/partition.h"
#include "core/version.h"

/* The parameter reads as the backend in use, after loading. */
static char backend_name[16] = "auto";
module_param_string(backend, backend_name, sizeof(backend_name), 0444);
MODULE_PARM_DESC(backend, "auto, svm (AMD) or vmx (Intel)");

static void image_exit(void)
{
	hv_image_exit(enclave_cpus_any_stuck() || enclaves_any_abandoned());
}

static int numbers_init(void)
{
	return enclaves_init(&enclave_class, &enclave_device_fops);
}

/* Parts of the module, in the order of their start; they end the other way round. */
static const struct part {
	const char *name;
	int (*init)(void);
	void (*exit)(void);
} parts[] = {
	{ "command line", linux_cmdline_init, linux_cmdline_exit },
	{ "hypervisor image", hv_image_init, image_exit },
	{ "partitions", partition_init, partition_exit },
	{ "start page", hv_low_page_init, hv_low_page_exit },
	{ "CPU hotplug", enclave_cpus_init, enclave_cpus_exit },
	{ "CPUs online", enclave_cpus_online_init, enclave_cpus_online_exit },
	{ "interrupts", hostirq_init, hostirq_exit },
	{ "notification", notify_init, notify_exit },
	{ "work queue", enclave_watch_init, enclave_watch_exit },
	{ "device numbers", numbers_init, enclaves_free_minors },
	{ "class", enclave_sysfs_init, enclave_sysfs_exit },
	{ "enclaves", NULL, enclaves_exit },
	{ "notifiers", host_events_init, host_events_exit },
};

static void parts_exit(u32 nr)
{
	while (nr--)
		parts[nr].exit();
}

static int parts_init(void)
{
	u32 i;
	int err;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		err = parts[i].init ? parts[i].init() : 0;
		if (err) {
			pr_err("%s: error %d\n", parts[i].name, err);
			parts_exit(i);
			return err;
		}
	}
	return 0;
}

static int __init covirt_init(void)
{
	int err;

	err = backend_choose(backend_name);
	if (err)
		return err;
	strscpy(backend_name, backend()->name, sizeof(backend_name));
	err = parts_init();
	if (err)
		return err;
	pr_info("backend %s, hypervisor image %u KiB\n", backend_name, hv_image()->size >> 10);
	if (backend_features() & COVIRT_FEATURE_XAPIC)
		pr_info("no x2APIC: each write of a co-kernel to its local APIC exits, EOI and timer included\n");
	return 0;
}
module_init(covirt_init);

static void __exit covirt_exit(void)
{
	parts_exit(ARRAY_SIZE(parts));
}
module_exit(covirt_exit);

MODULE_DESCRIPTION("Fault isolation for co-kernels");
MODULE_LICENSE("GPL");
MODULE_VERSION(COVIRT_VERSION);
