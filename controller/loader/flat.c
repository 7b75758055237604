// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flat images: bytes without a header, which go to an address that the user names, and are entered
 * there as a plain ELF64 co-kernel is, with the struct covirt_bootinfo in RDI.
 */
#include "boot_cpu.h"
#include "bootinfo.h"
#include "cmdline.h"
#include "guest_ram.h"

/* Any bytes may be code. */
static bool flat_match(const struct loader_request *request)
{
	return request->protocol;
}

static int flat_check(struct loading *loading)
{
	loading->need = loading->request->kernel_len;
	return 0;
}

static int flat_place(struct loading *loading, struct gpa_range image)
{
	if (image.gpa < HIGH_START)
		return loading_fail(loading, -EINVAL,
				    "flat image is to go below 1 MiB, where boot structures lie: name a higher address");
	if (!guest_ram_covers(loading->request->map, image.gpa, image.len))
		return loading_fail(loading, -EINVAL,
				    "enclave has no RAM for all of the flat image at its address: use layout packed, more memory, or name another address");
	return guest_ram_place_initrd(loading, ~0ULL, image);
}

static int flat_write(struct loading *loading, struct gpa_range image)
{
	const struct loader_request *request = loading->request;
	int err;

	err = cmdline_write(loading, LOADER_CMDLINE_MAX, false);
	if (err)
		return err;
	err = guest_ram_write(loading, image.gpa, request->kernel, image.len);
	if (err)
		return err;
	err = guest_ram_write_initrd(loading);
	if (err)
		return err;
	return bootinfo_write(loading, image);
}

static int flat_load(struct loading *loading)
{
	const struct gpa_range image = {
		loading->request->address, loading->request->kernel_len,
	};
	int err;

	err = flat_place(loading, image);
	if (err)
		return err;
	err = flat_write(loading, image);
	if (err)
		return err;
	loading->entry->rdi = LOW_PARAMS;
	return boot_cpu_prepare(loading, image.gpa);
}

const struct loader_format flat_format = {
	.name = "flat",
	.has_address = true,
	.match = flat_match,
	.check = flat_check,
	.load = flat_load,
};
