// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory map, command line, and ELF files of either class by a reading with the structures of
 * <elf.h>: segments lie where their program headers say, and the entry is in one.
 */
#include <elf.h>
#include <string.h>

#include "told_judge.h"

enum {
	TYPE_RAM	= 1,
	TYPE_ACPI	= 3,
};

/* A line of the memory map: behind the line before, and RAM of the enclave. */
void judge_line(struct told *told, struct place line, u32 type)
{
	bool acpi = line.gpa < LOW_END && line.gpa + line.len > LOW_ACPI;

	CHECK(line.len && line.gpa >= told->end);
	CHECK(type == (acpi ? TYPE_ACPI : TYPE_RAM));
	CHECK(enclave_has(told->load->enclave, line.gpa, line.len));
	told->total += line.len;
	told->end = line.gpa + line.len;
}

/* The command line is what the user wrote, behind what only Linux is told. */
static void judge_cmdline(const struct told *told)
{
	const struct loader_request *request = &told->load->request;
	const char *user = request->cmdline ? request->cmdline : "";
	const char *line = enclave_at(told->load->enclave, told->cmdline, LOADER_CMDLINE_MAX + 1);
	size_t all = strlen(line), len = strlen(user);

	CHECK(all >= len && !strcmp(line + all - len, user));
	CHECK(all == len || memmem(request->kernel, request->kernel_len, LINUX_NAME,
				   sizeof(LINUX_NAME)));
}

/* All lines have been judged. */
void judge_told(const struct told *told)
{
	const struct covirt_gpmap *map = &told->load->enclave->map;
	u64 there = 0;
	u32 i;

	for (i = 0; i < map->nr; i++)
		if (map->extent[i].kind == COVIRT_KIND_RAM)
			there += map->extent[i].len;
	CHECK(told->total == there);
	CHECK(told->cmdline < LOW_ACPI);
	judge_cmdline(told);
}

/* A part of the image: in RAM above 1 MiB and below 4 GiB, whole, not on the initrd. */
void judge_bytes(const struct told *told, u64 offset, u64 filesz, struct place where)
{
	const struct load *load = told->load;

	CHECK(offset <= load->request.kernel_len && filesz <= load->request.kernel_len - offset);
	CHECK(filesz <= where.len);
	CHECK(where.gpa >= HIGH_START && where.gpa + where.len <= 1ULL << 32);
	CHECK(enclave_has(load->enclave, where.gpa, where.len));
	CHECK(enclave_holds(load->enclave, where.gpa, (const u8 *)load->request.kernel + offset,
			    filesz));
	judge_initrd(load, told->initrd, where);
}

static bool is_64(const struct told *told)
{
	return ((const u8 *)told->load->request.kernel)[EI_CLASS] == ELFCLASS64;
}

static Elf64_Ehdr ehdr_of(const struct told *told)
{
	Elf64_Ehdr ehdr;
	Elf32_Ehdr old;

	CHECK(told->load->request.kernel_len >= (is_64(told) ? sizeof(ehdr) : sizeof(old)));
	if (is_64(told)) {
		memcpy(&ehdr, told->load->request.kernel, sizeof(ehdr));
		return ehdr;
	}
	memcpy(&old, told->load->request.kernel, sizeof(old));
	return (Elf64_Ehdr){ .e_entry = old.e_entry, .e_phoff = old.e_phoff,
			     .e_phnum = old.e_phnum };
}

static Elf64_Phdr phdr_of(const struct told *told, const Elf64_Ehdr *ehdr, u32 i)
{
	u64 size = is_64(told) ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	const u8 *at = (const u8 *)told->load->request.kernel + ehdr->e_phoff + i * size;
	Elf64_Phdr phdr;
	Elf32_Phdr old;

	CHECK(ehdr->e_phoff + (i + 1) * size <= told->load->request.kernel_len);
	if (is_64(told)) {
		memcpy(&phdr, at, sizeof(phdr));
		return phdr;
	}
	memcpy(&old, at, sizeof(old));
	return (Elf64_Phdr){ old.p_type, old.p_flags, old.p_offset, old.p_vaddr, old.p_paddr,
			     old.p_filesz, old.p_memsz, old.p_align };
}

void judge_elf(const struct told *told)
{
	Elf64_Ehdr ehdr = ehdr_of(told);
	u32 i;

	for (i = 0; i < ehdr.e_phnum; i++) {
		Elf64_Phdr phdr = phdr_of(told, &ehdr, i);

		if (phdr.p_type == PT_LOAD && phdr.p_memsz)
			judge_bytes(told, phdr.p_offset, phdr.p_filesz,
				    (struct place){ phdr.p_paddr, phdr.p_memsz });
	}
}

u64 elf_entry_of(const struct told *told)
{
	return ehdr_of(told).e_entry;
}

/* RIP is where @entry says, physical or by a segment's virtual address, and inside of it. */
bool elf_has_entry(const struct told *told, u64 entry, bool is_virtual)
{
	Elf64_Ehdr ehdr = ehdr_of(told);
	u64 rip = told->load->entry.rip;
	bool inside = false, said = rip == entry;
	u32 i;

	for (i = 0; i < ehdr.e_phnum; i++) {
		Elf64_Phdr phdr = phdr_of(told, &ehdr, i);

		if (phdr.p_type != PT_LOAD || rip < phdr.p_paddr ||
		    rip - phdr.p_paddr >= phdr.p_memsz)
			continue;
		inside = true;
		said |= is_virtual && rip - phdr.p_paddr == entry - phdr.p_vaddr;
	}
	return inside && said;
}
