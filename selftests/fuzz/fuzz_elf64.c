// SPDX-License-Identifier: GPL-2.0-only
/* The ELF64 loader against a reading of the file by the structures of <elf.h>. */
#include <elf.h>

#include "include/uapi/linux/covirt.h"
#include "load.h"

#define PIE_ALIGN	(2ULL << 20)

/**
 * struct file - the image as <elf.h> knows it
 * @load: the load
 * @ehdr: its header
 * @info: what the co-kernel is told
 * @bias: what its addresses were moved by
 */
struct file {
	const struct load *load;
	Elf64_Ehdr ehdr;
	struct covirt_bootinfo info;
	u64 bias;
};

static const u8 *file_at(const struct file *file, u64 off, u64 len)
{
	CHECK(off <= file->load->request.kernel_len && len <= file->load->request.kernel_len - off);
	return (const u8 *)file->load->request.kernel + off;
}

static Elf64_Phdr phdr_get(const struct file *file, u32 i)
{
	Elf64_Phdr phdr;

	memcpy(&phdr, file_at(file, file->ehdr.e_phoff + i * sizeof(phdr), sizeof(phdr)),
	       sizeof(phdr));
	return phdr;
}

static gpa_t phdr_gpa(const struct file *file, const Elf64_Phdr *phdr)
{
	return file->ehdr.e_type == ET_DYN ? phdr->p_vaddr + file->bias : phdr->p_paddr;
}

static bool phdr_has(const Elf64_Phdr *phdr, u64 vaddr)
{
	return phdr->p_type == PT_LOAD && vaddr >= phdr->p_vaddr &&
	       vaddr - phdr->p_vaddr < phdr->p_memsz;
}

static u64 lowest_vaddr(const struct file *file)
{
	u64 lowest = ~0ULL;
	u32 i;

	for (i = 0; i < file->ehdr.e_phnum; i++) {
		Elf64_Phdr phdr = phdr_get(file, i);

		if (phdr.p_type == PT_LOAD && phdr.p_memsz)
			lowest = min(lowest, phdr.p_vaddr);
	}
	return lowest;
}

static bool has_dynamic(const struct file *file)
{
	u32 i;

	for (i = 0; i < file->ehdr.e_phnum; i++)
		if (phdr_get(file, i).p_type == PT_DYNAMIC)
			return true;
	return false;
}

/*
 * A segment must lie in the enclave's memory, in RAM that the co-kernel is told of, and hold the
 * file's bytes.
 */
static void judge_segment(const struct file *file, const Elf64_Phdr *phdr, bool relocated)
{
	gpa_t gpa = phdr_gpa(file, phdr);
	const u8 *bytes = file_at(file, phdr->p_offset, phdr->p_filesz);

	CHECK(phdr->p_filesz <= phdr->p_memsz);
	CHECK(gpa >= HIGH_START && enclave_has(file->load->enclave, gpa, phdr->p_memsz));
	CHECK(gpa >= file->info.image);
	CHECK(gpa + phdr->p_memsz <= file->info.image + file->info.image_len);
	if (!relocated)
		CHECK(enclave_holds(file->load->enclave, gpa, bytes, phdr->p_filesz));
}

static void judge_segments(const struct file *file)
{
	bool relocated = file->ehdr.e_type == ET_DYN && has_dynamic(file);
	u32 i;

	for (i = 0; i < file->ehdr.e_phnum; i++) {
		Elf64_Phdr phdr = phdr_get(file, i);

		if (phdr.p_type == PT_LOAD && phdr.p_memsz)
			judge_segment(file, &phdr, relocated);
	}
}

static void judge_entry(const struct file *file)
{
	u64 entry = file->ehdr.e_entry;
	bool found = false;
	u32 i;

	for (i = 0; i < file->ehdr.e_phnum; i++) {
		Elf64_Phdr phdr = phdr_get(file, i);

		found |= phdr_has(&phdr, entry) && phdr.p_flags & PF_X &&
			 file->load->entry.rip == phdr_gpa(file, &phdr) + (entry - phdr.p_vaddr);
	}
	CHECK(found);
}

/* The value of the last tag of that name before DT_NULL. */
static u64 dynamic_value(const struct file *file, const Elf64_Phdr *dynamic, s64 tag)
{
	u64 value = 0;
	Elf64_Dyn dyn;
	u64 off;

	for (off = 0; off + sizeof(dyn) <= dynamic->p_filesz; off += sizeof(dyn)) {
		memcpy(&dyn, file_at(file, dynamic->p_offset + off, sizeof(dyn)), sizeof(dyn));
		if (dyn.d_tag == DT_NULL)
			break;
		if (dyn.d_tag == tag)
			value = dyn.d_un.d_val;
	}
	return value;
}

