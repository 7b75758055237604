// SPDX-License-Identifier: GPL-2.0-only
/*
 * All routes, and what the hypervisors of the enclaves are told of them: to a sender, which
 * interrupts its CPUs may send and where they go now; to who gets them, which vectors are
 * explained by a route.
 *
 * routes_lock guards the list and those tables, in whichever enclave they are. It is taken
 * under an enclave's own lock; of another enclave only what it guards is looked at.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bug.h>
#include <linux/eventfd.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "controller/border/routes.h"
#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/refuse.h"
#include "controller/enclave/state.h"
#include "controller/host/compat.h"
#include "controller/host/hostirq.h"
#include "controller/host/ipi.h"
#include "controller/hv/command.h"

#define NO_ENTRY	COVIRT_MAX_ROUTES
#define QUIET_SPINS	1000000		/* far more than sending an interrupt takes */

/**
 * struct route - one route
 * @node:    in the list, which is sorted by @id
 * @id:      its number
 * @enclave: the one it was granted on; pinned
 * @to:      target enclave, pinned; NULL: Linux
 * @source:  enum covirt_endpoint
 * @source_cpu: as requested
 * @senders: mask of CPU indexes of @enclave, where that sends
 * @entry:   where @enclave sends, index of its entry in the configuration
 * @index:   index of the target CPU in @to
 * @cpu:     Linux's number of that CPU
 * @apicid:  hardware's id of that CPU; target Linux: of the one that it had at first
 * @destination: what the sender names
 * @vector:  vector that it sends
 * @raised:  interrupts sent by Linux
 * @irq:     target Linux: its interrupt
 * @event:   target Linux: who is told, or NULL
 * @published: target Linux: the entry follows the interrupt; guarded by moving_lock
 * @name:    target Linux: name of the interrupt
 */
struct route {
	struct list_head node;
	u32 id;
	struct enclave *enclave;
	struct enclave *to;
	u32 source;
	int source_cpu;
	u32 senders;
	u32 entry;
	u32 index;
	int cpu;
	apicid_t apicid;
	apicid_t destination;
	vector_t vector;
	u64 raised;
	struct hostirq irq;
	struct eventfd_ctx *event;
	bool published;
	char name[COVIRT_NAME_BYTES];
};

static DEFINE_MUTEX(routes_lock);
static LIST_HEAD(routes);
static u32 last_id;

/* Guards the targets of routes to Linux: outside of it they say where Linux's interrupts are. */
static DEFINE_RAW_SPINLOCK(moving_lock);

static struct covirt_route *entry_of(const struct route *route)
{
	return &route->enclave->space.config->route[route->entry];
}

static bool is_sent_by_enclave(const struct route *route)
{
	return route->source == COVIRT_ENDPOINT_ENCLAVE;
}

/* --- writing what hypervisors read --- */

/* Pairs with send_routed() in core/smp.c: nobody is using a target that it read before. */
static void await_quiet(const struct enclave *enclave)
{
	u32 index, rest, spins = QUIET_SPINS;

	smp_mb(); /* the new target is there before who is sending is looked at */
	for_each_index(index, rest, enclave->space.config->present)
		while (READ_ONCE(hv_space_status(&enclave->space, index)->routing) && --spins)
			cpu_relax();
}

/* Linux moves its interrupt: the copy goes first. */
static void route_moved(struct hostirq *hostirq)
{
	struct route *route = container_of(hostirq, struct route, irq);
	unsigned long flags;

	raw_spin_lock_irqsave(&moving_lock, flags);
	if (route->published) {
		WRITE_ONCE(entry_of(route)->target, hostirq_icr(hostirq));
		await_quiet(route->enclave);
	}
	raw_spin_unlock_irqrestore(&moving_lock, flags);
}

static void published_set(struct route *route, bool published)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&moving_lock, flags);
	route->published = published;
	raw_spin_unlock_irqrestore(&moving_lock, flags);
}

