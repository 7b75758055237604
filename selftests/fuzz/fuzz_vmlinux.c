// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF files by Linux's 64-bit boot protocol, against a reading of the file by the structures of
 * <elf.h>.
 */
#include <elf.h>
#include <string.h>

#include "zero_page_judge.h"

#define MOVED_BY	(2ULL << 20)

/**
 * struct file - the image as <elf.h> knows it
 * @load:  the load
 * @ehdr:  its header
 * @page:  the zero page
 * @moved: how far it lies above where it is linked
 * @span:  from the lowest to the highest byte of its segments
 */
struct file {
	const struct load *load;
	Elf64_Ehdr ehdr;
	const u8 *page;
	u64 moved;
	struct place span;
};

static Elf64_Phdr phdr_get(const struct file *file, u32 i)
{
	const u64 off = file->ehdr.e_phoff + i * sizeof(Elf64_Phdr);
	Elf64_Phdr phdr;

	CHECK(off + sizeof(phdr) <= file->load->request.kernel_len);
	memcpy(&phdr, (const u8 *)file->load->request.kernel + off, sizeof(phdr));
	return phdr;
}

static bool phdr_loads(const Elf64_Phdr *phdr)
{
	return phdr->p_type == PT_LOAD && phdr->p_memsz;
}

static struct place span_of(const struct file *file)
{
	u64 start = ~0ULL, end = 0;
	u32 i;

	for (i = 0; i < file->ehdr.e_phnum; i++) {
		Elf64_Phdr phdr = phdr_get(file, i);

		if (!phdr_loads(&phdr))
			continue;
		start = min(start, phdr.p_paddr);
		end = max(end, phdr.p_paddr + phdr.p_memsz);
	}
	return (struct place){ start, end - start };
}

/* By the entry point, which the file has physical or virtual; the zero page has only 32 bits. */
static u64 moved_by(const struct file *file)
{
	const u64 rip = file->load->entry.rip;
	const u32 start = number(file->page + CODE32_START, 4);
	u64 linked = file->ehdr.e_entry;
	u32 i;

	for (i = 0; i < file->ehdr.e_phnum; i++) {
		Elf64_Phdr phdr = phdr_get(file, i);

		if (phdr_loads(&phdr) && linked - phdr.p_vaddr < phdr.p_memsz) {
			linked += phdr.p_paddr - phdr.p_vaddr;
			break;
		}
	}
	CHECK((u32)(file->span.gpa + rip - linked) == start);
	return rip - linked;
}

/* Of the file, and in memory that is not told to be something else's. */
static void judge_segment(const struct file *file, const Elf64_Phdr *phdr)
{
	const struct loader_request *request = &file->load->request;
	const gpa_t gpa = phdr->p_paddr + file->moved;

	CHECK(phdr->p_offset <= request->kernel_len &&
	      phdr->p_filesz <= request->kernel_len - phdr->p_offset);
	CHECK(phdr->p_filesz <= phdr->p_memsz && gpa >= HIGH_START);
	CHECK(enclave_has(file->load->enclave, gpa, phdr->p_memsz));
	CHECK(enclave_holds(file->load->enclave, gpa,
			    (const u8 *)request->kernel + phdr->p_offset, phdr->p_filesz));
}

static bool phdr_has(const struct file *file, const Elf64_Phdr *phdr, gpa_t gpa)
{
	return phdr_loads(phdr) && gpa - (phdr->p_paddr + file->moved) < phdr->p_memsz;
}

static void judge_segments(const struct file *file)
{
	bool entered = false;
	u32 i;

	for (i = 0; i < file->ehdr.e_phnum; i++) {
		Elf64_Phdr phdr = phdr_get(file, i);

		if (phdr_loads(&phdr))
			judge_segment(file, &phdr);
		entered |= phdr_has(file, &phdr, file->load->entry.rip);
	}
	CHECK(entered);
}

/* Only Linux is told of the TSC; only it and what relocates itself are moved, as they allow. */
static void judge_kind(const struct file *file)
{
	const struct loader_request *request = &file->load->request;
	const char *line = enclave_at(file->load->enclave, number(file->page + CMDLINE, 4),
				      LOADER_CMDLINE_MAX + 1);
	bool linux_kernel = memmem(request->kernel, request->kernel_len, LINUX_NAME,
				   sizeof(LINUX_NAME));

	CHECK(file->moved % MOVED_BY == 0);
	CHECK(!file->moved || linux_kernel || file->ehdr.e_type == ET_DYN);
	CHECK(linux_kernel || !strcmp(line, request->cmdline ? request->cmdline : ""));
}

static void judge(const struct load *load)
{
	struct file file = { .load = load };

	CHECK(load->request.kernel_len >= sizeof(file.ehdr));
	memcpy(&file.ehdr, load->request.kernel, sizeof(file.ehdr));
	CHECK(!memcmp(file.ehdr.e_ident, ELFMAG, SELFMAG));
	CHECK(file.ehdr.e_ident[EI_CLASS] == ELFCLASS64);
	file.page = zero_page_judge(load, LOADER_CMDLINE_MAX);
	file.span = span_of(&file);
	file.moved = moved_by(&file);
	file.span.gpa += file.moved;
	judge_kind(&file);
	judge_segments(&file);
	judge_initrd(load, zero_page_initrd(file.page), file.span);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	load_fuzz(data, size, "linux-elf", judge);
	return 0;
}
