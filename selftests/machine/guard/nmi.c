// SPDX-License-Identifier: GPL-2.0-only
/*
 * nmi: written with an APIC id, sends an NMI there, as another part of Linux
 * might (the NMI of a crash dump, for one): a doorbell without a command.
 */
#include <linux/irqflags.h>
#include <linux/kernel.h>

#include <asm/apic.h>

#include "guard.h"

static ssize_t nmi_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			 size_t len)
{
	unsigned long flags;
	u32 apicid;
	int err;

	err = kstrtou32(buf, 0, &apicid);
	if (err)
		return err;
	local_irq_save(flags);
	apic->icr_write(APIC_DM_NMI, apicid);
	local_irq_restore(flags);
	return len;
}

struct kobj_attribute guard_nmi = __ATTR_WO(nmi);