static void target_write(struct route *route)
{
	if (route->to) {
		WRITE_ONCE(entry_of(route)->target, route->to->routes_live ?
			   route_icr(route->apicid, route->vector) : 0);
	} else {
		published_set(route, true);
		hostirq_publish(&route->irq);
	}
}

static void entry_write(struct route *route)
{
	struct covirt_config *config = route->enclave->space.config;
	struct covirt_route *entry = entry_of(route);

	target_write(route);
	WRITE_ONCE(entry->senders, route->senders);
	WRITE_ONCE(config->nr_routes, max(config->nr_routes, route->entry + 1));
	/* Last: what it stands for is there by then. Pairs with is_for() in irq/. */
	smp_store_release(&entry->icr, route_icr(route->destination, route->vector));
}

static void entry_clear(struct route *route)
{
	WRITE_ONCE(entry_of(route)->icr, 0);
	published_set(route, false);
	WRITE_ONCE(entry_of(route)->target, 0);
}

/* Several routes may have the same vector. */
static void granted_write(struct enclave *enclave)
{
	struct covirt_config *config = enclave->space.config;
	struct vectors granted[COVIRT_MAX_CPUS] = {};
	struct route *route;
	u32 index, word;

	lockdep_assert_held(&routes_lock);
	list_for_each_entry(route, &routes, node)
		if (route->to == enclave)
			vectors_add(&granted[route->index], route->vector);
	for (index = 0; index < COVIRT_MAX_CPUS; index++)
		for (word = 0; word < ARRAY_SIZE(granted[index].word); word++)
			WRITE_ONCE(config->cpu[index].granted.word[word],
				   granted[index].word[word]);
}

static void targets_write(const struct enclave *to)
{
	struct route *route;

	lockdep_assert_held(&routes_lock);
	list_for_each_entry(route, &routes, node)
		if (route->to == to && is_sent_by_enclave(route))
			entry_write(route);
}

/* --- a route comes and goes --- */

static struct route *route_find_id(const struct enclave *enclave, u32 id)
{
	struct route *route;

	list_for_each_entry(route, &routes, node)
		if (route->enclave == enclave && route->id == id)
			return route;
	return NULL;
}

static void route_free(struct route *route)
{
	if (route->irq.irq)
		hostirq_release(&route->irq);
	if (route->event)
		eventfd_ctx_put(route->event);
	if (route->to)
		put_device(&route->to->dev);
	put_device(&route->enclave->dev);
	kfree(route);
}

/*
 * The route is removed in any case. A CPU that does not answer finds it gone when it sends the next
 * time, if it ever does.
 */
static int route_remove(struct route *route)
{
	struct enclave *enclave = route->enclave;
	int err = 0;

	lockdep_assert_held(&routes_lock);
	list_del(&route->node);
	if (is_sent_by_enclave(route)) {
		entry_clear(route);
		err = hv_command_sync(&enclave->space, enclave->space.config->present);
	}
	if (route->to)
		granted_write(route->to);
	if (err)
		enclave_refuse(enclave, err,
			       "route %u is revoked, but a CPU does not acknowledge it: write stop to state",
			       route->id);
	route_free(route);
	return err;
}

static irqreturn_t route_handle(int irq, void *data)
{
	struct route *route = container_of(data, struct route, irq);

	if (route->event)
		compat_eventfd_signal(route->event);
	return IRQ_HANDLED;
}

/* --- granting: is it sound? --- */

static bool entry_is_used(const struct enclave *enclave, u32 entry)
{
	struct route *route;

	list_for_each_entry(route, &routes, node)
		if (route->enclave == enclave && is_sent_by_enclave(route) && route->entry == entry)
			return true;
	return false;
}

static int entry_find(struct enclave *enclave, struct route *route)
{
	u32 entry;

	for (entry = 0; entry < COVIRT_MAX_ROUTES; entry++)
		if (!entry_is_used(enclave, entry))
			break;
	if (entry == COVIRT_MAX_ROUTES)
		return enclave_refuse(enclave, -ENOSPC,
				      "it has %d routes already: revoke one that is not needed",
				      COVIRT_MAX_ROUTES);
	route->entry = entry;
	return 0;
}

