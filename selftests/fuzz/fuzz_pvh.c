// SPDX-License-Identifier: GPL-2.0-only
/* The PVH loader against Xen's x86/HVM direct boot ABI; offsets are of its structures. */
#include <elf.h>

#include "told_judge.h"

enum {
	START_MAGIC	= 0x336ec578,
	START_LEN	= 56,
	LINE_LEN	= 24,
	PHYS32_ENTRY	= 18,
	NOTE_LEN	= 16,	/* with the name "Xen" */
	RSDP		= 0x80000,
};

static u64 start_u64(const struct load *load, u32 offset)
{
	return number(enclave_at(load->enclave, load->entry.rbx + offset, 8), 8);
}

static void judge_map(struct told *told)
{
	u32 lines = (u32)start_u64(told->load, 48), i;
	gpa_t map = start_u64(told->load, 40);
	const u8 *line;

	CHECK(map + (u64)lines * LINE_LEN <= LOW_ACPI);
	for (i = 0; i < lines; i++) {
		line = enclave_at(told->load->enclave, map + i * LINE_LEN, LINE_LEN);
		CHECK(!number(line + 20, 4));
		judge_line(told, (struct place){ number(line, 8), number(line + 8, 8) },
			   number(line + 16, 4));
	}
}

static struct place module_of(const struct load *load)
{
	u32 modules = start_u64(load, 8) >> 32;
	const u8 *module;

	CHECK(modules == !!load->request.initrd_len);
	if (!modules)
		return (struct place){};
	module = enclave_at(load->enclave, start_u64(load, 16), 32);
	CHECK(!number(module + 16, 8) && !number(module + 24, 8));
	return (struct place){ number(module, 8), number(module + 8, 8) };
}

/* Somewhere in the file stands a note that names this entry. */
static bool is_noted(const struct load *load)
{
	static const char start[] = { 18, 0, 0, 0, 'X', 'e', 'n', 0 };
	const u8 *kernel = load->request.kernel;
	u64 off;

	for (off = 0; off + NOTE_LEN + 4 <= load->request.kernel_len; off++)
		if (number(kernel + off, 4) == 4 &&
		    !memcmp(kernel + off + 8, start, sizeof(start)) &&
		    number(kernel + off + NOTE_LEN, 4) == load->entry.rip)
			return true;
	return false;
}

static void judge(const struct load *load)
{
	struct told told = { .load = load };

	CHECK(!load->entry.rax && !load->entry.rsi && !load->entry.rdi);
	CHECK(load->entry.rbx % 8 == 0 && load->entry.rbx + START_LEN <= LOW_ACPI);
	CHECK((u32)start_u64(load, 0) == START_MAGIC && start_u64(load, 0) >> 32 == 1);
	CHECK(!(u32)start_u64(load, 8) && start_u64(load, 32) == RSDP);
	judge_map(&told);
	told.cmdline = start_u64(load, 24);
	judge_told(&told);
	told.initrd = module_of(load);
	judge_elf(&told);
	CHECK(is_noted(load) && elf_has_entry(&told, load->entry.rip, false));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	load_fuzz(data, size, "pvh", judge);
	return 0;
}
