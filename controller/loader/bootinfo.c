// SPDX-License-Identifier: GPL-2.0-only
/* Filling struct covirt_bootinfo for a plain ELF64 co-kernel. */
#include "bootinfo.h"
#include "guest_ram.h"
#include "include/uapi/linux/covirt.h"

/* LOW_PARAMS is a page. */
static_assert(sizeof(struct covirt_bootinfo) <= COVIRT_PAGE_SIZE);

static int ranges_write(struct loading *loading, struct covirt_bootinfo *info)
{
	struct gpa_range run;
	u32 cursor = 0;

	while (guest_ram_next(loading->request->map, &cursor, &run)) {
		if (info->nr_ranges == COVIRT_BOOTINFO_RANGES)
			return loading_fail(loading, -EINVAL,
					    "enclave memory is in more pieces than the boot information takes: use layout packed");
		info->range[info->nr_ranges++] =
			(struct covirt_bootinfo_range){ run.gpa, run.len };
	}
	return 0;
}

/**
 * bootinfo_write() - write the boot information to LOW_PARAMS
 * @loading: the loading, its RSDP and initrd placed
 * @image:   where the image lies
 *
 * Return: 0; -EINVAL if there are too many pieces; -EFAULT if low memory is missing.
 */
int bootinfo_write(struct loading *loading, struct gpa_range image)
{
	const struct loader_request *request = loading->request;
	struct covirt_bootinfo *info;

	info = request->mem(request->ctx, LOW_PARAMS, sizeof(*info));
	if (!info)
		return loading_fail(loading, -EFAULT, "enclave memory is not accessible");
	*info = (struct covirt_bootinfo){
		.magic = COVIRT_BOOTINFO_MAGIC,
		.version = COVIRT_BOOTINFO_VERSION,
		.size = sizeof(*info),
		.cmdline = LOW_CMDLINE,
		.rsdp = loading->rsdp,
		.initrd = loading->initrd.gpa,
		.initrd_len = loading->initrd.len,
		.image = image.gpa,
		.image_len = image.len,
		.tsc_khz = request->tsc_khz,
		.nr_cpus = request->nr_cpus,
		.apicid = request->apicid[0],
	};
	memcpy(info->rng_seed, request->rng_seed, sizeof(info->rng_seed));
	return ranges_write(loading, info);
}
