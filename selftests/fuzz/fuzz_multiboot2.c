// SPDX-License-Identifier: GPL-2.0-only
/* The multiboot2 loader against the Multiboot2 Specification 2.0; offsets are of its tables. */
#include "told_judge.h"

enum {
	HEADER_WITHIN	= 32768,
	HEADER_LEN	= 16,
	TAG_ADDRESS	= 2,
	TAG_ENTRY	= 3,

	INFO_CMDLINE	= 1,
	INFO_LOADER	= 2,
	INFO_MODULE	= 3,
	INFO_SIZES	= 4,
	INFO_MAP	= 6,
	INFO_RSDP	= 15,

	LINE_LEN	= 24,
	RSDP_LEN	= 36,
	MAP_FIRST	= 16,
};

#define HEADER_MAGIC	0xe85250d6U
#define LOADER_MAGIC	0x36d76289U

static bool header_is_at(const struct load *load, u64 off)
{
	const u8 *at = (const u8 *)load->request.kernel + off;

	return number(at, 4) == HEADER_MAGIC &&
	       !(u32)(number(at, 4) + number(at + 4, 4) + number(at + 8, 4) + number(at + 12, 4));
}

static const u8 *header_of(const struct load *load)
{
	const u64 end = min_t(u64, load->request.kernel_len, HEADER_WITHIN);
	u64 off;

	for (off = 0; off + HEADER_LEN <= end; off += 8)
		if (header_is_at(load, off))
			return (const u8 *)load->request.kernel + off;
	CHECK(false);
	return NULL;
}

/* A tag that is not optional is granted, or it is for EFI only. */
static void judge_tag(const u8 *tag)
{
	static const u32 granted = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9 |
				   1 << 10;

	if (!(tag[2] & 1))
		CHECK(number(tag, 2) < 32 && granted & 1U << number(tag, 2));
}

/* The last tag of that type in the image's header, or NULL. */
static const u8 *tag_find(const struct load *load, const u8 *header, u16 type)
{
	const u8 *tag = header + HEADER_LEN, *end = header + number(header + 8, 4);
	const u8 *found = NULL;

	CHECK(end <= (const u8 *)load->request.kernel + load->request.kernel_len);
	for (;;) {
		CHECK(tag + 8 <= end && number(tag + 4, 4) >= 8);
		CHECK(number(tag + 4, 4) <= (u64)(end - tag));
		if (!number(tag, 2))
			return found;
		judge_tag(tag);
		if (number(tag, 2) == type)
			found = tag;
		tag += ALIGN(number(tag + 4, 4), 8);
	}
}

/* The only tag of that type in the information, or NULL; all of it lies below the ACPI tables. */
static const u8 *info_find(const struct load *load, u32 type)
{
	const gpa_t info = load->entry.rbx;
	const u32 total = number(enclave_at(load->enclave, info, 8), 4);
	const u8 *at, *found = NULL;
	u32 off, size;

	CHECK(info % 8 == 0 && info + total <= LOW_ACPI);
	for (off = 8;; off += ALIGN(size, 8)) {
		at = enclave_at(load->enclave, info + off, 8);
		size = number(at + 4, 4);
		CHECK(size >= 8 && off + size <= total);
		if (!number(at, 4))
			break;
		CHECK(number(at, 4) != type || !found);
		if (number(at, 4) == type)
			found = enclave_at(load->enclave, info + off, size);
	}
	CHECK(off + 8 == total);
	return found;
}

static void judge_map(struct told *told)
{
	const u8 *map = info_find(told->load, INFO_MAP);
	u32 off;

	CHECK(map && number(map + 8, 4) == LINE_LEN && number(map + 12, 4) == 0);
	for (off = MAP_FIRST; off < number(map + 4, 4); off += LINE_LEN)
		judge_line(told, (struct place){ number(map + off, 8), number(map + off + 8, 8) },
			   number(map + off + 16, 4));
	CHECK(off == number(map + 4, 4));
}

static void judge_sizes(const struct load *load)
{
	const u8 *sizes = info_find(load, INFO_SIZES);
	u64 end;

	CHECK(sizes && number(sizes + 8, 4) * 1024 == LOW_ACPI);
	end = HIGH_START + number(sizes + 12, 4) * 1024;
	CHECK(enclave_has(load->enclave, HIGH_START, end - HIGH_START));
	CHECK(!enclave_has(load->enclave, end, 1024));
}

static void judge_text(const u8 *tag, const char *text)
{
	CHECK(tag && number(tag + 4, 4) == 8 + __builtin_strlen(text) + 1);
	CHECK(!memcmp(tag + 8, text, __builtin_strlen(text) + 1));
}

static void judge_rsdp(const struct load *load)
{
	const u8 *tag = info_find(load, INFO_RSDP);

	CHECK(tag && number(tag + 4, 4) == 8 + RSDP_LEN);
	CHECK(enclave_holds(load->enclave, LOW_ACPI, tag + 8, RSDP_LEN));
}

static struct place module_of(const struct load *load)
{
	const u8 *module = info_find(load, INFO_MODULE);

	CHECK(!module == !load->request.initrd_len);
	if (!module)
		return (struct place){};
	CHECK(!memcmp(module + 16, "initrd", 7) && number(module + 4, 4) == 16 + 7);
	return (struct place){
		number(module + 8, 4), number(module + 12, 4) - number(module + 8, 4),
	};
}

static void judge_flat(const struct told *told, const u8 *header, const u8 *tag)
{
	const struct load *load = told->load;
	const u64 header_off = header - (const u8 *)load->request.kernel;
	u64 at = number(tag + 8, 4), start = number(tag + 12, 4);
	u64 load_end = number(tag + 16, 4), bss_end = number(tag + 20, 4);
	u64 offset, filesz;

	start = start == ~0U ? at - header_off : start;
	offset = header_off - (at - start);
	filesz = load_end ? load_end - start : load->request.kernel_len - offset;
	CHECK(at >= start);
	judge_bytes(told, offset, filesz,
		    (struct place){ start, bss_end ? bss_end - start : filesz });
}

static void judge_where(const struct told *told)
{
	const u8 *header = header_of(told->load);
	const u8 *address = tag_find(told->load, header, TAG_ADDRESS);
	const u8 *entry = tag_find(told->load, header, TAG_ENTRY);

	if (address)
		judge_flat(told, header, address);
	else
		judge_elf(told);
	if (entry)
		CHECK(told->load->entry.rip == number(entry + 8, 4));
	else
		CHECK(!address && elf_has_entry(told, elf_entry_of(told), true));
}

static void judge(const struct load *load)
{
	const char *cmdline = load->request.cmdline ? load->request.cmdline : "";
	struct told told = { .load = load };

	CHECK(load->entry.rax == LOADER_MAGIC && !load->entry.rsi && !load->entry.rdi);
	judge_sizes(load);
	judge_map(&told);
	judge_text(info_find(load, INFO_CMDLINE), cmdline);
	judge_text(info_find(load, INFO_LOADER), "Covirt");
	judge_rsdp(load);
	told.cmdline = load->entry.rbx + 8 + 8;	/* the first tag's text */
	judge_told(&told);
	told.initrd = module_of(load);
	judge_where(&told);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	load_fuzz(data, size, "multiboot2", judge);
	return 0;
}
