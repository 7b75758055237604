// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unclaimed addresses: all but those of memory and of devices that Linux drives. Devices that come
 * while an enclave runs stay on its list. This is harmless: an access of the co-kernel is never
 * carried out, only answered as an empty bus would.
 */
#include <linux/acpi.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <asm/processor.h>

#include "controller/border/unclaimed.h"
#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"
#include "core/apic.h"
#include "core/linux/layout.h"

/* Kinds of entries in /proc/iomem that claim their addresses. */
static const struct claim {
	unsigned long flags;
	unsigned long desc;
	const char *reason;
} claims[] = {
	{ IORESOURCE_MEM | IORESOURCE_BUSY, IORES_DESC_NONE,
	  "RAM, also of enclaves and hypervisors; firmware's tables; what drivers have requested" },
	{ IORESOURCE_MEM, IORES_DESC_PERSISTENT_MEMORY,
	  "files and disks, though no driver may have them yet" },
	{ IORESOURCE_MEM, IORES_DESC_PERSISTENT_MEMORY_LEGACY,
	  "the same, as firmware without an NFIT tells it" },
	{ IORESOURCE_MEM, IORES_DESC_SOFT_RESERVED,
	  "RAM that a driver may hand out later" },
};

static int claim_resource(struct resource *res, void *unclaimed)
{
	unclaimed_claim(unclaimed, res->start, res->end + 1);
	return 0;
}

/* BARs of PCI devices are claimed as well: not all drivers request the registers that they map. */
static void claim_pci(struct unclaimed *unclaimed)
{
	struct pci_dev *dev = NULL;
	u32 i;

	for_each_pci_dev(dev)
		for (i = 0; dev->dev.driver && i < PCI_STD_NUM_BARS; i++)
			if (pci_resource_flags(dev, i) & IORESOURCE_MEM && pci_resource_len(dev, i))
				claim_resource(&dev->resource[i], unclaimed);
}

/* Linux drives it without having requested it. */
static void claim_hpet(struct unclaimed *unclaimed)
{
	struct acpi_table_header *header;
	const struct acpi_table_hpet *hpet;

	if (ACPI_FAILURE(acpi_get_table(ACPI_SIG_HPET, 0, &header)))
		return;
	hpet = (const struct acpi_table_hpet *)header;
	if (hpet->address.space_id == ACPI_ADR_SPACE_SYSTEM_MEMORY)
		unclaimed_claim(unclaimed, hpet->address.address,
				hpet->address.address + COVIRT_PAGE_SIZE);
	acpi_put_table(header);
}

/**
 * unclaimed_list() - what is nobody's now
 * @unclaimed: filled
 *
 * Below 1 MiB an enclave has what a layout gives it, whatever Linux has there, and a screen is
 * not among it: kernels of a PC write to it without asking. Addresses that this processor does not
 * have with memory encryption (the C-bit among them) are other names of RAM.
 *
 * Context: may sleep.
 */
void unclaimed_list(struct unclaimed *unclaimed)
{
	u32 i;

	might_sleep();
	unclaimed_init(unclaimed, COVIRT_LOW_END, BIT_ULL(boot_cpu_data.x86_phys_bits));
	unclaimed_claim(unclaimed, COVIRT_SCREEN_END, COVIRT_BLANK_END);
	for (i = 0; i < ARRAY_SIZE(claims); i++)
		walk_iomem_res_desc(claims[i].desc, claims[i].flags, COVIRT_BLANK_END, U64_MAX,
				    unclaimed, claim_resource);
	claim_pci(unclaimed);
	claim_hpet(unclaimed);
	unclaimed_claim(unclaimed, APIC_PAGE, APIC_PAGE + COVIRT_PAGE_SIZE);
}

static bool is_logged(const struct unclaimed_logged *logged, gpa_t gpa)
{
	u32 i;

	for (i = 0; i < logged->nr; i++)
		if (PHYS_PFN(logged->page[i]) == PHYS_PFN(gpa))
			return true;
	return false;
}

static void log_page(struct enclave *enclave, const struct unclaimed_page *page)
{
	struct unclaimed_logged *logged = &enclave->unclaimed;

	if (logged->nr == ARRAY_SIZE(logged->page) || is_logged(logged, page->gpa))
		return;
	logged->page[logged->nr++] = page->gpa;
	dev_info(&enclave->dev, "the co-kernel %s guest-physical 0x%llx, which is nobody's, at rip 0x%llx: %s; others in this page are only counted (on_unclaimed)\n",
		 page->write ? "wrote to" : "read", page->gpa, page->rip,
		 page->write ? "the write was dropped" : "it read all ones");
}

/* A CPU's count may be anything if its hypervisor went wrong. */
static void log_cpu(struct enclave *enclave, u32 index)
{
	const struct unclaimed_pages *pages = &hv_space_status(&enclave->space, index)->unclaimed;
	u32 nr, i;

	/* Pairs with the release in unclaimed_note(): the entries before the count. */
	nr = smp_load_acquire(&pages->nr);
	for (i = 0; i < nr && i < COVIRT_UNCLAIMED_PAGES; i++)
		log_page(enclave, &pages->page[i]);
}

/**
 * unclaimed_begin() - a run begins: it has logged nothing
 * @enclave: locked
 */
void unclaimed_begin(struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	enclave->unclaimed.nr = 0;
}

/**
 * unclaimed_log() - log the pages that were met since the last time
 * @enclave: locked, runs or has just ended
 */
void unclaimed_log(struct enclave *enclave)
{
	u32 index, rest;

	lockdep_assert_held(&enclave->lock);
	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus))
		if (enclave->space.cpu[index])
			log_cpu(enclave, index);
}
