// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same form as the kernel's: headers, notes, from the next page on memory. What is new is
 * where the co-kernel sees it.
 */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core_write.h"
#include "signals.h"

#define PAGE		4096
#define CHUNK		0x100000
#define NOTE_ALIGN	4

/* --- bytes --- */

static int bytes_write(struct core_write *write_to, const char *bytes, size_t len)
{
	ssize_t done;

	while (len) {
		done = write(write_to->fd, bytes, len);
		if (done < 0 && errno == EINTR && !signals_ending())
			continue;
		if (done < 0)
			return -errno;
		bytes += done;
		len -= done;
		write_to->size += done;
	}
	return 0;
}

static bool is_zero(const char *bytes, size_t len)
{
	return !*bytes && !memcmp(bytes, bytes + 1, len - 1);
}

static int hole_leave(struct core_write *write_to, size_t len)
{
	if (lseek(write_to->fd, len, SEEK_CUR) < 0)
		return -errno;
	write_to->size += len;
	return 0;
}

/* Page by page: those without content become holes. */
static int pages_write(struct core_write *write_to, const char *bytes, size_t len)
{
	size_t at, end;
	int err = 0;

	for (at = 0; at < len && !err; at = end) {
		bool zero = write_to->sparse && is_zero(bytes + at, PAGE);

		end = at + PAGE;
		while (end < len && zero == (write_to->sparse && is_zero(bytes + end, PAGE)))
			end += PAGE;
		err = zero ? hole_leave(write_to, end - at) :
			     bytes_write(write_to, bytes + at, end - at);
	}
	return err;
}

/* --- head --- */

static size_t notes_len(const struct core_write *write_to)
{
	return write_to->core->notes_len + ALIGN(write_to->info->len, NOTE_ALIGN);
}

static size_t headers_len(const struct core_write *write_to)
{
	return sizeof(Elf64_Ehdr) + (write_to->segments->nr + 1) * sizeof(Elf64_Phdr);
}

static size_t head_len(const struct core_write *write_to)
{
	return ALIGN(headers_len(write_to) + notes_len(write_to), PAGE);
}

static const Elf64_Ehdr elf_header = {
	.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
	.e_type = ET_CORE,
	.e_machine = EM_X86_64,
	.e_version = EV_CURRENT,
	.e_phoff = sizeof(Elf64_Ehdr),
	.e_ehsize = sizeof(Elf64_Ehdr),
	.e_phentsize = sizeof(Elf64_Phdr),
};

static Elf64_Phdr notes_header(const struct core_write *write_to)
{
	return (Elf64_Phdr) {
		.p_type = PT_NOTE,
		.p_offset = headers_len(write_to),
		.p_filesz = notes_len(write_to),
		.p_align = NOTE_ALIGN,
	};
}

/* Memory lies as in the kernel's dump, behind another head, and is aligned to nothing, as there. */
static Elf64_Phdr segment_header(const struct core_write *write_to,
				 const struct core_segment *segment)
{
	return (Elf64_Phdr) {
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_W | PF_X,
		.p_offset = segment->offset - write_to->core->ram[0].offset + head_len(write_to),
		.p_vaddr = segment->va,
		.p_paddr = segment->gpa,
		.p_filesz = segment->len,
		.p_memsz = segment->len,
	};
}

static void head_make(const struct core_write *write_to, char *head)
{
	Elf64_Ehdr *elf = (void *)head;
	Elf64_Phdr *header = (void *)(head + sizeof(*elf));
	char *notes = head + headers_len(write_to);
	size_t i;

	*elf = elf_header;
	elf->e_phnum = write_to->segments->nr + 1;
	*header++ = notes_header(write_to);
	for (i = 0; i < write_to->segments->nr; i++)
		*header++ = segment_header(write_to, &write_to->segments->segment[i]);
	memcpy(notes, write_to->core->notes, write_to->core->notes_len);
	memcpy(notes + write_to->core->notes_len, write_to->info->note, write_to->info->len);
}

static int head_write(struct core_write *write_to)
{
	char *head = calloc(1, head_len(write_to));
	int err;

	if (!head)
		return -ENOMEM;
	head_make(write_to, head);
	err = bytes_write(write_to, head, head_len(write_to));
	free(head);
	return err;
}

/* --- memory --- */

static int chunk_write(struct core_write *write_to, char *chunk, uint64_t offset, size_t len)
{
	size_t have = 0;
	ssize_t got;

	while (have < len) {
		got = pread(write_to->core->fd, chunk + have, len - have, offset + have);
		if (signals_ending())
			return -EINTR;
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -EIO;
		have += got;
	}
	return pages_write(write_to, chunk, len);
}

static int extent_write(struct core_write *write_to, char *chunk, const struct core_ram *ram)
{
	uint64_t done, len;
	int err = 0;

	for (done = 0; done < ram->len && !err; done += len) {
		len = min(ram->len - done, (uint64_t)CHUNK);
		err = chunk_write(write_to, chunk, ram->offset + done, len);
	}
	return err;
}

static int memory_write(struct core_write *write_to)
{
	char *chunk = malloc(CHUNK);
	int err = chunk ? 0 : -ENOMEM;
	size_t i;

	for (i = 0; i < write_to->core->nr_ram && !err; i++)
		err = extent_write(write_to, chunk, &write_to->core->ram[i]);
	free(chunk);
	return err;
}

/* A hole at the end belongs to the file, too. */
static int end_write(struct core_write *write_to)
{
	return write_to->sparse && ftruncate(write_to->fd, write_to->size) ? -errno : 0;
}

/**
 * core_write() - write it
 * @write_to: all but @size
 *
 * Return: 0; -EINTR after a signal that ends the program; -ESTALE when the memory went
 * meanwhile; or what writing says.
 */
int core_write(struct core_write *write_to)
{
	int err = head_write(write_to);

	return err ?: memory_write(write_to) ?: end_write(write_to);
}
