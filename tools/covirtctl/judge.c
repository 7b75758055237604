// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking CPUs from Linux and bringing them back costs seconds, and tasks that were bound to them
 * their CPUs. So what can be wrong is looked for before: images by the very code that loads
 * them, sizes and CPUs by what Linux says of them now.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "controller/loader/loader.h"
#include "covirtctl.h"
#include "cpus.h"
#include "enclave.h"
#include "image_file.h"
#include "images.h"
#include "judge.h"
#include "size.h"

#define BLOCK	(2ULL << 20)

/* --- images --- */

/* The kernel refuses a protocol that there is not; until then the image decides. */
static int kernel_judge(const struct images *images, bool inside, uint64_t *need)
{
	struct loader_verdict verdict;
	const char *wanted = NULL;
	struct image_file image;
	gpa_t address;
	int err, status = image_file_open(&image, images->kernel, inside);

	if (status)
		return status;
	if (images->protocol)
		wanted = loader_protocol_find(images->protocol, &address);
	err = loader_check(image.bytes, image.len, wanted, &verdict);
	if (err)
		complain("%s: %s", images->kernel, verdict.reason);
	*need = verdict.need;
	image_file_close(&image);
	return err ? STATUS_FAILED : STATUS_OK;
}

static int initrd_judge(const char *file, uint64_t *need)
{
	char real[PATH_MAX];
	struct stat stat_now;
	int status = image_resolve(file, real);

	if (!status && !stat(real, &stat_now))
		*need += stat_now.st_size;
	return status;
}

static int files_judge(const struct images *images, bool inside, uint64_t *need)
{
	char real[PATH_MAX];
	int status = image_resolve(images->kernel, real);

	if (!status)
		status = kernel_judge(images, inside, need);
	if (!status && images->initrd)
		status = initrd_judge(images->initrd, need);
	return status;
}

/**
 * judge_images() - can these files be run at all?
 * @images: the files; of a compressed kernel what is inside counts
 * @need:   written: bytes of memory that they take at least
 *
 * Return: a status; what is wrong has been said, with the name of the file.
 */
int judge_images(const struct images *images, uint64_t *need)
{
	return files_judge(images, true, need);
}

/**
 * judge_firmware() - the same for paths below /lib/firmware
 * @images: the files, which the module reads as they are
 * @need:   as above
 *
 * Return: a status; what is wrong has been said.
 */
int judge_firmware(const struct images *images, uint64_t *need)
{
	char paths[2][PATH_MAX];
	const struct images below = {
		paths[0], images->initrd ? paths[1] : NULL, images->protocol,
	};

	snprintf(paths[0], PATH_MAX, FIRMWARE_DIR "/%s", images->kernel);
	snprintf(paths[1], PATH_MAX, FIRMWARE_DIR "/%s", images->initrd ?: "");
	return files_judge(&below, false, need);
}

/* --- memory --- */

/**
 * memory_spare_of() - what Linux can give away of a NUMA node beside its reserve there
 * @node: number, or ANY_NODE for all of them together
 *
 * Return: bytes; UINT64_MAX when covirt does not say.
 */
uint64_t memory_spare_of(int node)
{
	char value[VALUE_ROOM], *rest = value, *line;
	unsigned long long bytes;
	uint64_t sum = 0;
	int here;

	if (attribute_read("", "memory_spare", value))
		return UINT64_MAX;
	while ((line = strsep(&rest, "\n")))
		if (sscanf(line, "%d %llu", &here, &bytes) == 2 &&
		    (node == ANY_NODE || here == node))
			sum += bytes;
	return sum;
}

static int complain_unit(const char *how, uint64_t size)
{
	if (size < BLOCK)
		complain("%s is %llu bytes: say %lluM if you mean megabytes; memory goes in blocks of 2M",
			 how, (unsigned long long)size, (unsigned long long)size);
	else
		complain("%s is no multiple of 2M", how);
	return STATUS_FAILED;
}

/**
 * judge_memory() - can so much be had, and is it enough?
 * @how:   how the size was given, like "--memory 512"
 * @size:  bytes
 * @need:  bytes that the images take at least
 * @force: Linux's reserve counts for nothing
 *
 * Return: a status; what is wrong has been said.
 */
int judge_memory(const char *how, uint64_t size, uint64_t need, bool force)
{
	uint64_t spare = memory_spare_of(ANY_NODE);
	char text[SIZE_TEXT];

	if (!size || size % BLOCK)
		return complain_unit(how, size);
	if (size < need) {
		complain("%s is too little: kernel and initrd take %lluM at least", how,
			 (unsigned long long)(need >> 20) + 1);
		return STATUS_FAILED;
	}
	if (size > spare && !force) {
		complain("%s is more than Linux can spare, %s beside its reserve: ask for less, see %s/memory_reserve, or add --force",
			 how, size_format(spare, text), CLASS_DIR);
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

/* --- CPUs --- */

static int cpu_judge(const struct cpulist *online, int cpu)
{
	const char *why_not = online->has[cpu] ? cpus_why_not(cpu) : NULL;

	if (online->has[cpu] && !why_not)
		return STATUS_OK;
	if (why_not)
		complain("--cpu-list: CPU %d %s: choose others", cpu, why_not);
	else
		complain("--cpu-list: CPU %d is not online: see 'covirtctl list' for who has it, or bring it online first",
			 cpu);
	return STATUS_FAILED;
}

/**
 * judge_cpu_list() - are these CPUs that Linux has?
 * @text: list of CPUs, as the user wrote it
 *
 * Whole cores, and how many Linux can do without, are for the kernel to judge: it looks at all of
 * the list before it takes the first.
 *
 * Return: a status; what is wrong has been said.
 */
int judge_cpu_list(const char *text)
{
	struct cpulist wanted, online;
	int cpu, status = STATUS_OK;

	if (cpulist_parse(text, &wanted) || !cpulist_count(&wanted)) {
		complain("--cpu-list takes CPUs like 2-3,5, not '%s'", text);
		return STATUS_FAILED;
	}
	if (cpus_read("online", &online))
		return STATUS_OK;
	for (cpu = 0; cpu < CPULIST_CPUS && !status; cpu++)
		if (wanted.has[cpu])
			status = cpu_judge(&online, cpu);
	return status;
}
