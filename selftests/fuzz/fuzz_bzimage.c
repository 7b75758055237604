// SPDX-License-Identifier: GPL-2.0-only
/* The bzImage loader against Linux's boot protocol (Documentation/x86/boot in Linux). */
#include "zero_page_judge.h"

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
	CHECK(number(boot->page + CODE32_START, 4) == (u32)kernel_place(boot).gpa);
}

static void judge_boot_initrd(const struct boot *boot)
{
	const struct place initrd = zero_page_initrd(boot->page);

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
	boot.page = zero_page_judge(load, number(boot.file + CMDLINE_SIZE, 4));
	judge_kernel(&boot);
	judge_page(&boot);
	judge_boot_initrd(&boot);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	load_fuzz(data, size, "linux", judge);
	return 0;
}
