// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bzImage loader against Linux's boot protocol (Documentation/x86/boot and
 * zero-page in Linux): each offset below is of the zero page, from 0x1f1 on of
 * the file as well.
 */
#include "load.h"

enum {
	RSDP_ADDR	= 0x070,
	E820_ENTRIES	= 0x1e8,
	HEADER		= 0x1f1,
	SYSSIZE		= 0x1f4,
	JUMP		= 0x201,
	VERSION		= 0x206,
	LOADER_TYPE	= 0x210,
	CODE32_START	= 0x214,
	INITRD		= 0x218,
	INITRD_SIZE	= 0x21c,
	CMDLINE		= 0x228,
	INITRD_MAX	= 0x22c,
	ALIGNMENT	= 0x230,
	RELOCATABLE	= 0x234,
	XLOADFLAGS	= 0x236,
	CMDLINE_SIZE	= 0x238,
	SETUP_DATA	= 0x250,
	PREF_ADDRESS	= 0x258,
	INIT_SIZE	= 0x260,
	HEADER_MAX	= 0x290,
	E820_TABLE	= 0x2d0,
	E820_MAX	= 128,
	PAGE_LEN	= 0x1000,

	E820_RAM	= 1,
	E820_ACPI	= 3,
	RNG_SEED	= 9,
};

/* Initrd's upper halves: ext_ramdisk_image, ext_ramdisk_size. */
#define INITRD_HIGH		0x0c0
#define INITRD_SIZE_HIGH	0x0c4

#define XLF_ABOVE_4G		2
#define ENTRY_64		0x200

/**
 * struct boot - what Linux finds
 * @load: the load
 * @file: the image
 * @page: the zero page
 */
struct boot {
	const struct load *load;
	const u8 *file;
	const u8 *page;
};

static u64 payload_offset(const struct boot *boot)
{
	return ((boot->file[HEADER] ? boot->file[HEADER] : 4) + 1) * 512ULL;
}

/* Memory that Linux uses before it has read the memory map. */
static struct place kernel_place(const struct boot *boot)
{
	return (struct place){
		boot->load->entry.rip - ENTRY_64, number(boot->file + INIT_SIZE, 4),
	};
}

static void judge_kernel(const struct boot *boot)
{
	struct place kernel = kernel_place(boot);
	u64 len = number(boot->file + SYSSIZE, 4) * 16;
	u64 wanted = number(boot->file + PREF_ADDRESS, 8);
	bool above_4g = number(boot->file + XLOADFLAGS, 2) & XLF_ABOVE_4G;

	/* The file may end within the last paragraph. */
	CHECK(payload_offset(boot) + len < boot->load->request.kernel_len + 16);
	len = min(len, boot->load->request.kernel_len - payload_offset(boot));
	CHECK(len > ENTRY_64 && len <= kernel.len);
	CHECK(kernel.gpa >= HIGH_START && enclave_has(boot->load->enclave, kernel.gpa, kernel.len));
	CHECK(enclave_holds(boot->load->enclave, kernel.gpa, boot->file + payload_offset(boot),
			    len));
	CHECK(kernel.gpa >= wanted);
	CHECK(above_4g || kernel.gpa + kernel.len <= 1ULL << 32);
	if (boot->file[RELOCATABLE])
		CHECK(kernel.gpa % number(boot->file + ALIGNMENT, 4) == 0);
	else
		CHECK(kernel.gpa == wanted);
}

/* Before and behind the header, nothing is told but what the loader fills in. */
static void judge_page(const struct boot *boot)
{
	u32 end = min(0x202U + boot->file[JUMP], (u32)HEADER_MAX);
	u32 off;

	CHECK(!memcmp(boot->page + HEADER, boot->file + HEADER, LOADER_TYPE - HEADER));
	CHECK(!memcmp(boot->page + PREF_ADDRESS, boot->file + PREF_ADDRESS, end - PREF_ADDRESS));
	for (off = end; off < E820_TABLE; off++)
		CHECK(!boot->page[off]);
	for (off = 0; off < RSDP_ADDR; off++)
		CHECK(!boot->page[off]);
	CHECK(boot->page[LOADER_TYPE] == 0xff);
	CHECK(number(boot->page + RSDP_ADDR, 8) == 0x80000);
	CHECK(number(boot->page + CODE32_START, 4) == (u32)kernel_place(boot).gpa);
}

