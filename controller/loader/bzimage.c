// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux's bzImage by the 64-bit boot protocol (Documentation/x86/boot in
 * Linux): no real-mode code runs, the kernel is entered 0x200 bytes behind
 * its load address with the zero page in RSI.
 */
#include "boot_cpu.h"
#include "cmdline.h"
#include "guest_ram.h"
#include "image.h"
#include "zero_page.h"

#define VERSION_MIN		0x020c		/* the first with xloadflags */
#define SECTOR			512
#define SECTS_DEFAULT		4
#define PARAGRAPH		16
#define ENTRY_64		0x200

#define XLF_KERNEL_64		0x01
#define XLF_ABOVE_4G		0x02

/**
 * struct setup_header - the setup header of a bzImage, as far as a loader reads it
 * @end:         where it ends in the file; also in the zero page
 * @payload:     file offset of the protected-mode kernel
 * @payload_len: its length in bytes
 * @init_size:   bytes that the kernel needs from its load address on, before
 *               it has read the memory map
 * @pref_address: where it wants to be
 * @alignment:   where else it may be: multiples of this, if it is relocatable
 * @initrd_end:  first address that the initrd must not reach
 * @kernel_end:  first address that the kernel must not reach
 * @cmdline_max: characters that its command line may have
 * @relocatable: it may be loaded elsewhere than at @pref_address
 */
struct setup_header {
	u32 end;
	u64 payload;
	u64 payload_len;
	u32 init_size;
	u64 pref_address;
	u32 alignment;
	u64 initrd_end;
	u64 kernel_end;
	u32 cmdline_max;
	bool relocatable;
};

static int bzimage_fail(struct loading *loading, const char *reason)
{
	return loading_fail(loading, -ENOEXEC, reason);
}

static bool bzimage_match(const struct loader_request *request)
{
	const struct image image = { request->kernel, request->kernel_len };

	return image_holds(&image, SETUP_MAGIC, 4) &&
	       image_u32(&image, SETUP_MAGIC) == SETUP_MAGIC_VALUE;
}

/* Can this kernel be booted at all? */
static int bzimage_check_protocol(struct loading *loading, const struct image *image)
{
	u32 end;

	if (!image_holds(image, 0, SETUP_HEADER_MIN))
		return bzimage_fail(loading, "bzImage is truncated inside its setup header");
	if (image_u16(image, SETUP_BOOT_FLAG) != SETUP_BOOT_FLAG_VALUE)
		return bzimage_fail(loading, "bzImage has no boot flag");
	if (image_u16(image, SETUP_VERSION) < VERSION_MIN)
		return bzimage_fail(loading,
				    "bzImage is older than boot protocol 2.12 (Linux 3.8)");
	if (!(image_u16(image, SETUP_XLOADFLAGS) & XLF_KERNEL_64))
		return bzimage_fail(loading,
				    "bzImage is a 32-bit kernel: only 64-bit ones boot here");
	end = SETUP_MAGIC + image->data[SETUP_JUMP_LEN];
	if (end < SETUP_HEADER_MIN || !image_holds(image, 0, end))
		return bzimage_fail(loading,
				    "bzImage has a setup header of impossible length");
	return 0;
}

/* The header counts paragraphs, and a file may end within the last one. */
static u64 payload_len(const struct image *image, u64 payload)
{
	u64 told = (u64)image_u32(image, SETUP_SYSSIZE) * PARAGRAPH;
	u64 there = image->len > payload ? image->len - payload : 0;

	return there < told && told - there < PARAGRAPH ? there : told;
}

static void bzimage_read_header(const struct image *image, struct setup_header *header)
{
	u32 sects = image->data[SETUP_SECTS];
	u64 payload = ((sects ? sects : SECTS_DEFAULT) + 1) * SECTOR;
	bool above_4g = image_u16(image, SETUP_XLOADFLAGS) & XLF_ABOVE_4G;

	*header = (struct setup_header){
		.end = min_t(u32, SETUP_MAGIC + image->data[SETUP_JUMP_LEN], SETUP_HEADER_MAX),
		.payload = payload,
		.payload_len = payload_len(image, payload),
		.init_size = image_u32(image, SETUP_INIT_SIZE),
		.pref_address = image_u64(image, SETUP_PREF_ADDRESS),
		.alignment = image_u32(image, SETUP_ALIGNMENT),
		.initrd_end = above_4g ? ~0ULL : image_u32(image, SETUP_INITRD_MAX) + 1ULL,
		.kernel_end = above_4g ? ~0ULL : SIZE_4G,
		.cmdline_max = image_u32(image, SETUP_CMDLINE_SIZE),
		.relocatable = image->data[SETUP_RELOCATABLE],
	};
}

