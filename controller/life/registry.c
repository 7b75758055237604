// SPDX-License-Identifier: GPL-2.0-only
/* Enclaves as objects: names, the list of them, creation and destruction. */
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "controller/enclave/console.h"
#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/hold.h"
#include "controller/enclave/refuse.h"
#include "controller/enclave/state.h"
#include "controller/enclave/trace.h"
#include "controller/life/handover.h"
#include "controller/life/registry.h"
#include "controller/life/stop.h"
#include "controller/life/watch.h"

#define MINORS	256

static LIST_HEAD(enclaves);
static DEFINE_MUTEX(enclaves_lock);
static DEFINE_IDA(minors);
static DECLARE_WAIT_QUEUE_HEAD(released);	/* when a minor becomes free */
static dev_t first_dev;
static struct class *device_class;
static const struct file_operations *device_fops;
static bool closed;	/* no new enclaves, no new starts */

static bool char_is_valid(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

static bool name_is_valid(const char *name)
{
	/* Attributes of the class, beside the enclaves. */
	static const char *const reserved[] = { "abi_version", "create", "destroy",
						"hypervisor_memory", "last_error",
						"memory_reserve", "memory_spare" };
	const char *c;

	if (!*name || strlen(name) > ENCLAVE_NAME_MAX)
		return false;
	for (c = name; *c; c++)
		if (!char_is_valid(*c))
			return false;
	return match_string(reserved, ARRAY_SIZE(reserved), name) < 0;
}

static struct enclave *enclave_find(const char *name)
{
	struct enclave *enclave;

	lockdep_assert_held(&enclaves_lock);
	list_for_each_entry(enclave, &enclaves, node)
		if (!strcmp(enclave_name(enclave), name))
			return enclave;
	return NULL;
}

static bool any_abandoned;

/* A CPU that may still be parked in its pages keeps them, and the image, for ever. */
static void space_release(struct enclave *enclave)
{
	if (enclave->abandoned || enclave_cpus_may_be_parked(enclave))
		any_abandoned = true;
	else if (enclave->space.config)
		hv_space_destroy(&enclave->space);
}

/* The last reference, an open console's perhaps, is gone. */
static void enclave_release(struct device *dev)
{
	struct enclave *enclave = to_enclave(dev);

	space_release(enclave);
	kfree(enclave->firmware);
	kfree(enclave->initrd);
	kfree(enclave->cmdline);
	kvfree(enclave->fault_log);
	if (dev->devt)
		ida_free(&minors, MINOR(dev->devt));
	kfree(enclave);
	wake_up(&released);
}

static void enclave_defaults(struct enclave *enclave)
{
	mutex_init(&enclave->lock);
	last_error_init(&enclave->last_error);
	enclave_cpus_clear(&enclave->cpus);
	enclave_console_init(&enclave->console);
	INIT_DELAYED_WORK(&enclave->watch, enclave_watch_work);
	cdev_init(&enclave->cdev, device_fops);
	enclave->cdev.owner = THIS_MODULE;
	enclave->layout = &covirt_layouts[0];
	enclave->node_wanted = NUMA_NO_NODE;
	enclave->interrupts = ENCLAVE_INTERRUPTS_AUTO;
	enclave->com1_irq = true;
	enclave->dev.class = device_class;
	enclave->dev.release = enclave_release;
	device_initialize(&enclave->dev);
}

static int enclave_prepare(struct enclave *enclave, const char *name)
{
	int minor, err;

	err = dev_set_name(&enclave->dev, "%s", name);
	if (err)
		return err;
	enclave->memory.owner = enclave_name(enclave);
	minor = ida_alloc_max(&minors, MINORS - 1, GFP_KERNEL);
	if (minor < 0)
		return minor;
	enclave->dev.devt = MKDEV(MAJOR(first_dev), minor);
	enclave->fault_log = kvzalloc(sizeof(*enclave->fault_log), GFP_KERNEL);
	if (!enclave->fault_log)
		return -ENOMEM;
	return hv_space_init(&enclave->space, enclave_name(enclave));
}

static int enclave_add(const char *name)
{
	struct enclave *enclave = kzalloc(sizeof(*enclave), GFP_KERNEL);
	int err;

	if (!enclave)
		return -ENOMEM;
	enclave_defaults(enclave);
	err = enclave_prepare(enclave, name);
	if (!err)
		err = cdev_device_add(&enclave->cdev, &enclave->dev);
	if (err) {
		put_device(&enclave->dev);
		return err;
	}
	list_add_tail(&enclave->node, &enclaves);
	trace_covirt_create(enclave);
	return 0;
}

/**
 * enclave_create() - make an empty enclave
 * @name: its name
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for a name that cannot be; -EEXIST; -ENOSPC; -ENOMEM.
 */
int enclave_create(const char *name)
{
	int err;

	might_sleep();
	if (!name_is_valid(name))
		return class_refuse(-EINVAL,
				    "an enclave's name has 1 to %d characters, a-z A-Z 0-9 _ -, no file's",
				    ENCLAVE_NAME_MAX);
	mutex_lock(&enclaves_lock);
	if (closed)
		err = -ENODEV;
	else
		err = enclave_find(name) ? -EEXIST : enclave_add(name);
	mutex_unlock(&enclaves_lock);
	if (err == -EEXIST)
		return class_refuse(err,
				    "enclave %s exists: choose another name, or destroy it first",
				    name);
	if (err)
		return class_refuse(err, "enclave %s could not be created (error %d)", name, err);
	return 0;
}

/* CPUs first: a parked one executes in the hypervisor's pages. */
static int enclave_empty(struct enclave *enclave)
{
	int err;

	enclave_check_ended(enclave);
	if (enclave->run == ENCLAVE_RUNNING)
		return enclave_refuse(enclave, -EBUSY, "it is running: write stop to state first");
	if (enclave->lost)
		return enclave_refuse(enclave, -EBUSY,
				      "a CPU of it does not answer: write stop to state to try again, or reboot");
	err = enclave_cpus_release(enclave);
	if (err)
		return err;
	enclave_give_back(enclave);
	enclave->dead = true;
	return 0;
}

static void enclave_remove(struct enclave *enclave)
{
	trace_covirt_destroy(enclave);
	list_del(&enclave->node);
	cancel_delayed_work_sync(&enclave->watch);
	wake_up_interruptible(&enclave->console.wait);
	cdev_device_del(&enclave->cdev, &enclave->dev);
	put_device(&enclave->dev);
}

static int enclave_destroy_locked(struct enclave *enclave)
{
	int err;

	mutex_lock(&enclave->lock);
	err = enclave_empty(enclave);
	mutex_unlock(&enclave->lock);
	if (!err)
		enclave_remove(enclave);
	return err;
}

/**
 * enclave_destroy() - give everything back and forget the enclave
 * @name: its name
 *
 * Context: may sleep.
 * Return: 0; -ENOENT; -EBUSY while it runs; or what kept a CPU from coming back.
 */
int enclave_destroy(const char *name)
{
	struct enclave *enclave;
	int err = -ENOENT;

	might_sleep();
	mutex_lock(&enclaves_lock);
	enclave = enclave_find(name);
	if (enclave)
		err = enclave_destroy_locked(enclave);
	else
		class_refuse(err, "there is no enclave of that name: see /sys/class/covirt");
	mutex_unlock(&enclaves_lock);
	return err;
}

static void enclave_shut(struct enclave *enclave)
{
	mutex_lock(&enclave->lock);
	enclave->dead = true;	/* no restart */
	if (enclave_is_busy(enclave))
		enclave_stop(enclave);
	mutex_unlock(&enclave->lock);
}

/**
 * enclaves_shutdown() - the machine goes down: stop all of them
 *
 * None can be started afterwards.
 *
 * Context: may sleep.
 */
void enclaves_shutdown(void)
{
	struct enclave *enclave;

	might_sleep();
	mutex_lock(&enclaves_lock);
	closed = true;
	list_for_each_entry(enclave, &enclaves, node)
		enclave_shut(enclave);
	mutex_unlock(&enclaves_lock);
}

/* Waits for a start that is under way. */
static bool enclave_is_idle(struct enclave *enclave)
{
	bool idle;

	mutex_lock(&enclave->lock);
	idle = !enclave_is_busy(enclave);
	mutex_unlock(&enclave->lock);
	return idle;
}

/**
 * enclaves_hold_starts() - from here on no enclave starts
 *
 * The flag is set before each enclave is looked at under its lock: a start
 * has either seen it, or is seen.
 *
 * Context: may sleep.
 * Return: true; false when one runs already, and then nothing is held.
 */
bool enclaves_hold_starts(void)
{
	struct enclave *enclave;
	bool idle = true;

	might_sleep();
	mutex_lock(&enclaves_lock);
	enclaves_starts_hold(true);
	list_for_each_entry(enclave, &enclaves, node)
		idle &= enclave_is_idle(enclave);
	if (!idle)
		enclaves_starts_hold(false);
	mutex_unlock(&enclaves_lock);
	return idle;
}

static void enclave_slept(struct enclave *enclave)
{
	mutex_lock(&enclave->lock);
	enclave->contents++;
	enclave_memory_lost(&enclave->memory);
	mutex_unlock(&enclave->lock);
}

/**
 * enclaves_slept() - the machine has slept: nothing that enclaves have claimed is as it was
 *
 * What is claimed is in no hibernation image: its memory holds what the kernel left there that
 * loaded the image, its CPUs are as that kernel left them. Firmware may have used either in a
 * lighter sleep. Starts are still held, and no enclave runs.
 *
 * Context: may sleep.
 */
void enclaves_slept(void)
{
	struct enclave *enclave;

	might_sleep();
	mutex_lock(&enclaves_lock);
	list_for_each_entry(enclave, &enclaves, node)
		enclave_slept(enclave);
	mutex_unlock(&enclaves_lock);
	enclave_cpus_slept();
}

/**
 * enclaves_allow_starts() - undo enclaves_hold_starts()
 */
void enclaves_allow_starts(void)
{
	enclaves_starts_hold(false);
}

/**
 * enclaves_init() - device numbers for enclaves
 * @class: class of their devices; registered before the first is created
 * @fops:  operations of their device files
 *
 * Return: 0 or an error.
 */
int enclaves_init(struct class *class, const struct file_operations *fops)
{
	device_class = class;
	device_fops = fops;
	return alloc_chrdev_region(&first_dev, 0, MINORS, "covirt");
}

/**
 * enclaves_any_abandoned() - may a CPU of an enclave that is gone still be parked?
 *
 * Return: true when the image has to stay.
 */
bool enclaves_any_abandoned(void)
{
	return any_abandoned;
}

/*
 * The module's exit cannot be refused: a CPU that Linux does not bring online stays parked, and the
 * pages that it executes stay with it.
 */
static void enclave_abandon(struct enclave *enclave)
{
	mutex_lock(&enclave->lock);
	enclave->abandoned = enclave_cpus_release(enclave);
	enclave_give_back(enclave);
	enclave->dead = true;
	mutex_unlock(&enclave->lock);
	enclave_remove(enclave);
}

/**
 * enclaves_exit() - destroy all enclaves
 *
 * The module is being unloaded, so none runs. Returns when nobody holds a
 * reference to any of them.
 *
 * Context: may sleep.
 */
void enclaves_exit(void)
{
	struct enclave *enclave, *next;

	might_sleep();
	mutex_lock(&enclaves_lock);
	closed = true;
	list_for_each_entry_safe(enclave, next, &enclaves, node)
		enclave_abandon(enclave);
	mutex_unlock(&enclaves_lock);
	wait_event(released, ida_is_empty(&minors));
}

/**
 * enclaves_free_minors() - undo enclaves_init()
 */
void enclaves_free_minors(void)
{
	unregister_chrdev_region(first_dev, MINORS);
}
