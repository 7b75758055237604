// SPDX-License-Identifier: GPL-2.0-only
/* INIT, SIPI, SIPI: how a CPU that Linux has given up gets into the hypervisor. */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <asm/apic.h>

#include "controller/host/ipi.h"
#include "controller/hv/boot.h"
#include "controller/hv/image.h"
#include "controller/hv/low_page.h"

#define INIT_DELAY_MS	10	/* between INIT and its deassertion: SDM vol. 3, 9.4.4.1 */
#define SIPI_DELAY_US	200
#define START_TIMEOUT_S	10

static DEFINE_MUTEX(page_lock);	/* one CPU uses the low page at a time */

static void send_to_each(const struct hv_space *space, u32 mask, u32 command)
{
	u32 index, rest;

	for_each_index(index, rest, mask)
		ipi_send(command, space->config->cpu[index].apicid);
}

/**
 * hv_boot_halt() - have CPUs wait for a start-up IPI, whatever they do
 * @space: their hypervisor memory, which knows their APIC ids
 * @mask:  mask of CPUs, offline in Linux
 *
 * One that holds INITs back just now takes it as soon as it does not.
 *
 * Context: may sleep.
 */
void hv_boot_halt(const struct hv_space *space, u32 mask)
{
	might_sleep();
	send_to_each(space, mask, APIC_INT_LEVELTRIG | APIC_INT_ASSERT | APIC_DM_INIT);
	msleep(INIT_DELAY_MS);
	send_to_each(space, mask, APIC_INT_LEVELTRIG | APIC_DM_INIT);
}

static void send_startup(apicid_t apicid)
{
	ipi_send(APIC_DM_STARTUP | hv_low_page() >> PAGE_SHIFT, apicid);
	usleep_range(SIPI_DELAY_US, 2 * SIPI_DELAY_US);
}

/**
 * hv_boot_wait() - let a parked CPU wait for a start-up IPI, in no page of ours
 * @space:  the enclave's hypervisor memory
 * @index:  that the CPU has, or had at its last start
 * @cpu:    the CPU, offline in Linux
 * @apicid: hardware's number of it
 *
 * A CPU that was never started with this index waits in Linux's own memory, and stays there. What
 * an INIT costs is CR4.MCE: a machine check that is broadcast finds it clear (SDM vol. 3, 10.4.1).
 *
 * Context: may sleep.
 * Return: true when an INIT was sent. Nothing tells whether it has arrived: until Linux has the CPU
 * online, it may be parked in pages of ours.
 */
bool hv_boot_wait(struct hv_space *space, u32 index, int cpu, apicid_t apicid)
{
	might_sleep();
	if (READ_ONCE(hv_space_status(space, index)->state) == COVIRT_CPU_OFF)
		return false;
	hv_space_name_cpu(space, index, cpu, apicid);
	hv_boot_halt(space, BIT(index));
	return true;
}

/* The CPU is out of the low page for good, one way or another. */
static bool has_started(const struct covirt_status *status)
{
	/* Pairs with state_set() in core/hv/main.c, as all readers of the state. */
	return smp_load_acquire(&status->state) >= COVIRT_CPU_RUNNING;
}

static int await_start(const struct covirt_status *status)
{
	unsigned long deadline = jiffies + START_TIMEOUT_S * HZ;

	while (!has_started(status)) {
		if (time_after(jiffies, deadline))
			return -ETIMEDOUT;
		usleep_range(50, 200);
	}
	return 0;
}

static void page_fill(struct hv_space *space, u32 index)
{
	const struct hv_header *header = hv_image();
	void *page = phys_to_virt(hv_low_page());
	struct hv_trampoline *params = page + HV_TRAMPOLINE_PARAMS;

	memcpy(page, phys_to_virt(hv_image_hpa(header->trampoline)), PAGE_SIZE);
	params->root = pt_root(&space->tables);
	params->base = hv_low_page();
	params->stack = HV_CPU + (u64)index * HV_CPU_STRIDE + HV_CPU_PRIVATE + PAGE_SIZE;
	params->entry = header->entry;
	wmb();	/* the other CPU reads it without asking for an order */
}

static int page_run(struct hv_space *space, u32 index)
{
	apicid_t apicid = space->config->cpu[index].apicid;
	const struct covirt_status *status = hv_space_status(space, index);
	int err;

	/*
	 * No INIT is sent in between, or after an error only: the CPU may have started, and would
	 * start twice.
	 */
	send_startup(apicid);
	if (READ_ONCE(status->state) == COVIRT_CPU_OFF)
		send_startup(apicid);
	err = await_start(status);
	if (err)
		/* Wherever the CPU is, from now on it waits for a SIPI. */
		hv_boot_halt(space, BIT(index));
	return err;
}

/**
 * hv_boot_cpu() - start a CPU in the hypervisor
 * @space: the enclave's hypervisor memory, with its configuration complete
 * @index: the CPU, offline in Linux; hv_boot_halt(), then hv_space_reset_cpu() were just called
 *
 * Linux brings no CPU up meanwhile: its trampoline might lie on the same page.
 *
 * Context: may sleep; takes cpus_read_lock().
 * Return: 0 when it has reached the guest, perhaps left it again already;
 * -ETIMEDOUT when it did not within 10 s: it then waits for a start-up IPI, unless INITs were
 * lost. So call hv_space_expect_no_cpu().
 */
int hv_boot_cpu(struct hv_space *space, u32 index)
{
	int err;

	might_sleep();
	mutex_lock(&page_lock);
	cpus_read_lock();
	page_fill(space, index);
	err = page_run(space, index);
	cpus_read_unlock();
	mutex_unlock(&page_lock);
	return err;
}