static void judge_cmdline(const struct boot *boot)
{
	const char *user = boot->load->request.cmdline ? boot->load->request.cmdline : "";
	size_t len = __builtin_strlen(user);
	u32 max = number(boot->file + CMDLINE_SIZE, 4);
	gpa_t gpa = number(boot->page + CMDLINE, 4);
	const char *line = enclave_at(boot->load->enclave, gpa, LOADER_CMDLINE_MAX + 1);
	size_t all = __builtin_strlen(line);

	CHECK(gpa < LOW_END && all <= max && all <= LOADER_CMDLINE_MAX && all >= len);
	CHECK(!memcmp(line + all - len, user, len));
	CHECK(all == len || !memcmp(line, "tsc=reliable", 12) ||
	      !memcmp(line, "tsc_early_khz=", 14));
	CHECK(all == len || boot->load->request.tsc_khz);
}

/* Ascending, no overlap, of RAM only; all of RAM is told. */
static void judge_e820(const struct boot *boot)
{
	const struct covirt_gpmap *map = &boot->load->enclave->map;
	u64 told = 0, there = 0, end = 0;
	u32 i;

	CHECK(boot->page[E820_ENTRIES] <= E820_MAX);
	for (i = 0; i < boot->page[E820_ENTRIES]; i++) {
		const u8 *entry = boot->page + E820_TABLE + i * 20;
		u64 start = number(entry, 8), len = number(entry + 8, 8);
		bool acpi = start < LOW_END && start + len > 0x80000;

		CHECK(len && start >= end && enclave_has(boot->load->enclave, start, len));
		CHECK(number(entry + 16, 4) == (acpi ? E820_ACPI : E820_RAM));
		told += len;
		end = start + len;
	}
	for (i = 0; i < map->nr; i++)
		if (map->extent[i].kind == COVIRT_KIND_RAM)
			there += map->extent[i].len;
	CHECK(told == there);
}

static void judge_seed(const struct boot *boot)
{
	gpa_t gpa = number(boot->page + SETUP_DATA, 8);
	const u8 *data = enclave_at(boot->load->enclave, gpa, 16 + LOADER_SEED_BYTES);

	CHECK(gpa < LOW_END && number(data, 8) == 0);
	CHECK(number(data + 8, 4) == RNG_SEED && number(data + 12, 4) == LOADER_SEED_BYTES);
	CHECK(!memcmp(data + 16, boot->load->request.rng_seed, LOADER_SEED_BYTES));
}

static void judge_boot_initrd(const struct boot *boot)
{
	const u8 *page = boot->page;
	const struct place initrd = {
		number(page + INITRD, 4) | number(page + INITRD_HIGH, 4) << 32,
		number(page + INITRD_SIZE, 4) | number(page + INITRD_SIZE_HIGH, 4) << 32,
	};

	judge_initrd(boot->load, initrd, kernel_place(boot));
	if (initrd.len && !(number(boot->file + XLOADFLAGS, 2) & XLF_ABOVE_4G))
		CHECK(initrd.gpa + initrd.len - 1 <= number(boot->file + INITRD_MAX, 4));
}

static void judge(const struct load *load)
{
	struct boot boot = { .load = load, .file = load->request.kernel };

	if (!memcmp(boot.file, "\177ELF", 4))
		return;
	CHECK(load->request.kernel_len >= 0x264 && number(boot.file + VERSION, 2) >= 0x20c);
	CHECK(load->entry.rsi < LOW_END && !load->entry.rdi);
	boot.page = enclave_at(load->enclave, load->entry.rsi, PAGE_LEN);
	judge_kernel(&boot);
	judge_page(&boot);
	judge_cmdline(&boot);
	judge_e820(&boot);
	judge_seed(&boot);
	judge_boot_initrd(&boot);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	load_fuzz(data, size, "linux", judge);
	return 0;
}
