// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of Linux's that an enclave CPU must survive. Each file is written
 * with an APIC id, unless it says otherwise.
 *
 * nmi:  as another part of Linux might send (for a crash dump): a doorbell without
 *       a command.
 * init: as nothing in Linux sends to a CPU that is not its own.
 * broadcast: "VECTOR COUNT": to all CPUs but this one, as Linux does where its parameter
 *       no_ipi_broadcast is not set.
 */
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>

#include <asm/apic.h>

#include "guard.h"

static ssize_t send(const char *buf, size_t len, u32 command)
{
	unsigned long flags;
	u32 apicid;
	int err;

	err = kstrtou32(buf, 0, &apicid);
	if (err)
		return err;
	local_irq_save(flags);
	apic->icr_write(command, apicid);
	local_irq_restore(flags);
	return len;
}

static ssize_t nmi_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			 size_t len)
{
	return send(buf, len, APIC_DM_NMI);
}

static ssize_t init_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			  size_t len)
{
	return send(buf, len, APIC_DM_INIT | APIC_INT_ASSERT);
}

static ssize_t broadcast_store(struct kobject *kobj, struct kobj_attribute *attr,
			       const char *buf, size_t len)
{
	ssize_t sent = len;
	u32 count;
	u8 vector;

	if (sscanf(buf, "%hhu %u", &vector, &count) != 2)
		return -EINVAL;
	while (count-- && sent > 0) {
		sent = send("0", len, APIC_DEST_ALLBUT | APIC_DM_FIXED | vector);
		usleep_range(50, 150);	/* two at once would be one */
	}
	return sent;
}

struct kobj_attribute guard_nmi = __ATTR_WO(nmi);
struct kobj_attribute guard_init_ipi = __ATTR_WO(init);
struct kobj_attribute guard_broadcast = __ATTR_WO(broadcast);
