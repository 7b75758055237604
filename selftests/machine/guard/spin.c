// SPDX-License-Identifier: GPL-2.0-only
/*
 * spin: written with "ADDRESS COUNT", keeps this CPU in a loop of three instructions
 * for COUNT rounds, interrupts off, that counts its rounds in the 64-bit variable at
 * that physical address; "ADDRESS COUNT APICID" does so RINGS times and sends an NMI
 * there after each.
 *
 * An emulator whose clock is the mean of all CPUs' instructions can count those of
 * one CPU while another tells what it does (Documentation/testing.rst).
 */
#include <linux/io.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>

#include <asm/apic.h>

#include "guard.h"

#define RINGS	20

static void spin(u64 *rounds, u64 count)
{
	u64 end = *rounds + count;

	asm volatile("1: incq %0\n\t"
		     "cmpq %1, %0\n\t"
		     "jb 1b" : "+m"(*rounds) : "r"(end));
}

static ssize_t spin_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			  size_t len)
{
	u64 address, count;
	u32 apicid, i;
	unsigned long flags;
	int nr = sscanf(buf, "%llu %llu %u", &address, &count, &apicid);

	if (nr < 2 || !count)
		return -EINVAL;
	local_irq_save(flags);
	spin(phys_to_virt(address), count);
	for (i = 0; nr == 3 && i < RINGS; i++) {
		apic->icr_write(APIC_DM_NMI, apicid);
		spin(phys_to_virt(address), count);
	}
	local_irq_restore(flags);
	return len;
}

struct kobj_attribute guard_spin = __ATTR_WO(spin);
