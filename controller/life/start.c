// SPDX-License-Identifier: GPL-2.0-only
/* Starting a co-kernel: checks, then what it needs from inside out, its CPUs last. */
#include <linux/firmware.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/timekeeping.h>
#include <asm/tsc.h>

#include "controller/border/exit_trace.h"
#include "controller/border/notify.h"
#include "controller/border/routes.h"
#include "controller/border/unclaimed.h"
#include "controller/border/xapic.h"
#include "controller/enclave/console.h"
#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/hold.h"
#include "controller/enclave/interrupts.h"
#include "controller/enclave/refuse.h"
#include "controller/enclave/state.h"
#include "controller/enclave/trace.h"
#include "controller/enclave/wake.h"
#include "controller/host/backend.h"
#include "controller/hv/boot.h"
#include "controller/life/apic_ids.h"
#include "controller/life/handover.h"
#include "controller/life/start.h"
#include "controller/life/stop.h"
#include "controller/life/watchdog.h"
#include "controller/loader/loader.h"
#include "core/linux/apic_ids.h"

/* --- may it start? --- */

static int check_state(struct enclave *enclave)
{
	if (enclave_is_running(enclave))
		return enclave_refuse(enclave, -EBUSY, "it is running already");
	if (enclave->lost)
		return enclave_refuse(enclave, -EBUSY,
				      "a CPU of it does not answer: write stop to state to try again, or reboot");
	return 0;
}

static int check_cpus(struct enclave *enclave)
{
	if (!enclave->cpus.nr)
		return enclave_refuse(enclave, -EINVAL, "it has no CPU: write one to cpus first");
	return 0;
}

static int check_contents(struct enclave *enclave)
{
	if (!enclave->memory.blocks.nr)
		return enclave_refuse(enclave, -EINVAL,
				      "it has no memory: write a size to memory first");
	if (!enclave->firmware)
		return enclave_refuse(enclave, -EINVAL,
				      "it has no co-kernel: write a file's path below /lib/firmware to firmware first");
	return 0;
}

#define XAPIC_LAST_ID	254	/* 255 is everybody */

/* Without x2APIC: the CPUs of the enclave, and Linux's, which are notified. */
static int check_apicids(struct enclave *enclave)
{
	int cpu;

	if (!(backend_features() & COVIRT_FEATURE_XAPIC))
		return 0;
	for_each_present_cpu(cpu)
		if (enclave_cpus_apicid(cpu) > XAPIC_LAST_ID)
			return enclave_refuse(enclave, -EOPNOTSUPP,
					      "CPU %d has APIC id %u, which these processors without x2APIC cannot address: boot Linux with fewer CPUs (nr_cpus=)",
					      cpu, enclave_cpus_apicid(cpu));
	return 0;
}

static int check_sleep(struct enclave *enclave)
{
	if (!enclaves_starts_held())
		return 0;
	return enclave_refuse(enclave, -EBUSY, "Linux is going to sleep: start it afterwards");
}

static int (*const checks[])(struct enclave *enclave) = {
	check_state,
	check_sleep,
	check_cpus,
	check_contents,
	check_apicids,
};

static int check_all(struct enclave *enclave)
{
	int err = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(checks) && !err; i++)
		err = checks[i](enclave);
	return err;
}

/* --- files --- */

struct start_files {
	const struct firmware *kernel;
	const struct firmware *initrd;
};

/* Errors of Linux's firmware loader, in words. */
static const struct {
	int err;
	const char *words;
} file_errors[] = {
	{ -ENOENT, "is not there" },
	{ -EACCES, "is no regular file: name the image itself" },
	{ -EINVAL, "is empty, or a directory: name the image itself" },
	{ -EFBIG, "is too large for Linux to read" },
	{ -ENOMEM, "does not fit into Linux's memory" },
};

static const char *file_words(int err)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(file_errors); i++)
		if (file_errors[i].err == err)
			return file_errors[i].words;
	return "cannot be read";
}

static int file_get(struct enclave *enclave, const char *name, const struct firmware **file)
{
	int err;

	if (!name)
		return 0;
	err = firmware_request_nowarn(file, name, &enclave->dev);
	if (err)
		return enclave_refuse(enclave, err, "/lib/firmware/%s %s (error %d)", name,
				      file_words(err), err);
	return 0;
}

static void files_put(struct start_files *files)
{
	release_firmware(files->initrd);
	release_firmware(files->kernel);
}

static int files_get(struct enclave *enclave, struct start_files *files)
{
	int err;

	err = file_get(enclave, enclave->firmware, &files->kernel);
	if (err)
		return err;
	err = file_get(enclave, enclave->initrd, &files->initrd);
	if (err)
		files_put(files);
	return err;
}

