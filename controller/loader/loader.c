// SPDX-License-Identifier: GPL-2.0-only
/* Choosing the loader for an image, and what every image needs. */
#include "acpi.h"
#include "guest_ram.h"
#include "loading.h"

static const struct loader_format *const loader_formats[] = {
	&elf64_format,
	&bzimage_format,
};

static const struct loader_format *loader_find(const struct loader_request *request)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(loader_formats); i++)
		if (loader_formats[i]->match(request))
			return loader_formats[i];
	return NULL;
}

static int loader_check(struct loading *loading)
{
	const struct loader_request *request = loading->request;

	if (!request->kernel_len)
		return loading_fail(loading, -ENOEXEC, "image is empty");
	if (!request->nr_cpus || request->nr_cpus > COVIRT_MAX_CPUS ||
	    request->nr_announced > COVIRT_MAX_CPUS - request->nr_cpus)
		return loading_fail(loading, -EINVAL, "enclave has no CPU, or too many");
	if (!guest_ram_covers(request->map, 0, LOW_END))
		return loading_fail(loading, -EINVAL,
				    "enclave has no RAM in the first 640 KiB: its layout is broken");
	return 0;
}

static int loader_run(struct loading *loading)
{
	const struct loader_format *format;
	int err;

	err = loader_check(loading);
	if (err)
		return err;
	format = loader_find(loading->request);
	if (!format)
		return loading_fail(loading, -ENOEXEC,
				    "image is neither an ELF64 file nor a Linux bzImage");
	err = acpi_write_tables(loading);
	if (err)
		return err;
	return format->load(loading);
}

/**
 * loader_load() - lay an image out in its enclave's memory
 * @request: what to load, and where; see struct loader_request
 * @entry:   receives the state in which to enter the boot CPU
 * @reason:  receives a static string on error, NULL on success
 *
 * The format is recognized by its magic number. On error the RAM may hold a
 * part of what was written, all of it inside the RAM extents: scrub it as
 * after a run. @entry is all zero then.
 *
 * Return: 0; -ENOEXEC if the image is no usable image; -EINVAL if it does not
 * fit this enclave; -EFAULT if @request contradicts itself.
 */
int loader_load(const struct loader_request *request, struct covirt_entry *entry,
		const char **reason)
{
	struct loading loading = { .request = request, .entry = entry };
	int err;

	*entry = (struct covirt_entry){};
	err = loader_run(&loading);
	if (err)
		*entry = (struct covirt_entry){};
	*reason = loading.reason;
	return err;
}
