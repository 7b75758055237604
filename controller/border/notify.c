// SPDX-License-Identifier: GPL-2.0-only
/*
 * Host interrupt, the same one for all enclaves. One that is sent to where it was a moment ago can
 * be lost: the watch polls by itself once in a while.
 */
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "controller/border/notify.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/wake.h"
#include "controller/host/hostirq.h"

/* Enclaves that run. Changed and walked for writing under the lock, by the handler under RCU. */
static LIST_HEAD(active);
/*
 * Guards covirt_config::notify of all enclaves: outside of it they say where Linux's interrupt is.
 */
static DEFINE_RAW_SPINLOCK(notify_lock);

static void notify_moved(struct hostirq *hostirq)
{
	struct enclave *enclave;
	unsigned long flags;

	raw_spin_lock_irqsave(&notify_lock, flags);
	list_for_each_entry(enclave, &active, active)
		WRITE_ONCE(enclave->space.config->notify, hostirq_icr(hostirq));
	raw_spin_unlock_irqrestore(&notify_lock, flags);
}

static struct hostirq notify = { .moved = notify_moved };

/* Readers of a console sleep, or a CPU has left guest mode: whichever it was. */
static irqreturn_t notify_handle(int irq, void *data)
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

/**
 * notify_init() - get the interrupt
 *
 * Return: 0 or an error, explained in the log.
 */
int notify_init(void)
{
	return hostirq_request(&notify, notify_handle, "covirt");
}

/**
 * notify_exit() - give it back; no enclave is served any more
 */
void notify_exit(void)
{
	hostirq_release(&notify);
}

/**
 * notify_serve() - write for an enclave where the interrupt is, and keep that up to date
 * @enclave: locked, about to start
 */
void notify_serve(struct enclave *enclave)
{
	unsigned long flags;

	lockdep_assert_held(&enclave->lock);
	raw_spin_lock_irqsave(&notify_lock, flags);
	list_add_rcu(&enclave->active, &active);
	raw_spin_unlock_irqrestore(&notify_lock, flags);
	hostirq_publish(&notify);
}

/**
 * notify_forget() - undo notify_serve()
 * @enclave: locked, served
 *
 * Context: may sleep. The handler does not look at it any more afterwards.
 */
void notify_forget(struct enclave *enclave)
{
	unsigned long flags;

	lockdep_assert_held(&enclave->lock);
	might_sleep();
	raw_spin_lock_irqsave(&notify_lock, flags);
	list_del_rcu(&enclave->active);
	raw_spin_unlock_irqrestore(&notify_lock, flags);
	synchronize_rcu();
}
