// SPDX-License-Identifier: GPL-2.0-only
/* The hypervisor's address space for one enclave, as core/hv/space.h lays it out. */
#include <linux/bug.h>
#include <linux/io.h>
#include <linux/mm.h>

#include "controller/host/backend.h"
#include "controller/hv/image.h"
#include "controller/hv/low_page.h"
#include "controller/hv/pages.h"
#include "controller/hv/space.h"
#include "core/apic.h"
#include "mm/npt_ept/formats.h"

/* The trampoline loads CR3 in 32-bit mode: the root lies below 4 GiB. */
static const gfp_t table_gfp = GFP_DMA32;

#define CONTROL_OFFSET	(HV_CPU_CONTROL - HV_CPU_PRIVATE)
#define STATUS_OFFSET	(HV_CPU_STATUS - HV_CPU_PRIVATE)
#define SAVE_OFFSET	HV_CPU_MAPPED

#define ENTRY_WRITE	BIT_ULL(1)
#define ENTRY_NX	BIT_ULL(63)

static int space_map(struct hv_space *space, u64 address, hpa_t hpa, u64 len, u8 access)
{
	const struct covirt_extent extent = {
		.gpa = address,
		.hpa = hpa,
		.len = len,
		.access = access,
		.memtype = COVIRT_MT_WB,
		.kind = COVIRT_KIND_RAM,
	};

	return len ? pt_map(&space->tables, &extent) : 0;
}

static int space_map_image(struct hv_space *space)
{
	const struct hv_header *header = hv_image();
	u32 text = header->text_size;
	int err;

	err = space_map(space, HV_IMAGE, hv_image_hpa(0), text, COVIRT_READ | COVIRT_EXEC);
	if (err)
		return err;
	err = space_map(space, HV_IMAGE + text, hv_image_hpa(text), header->size - text,
			COVIRT_READ);
	if (err)
		return err;
	return space_map(space, hv_low_page(), hv_image_hpa(header->trampoline), PAGE_SIZE,
			 COVIRT_READ | COVIRT_EXEC);
}

static int space_map_data(struct hv_space *space)
{
	int err;

	err = space_map(space, HV_CONFIG, virt_to_phys(space->config), HV_CONFIG_SIZE,
			COVIRT_READ);
	if (err)
		return err;
	return space_map(space, HV_SHARED, virt_to_phys(space->shared), HV_SHARED_SIZE, COVIRT_RW);
}

/* APIC registers are mapped once: each CPU finds its own local APIC at that address. */
static int space_map_apic(struct hv_space *space)
{
	const struct covirt_extent registers = {
		.gpa = HV_APIC,
		.hpa = APIC_PAGE,
		.len = PAGE_SIZE,
		.access = COVIRT_RW,
		.memtype = COVIRT_MT_UC,
		.kind = COVIRT_KIND_MMIO,
	};

	return backend_features() & COVIRT_FEATURE_XAPIC ? pt_map(&space->tables, &registers) : 0;
}

/**
 * hv_space_init() - memory for everything but the CPUs, and its page tables
 * @space: zeroed
 * @name:  name of the enclave; stays as long as the space
 *
 * Return: 0 or -ENOMEM.
 */
int hv_space_init(struct hv_space *space, const char *name)
{
	const struct pt_mm mm = hv_pages_pt_mm(&table_gfp);
	int err;

	space->name = name;
	spin_lock_init(&space->post_lock);
	err = pt_init(&space->tables, &host_format, &mm, 0);
	if (err)
		return err;
	space->config = hv_pages_alloc(HV_CONFIG_SIZE, 0);
	space->shared = hv_pages_alloc(HV_SHARED_SIZE, 0);
	err = space->config && space->shared ? 0 : -ENOMEM;
	if (!err)
		err = space_map_image(space);
	if (!err)
		err = space_map_data(space);
	if (!err)
		err = space_map_apic(space);
	if (err)
		hv_space_destroy(space);
	return err;
}

/**
 * hv_space_destroy() - free all of it
 * @space: initialized; no CPU executes in it, not even parked
 */
void hv_space_destroy(struct hv_space *space)
{
	u32 index;

	hv_space_unlink_guest(space);
	pt_destroy(&space->tables);
	for (index = 0; index < COVIRT_MAX_CPUS; index++)
		hv_pages_free(space->cpu[index], HV_CPU_BYTES);
	hv_pages_free(space->shared, HV_SHARED_SIZE);
	hv_pages_free(space->config, HV_CONFIG_SIZE);
	memset(space, 0, sizeof(*space));
}

/**
 * hv_space_add_cpu() - memory for the CPU of an index
 * @space: the space
 * @index: below COVIRT_MAX_CPUS
 *
 * It stays until the space is destroyed, because a parked CPU executes on it.
 *
 * Return: 0 or -ENOMEM.
 */
