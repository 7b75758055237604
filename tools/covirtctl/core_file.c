// SPDX-License-Identifier: GPL-2.0-only
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core_file.h"
#include "covirtctl.h"
#include "enclave.h"
#include "include/uapi/linux/covirt.h"

#define NOTE_PAD(len)	(((len) + 3) & ~UINT64_C(3))

/* --- opening --- */

static int complain_dump(const char *name, int err)
{
	char why[VALUE_ROOM];

	if (enclave_last_error(name, why)) {
		complain("%s: %s", name, why);
		return STATUS_FAILED;
	}
	if (err == EPERM)
		return complain_not_permitted(name, err);
	if (err == ENOTTY)
		complain("%s: this covirt has no core dumps: it is older than covirtctl; install both of one version",
			 name);
	else
		complain("%s: there is no core dump: %s", name, strerror(err));
	return STATUS_FAILED;
}

static int dump_open(const char *name, int *fd)
{
	int device, status = enclave_open(name, O_RDONLY | O_NONBLOCK, &device);

	if (status)
		return status;
	*fd = ioctl(device, COVIRT_IOC_CORE);
	if (*fd < 0)
		status = complain_dump(name, errno);
	close(device);
	return status;
}

/* --- what it says of itself --- */

static bool read_whole(int fd, void *buf, size_t len, uint64_t pos)
{
	return pread(fd, buf, len, pos) == (ssize_t)len;
}

static void note_read(struct core_file *core, const Elf64_Nhdr *note, const char *name,
		      const char *desc)
{
	if (note->n_type != COVIRT_NOTE_CPU || note->n_namesz != sizeof(COVIRT_NOTE_NAME) ||
	    memcmp(name, COVIRT_NOTE_NAME, sizeof(COVIRT_NOTE_NAME)) ||
	    note->n_descsz < sizeof(core->cpu[0]) || core->nr_cpus == COVIRT_MAX_CPUS)
		return;
	memcpy(&core->cpu[core->nr_cpus++], desc, sizeof(core->cpu[0]));
}

static void notes_read(struct core_file *core)
{
	size_t at = 0;

	while (core->notes_len - at >= sizeof(Elf64_Nhdr)) {
		const Elf64_Nhdr *note = (const void *)(core->notes + at);
		uint64_t name = at + sizeof(*note), desc = name + NOTE_PAD(note->n_namesz);
		uint64_t end = desc + NOTE_PAD(note->n_descsz);

		if (end > core->notes_len)
			return;
		note_read(core, note, core->notes + name, core->notes + desc);
		at = end;
	}
}

static bool notes_get(struct core_file *core, const Elf64_Phdr *header)
{
	core->notes = malloc(header->p_filesz);
	core->notes_len = header->p_filesz;
	return core->notes &&
	       read_whole(core->fd, core->notes, header->p_filesz, header->p_offset);
}

static bool header_read(struct core_file *core, const Elf64_Phdr *header)
{
	if (header->p_type == PT_NOTE && !core->notes)
		return notes_get(core, header);
	if (header->p_type != PT_LOAD)
		return false;
	core->ram[core->nr_ram++] = (struct core_ram) {
		.gpa = header->p_paddr, .len = header->p_filesz, .offset = header->p_offset,
	};
	return true;
}

static bool headers_read(struct core_file *core)
{
	Elf64_Phdr header;
	Elf64_Ehdr elf;
	unsigned int i;

	if (!read_whole(core->fd, &elf, sizeof(elf), 0))
		return false;
	core->ram = calloc(elf.e_phnum, sizeof(*core->ram));
	if (!core->ram)
		return false;
	for (i = 0; i < elf.e_phnum; i++)
		if (!read_whole(core->fd, &header, sizeof(header),
				elf.e_phoff + i * sizeof(header)) ||
		    !header_read(core, &header))
			return false;
	notes_read(core);
	return core->nr_cpus && core->nr_ram;
}

/**
 * core_file_open() - ask the kernel for a dump of an enclave
 * @core: filled in; core_file_close() is due in any case
 * @name: of the enclave
 *
 * Return: a status.
 */
int core_file_open(struct core_file *core, const char *name)
{
	int status;

	memset(core, 0, sizeof(*core));
	core->fd = -1;
	status = dump_open(name, &core->fd);
	if (status || headers_read(core))
		return status;
	complain("%s: its core dump cannot be understood: covirt is of another version than covirtctl; install both of one version",
		 name);
	return STATUS_FAILED;
}

/**
 * core_file_close() - the end of it
 * @core: opened, or not with success
 */
void core_file_close(struct core_file *core)
{
	free(core->notes);
	free(core->ram);
	if (core->fd >= 0)
		close(core->fd);
}

/**
 * core_file_read() - read the co-kernel's memory, as struct guest_mem has it
 * @core: a struct core_file
 * @gpa:  guest-physical address
 * @buf:  where to
 * @len:  bytes
 *
 * Return: 0; -EFAULT: that is not all the co-kernel's; -EIO.
 */
int core_file_read(void *core, gpa_t gpa, void *buf, size_t len)
{
	const struct core_file *file = core;
	const struct core_ram *ram;

	for (ram = file->ram; ram < file->ram + file->nr_ram; ram++)
		if (gpa >= ram->gpa && gpa - ram->gpa < ram->len)
			return len > ram->len - (gpa - ram->gpa) ? -EFAULT :
			       read_whole(file->fd, buf, len, ram->offset + (gpa - ram->gpa)) ?
			       0 : -EIO;
	return -EFAULT;
}

/**
 * core_file_cpu() - the CPU that one wants to look at
 * @core: opened
 *
 * Return: index of the one that was contained, else of the first whose registers are known.
 */
size_t core_file_cpu(const struct core_file *core)
{
	size_t i, best = core->nr_cpus;

	for (i = core->nr_cpus; i-- > 0;) {
		if (core->cpu[i].reason > COVIRT_FAULT_POWER_OFF)
			return i;
		if (core->cpu[i].registers.taken)
			best = i;
	}
	return best < core->nr_cpus ? best : 0;
}
