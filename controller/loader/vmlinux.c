// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF files by Linux's 64-bit boot protocol (Documentation/x86/boot in Linux): vmlinux, and any
 * other if the user says so, like Unikraft's images for Firecracker. The kernel is entered at the
 * physical address that its header names, with the zero page in RSI.
 */
#include "boot_cpu.h"
#include "cmdline.h"
#include "elf.h"
#include "foreign.h"
#include "guest_ram.h"
#include "zero_page.h"

#define PROTOCOL_VERSION	0x020f
#define KERNEL_ALIGN		COVIRT_SIZE_2M
#define EHDR_CLASS		4
#define ELFCLASS64		2

static bool vmlinux_match(const struct loader_request *request)
{
	const struct image image = { request->kernel, request->kernel_len };

	return elf_is_file(request) && (request->protocol || foreign_is_vmlinux(&image));
}

static int vmlinux_read(struct elf *elf, struct loading *loading, gpa_t *entry)
{
	int err;

	elf_open(elf, loading);
	err = elf_read(elf);
	if (err)
		return err;
	if (elf->image.data[EHDR_CLASS] != ELFCLASS64)
		return elf_fail(elf, "ELF file is 32-bit, and its protocol begins in 64-bit mode");
	if (!elf_find_entry(elf, entry))
		return elf_fail(elf, "ELF entry point is not inside a segment");
	return 0;
}

/*
 * Linux finds out by how many times 2 MiB it was moved, and lives with it, without relocations of
 * its virtual addresses. A PIE relocates itself.
 */
static int vmlinux_move(struct elf *elf)
{
	const u64 skew = elf->span.gpa & (KERNEL_ALIGN - 1);
	const struct ram_wish wish = {
		.len = elf->span.len + skew,
		.align = KERNEL_ALIGN,
		.min = max(elf->span.gpa - skew, (u64)HIGH_START),
		.end = ~0ULL,
	};
	gpa_t gpa;
	u32 i;

	if (!guest_ram_lowest(elf->loading->request->map, &wish, &gpa))
		return loading_fail(elf->loading, -EINVAL,
				    "no room for the kernel at its physical address or above: give the enclave more memory, or use layout packed");
	elf->bias = gpa + skew - elf->span.gpa;
	elf->span.gpa += elf->bias;
	for (i = 0; i < elf->nr; i++)
		elf->segment[i].gpa += elf->bias;
	return 0;
}

static int vmlinux_place(struct elf *elf)
{
	const struct covirt_gpmap *map = elf->loading->request->map;
	const bool movable = elf_is_dyn(&elf->image) || foreign_is_vmlinux(&elf->image);
	const bool fits = elf->span.gpa >= HIGH_START &&
			  guest_ram_covers(map, elf->span.gpa, elf->span.len);
	int err = 0;

	if (movable && !fits)
		err = vmlinux_move(elf);
	return err ? err : elf_place(elf, ~0ULL);
}

static void setup_put(u8 *setup, u32 off, u32 val, u32 len)
{
	memcpy(setup + off - SETUP_HEADER, &val, len);
}

/* Fields that a bzImage would have brought, as far as the kernel looks at them. */
static int vmlinux_write_zero_page(struct elf *elf)
{
	u8 setup[SETUP_HEADER_MIN - SETUP_HEADER] = {};
	const struct image header = { setup, sizeof(setup) };

	setup_put(setup, SETUP_BOOT_FLAG, SETUP_BOOT_FLAG_VALUE, 2);
	setup_put(setup, SETUP_MAGIC, SETUP_MAGIC_VALUE, 4);
	setup_put(setup, SETUP_VERSION, PROTOCOL_VERSION, 2);
	setup_put(setup, SETUP_ALIGNMENT, KERNEL_ALIGN, 4);
	setup_put(setup, SETUP_CMDLINE_SIZE, LOADER_CMDLINE_MAX, 4);
	return zero_page_write(elf->loading, &header, elf->span.gpa);
}

static int vmlinux_write(struct elf *elf)
{
	int err;

	err = cmdline_write(elf->loading, LOADER_CMDLINE_MAX, foreign_is_vmlinux(&elf->image));
	if (err)
		return err;
	err = elf_write(elf);
	if (err)
		return err;
	return vmlinux_write_zero_page(elf);
}

static int vmlinux_check(struct loading *loading)
{
	return elf_check(loading, vmlinux_read);
}

static int vmlinux_load(struct loading *loading)
{
	struct elf elf;
	gpa_t entry;
	int err;

	err = vmlinux_read(&elf, loading, &entry);
	if (err)
		return err;
	err = vmlinux_place(&elf);
	if (err)
		return err;
	err = vmlinux_write(&elf);
	if (err)
		return err;
	loading->entry->rsi = LOW_PARAMS;
	return boot_cpu_prepare(loading, entry + elf.bias);
}

const struct loader_format vmlinux_format = {
	.name = "linux-elf",
	.match = vmlinux_match,
	.check = vmlinux_check,
	.load = vmlinux_load,
};