static u32 mask_of_cpu(const struct enclave *enclave, int cpu)
{
	u32 index, rest, mask = enclave_cpus_present(&enclave->cpus);

	if (cpu == COVIRT_CPU_ANY)
		return mask;
	for_each_index(index, rest, mask)
		if (enclave->cpus.cpu[index] == cpu)
			return BIT(index);
	return 0;
}

static int check_request(struct enclave *enclave, const struct covirt_ioctl_route *request)
{
	bool to_linux = request->target == COVIRT_ENDPOINT_LINUX;

	if (request->source > COVIRT_ENDPOINT_LINUX || request->target > COVIRT_ENDPOINT_LINUX)
		return enclave_refuse(enclave, -EINVAL,
				      "a route leads from an enclave or Linux to an enclave or Linux");
	if (request->source == COVIRT_ENDPOINT_LINUX && to_linux)
		return enclave_refuse(enclave, -EINVAL, "Linux needs no route to itself");
	if (request->vector > 255 ||
	    (request->vector < COVIRT_ROUTE_FIRST && !(to_linux && !request->vector)))
		return enclave_refuse(enclave, -EINVAL, "a route's vector is %d to 255",
				      COVIRT_ROUTE_FIRST);
	return 0;
}

static int source_set(struct enclave *enclave, struct route *route,
		      const struct covirt_ioctl_route *request)
{
	if (!is_sent_by_enclave(route))
		return 0;
	route->senders = mask_of_cpu(enclave, request->source_cpu);
	if (!route->senders)
		return enclave_refuse(enclave, -EINVAL,
				      "the sending CPU %d is none of its: see its cpus",
				      request->source_cpu);
	return entry_find(enclave, route);
}

static int to_cpu_set(struct enclave *enclave, struct route *route, int cpu)
{
	u32 mask = cpu == COVIRT_CPU_ANY ? 0 : mask_of_cpu(route->to, cpu);

	if (route->to->routes_closed)
		return enclave_refuse(enclave, -EBUSY,
				      "CPUs of %s are coming or going: try again when they have",
				      enclave_name(route->to));
	if (!mask)
		return enclave_refuse(enclave, -EINVAL,
				      "CPU %d does not belong to %s: see its cpus",
				      cpu, enclave_name(route->to));
	route->index = __ffs(mask);
	route->cpu = cpu;
	route->apicid = enclave_cpus_apicid(cpu);
	return 0;
}

/*
 * A co-kernel with ids of the hardware names the target by them. One with ids of its own knows no
 * others: what it has to write is in no danger of being one of them.
 */
static void destination_set(const struct enclave *enclave, struct route *route, int cpu)
{
	if (is_sent_by_enclave(route) && enclave_has_own_ids(enclave))
		route->destination = COVIRT_ROUTE_DESTINATION + cpu;
	else
		route->destination = route->apicid;
}

static int to_enclave_set(struct enclave *enclave, struct enclave *to, struct route *route,
			  const struct covirt_ioctl_route *request)
{
	int err;

	if (!is_sent_by_enclave(route))
		to = enclave;
	if (!to)
		return enclave_refuse(enclave, -EBADF,
				      "fd is no open /dev/covirt/NAME of the enclave that the route leads to");
	get_device(&to->dev);
	route->to = to;
	if (is_sent_by_enclave(route) && route->to == enclave)
		return enclave_refuse(enclave, -EINVAL,
				      "its CPUs may interrupt each other without a route");
	err = to_cpu_set(enclave, route, request->target_cpu);
	if (!err)
		destination_set(enclave, route, route->cpu);
	return err;
}

static int event_set(struct enclave *enclave, struct route *route, int fd)
{
	struct eventfd_ctx *event;

	if (fd < 0)
		return 0;
	event = eventfd_ctx_fdget(fd);
	if (IS_ERR(event))
		return enclave_refuse(enclave, PTR_ERR(event),
				      "fd is no eventfd: pass one, or -1");
	route->event = event;
	return 0;
}

