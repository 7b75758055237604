// SPDX-License-Identifier: GPL-2.0-only
/* Choosing the loader for an image, and what every image needs. */
#include "acpi.h"
#include "foreign.h"
#include "guest_ram.h"
#include "loading.h"

/*
 * Protocols, in the order in which they are tried: an image that is meant for several boots by the
 * first of them, unless the user names another. Those that say more about the image come first, and
 * any ELF64 file is one of covirt's own protocol, which is therefore last.
 */
static const struct loader_format *const loader_formats[] = {
	&bzimage_format,
	&vmlinux_format,
	&pvh_format,
	&multiboot2_format,
	&multiboot_format,
	&elf64_format,
	&flat_format,	/* any bytes, but only if it is asked for */
};

#define ADDRESS_DIGITS	16

static const char empty[] = "image is empty";

/**
 * loader_protocol() - list the protocols
 * @index: 0 for the first
 *
 * Return: its name, a static string; NULL behind the last.
 */
const char *loader_protocol(u32 index)
{
	return index < ARRAY_SIZE(loader_formats) ? loader_formats[index]->name : NULL;
}

/**
 * loader_protocol_has_address() - does the user say where the image goes?
 * @index: as above
 *
 * Return: true if he does, behind the name and an @.
 */
bool loader_protocol_has_address(u32 index)
{
	return loader_formats[index]->has_address;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* "@0x100000", nothing behind it; 0 is no address, and is what there is without one. */
static bool address_parse(const char *text, gpa_t *address)
{
	u32 nr;

	if (text[0] != '@' || text[1] != '0' || text[2] != 'x')
		return false;
	*address = 0;
	for (text += 3, nr = 0; digit_of(*text) >= 0 && nr < ADDRESS_DIGITS; text++, nr++)
		*address = *address << 4 | digit_of(*text);
	return *address && !*text;
}

/* The rest of @text behind @name; NULL if it does not begin so. */
static const char *text_behind(const char *text, const char *name)
{
	for (; *name; name++, text++)
		if (*text != *name)
			return NULL;
	return text;
}

static bool format_is_named(const struct loader_format *format, const char *text, gpa_t *address)
{
	const char *rest = text_behind(text, format->name);

	if (!rest)
		return false;
	return format->has_address ? address_parse(rest, address) : !*rest;
}

/**
 * loader_protocol_find() - find a protocol by what the user says
 * @text:    its name, and @0xADDRESS behind it where loader_protocol_has_address()
 * @address: receives that address, else 0
 *
 * Return: the name, a static string; NULL if there is none of this name, or it lacks its address.
 */
const char *loader_protocol_find(const char *text, gpa_t *address)
{
	u32 i;

	*address = 0;
	for (i = 0; i < ARRAY_SIZE(loader_formats); i++)
		if (format_is_named(loader_formats[i], text, address))
			return loader_formats[i]->name;
	return NULL;
}

static bool format_wanted(const struct loader_format *format, const struct loader_request *request)
{
	return !request->protocol || !strcmp(format->name, request->protocol);
}

static const struct loader_format *loader_find(const struct loader_request *request)
{
	const struct loader_format *format;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(loader_formats); i++) {
		format = loader_formats[i];
		if (format_wanted(format, request) && format->match(request))
			return format;
	}
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
	const struct loader_request *request = loading->request;
	const struct image image = { request->kernel, request->kernel_len };

	if (request->protocol)
		return loading_fail(loading, -ENOEXEC,
				    "image is not made for the protocol that was asked for: use auto, or another image");
	return loading_fail(loading, -ENOEXEC, foreign_reason(&image));
}

static int image_check(struct loading *loading, const char **protocol)
{
	const struct loader_format *format;
	int err;

	if (!loading->request->kernel_len)
		return loading_fail(loading, -ENOEXEC, empty);
	format = loader_find(loading->request);
	if (!format)
		return image_refuse(loading);
	err = format->check(loading);
	if (!err)
		*protocol = format->name;
	return err;
}

/**
 * loader_check() - can a file be a co-kernel at all?
 * @kernel:   its bytes
 * @len:      how many
 * @protocol: name of the protocol to boot it by; NULL means the one that is recognized
 * @verdict:  receives what it is, or what is wrong with it
 *
 * Nothing is needed but the file: it can be judged before anything is taken for it.
 *
 * Return: 0; -ENOEXEC as loader_load().
 */
int loader_check(const void *kernel, u64 len, const char *protocol,
		 struct loader_verdict *verdict)
{
	const struct loader_request request = {
		.kernel = kernel, .kernel_len = len, .protocol = protocol,
	};
	struct loading loading = { .request = &request };
	int err;

	*verdict = (struct loader_verdict){};
	err = image_check(&loading, &verdict->protocol);
	verdict->need = err ? 0 : loading.need;
	verdict->reason = loading.reason;
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
 * The protocol is recognized by magic numbers unless the request names one. On error the RAM may
 * hold a part of what was written, all of it inside the RAM extents: scrub it as after a run.
 * @entry is all zero then.
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
