// SPDX-License-Identifier: GPL-2.0-only
#include "boot_cpu.h"
#include "cmdline.h"
#include "entry_32.h"
#include "foreign.h"

static int image_write(struct elf *elf)
{
	int err;

	err = elf_place(elf, SIZE_4G);
	if (err)
		return err;
	err = elf_write(elf);
	if (err)
		return err;
	return cmdline_write(elf->loading, LOADER_CMDLINE_MAX, foreign_is_vmlinux(&elf->image));
}

/**
 * entry_32_load() - load an image that is entered in 32-bit mode
 * @loading:  the loading
 * @protocol: by which protocol
 *
 * Return: as struct loader_format::load.
 */
int entry_32_load(struct loading *loading, const struct entry_32 *protocol)
{
	struct elf elf;
	gpa_t rip;
	int err;

	err = protocol->read(&elf, loading, &rip);
	if (err)
		return err;
	err = image_write(&elf);
	if (err)
		return err;
	err = protocol->write_info(loading);
	if (err)
		return err;
	loading->entry->rax = protocol->rax;
	loading->entry->rbx = protocol->rbx;
	return boot_cpu_prepare_32(loading, rip);
}