/* Checks that need the files alone, before memory is cleared for them. */
static int files_check(struct enclave *enclave, const struct start_files *files)
{
	struct loader_verdict verdict;
	u64 need;
	int err;

	err = loader_check(files->kernel->data, files->kernel->size, enclave->protocol, &verdict);
	if (err)
		return enclave_refuse(enclave, err, "%s: %s", enclave->firmware, verdict.reason);
	enclave->protocol_used = verdict.protocol;
	need = verdict.need + (files->initrd ? files->initrd->size : 0);
	if (need > enclave->memory.blocks.size)
		return enclave_refuse(enclave, -EINVAL,
				      "%s%s need %lluM at least: give the enclave more memory",
				      enclave->firmware, files->initrd ? " and its initrd" : "",
				      (need >> 20) + 1);
	return 0;
}

/* --- what the CPU obeys, and what the co-kernel finds --- */

static int start_partition(struct enclave *enclave)
{
	const struct covirt_gpmap *map = &enclave->partition.map;
	u32 i;
	int err;

	enclave_partition_destroy(enclave);
	err = partition_build(&enclave->partition, enclave->layout, &enclave->memory,
			      enclave->on_unclaimed, enclave_ioapic(enclave),
			      enclave->space.config->interrupts);
	if (err)
		return enclave_refuse(enclave, err,
				      "layout %s cannot be made of this memory (error %d): try more memory, or another layout",
				      enclave->layout->name, err);
	for (i = 0; i < map->nr; i++)
		trace_covirt_map(enclave, &map->extent[i]);
	if (enclave->partition.features & COVIRT_FEATURE_DIRECT_MAP)
		hv_space_link_guest(&enclave->space, partition_direct_map(&enclave->partition));
	return 0;
}

static void *guest_ram(void *ctx, gpa_t gpa, u64 len)
{
	return partition_ram(ctx, gpa, len);
}

/* The boot CPU first. */
static void list_cpus(const struct enclave *enclave, struct loader_request *request)
{
	struct apic_ids ids;

	enclave_apic_ids_list(enclave, &ids);
	request->nr_cpus = ids.nr;
	request->nr_announced = ids.nr_announced;
	memcpy(request->apicid, ids.guest, sizeof(request->apicid));
}

static int start_load(struct enclave *enclave, const struct start_files *files)
{
	struct loader_request request = {
		.kernel = files->kernel->data,
		.kernel_len = files->kernel->size,
		.initrd = files->initrd ? files->initrd->data : NULL,
		.initrd_len = files->initrd ? files->initrd->size : 0,
		.protocol = enclave->protocol_used,
		.address = enclave->protocol_address,
		.cmdline = enclave->cmdline,
		.map = &enclave->partition.map,
		.mem = guest_ram,
		.ctx = &enclave->partition,
		.tsc_khz = tsc_khz,
		.have_1g_pages = backend_features() & COVIRT_FEATURE_1G_PAGES,
		.have_ioapic = enclave->com1_irq,
	};
	const char *reason = NULL;
	int err;

	list_cpus(enclave, &request);
	get_random_bytes(request.rng_seed, sizeof(request.rng_seed));
	enclave->memory.clean = false;
	err = loader_load(&request, &enclave->space.config->entry, &reason);
	memzero_explicit(request.rng_seed, sizeof(request.rng_seed));
	if (err)
		return enclave_refuse(enclave, err, "%s: %s", enclave->firmware, reason);
	return 0;
}

/* RAM ranges are those of the map, so that a heartbeat can be checked without a walk. */
static void list_ram(const struct covirt_gpmap *map, struct covirt_ram *ram)
{
	const struct covirt_extent *extent;

	ram->nr = 0;
	for (extent = map->extent; extent < map->extent + map->nr; extent++)
		if (extent->kind == COVIRT_KIND_RAM)
			heartbeat_add_ram(ram, extent->gpa, extent->len);
}

/* Linux's time, by the counter that Linux's CPUs and the enclave's have in common. */
static void set_clock(struct cmos_base *base)
{
	u64 khz = max(tsc_khz, 1U), tsc;
	struct timespec64 now;
	unsigned long flags;

	local_irq_save(flags);
	ktime_get_real_ts64(&now);
	tsc = rdtsc_ordered();
	local_irq_restore(flags);
	*base = (struct cmos_base){
		.seconds = now.tv_sec,
		.tsc = tsc - now.tv_nsec * khz / USEC_PER_SEC,
		.hz = khz * 1000,
	};
}

