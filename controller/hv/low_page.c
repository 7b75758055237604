// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page that CPUs start on. A start-up IPI names a page below 1 MiB. Linux allocates nothing
 * there once it runs, so a page of System RAM is borrowed until the module goes: a CPU may come to
 * it at any time until Linux has it back.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/io.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "controller/hv/low_page.h"

/*
 * The low page is in the middle: firmware scribbles on the lowest 64 KiB
 * (X86_CHECK_BIOS_CORRUPTION), and Linux has its own trampoline above them (movable_node) or else
 * below 640 KiB, in pages that it protects.
 */
#define PAGE_FIRST	0x40000
#define PAGE_LAST	0x8f000

static hpa_t page;
static void *page_saved;

/**
 * hv_low_page_init() - choose the low page
 *
 * Return: 0; -ENODEV when there is no RAM where one is needed; -ENOMEM.
 */
int hv_low_page_init(void)
{
	for (page = PAGE_FIRST; page <= PAGE_LAST; page += PAGE_SIZE)
		if (page_is_ram(PHYS_PFN(page)))
			break;
	if (page > PAGE_LAST) {
		pr_err("no RAM below 576 KiB to start a CPU on: check the memory map in the kernel log\n");
		return -ENODEV;
	}
	page_saved = kmemdup(phys_to_virt(page), PAGE_SIZE, GFP_KERNEL);
	return page_saved ? 0 : -ENOMEM;
}

/**
 * hv_low_page_exit() - undo hv_low_page_init()
 */
void hv_low_page_exit(void)
{
	memcpy(phys_to_virt(page), page_saved, PAGE_SIZE);
	kfree_sensitive(page_saved);
}

/**
 * hv_low_page() - the page that CPUs start on
 *
 * Return: its physical address, which the hypervisor's tables map to the image's trampoline.
 */
hpa_t hv_low_page(void)
{
	return page;
}
