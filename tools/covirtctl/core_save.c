// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core_file.h"
#include "core_map.h"
#include "core_save.h"
#include "core_segments.h"
#include "core_write.h"
#include "covirtctl.h"
#include "enclave.h"
#include "record.h"
#include "size.h"
#include "vmcoreinfo.h"

/**
 * struct save - on the way into a file
 * @name:     of the enclave
 * @path:     of the file; "-" is stdout
 * @core:     what the kernel offers
 * @map:      where the co-kernel sees its memory
 * @segments: both together
 * @info:     what a Linux says of itself
 */
struct save {
	const char *name;
	const char *path;
	struct core_file core;
	struct core_map map;
	struct core_segments segments;
	struct vmcoreinfo info;
};

/* --- what is looked for in the co-kernel's memory --- */

static int view_get(struct save *save)
{
	const struct guest_mem mem = { .read = core_file_read, .ctx = &save->core };
	const struct covirt_note_cpu *cpu = &save->core.cpu[core_file_cpu(&save->core)];
	int err = core_map_read(&save->map, &cpu->registers, &mem);
	size_t i;

	if (save->map.cut)
		complain("%s: its page tables have no end: what they map is not all in the dump's headers",
			 save->name);
	for (i = 0; i < save->core.nr_ram && !save->info.len; i++)
		vmcoreinfo_find(&save->info, save->core.ram[i].gpa, save->core.ram[i].len, &mem);
	return err ?: core_segments_make(&save->segments, &save->map, save->core.ram,
					 save->core.nr_ram);
}

/* --- the file --- */

static bool is_stdout(const struct save *save)
{
	return !strcmp(save->path, "-");
}

static int complain_save(const struct save *save, int err)
{
	if (err == -ESTALE)
		complain("%s: its memory went while the dump was written: it was started again, or given back; save it before that",
			 save->name);
	else
		complain("%s: %s", save->path, strerror(-err));
	return STATUS_FAILED;
}

/* A device or a pipe is written as it is. */
static bool is_special(const char *path)
{
	struct stat stat_now;

	return !stat(path, &stat_now) && !S_ISREG(stat_now.st_mode);
}

/*
 * For nobody else's eyes: it holds whatever the co-kernel had. What was there goes, for it may
 * be another's, who may have it open.
 */
static int file_open(const struct save *save)
{
	int fd;

	if (is_stdout(save)) {
		fd = dup(STDOUT_FILENO);
	} else if (is_special(save->path)) {
		fd = open(save->path, O_WRONLY | O_CLOEXEC);
	} else {
		if (unlink(save->path) && errno != ENOENT)
			return -errno;
		fd = open(save->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	}
	return fd < 0 ? -errno : fd;
}

static bool is_regular(int fd)
{
	struct stat stat;

	return !fstat(fd, &stat) && S_ISREG(stat.st_mode);
}

static int file_write(struct save *save, int fd)
{
	struct core_write write_to = {
		.fd = fd, .sparse = !is_stdout(save) && is_regular(fd), .core = &save->core,
		.segments = &save->segments, .info = &save->info,
	};
	int err = core_write(&write_to);

	if (close(fd) && !err)
		err = -errno;
	if (err && write_to.sparse)
		unlink(save->path);
	return err;
}

/* --- what there is to say --- */

static void about_cpus(const struct save *save, struct json_object *about)
{
	struct json_object *list = json_object_new_array();
	size_t i;

	for (i = 0; i < save->core.nr_cpus; i++) {
		const struct covirt_note_cpu *cpu = &save->core.cpu[i];
		struct json_object *record = json_object_new_object();

		record_set_number(record, "thread", i + 1);
		record_set_number(record, "cpu", cpu->cpu);
		if (cpu->registers.taken)
			record_set_hex(record, "rip", cpu->registers.rip);
		json_object_array_add(list, record);
	}
	record_set_list(about, "cpus", list);
	record_set_number(about, "thread", core_file_cpu(&save->core) + 1);
}

/* The co-kernel's word; people paste it into a shell. */
static bool says(const struct save *save, const char *key, const char *letters, char value[128])
{
	return vmcoreinfo_text(&save->info, key, value, 128) && *value &&
	       value[strspn(value, letters)] == '\0';
}

static void about_linux(const struct save *save, struct json_object *about)
{
	static const char digits[] = "0123456789abcdef";
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+~-";
	char value[128];

	if (says(save, "OSRELEASE", letters, value))
		record_set(about, "linux", "%s", value);
	if (says(save, "KERNELOFFSET", digits, value))
		record_set(about, "offset", "0x%s", value);
}

static void about(const struct save *save, struct json_object *about)
{
	uint64_t size = 0;
	size_t i;

	for (i = 0; i < save->core.nr_ram; i++)
		size += save->core.ram[i].len;
	record_set(about, "enclave", "%s", save->name);
	record_set(about, "file", "%s", save->path);
	record_set_number(about, "memory", size);
	record_set_number(about, "segments", save->segments.nr);
	about_cpus(save, about);
	about_linux(save, about);
}

/**
 * core_report() - say what was saved, and how to look at it
 * @about: from core_save()
 */
void core_report(struct json_object *about)
{
	struct json_object *offset = json_object_object_get(about, "offset");
	const char *file = record_text(about, "file");
	char size[SIZE_TEXT];

	size_format(json_object_get_uint64(json_object_object_get(about, "memory")), size);
	notice("%s: %s of memory, %zu CPUs.", file, size,
	       json_object_array_length(json_object_object_get(about, "cpus")));
	if (!offset) {
		notice("  gdb -c %s -ex 'symbol-file IMAGE -o WHERE-IT-WAS-LOADED' -ex 'thread %s'",
		       file, record_text(about, "thread"));
		return;
	}
	notice("Linux %s, moved by %s:", record_text(about, "linux"),
	       json_object_get_string(offset));
	notice("  gdb -c %s -ex 'symbol-file vmlinux -o %s' -ex 'thread %s'", file,
	       json_object_get_string(offset), record_text(about, "thread"));
	notice("  crash vmlinux %s", file);
}

static int save_all(struct save *save)
{
	int status = core_file_open(&save->core, save->name), err, fd;

	if (status)
		return status;
	err = view_get(save);
	fd = err ?: file_open(save);
	err = fd < 0 ? fd : file_write(save, fd);
	return err ? complain_save(save, err) : STATUS_OK;
}

/**
 * core_save() - save an enclave's core dump
 * @name:   of the enclave
 * @path:   of the file, "-" for stdout; what was there is replaced, and removed after a failure
 * @record: an empty record, filled in
 *
 * Return: a status.
 */
int core_save(const char *name, const char *path, struct json_object *record)
{
	struct save *save = calloc(1, sizeof(*save));
	int status;

	if (!save) {
		complain("%s: %s", path, strerror(errno));
		return STATUS_FAILED;
	}
	save->name = name;
	save->path = path;
	status = save_all(save);
	if (!status)
		about(save, record);
	core_segments_free(&save->segments);
	core_map_free(&save->map);
	core_file_close(&save->core);
	free(save);
	return status;
}