/* The co-kernel goes on naming the place that the interrupt had at first. */
static int to_linux_set(struct enclave *enclave, struct route *route,
			const struct covirt_ioctl_route *request)
{
	u64 icr;
	int err;

	err = event_set(enclave, route, request->fd);
	if (err)
		return err;
	route->irq.moved = route_moved;
	snprintf(route->name, sizeof(route->name), "covirt-%s", enclave_name(enclave));
	err = hostirq_request(&route->irq, route_handle, route->name);
	if (err) {
		route->irq.irq = 0;
		return err;
	}
	icr = hostirq_icr(&route->irq);
	route->apicid = icr >> 32;
	route->vector = request->vector ?: (vector_t)icr;
	destination_set(enclave, route, hostirq_cpu(&route->irq));
	return 0;
}

static int check_unique(struct enclave *enclave, const struct route *new)
{
	struct route *route;

	list_for_each_entry(route, &routes, node)
		if (route->enclave == enclave && route->source == new->source &&
		    route->destination == new->destination && route->vector == new->vector &&
		    (!is_sent_by_enclave(new) || route->senders & new->senders))
			return enclave_refuse(enclave, -EEXIST,
					      "route %u has that target and vector already: revoke it first, or choose another vector",
					      route->id);
	return 0;
}

static int route_set(struct enclave *enclave, struct enclave *to, struct route *route,
		     const struct covirt_ioctl_route *request)
{
	int err;

	err = source_set(enclave, route, request);
	if (!err)
		err = request->target == COVIRT_ENDPOINT_LINUX ?
		      to_linux_set(enclave, route, request) :
		      to_enclave_set(enclave, to, route, request);
	return err ?: check_unique(enclave, route);
}

static struct route *route_new(struct enclave *enclave, const struct covirt_ioctl_route *request)
{
	struct route *route = kzalloc(sizeof(*route), GFP_KERNEL);

	if (!route)
		return NULL;
	get_device(&enclave->dev);
	route->enclave = enclave;
	route->source = request->source;
	route->source_cpu = request->source_cpu;
	route->vector = request->vector;
	route->entry = NO_ENTRY;
	return route;
}

static bool is_in_force(const struct route *route)
{
	return route->enclave->routes_live && (!route->to || route->to->routes_live);
}

static u64 count_sent(const struct route *route)
{
	const struct hv_space *space = &route->enclave->space;
	u64 sum = route->raised;
	u32 index, rest;

	if (!is_sent_by_enclave(route))
		return sum;
	for_each_index(index, rest, enclave_cpus_present(&route->enclave->cpus))
		sum += READ_ONCE(hv_space_status(space, index)->routed[route->entry]);
	return sum;
}

static void describe_target(const struct route *route, struct covirt_ioctl_route *request)
{
	u64 icr;

	if (route->to) {
		request->target = COVIRT_ENDPOINT_ENCLAVE;
		request->target_cpu = route->cpu;
		strscpy(request->name, enclave_name(route->to), sizeof(request->name));
		return;
	}
	icr = hostirq_icr(&route->irq);
	request->target = COVIRT_ENDPOINT_LINUX;
	request->target_cpu = hostirq_cpu(&route->irq);
	request->irq = route->irq.irq;
	request->host_vector = (vector_t)icr;
}

static void describe(const struct route *route, struct covirt_ioctl_route *request)
{
	*request = (struct covirt_ioctl_route) {
		.id = route->id,
		.source = route->source,
		.source_cpu = route->source_cpu,
		.fd = -1,
		.vector = route->vector,
		.apicid = route->destination,
		.in_force = is_in_force(route),
		.count = count_sent(route),
	};
	describe_target(route, request);
}

/* Clears the counts of the route that had the entry before, along which nobody sends now. */
static void entry_forget(const struct route *route)
{
	const struct enclave *enclave = route->enclave;
	u32 index, rest;

	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus))
		WRITE_ONCE(hv_space_status(&enclave->space, index)->routed[route->entry], 0);
}

static void route_add(struct route *route)
{
	lockdep_assert_held(&routes_lock);
	route->id = ++last_id;
	list_add_tail(&route->node, &routes);
	if (is_sent_by_enclave(route)) {
		entry_forget(route);
		entry_write(route);
	}
	if (route->to)
		granted_write(route->to);
}

