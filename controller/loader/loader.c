// SPDX-License-Identifier: GPL-2.0-only
/* Choosing the loader for an image, and what every image needs. */
#include "acpi.h"
#include "foreign.h"
#include "guest_ram.h"
#include "loading.h"

static const struct loader_format *const loader_formats[] = {
	&elf64_format,
	&bzimage_format,
};

static const char empty[] = "image is empty";

static const struct loader_format *loader_find(const struct loader_request *request)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(loader_formats); i++)
		if (loader_formats[i]->match(request))
			return loader_formats[i];
	return NULL;
}

static int request_check(struct loading *loading)
{
	const struct loader_request *request = loading->request;

	if (!request->kernel_len)
		return loading_fail(loading, -ENOEXEC, empty);
	if (!request->nr_cpus || request->nr_cpus > COVIRT_MAX_CPUS ||
	    request->nr_announced > COVIRT_MAX_CPUS - request->nr_cpus)
		return loading_fail(loading, -EINVAL, "enclave has no CPU, or too many");
	if (!guest_ram_covers(request->map, 0, LOW_END))
		return loading_fail(loading, -EINVAL,
				    "enclave has no RAM in the first 640 KiB: its layout is broken");
	return 0;
}

static int image_refuse(struct loading *loading)
{
	const struct image image = { loading->request->kernel, loading->request->kernel_len };

	return loading_fail(loading, -ENOEXEC, foreign_reason(&image));
}

static int image_check(struct loading *loading)
{
	const struct loader_format *format;

	if (!loading->request->kernel_len)
		return loading_fail(loading, -ENOEXEC, empty);
	format = loader_find(loading->request);
	return format ? format->check(loading) : image_refuse(loading);
}

/**
 * loader_check() - can a file be a co-kernel at all?
 * @kernel: its bytes
 * @len:    how many
 * @need:   receives the bytes of RAM that it takes at least, 0 on error
 * @reason: receives a static string on error, NULL on success
 *
 * Nothing is needed but the file: it can be judged before anything is taken for it.
 *
 * Return: 0; -ENOEXEC as loader_load().
 */
int loader_check(const void *kernel, u64 len, u64 *need, const char **reason)
{
	const struct loader_request request = { .kernel = kernel, .kernel_len = len };
	struct loading loading = { .request = &request };
	int err;

	err = image_check(&loading);
	*need = err ? 0 : loading.need;
	*reason = loading.reason;
	return err;
}

static int loader_run(struct loading *loading)
{
	const struct loader_format *format;
	int err;

	err = request_check(loading);
	if (err)
		return err;
	format = loader_find(loading->request);
	if (!format)
		return image_refuse(loading);
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
	struct loading loading = {
		.request = request,
		.entry = entry,
		.tables_end = LOW_TABLES_END,
	};
	int err;

	*entry = (struct covirt_entry){};
	err = loader_run(&loading);
	if (err)
		*entry = (struct covirt_entry){};
	*reason = loading.reason;
	return err;
}
