// SPDX-License-Identifier: GPL-2.0-only
/*
 * break: written with "FIRST-LAST OFFSET HOW", damages the function that begins OFFSET bytes into
 * the hypervisor's image, if that lies in the range of physical addresses, else EINVAL. HOW:
 * "panic", whoever calls it meets an undefined instruction, as if by a bug of the hypervisor's;
 * "skip", it does nothing; "hang", it never returns; "lose", the stack pointer leads to where
 * nothing can be written; "mend", it is as it was before the last damage, and who hangs there
 * goes on.
 */
#include <linux/io.h>
#include <linux/kernel.h>

#include "guard.h"

#define IMAGE_MAGIC	0x49565643	/* HV_HEADER_MAGIC of core/hv/space.h */

#define DAMAGE		2		/* bytes */

static const struct {
	const char *how;
	u8 code[DAMAGE];
} damages[] = {
	{ "panic", { 0x0f, 0x0b } },	/* UD2 */
	{ "skip", { 0xc3, 0xcc } },	/* RET */
	{ "hang", { 0xeb, 0xfe } },	/* JMP to itself */
	{ "lose", { 0x5c, 0x50 } },	/* POP RSP: into the caller's code; PUSH RAX */
};

static u8 before[DAMAGE];

/* Both bytes at once: another CPU may be executing them. */
static void code_write(u8 *at, const u8 *code)
{
	u16 word;

	memcpy(&word, code, sizeof(word));
	WRITE_ONCE(*(u16 *)at, word);
}

static int damage(u8 *at, const char *how)
{
	u32 i;

	if (!strcmp(how, "mend")) {
		code_write(at, before);
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(damages); i++)
		if (!strcmp(how, damages[i].how)) {
			memcpy(before, at, sizeof(before));
			code_write(at, damages[i].code);
			return 0;
		}
	return -EINVAL;
}

/* The image begins at a page. */
static u8 *image_find(unsigned long first, unsigned long last)
{
	unsigned long address;

	for (address = first; address < last; address += PAGE_SIZE)
		if (*(u32 *)phys_to_virt(address) == IMAGE_MAGIC)
			return phys_to_virt(address);
	return NULL;
}

static ssize_t break_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			   size_t len)
{
	unsigned long first, last, offset;
	char how[8];
	u8 *image;
	int err;

	if (sscanf(buf, "%li-%li %li %7s", &first, &last, &offset, how) != 4)
		return -EINVAL;
	image = image_find(first, last);
	if (!image)
		return -EINVAL;
	err = damage(image + offset, how);
	return err ?: len;
}

struct kobj_attribute guard_break = __ATTR(break, 0200, NULL, break_store);