/**
 * routes_grant() - let an interrupt cross the border
 * @enclave: locked; the sender, or where Linux sends, who gets it
 * @to:      the enclave whose device covirt_ioctl_route::fd is, pinned by the caller; NULL: none
 * @request: what is wanted; on success everything that there is to say of the route
 *
 * It is in force at once, without an exit.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL, -EBADF, -EBUSY, -EEXIST, -ENOSPC or -ENOMEM, explained in the log.
 */
int routes_grant(struct enclave *enclave, struct enclave *to, struct covirt_ioctl_route *request)
{
	int err, fd = request->fd;
	struct route *route;

	lockdep_assert_held(&enclave->lock);
	might_sleep();
	err = check_request(enclave, request);
	if (err)
		return err;
	route = route_new(enclave, request);
	if (!route)
		return -ENOMEM;
	mutex_lock(&routes_lock);
	err = route_set(enclave, to, route, request);
	if (!err) {
		route_add(route);
		describe(route, request);
		request->fd = fd;
	}
	mutex_unlock(&routes_lock);
	if (err)
		route_free(route);
	return err;
}

/**
 * routes_revoke() - nothing crosses there any more
 * @enclave: locked; the one that the route was granted on
 * @id:      the route
 *
 * Context: may sleep.
 * Return: 0 when each CPU of the sender has acknowledged; -ENOENT; -ETIMEDOUT when one does not
 * answer.
 */
int routes_revoke(struct enclave *enclave, u32 id)
{
	struct route *route;
	int err;

	lockdep_assert_held(&enclave->lock);
	might_sleep();
	mutex_lock(&routes_lock);
	route = route_find_id(enclave, id);
	if (route)
		err = route_remove(route);
	else
		err = enclave_refuse(enclave, -ENOENT, "it has no route %u: list them first", id);
	mutex_unlock(&routes_lock);
	return err;
}

/**
 * routes_next() - describe a route
 * @enclave: locked
 * @request: its @id says where to begin; overwritten
 *
 * Context: may sleep.
 * Return: 0, or -ENOENT when no route of the enclave has that number or a higher one.
 */
int routes_next(struct enclave *enclave, struct covirt_ioctl_route *request)
{
	struct route *route;
	int err = -ENOENT;

	might_sleep();
	lockdep_assert_held(&enclave->lock);
	mutex_lock(&routes_lock);
	list_for_each_entry(route, &routes, node) {
		if (route->enclave != enclave || route->id < request->id)
			continue;
		describe(route, request);
		err = 0;
		break;
	}
	mutex_unlock(&routes_lock);
	return err;
}

static int route_raise(struct enclave *enclave, struct route *route)
{
	if (!route || is_sent_by_enclave(route))
		return enclave_refuse(enclave, -ENOENT,
				      "it has no route of that number from Linux: grant one first");
	if (!enclave->routes_live)
		return enclave_refuse(enclave, -EIO, "it does not run: write start to state first");
	route->raised++;
	ipi_interrupt(route->apicid, route->vector);
	return 0;
}

/**
 * routes_raise() - interrupt a co-kernel from Linux
 * @enclave: locked; its enclave
 * @id:      the route, whose source is Linux
 *
 * Context: may sleep.
 * Return: 0; -ENOENT; -EIO when the enclave does not run.
 */
int routes_raise(struct enclave *enclave, u32 id)
{
	int err;

	lockdep_assert_held(&enclave->lock);
	might_sleep();
	mutex_lock(&routes_lock);
	err = route_raise(enclave, route_find_id(enclave, id));
	mutex_unlock(&routes_lock);
	return err;
}

/**
 * routes_count() - routes granted on an enclave
 * @enclave: locked
 *
 * Context: may sleep.
 */
u64 routes_count(const struct enclave *enclave)
{
	struct route *route;
	u64 count = 0;

	lockdep_assert_held(&enclave->lock);
	might_sleep();
	mutex_lock(&routes_lock);
	list_for_each_entry(route, &routes, node)
		count += route->enclave == enclave;
	mutex_unlock(&routes_lock);
	return count;
}