static int bzimage_check_header(struct loading *loading, const struct image *image,
				const struct setup_header *header)
{
	u32 align = header->alignment;

	if (header->payload_len <= ENTRY_64)
		return bzimage_fail(loading, "bzImage holds no kernel");
	if (!image_holds(image, header->payload, header->payload_len))
		return bzimage_fail(loading,
				    "bzImage is truncated: it holds less than its header says");
	if (header->init_size < header->payload_len)
		return bzimage_fail(loading,
				    "bzImage needs less memory than its own size: broken header");
	if (align < COVIRT_PAGE_SIZE || (align & (align - 1)))
		return bzimage_fail(loading, "bzImage has an impossible kernel alignment");
	return 0;
}

static int bzimage_read(struct loading *loading, const struct image *image,
			struct setup_header *header)
{
	int err;

	err = bzimage_check_protocol(loading, image);
	if (err)
		return err;
	bzimage_read_header(image, header);
	return bzimage_check_header(loading, image, header);
}

static bool bzimage_fits_preferred(const struct covirt_gpmap *map,
				   const struct setup_header *header)
{
	u64 gpa = header->pref_address;

	if (header->relocatable && !IS_ALIGNED(gpa, (u64)header->alignment))
		return false;
	return gpa >= HIGH_START && gpa <= header->kernel_end - header->init_size &&
	       guest_ram_covers(map, gpa, header->init_size);
}

/*
 * Load address: the preferred one, or the next place above. Loaded below it, Linux would move
 * itself up.
 */
static int bzimage_place(struct loading *loading, const struct setup_header *header, gpa_t *kernel)
{
	const struct covirt_gpmap *map = loading->request->map;
	const struct ram_wish wish = {
		.len = header->init_size,
		.align = header->alignment,
		.min = max(header->pref_address, (u64)HIGH_START),
		.end = header->kernel_end,
	};

	*kernel = header->pref_address;
	if (bzimage_fits_preferred(map, header))
		return 0;
	if (!header->relocatable)
		return loading_fail(loading, -EINVAL,
				    "kernel is not relocatable and there is no RAM where it is linked: use layout packed");
	if (!guest_ram_lowest(map, &wish, kernel))
		return loading_fail(loading, -EINVAL,
				    "no room for the kernel: give the enclave more memory");
	return 0;
}

/* Kernel, initrd and what both of them are told; all checks have passed. */
static int bzimage_write(struct loading *loading, const struct image *image,
			 const struct setup_header *header, gpa_t kernel)
{
	const struct image setup = { image->data + SETUP_HEADER, header->end - SETUP_HEADER };
	int err;

	err = guest_ram_write(loading, kernel, image->data + header->payload, header->payload_len);
	if (err)
		return err;
	err = guest_ram_write_initrd(loading);
	if (err)
		return err;
	return zero_page_write(loading, &setup, kernel);
}

static int bzimage_check(struct loading *loading)
{
	const struct image image = { loading->request->kernel, loading->request->kernel_len };
	struct setup_header header;
	int err;

	err = bzimage_read(loading, &image, &header);
	if (!err)
		loading->need = header.init_size;
	return err;
}

static int bzimage_load(struct loading *loading)
{
	const struct image image = { loading->request->kernel, loading->request->kernel_len };
	struct setup_header header;
	gpa_t kernel;
	int err;

	err = bzimage_read(loading, &image, &header);
	if (err)
		return err;
	err = bzimage_place(loading, &header, &kernel);
	if (err)
		return err;
	err = guest_ram_place_initrd(loading, header.initrd_end,
				     (struct gpa_range){ kernel, header.init_size });
	if (err)
		return err;
	err = cmdline_write(loading, header.cmdline_max, true);
	if (err)
		return err;
	err = bzimage_write(loading, &image, &header, kernel);
	if (err)
		return err;
	loading->entry->rsi = LOW_PARAMS;
	return boot_cpu_prepare(loading, kernel + ENTRY_64);
}

const struct loader_format bzimage_format = {
	.name = "linux",
	.match = bzimage_match,
	.check = bzimage_check,
	.load = bzimage_load,
};
