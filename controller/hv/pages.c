// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of the hypervisor world. Every one is registered here, so that a fault
 * record can tell that a co-kernel aimed at the hypervisor.
 */
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sysfs.h>
#include <linux/xarray.h>
#include <asm/processor.h>

#include "controller/hv/pages.h"

static DEFINE_XARRAY(hv_pfns);

static void pfns_unregister(unsigned long pfn, unsigned long nr)
{
	while (nr--)
		xa_erase(&hv_pfns, pfn + nr);
}

static int pfns_register(unsigned long pfn, unsigned long nr)
{
	unsigned long i;
	int err;

	for (i = 0; i < nr; i++) {
		err = xa_err(xa_store(&hv_pfns, pfn + i, xa_mk_value(1), GFP_KERNEL));
		if (err) {
			pfns_unregister(pfn, i);
			return err;
		}
	}
	return 0;
}

/**
 * hv_pages_alloc() - physically contiguous, zeroed pages for the hypervisor world
 * @size: bytes, multiple of the page size
 * @gfp:  where from, besides what GFP_KERNEL says: 0 or GFP_DMA32
 *
 * Context: may sleep.
 * Return: the pages in the direct map, or NULL.
 */
void *hv_pages_alloc(size_t size, gfp_t gfp)
{
	void *pages = alloc_pages_exact(size, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN | gfp);

	might_sleep();
	if (!pages)
		return NULL;
	if (pfns_register(PHYS_PFN(virt_to_phys(pages)), size >> PAGE_SHIFT)) {
		free_pages_exact(pages, size);
		return NULL;
	}
	return pages;
}

/**
 * hv_pages_free() - give them back, cleared: they hold a co-kernel's registers
 * @pages: from hv_pages_alloc(), or NULL
 * @size:  as given there
 */
void hv_pages_free(void *pages, size_t size)
{
	if (!pages)
		return;
	memset(pages, 0, size);
	pfns_unregister(PHYS_PFN(virt_to_phys(pages)), size >> PAGE_SHIFT);
	free_pages_exact(pages, size);
}

/**
 * hv_pages_own() - is this the hypervisor's memory?
 * @hpa: any host-physical address
 *
 * Return: true for an address in pages from hv_pages_alloc().
 */
bool hv_pages_own(hpa_t hpa)
{
	return xa_load(&hv_pfns, PHYS_PFN(hpa));
}

static ssize_t range_print(char *buf, ssize_t at, unsigned long first, unsigned long next)
{
	if (first == next)
		return 0;
	return sysfs_emit_at(buf, at, "0x%llx-0x%llx\n", PFN_PHYS(first), PFN_PHYS(next) - 1);
}

/**
 * hv_pages_print() - where the hypervisor's memory is
 * @buf: a page
 *
 * A line is "first-last", host-physical.
 *
 * Return: bytes written.
 */
ssize_t hv_pages_print(char *buf)
{
	unsigned long pfn, first = 0, next = 0;
	ssize_t len = 0;
	void *entry;

	xa_for_each(&hv_pfns, pfn, entry) {
		if (pfn != next) {
			len += range_print(buf, len, first, next);
			first = pfn;
		}
		next = pfn + 1;
	}
	return len + range_print(buf, len, first, next);
}

static void *table_alloc(void *ctx, hpa_t *hpa)
{
	const gfp_t *gfp = ctx;
	void *table = hv_pages_alloc(PAGE_SIZE, *gfp);

	if (table)
		*hpa = virt_to_phys(table);
	return table;
}

static void table_free(void *ctx, hpa_t hpa)
{
	hv_pages_free(phys_to_virt(hpa), PAGE_SIZE);
}

static void *table_virt(void *ctx, hpa_t hpa)
{
	return phys_to_virt(hpa);
}

/**
 * hv_pages_pt_mm() - page source for page tables
 * @gfp: as for hv_pages_alloc(); must live as long as the tables
 *
 * Return: the source, for pt_init().
 */
struct pt_mm hv_pages_pt_mm(const gfp_t *gfp)
{
	return (struct pt_mm) {
		.alloc = table_alloc,
		.free = table_free,
		.virt = table_virt,
		.ctx = (void *)gfp,
		.phys_bits = boot_cpu_data.x86_phys_bits,
	};
}
