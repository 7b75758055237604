// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that Linux handles like any other, and enclaves raise. Linux may move one, to
 * another vector and another CPU. Whoever has told an enclave where it is tells it anew
 * before the old place ceases to be valid: Linux gives that up after the first interrupt at
 * the new one, for which it needs the lock of the interrupt, which is held meanwhile.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/kernel.h>
#include <asm/hw_irq.h>
#include <asm/irqdomain.h>
#include <asm/smp.h>

#include "controller/host/compat.h"
#include "controller/host/hostirq.h"
#include "irq/avic_posted/route.h"

static struct fwnode_handle *fwnode;
static struct irq_domain *domain;

static int set_affinity(struct irq_data *data, const struct cpumask *mask, bool force)
{
	struct hostirq *hostirq = irq_data_get_irq_chip_data(data);
	int ret = irq_chip_set_affinity_parent(data, mask, force);

	if (ret >= 0)
		hostirq->moved(hostirq);
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
	struct irq_alloc_info *info = arg;
	int err;

	err = irq_domain_alloc_irqs_parent(d, virq, nr, arg);
	if (err)
		return err;
	irq_domain_set_info(d, virq, 0, &hostirq_chip, info->data, handle_edge_irq, NULL, "edge");
	return 0;
}

static const struct irq_domain_ops domain_ops = {
	.alloc = domain_alloc,
	.free = irq_domain_free_irqs_common,
};

/**
 * hostirq_init() - be ready to get interrupts from Linux
 *
 * Return: 0 or -ENOMEM.
 */
int hostirq_init(void)
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

/**
 * hostirq_exit() - undo hostirq_init(); all interrupts have been released
 */
void hostirq_exit(void)
{
	irq_domain_remove(domain);
	irq_domain_free_fwnode(fwnode);
}

/**
 * hostirq_request() - get an interrupt
 * @hostirq: with its function set; it may be called from now on
 * @handler: gets @hostirq
 * @name:    for /proc/interrupts; stays as long as the interrupt
 *
 * Context: may sleep.
 * Return: 0 or an error, explained in the log; then nothing is left.
 */
int hostirq_request(struct hostirq *hostirq, irq_handler_t handler, const char *name)
{
	struct irq_alloc_info info = { .data = hostirq };
	int virq, err;

	might_sleep();
	virq = irq_domain_alloc_irqs(domain, 1, NUMA_NO_NODE, &info);
	err = min(virq, 0);
	if (!err) {
		hostirq->irq = virq;
		compat_irq_move_any_time(virq);
		err = request_irq(virq, handler, 0, name, hostirq);
		if (err)
			irq_dispose_mapping(virq);
	}
	if (err)
		pr_err("no interrupt vector to be had from Linux (error %d)\n", err);
	return err;
}

/**
 * hostirq_release() - give an interrupt back
 * @hostirq: nobody raises it any more
 *
 * Context: may sleep. Neither the handler nor @moved runs afterwards.
 */
void hostirq_release(struct hostirq *hostirq)
{
	might_sleep();
	free_irq(hostirq->irq, hostirq);
	irq_dispose_mapping(hostirq->irq);
}

/**
 * hostirq_publish() - have @moved called although the interrupt has not moved
 * @hostirq: requested
 *
 * Somebody else has to be told where it is. It does not move meanwhile.
 */
void hostirq_publish(struct hostirq *hostirq)
{
	struct irq_desc *desc = irq_data_to_desc(irq_get_irq_data(hostirq->irq));
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
	hostirq->moved(hostirq);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/**
 * hostirq_cpu() - the CPU that handles an interrupt now
 * @hostirq: the interrupt
 *
 * From the effective affinity: irq_cfg::dest_apicid is a logical id where Linux uses
 * those (6.1 with few CPUs).
 */
int hostirq_cpu(const struct hostirq *hostirq)
{
	struct irq_data *data = irq_get_irq_data(hostirq->irq);

	return cpumask_first(irq_data_get_effective_affinity_mask(data));
}

/**
 * hostirq_icr() - the ICR value that raises an interrupt now
 * @hostirq: the interrupt
 *
 * To be acted upon only in @moved.
 *
 * Return: see route_icr().
 */
u64 hostirq_icr(const struct hostirq *hostirq)
{
	struct irq_data *data = irq_get_irq_data(hostirq->irq);

	return route_icr(per_cpu(x86_cpu_to_apicid, hostirq_cpu(hostirq)),
			 irqd_cfg(data)->vector);
}
