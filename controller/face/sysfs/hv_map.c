// SPDX-License-Identifier: GPL-2.0-only
/* Map of an enclave's hypervisor, read back from its page tables. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "controller/enclave/enclave.h"
#include "controller/face/sysfs/hv_map.h"
#include "controller/partition/owner.h"

/**
 * struct run - neighbouring pages with the same rights and owner
 * @first: the first page, with the size of all of them
 * @owner: whose memory they are
 */
struct run {
	struct pt_leaf first;
	char owner[sizeof("enclave ") + ENCLAVE_NAME_MAX];
};

static bool run_extend(struct run *run, const struct run *next)
{
	struct pt_leaf *first = &run->first;

	if (next->first.gpa != first->gpa + first->size ||
	    next->first.access != first->access || strcmp(next->owner, run->owner))
		return false;
	first->size += next->first.size;
	return true;
}

/* The tables translate 48 bits; the rest of a virtual address repeats bit 47. */
static u64 canonical(u64 address)
{
	return (u64)((s64)(address << 16) >> 16);
}

static ssize_t run_print(const struct run *run, char *buf, ssize_t at)
{
	const struct pt_leaf *first = &run->first;

	return sysfs_emit_at(buf, at, "0x%llx-0x%llx %c%c%c %s\n",
			     canonical(first->gpa), canonical(first->gpa + first->size - 1),
			     first->access & COVIRT_READ ? 'r' : '-',
			     first->access & COVIRT_WRITE ? 'w' : '-',
			     first->access & COVIRT_EXEC ? 'x' : '-', run->owner);
}

static bool run_next(const struct pt *tables, u64 address, struct run *run)
{
	if (!pt_next(tables, address, &run->first))
		return false;
	owner_of(run->first.hpa, run->owner, sizeof(run->owner));
	return true;
}

/**
 * hv_map_print() - the hypervisor's address space, a line for each range
 * @space: the space
 * @buf:   a page
 *
 * A line is "first-last rights owner".
 *
 * Context: may sleep.
 * Return: bytes written.
 */
ssize_t hv_map_print(const struct hv_space *space, char *buf)
{
	struct run run, next;
	ssize_t len = 0;
	u64 address;

	might_sleep();
	if (!run_next(&space->tables, 0, &run))
		return 0;
	for (;;) {
		address = run.first.gpa + run.first.size;
		if (!run_next(&space->tables, address, &next))
			break;
		if (run_extend(&run, &next))
			continue;
		len += run_print(&run, buf, len);
		run = next;
	}
	return len + run_print(&run, buf, len);
}
