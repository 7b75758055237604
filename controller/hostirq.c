// SPDX-License-Identifier: GPL-2.0-only
/*
 * One ordinary Linux interrupt for all enclaves, from the x86 vector domain.
 * Linux may move it like any other; then each running enclave's copy of its
 * vector and target moves with it. An interrupt sent to where it was a moment
 * ago can be lost: enclave_watch.c looks by itself once in a while.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <asm/hw_irq.h>
#include <asm/irqdomain.h>
#include <asm/smp.h>

#include "controller/compat.h"
#include "controller/enclave.h"
#include "controller/hostirq.h"

static struct fwnode_handle *fwnode;
static struct irq_domain *domain;
static unsigned int hostirq;

/* Enclaves that run. Changed and walked for writing under the lock, by the handler under RCU. */
static LIST_HEAD(active);
/* Where Linux's interrupt is and what the enclaves were told of it are the same outside of it. */
static DEFINE_RAW_SPINLOCK(notify_lock);

/*
 * As struct covirt_config::notify. The target is named by its APIC id, from the
 * effective affinity: irq_cfg::dest_apicid is a logical id where Linux uses
 * those (6.1 with few CPUs).
 */
static u64 notify_value(void)
{
	struct irq_data *data = irq_get_irq_data(hostirq);
	int cpu = cpumask_first(irq_data_get_effective_affinity_mask(data));

	return (u64)per_cpu(x86_cpu_to_apicid, cpu) << 32 | irqd_cfg(data)->vector;
}

static void notify_publish(void)
{
	struct enclave *enclave;
	unsigned long flags;

	raw_spin_lock_irqsave(&notify_lock, flags);
	list_for_each_entry(enclave, &active, active)
		WRITE_ONCE(enclave->space.config->notify, notify_value());
	raw_spin_unlock_irqrestore(&notify_lock, flags);
}

static int set_affinity(struct irq_data *data, const struct cpumask *mask, bool force)
{
	int ret = irq_chip_set_affinity_parent(data, mask, force);

	if (ret >= 0)
		notify_publish();
	return ret;
}

static struct irq_chip hostirq_chip = {
	.name = "covirt",
	.irq_ack = irq_chip_ack_parent,
	.irq_set_affinity = set_affinity,
	.irq_retrigger = irq_chip_retrigger_hierarchy,
	.flags = IRQCHIP_SKIP_SET_WAKE,
};

static int domain_alloc(struct irq_domain *d, unsigned int virq, unsigned int nr, void *arg)
{
	int err;

	err = irq_domain_alloc_irqs_parent(d, virq, nr, arg);
	if (err)
		return err;
	irq_domain_set_info(d, virq, 0, &hostirq_chip, NULL, handle_edge_irq, NULL, "edge");
	return 0;
}

static const struct irq_domain_ops domain_ops = {
	.alloc = domain_alloc,
	.free = irq_domain_free_irqs_common,
};

/* Readers of a console sleep, or a CPU has left guest mode: whichever it was. */
static irqreturn_t hostirq_handle(int irq, void *data)
{
	struct enclave *enclave;

	rcu_read_lock();
	list_for_each_entry_rcu(enclave, &active, active) {
		wake_up_interruptible(&enclave->console.wait);
		enclave_watch_soon(enclave);
	}
	rcu_read_unlock();
	return IRQ_HANDLED;
}

static int irq_alloc(void)
{
	struct irq_alloc_info info = {};
	int virq;

	virq = irq_domain_alloc_irqs(domain, 1, NUMA_NO_NODE, &info);
	if (virq < 0)
		return virq;
	hostirq = virq;
	compat_irq_move_any_time(hostirq);
	return 0;
}

static int domain_create(void)
{
	fwnode = irq_domain_alloc_named_fwnode("covirt");
	if (!fwnode)
		return -ENOMEM;
	domain = irq_domain_create_hierarchy(x86_vector_domain, 0, 0, fwnode, &domain_ops, NULL);
	if (!domain) {
		irq_domain_free_fwnode(fwnode);
		return -ENOMEM;
	}
	return 0;
}

static void domain_destroy(void)
{
	irq_domain_remove(domain);
	irq_domain_free_fwnode(fwnode);
}

/**
 * hostirq_init() - get an interrupt from Linux
 *
 * Return: 0 or an error, explained in the log; then nothing is left.
 */
int hostirq_init(void)
{
	int err;

	err = domain_create();
	if (err)
		goto fail;
	err = irq_alloc();
	if (err)
		goto fail_domain;
	err = request_irq(hostirq, hostirq_handle, 0, "covirt", NULL);
	if (err)
		goto fail_irq;
	return 0;

fail_irq:
	irq_dispose_mapping(hostirq);
fail_domain:
	domain_destroy();
fail:
	pr_err("no interrupt vector to be had from Linux (error %d)\n", err);
	return err;
}

/**
 * hostirq_exit() - give it back; no enclave is served any more
 */
void hostirq_exit(void)
{
	free_irq(hostirq, NULL);
	irq_dispose_mapping(hostirq);
	domain_destroy();
}

/**
 * hostirq_serve() - tell an enclave where the interrupt is, and keep it told
 * @enclave: about to start
 */
void hostirq_serve(struct enclave *enclave)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&notify_lock, flags);
	WRITE_ONCE(enclave->space.config->notify, notify_value());
	list_add_rcu(&enclave->active, &active);
	raw_spin_unlock_irqrestore(&notify_lock, flags);
}

/**
 * hostirq_forget() - undo hostirq_serve()
 * @enclave: served
 *
 * Context: may sleep. The handler does not look at it any more afterwards.
 */
void hostirq_forget(struct enclave *enclave)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&notify_lock, flags);
	list_del_rcu(&enclave->active);
	raw_spin_unlock_irqrestore(&notify_lock, flags);
	synchronize_rcu();
}