static void start_configure(struct enclave *enclave)
{
	struct covirt_config *config = enclave->space.config;
	u32 index, rest;

	config->magic = COVIRT_CONFIG_MAGIC;
	config->backend = backend()->id;
	config->features = enclave->partition.features;
	config->nested_root = pt_root(&enclave->partition.tables);
	config->msr_bitmap = virt_to_phys(enclave->partition.msr_map);
	config->io_bitmap = virt_to_phys(enclave->partition.port_map);
	config->on_ipi = enclave->on_ipi;
	config->on_unclaimed = enclave->on_unclaimed;
	unclaimed_list(&config->unclaimed);
	config->histogram = enclave->histogram;
	config->com1_irq = enclave->com1_irq;
	config->present = enclave_cpus_present(&enclave->cpus);
	config->boot = enclave_cpus_first(&enclave->cpus);
	list_ram(&enclave->partition.map, &config->ram);
	set_clock(&config->cmos);
	for_each_index(index, rest, config->present)
		hv_space_name_cpu(&enclave->space, index, enclave->cpus.cpu[index],
				  enclave_cpus_apicid(enclave->cpus.cpu[index]));
	enclave_apic_ids_configure(enclave);
	hv_boot_halt(&enclave->space, config->present);
	for_each_index(index, rest, config->present)
		hv_space_reset_cpu(&enclave->space, index);
	routes_configure(enclave);
	enclave_console_reset(enclave);
}

/* The memory's contents are lost from here on. */
static int start_build(struct enclave *enclave, const struct start_files *files)
{
	int err;

	enclave->contents++;
	enclave_memory_scrub(&enclave->memory);
	enclave_interrupts_choose(enclave);
	err = start_partition(enclave);
	if (!err)
		err = start_load(enclave, files);
	if (!err)
		start_configure(enclave);
	return err;
}

static int start_prepare(struct enclave *enclave)
{
	struct start_files files = {};
	int err;

	err = files_get(enclave, &files);
	if (err)
		return err;
	err = files_check(enclave, &files);
	if (!err)
		err = start_build(enclave, &files);
	files_put(&files);
	return err;
}

static int start_cpu(struct enclave *enclave, u32 index)
{
	int err = hv_boot_cpu(&enclave->space, index);

	if (!err)
		return 0;
	return enclave_fail(enclave, err,
			    "CPU %d did not start (error %d, it got as far as state %u): try another CPU",
			    enclave->cpus.cpu[index], err,
			    READ_ONCE(hv_space_status(&enclave->space, index)->state));
}

/*
 * CPUs that only wait for a start-up IPI are started first: the co-kernel finds all of them ready.
 */
static int start_cpus(struct enclave *enclave, u32 *started)
{
	const struct covirt_config *config = enclave->space.config;
	u32 index, rest;
	int err;

	*started = 0;
	for_each_index(index, rest, config->present & ~BIT(config->boot)) {
		err = start_cpu(enclave, index);
		if (err)
			return err;
		*started |= BIT(index);
	}
	return start_cpu(enclave, config->boot);
}

/* The module stays from here to the end of the run: CPUs execute its image. */
static int start_run(struct enclave *enclave)
{
	u32 started;
	int err;

	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	notify_serve(enclave);
	exit_trace_begin(enclave);
	unclaimed_begin(enclave);
	xapic_begin(enclave);
	err = start_cpus(enclave, &started);
	if (err)
		enclave_undo_start(enclave, started);
	return err;
}

static void run_begins(struct enclave *enclave)
{
	enclave->ended_hung = false;
	enclave->policy_due = false;	/* of the run before */
	enclave->ran = enclave->contents;
	enclave->starts++;
	trace_covirt_start(enclave);
	dev_info(&enclave->dev, "%s started by protocol %s\n", enclave->firmware,
		 enclave->protocol_used);
	routes_begin(enclave);
	enclave_state_set(enclave, ENCLAVE_RUNNING);
	enclave_watchdog_begin(enclave);
	enclave_watch_begin(enclave);
}

/**
 * enclave_start() - start the co-kernel
 * @enclave: locked
 *
 * Context: may sleep.
 * Return: 0 when its boot CPU has entered it; an error explained in the log, and
 * then the enclave is as before, except that its memory may have been cleared.
 */
int enclave_start(struct enclave *enclave)
{
	int err;

	lockdep_assert_held(&enclave->lock);
	might_sleep();
	enclave_check_ended(enclave);
	err = check_all(enclave) ?: enclave_cpus_prepare(enclave);
	if (err)
		return err;
	enclave_apic_ids_warn(enclave);
	err = start_prepare(enclave);
	if (!err)
		err = start_run(enclave);
	if (!err)
		run_begins(enclave);
	return err;
}
