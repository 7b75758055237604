// SPDX-License-Identifier: GPL-2.0-only
/* The multiboot loader against the Multiboot Specification 0.6.96; offsets are of its tables. */
#include "told_judge.h"

#define HEADER_WITHIN	8192ULL

enum {
	HEADER_MAGIC	= 0x1badb002,
	HEADER_LEN	= 12,
	FLAT		= 1 << 16,

	INFO_LEN	= 116,
	INFO_LOWER	= 4,
	INFO_UPPER	= 8,
	INFO_CMDLINE	= 16,
	INFO_MODULES	= 20,
	INFO_MODULE	= 24,
	INFO_MAP_LEN	= 44,
	INFO_MAP	= 48,
	INFO_NAME	= 64,
	INFO_FLAGS	= 1 << 0 | 1 << 2 | 1 << 3 | 1 << 6 | 1 << 9,

	LINE_LEN	= 24,
	LOADER_MAGIC	= 0x2badb002,
	BIOS_EBDA	= 0x40e,
};

static u32 info_u32(const struct load *load, u32 offset)
{
	return number(enclave_at(load->enclave, load->entry.rbx + offset, 4), 4);
}

static const u8 *header_of(const struct load *load)
{
	const u8 *kernel = load->request.kernel;
	u64 end = min(load->request.kernel_len, HEADER_WITHIN), off;

	for (off = 0; off + HEADER_LEN <= end; off += 4)
		if (number(kernel + off, 4) == HEADER_MAGIC &&
		    (u32)(HEADER_MAGIC + number(kernel + off + 4, 4) +
			  number(kernel + off + 8, 4)) == 0)
			return kernel + off;
	CHECK(false);
	return NULL;
}

static void judge_map(struct told *told)
{
	u32 len = info_u32(told->load, INFO_MAP_LEN), off;
	gpa_t map = info_u32(told->load, INFO_MAP);
	const u8 *line;

	CHECK(map + len <= LOW_ACPI && len % LINE_LEN == 0);
	for (off = 0; off < len; off += LINE_LEN) {
		line = enclave_at(told->load->enclave, map + off, LINE_LEN);
		CHECK(number(line, 4) == LINE_LEN - 4);
		judge_line(told, (struct place){ number(line + 4, 8), number(line + 12, 8) },
			   number(line + 20, 4));
	}
}

/* Lower memory ends where the ACPI tables are, upper memory with the first hole. */
static void judge_sizes(const struct load *load)
{
	u64 end = HIGH_START + info_u32(load, INFO_UPPER) * 1024ULL;

	CHECK(info_u32(load, INFO_LOWER) * 1024ULL == LOW_ACPI);
	CHECK(enclave_has(load->enclave, HIGH_START, end - HIGH_START));
	CHECK(!enclave_has(load->enclave, end, 1024));
}

static bool is_text(const struct load *load, gpa_t gpa, const char *text)
{
	return gpa < LOW_ACPI &&
	       enclave_holds(load->enclave, gpa, text, __builtin_strlen(text) + 1);
}

static struct place module_of(const struct load *load)
{
	const u8 *module = enclave_at(load->enclave, info_u32(load, INFO_MODULE), 16);
	u32 start = number(module, 4), end = number(module + 4, 4);

	CHECK(info_u32(load, INFO_MODULES) == !!load->request.initrd_len);
	if (!load->request.initrd_len)
		return (struct place){};
	CHECK(start < end && is_text(load, number(module + 8, 4), "initrd"));
	return (struct place){ start, end - start };
}

/* Header fields of an image that is no ELF file, or shall not be read as one. */
static void judge_flat(const struct told *told, const u8 *header)
{
	const struct load *load = told->load;
	u64 at = number(header + 12, 4), start = number(header + 16, 4);
	u64 load_end = number(header + 20, 4), bss_end = number(header + 24, 4);
	u64 offset = header - (const u8 *)load->request.kernel - (at - start);
	u64 filesz = load_end ? load_end - start : load->request.kernel_len - offset;
	u64 memsz = bss_end ? bss_end - start : filesz;

	CHECK(at >= start);
	judge_bytes(told, offset, filesz, (struct place){ start, memsz });
	CHECK(load->entry.rip == number(header + 28, 4));
	CHECK(load->entry.rip >= start && load->entry.rip < start + memsz);
}

static void judge(const struct load *load)
{
	struct told told = { .load = load };
	const u8 *header = header_of(load);
	u32 flags = number(header + 4, 4);

	CHECK(load->entry.rax == LOADER_MAGIC && !load->entry.rsi && !load->entry.rdi);
	CHECK(load->entry.rbx % 4 == 0 && load->entry.rbx + INFO_LEN <= LOW_ACPI);
	CHECK(info_u32(load, 0) == INFO_FLAGS && !(flags & 0xfffc));
	judge_sizes(load);
	judge_map(&told);
	told.cmdline = info_u32(load, INFO_CMDLINE);
	judge_told(&told);
	CHECK(is_text(load, info_u32(load, INFO_NAME), "Covirt"));
	CHECK(number(enclave_at(load->enclave, BIOS_EBDA, 2), 2) << 4 == LOW_ACPI);
	told.initrd = module_of(load);
	if (flags & FLAT) {
		judge_flat(&told, header);
		return;
	}
	judge_elf(&told);
	CHECK(elf_has_entry(&told, elf_entry_of(&told), true));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	load_fuzz(data, size, "multiboot", judge);
	return 0;
}