/* --- the life of an enclave --- */

/**
 * routes_configure() - write an enclave's configuration before a start
 * @enclave: locked, does not run; the rest of its configuration is there
 *
 * Context: may sleep.
 */
void routes_configure(struct enclave *enclave)
{
	might_sleep();
	enclave_assert_idle(enclave);
	mutex_lock(&routes_lock);
	granted_write(enclave);
	mutex_unlock(&routes_lock);
}

static void live_set(struct enclave *enclave, bool live)
{
	mutex_lock(&routes_lock);
	enclave->routes_live = live;
	targets_write(enclave);
	mutex_unlock(&routes_lock);
}

/**
 * routes_begin() - it runs: what is sent to it, is delivered
 * @enclave: locked, all its CPUs started
 *
 * Context: may sleep.
 */
void routes_begin(struct enclave *enclave)
{
	might_sleep();
	lockdep_assert_held(&enclave->lock);
	live_set(enclave, true);
}

/**
 * routes_end() - it does not run any more: what is sent to it, is not delivered
 * @enclave: locked, all its CPUs parked
 *
 * Context: may sleep.
 */
void routes_end(struct enclave *enclave)
{
	might_sleep();
	lockdep_assert_held(&enclave->lock);
	live_set(enclave, false);
}

static u32 mask_in(const struct enclave *enclave, const struct cpumask *cpus)
{
	u32 index, rest, mask = 0;

	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus))
		if (cpumask_test_cpu(enclave->cpus.cpu[index], cpus))
			mask |= BIT(index);
	return mask;
}

static bool loses_target(const struct route *route, const struct enclave *enclave,
			 const struct cpumask *gone)
{
	return route->to == enclave && cpumask_test_cpu(route->cpu, gone);
}

/* Return: whether all that send are gone. */
static bool loses_senders(struct route *route, const struct enclave *enclave, u32 mask)
{
	if (route->enclave != enclave || !(route->senders & mask))
		return false;
	route->senders &= ~mask;
	WRITE_ONCE(entry_of(route)->senders, route->senders);
	return !route->senders;
}

static void closed_set(struct enclave *enclave, bool closed)
{
	mutex_lock(&routes_lock);
	enclave->routes_closed = closed;
	mutex_unlock(&routes_lock);
}

/**
 * routes_close() - CPUs come or go: no route to the enclave can be granted
 * @enclave: locked, does not run
 *
 * A CPU that comes may have to go again, and others see it meanwhile. Until routes_open().
 *
 * Context: may sleep.
 */
void routes_close(struct enclave *enclave)
{
	enclave_assert_idle(enclave);
	might_sleep();
	closed_set(enclave, true);
}

/**
 * routes_cut_off() - revoke what leads from or to CPUs that go
 * @enclave: locked, between routes_close() and routes_open()
 * @gone:    those of its CPUs
 *
 * Context: may sleep.
 */
void routes_cut_off(struct enclave *enclave, const struct cpumask *gone)
{
	u32 mask = mask_in(enclave, gone);
	struct route *route, *next;

	lockdep_assert_held(&enclave->lock);
	might_sleep();
	WARN_ON_ONCE(!enclave->routes_closed);
	mutex_lock(&routes_lock);
	list_for_each_entry_safe(route, next, &routes, node) {
		if (!loses_target(route, enclave, gone) && !loses_senders(route, enclave, mask))
			continue;
		dev_info(&route->enclave->dev, "route %u is gone with a CPU of %s\n", route->id,
			 enclave_name(enclave));
		route_remove(route);
	}
	mutex_unlock(&routes_lock);
}

/**
 * routes_open() - its CPUs are what they are: routes may be granted again
 * @enclave: locked
 *
 * Context: may sleep.
 */
void routes_open(struct enclave *enclave)
{
	might_sleep();
	lockdep_assert_held(&enclave->lock);
	closed_set(enclave, false);
}