int hv_space_add_cpu(struct hv_space *space, u32 index)
{
	u64 address = HV_CPU + (u64)index * HV_CPU_STRIDE + HV_CPU_PRIVATE;
	void *pages;
	int err;

	if (space->cpu[index])
		return 0;
	pages = hv_pages_alloc(HV_CPU_BYTES, 0);
	if (!pages)
		return -ENOMEM;
	if (backend()->format_save_area)
		backend()->format_save_area(pages + SAVE_OFFSET);
	err = space_map(space, address, virt_to_phys(pages), HV_CPU_MAPPED, COVIRT_RW);
	if (err) {
		hv_pages_free(pages, HV_CPU_BYTES);
		return err;
	}
	space->cpu[index] = pages;
	return 0;
}

/**
 * hv_space_name_cpu() - write which CPU has an index
 * @space:  the space
 * @index:  added before
 * @cpu:    Linux's number of the CPU
 * @apicid: hardware's number of it
 */
void hv_space_name_cpu(struct hv_space *space, u32 index, int cpu, apicid_t apicid)
{
	hpa_t hpa = virt_to_phys(space->cpu[index]);

	space->linux_cpu[index] = cpu;
	space->config->cpu[index] = (struct covirt_cpu_config) {
		.apicid = apicid,
		.control_block = hpa + CONTROL_OFFSET,
		.host_state = hpa + STATUS_OFFSET,
		.save_area = hpa + SAVE_OFFSET,
	};
}

/**
 * hv_space_reset_cpu() - a CPU's memory as it must find it when it starts
 * @space:  the space
 * @index:  added before; its CPU has not come, or has parked
 *
 * Its status reads COVIRT_CPU_OFF afterwards, and from then on the CPU may come. The save area
 * is left as it is: the processor may have it a little longer than the hypervisor.
 */
void hv_space_reset_cpu(struct hv_space *space, u32 index)
{
	struct covirt_status *status = hv_space_status(space, index);
	void *pages = space->cpu[index];

	memset(pages, 0, STATUS_OFFSET);
	memset((void *)status + sizeof(status->state), 0, PAGE_SIZE - sizeof(status->state));
	memset(pages + CONTROL_OFFSET, 0, PAGE_SIZE);
	if (backend()->format_control_block)
		backend()->format_control_block(pages + CONTROL_OFFSET);
	/* The state is written last; pairs with the LOCK in core/hv/start.S. */
	smp_store_release(&status->state, COVIRT_CPU_OFF);
}

/**
 * hv_space_expect_no_cpu() - a CPU shall not come any more
 * @space: the space
 * @index: added before; its CPU was asked to come, perhaps
 *
 * If it still does, it finds that nobody waits, and touches nothing. One that has come
 * already stays where it is.
 */
void hv_space_expect_no_cpu(struct hv_space *space, u32 index)
{
	struct covirt_status *status = hv_space_status(space, index);

	status->fault.reason = status->fault.reason ?: COVIRT_FAULT_STOPPED;
	cmpxchg(&status->state, COVIRT_CPU_OFF, COVIRT_CPU_PARKED);
}

/**
 * hv_space_status() - what a CPU reports
 * @space: the space
 * @index: added before
 *
 * Return: written by the hypervisor at any time while the CPU runs.
 */
struct covirt_status *hv_space_status(const struct hv_space *space, u32 index)
{
	return space->cpu[index] + STATUS_OFFSET;
}

static u64 *direct_map_root(struct hv_space *space)
{
	u64 *root = phys_to_virt(pt_root(&space->tables));

	return root + HV_GUEST_ENTRY;
}

/**
 * hv_space_link_guest() - let the hypervisor read the enclave's memory
 * @space: the space
 * @root:  root of page tables of long mode that translate guest-physical addresses
 *
 * Only for a processor that leaves instructions to decode: the hypervisor
 * then fetches them at HV_GUEST + guest-physical address. An NPT entry is a
 * long-mode entry (APM vol. 2, 15.25.5), so with NPT these are the nested tables
 * themselves, one level shared; WRITE cleared and NX set in the linking entry
 * hold for all below it (APM vol. 2, 5.6).
 */
void hv_space_link_guest(struct hv_space *space, hpa_t root)
{
	const u64 *entry = phys_to_virt(root);
	u64 *direct_map = direct_map_root(space);
	u32 n;

	for (n = 0; n < HV_GUEST_ENTRIES; n++)
		if (entry[n])
			direct_map[n] = (entry[n] & ~ENTRY_WRITE) | ENTRY_NX;
}

static bool is_executed(const struct hv_space *space)
{
	u32 index, state;

	for (index = 0; index < COVIRT_MAX_CPUS; index++) {
		state = space->cpu[index] ? READ_ONCE(hv_space_status(space, index)->state) :
					   COVIRT_CPU_OFF;
		if (state != COVIRT_CPU_OFF && state < COVIRT_CPU_PARKED)
			return true;
	}
	return false;
}

/**
 * hv_space_unlink_guest() - before those tables are freed
 * @space: the space; no CPU executes in it, except parked
 */
void hv_space_unlink_guest(struct hv_space *space)
{
	WARN_ON_ONCE(is_executed(space));
	memset(direct_map_root(space), 0, HV_GUEST_ENTRIES * sizeof(u64));
}