/* Of relocations the last one is looked at: no other can have written over it. */
static void judge_last_rela(const struct file *file, u64 vaddr)
{
	Elf64_Rela rela = {};
	u64 value;
	u32 i;

	for (i = 0; i < file->ehdr.e_phnum; i++) {
		Elf64_Phdr phdr = phdr_get(file, i);

		if (phdr_has(&phdr, vaddr))
			memcpy(&rela, file_at(file, phdr.p_offset + (vaddr - phdr.p_vaddr),
					      sizeof(rela)), sizeof(rela));
	}
	if (rela.r_info != R_X86_64_RELATIVE)
		return;
	value = rela.r_addend + file->bias;
	CHECK(enclave_holds(file->load->enclave, rela.r_offset + file->bias, &value,
			    sizeof(value)));
}

static void judge_relocations(const struct file *file)
{
	Elf64_Phdr dynamic = {};
	u64 len;
	u32 i;

	for (i = 0; i < file->ehdr.e_phnum; i++)
		if (phdr_get(file, i).p_type == PT_DYNAMIC)
			dynamic = phdr_get(file, i);
	len = dynamic_value(file, &dynamic, DT_RELASZ);
	CHECK(len % sizeof(Elf64_Rela) == 0);
	if (len)
		judge_last_rela(file, dynamic_value(file, &dynamic, DT_RELA) + len -
				sizeof(Elf64_Rela));
}

static void judge_cmdline(const struct file *file)
{
	const char *cmdline = file->load->request.cmdline ? file->load->request.cmdline : "";

	CHECK(file->info.cmdline < LOW_END);
	CHECK(enclave_holds(file->load->enclave, file->info.cmdline, cmdline,
			    __builtin_strlen(cmdline) + 1));
}

/* Every byte of RAM in one range, none elsewhere. */
static void judge_ranges(const struct file *file)
{
	const struct covirt_gpmap *map = &file->load->enclave->map;
	u64 told = 0, there = 0;
	u32 i;

	CHECK(file->info.nr_ranges <= COVIRT_BOOTINFO_RANGES);
	for (i = 0; i < file->info.nr_ranges; i++) {
		const struct covirt_bootinfo_range *range = &file->info.range[i];

		CHECK(!i || range->gpa > range[-1].gpa + range[-1].len);
		CHECK(enclave_has(file->load->enclave, range->gpa, range->len));
		told += range->len;
	}
	for (i = 0; i < map->nr; i++)
		if (map->extent[i].kind == COVIRT_KIND_RAM)
			there += map->extent[i].len;
	CHECK(told == there);
}

static void judge_info(const struct file *file)
{
	const struct loader_request *request = &file->load->request;
	const struct covirt_bootinfo *info = &file->info;

	CHECK(info->magic == COVIRT_BOOTINFO_MAGIC && info->version == COVIRT_BOOTINFO_VERSION);
	CHECK(info->size == sizeof(*info) && info->reserved == 0);
	CHECK(info->tsc_khz == request->tsc_khz);
	CHECK(info->nr_cpus == request->nr_cpus && info->apicid == request->apicid[0]);
	CHECK(!memcmp(info->rng_seed, request->rng_seed, sizeof(info->rng_seed)));
	judge_ranges(file);
	judge_cmdline(file);
	judge_initrd(file->load, (struct place){ info->initrd, info->initrd_len },
		     (struct place){ info->image, info->image_len });
}

static void judge(const struct load *load)
{
	struct file file = { .load = load };

	if (load->request.kernel_len < sizeof(file.ehdr) ||
	    memcmp(load->request.kernel, ELFMAG, SELFMAG))
		return;
	memcpy(&file.ehdr, load->request.kernel, sizeof(file.ehdr));
	memcpy(&file.info, enclave_at(load->enclave, load->entry.rdi, sizeof(file.info)),
	       sizeof(file.info));
	CHECK(load->entry.rdi < LOW_END && !load->entry.rsi);
	if (file.ehdr.e_type == ET_DYN) {
		file.bias = file.info.image - lowest_vaddr(&file);
		CHECK(file.bias % PIE_ALIGN == 0);
		judge_relocations(&file);
	}
	judge_segments(&file);
	judge_entry(&file);
	judge_info(&file);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	load_fuzz(data, size, "covirt", judge);
	return 0;
}
