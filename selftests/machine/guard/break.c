// SPDX-License-Identifier: GPL-2.0-only
/*
 * break: written with "ADDRESS OFFSET HOW", damages the function that begins OFFSET bytes into
 * the hypervisor's image, if that is what lies at the physical address, else EINVAL. HOW:
 * "panic", whoever calls it meets an undefined instruction, as if by a bug of the hypervisor's;
 * "skip", it does nothing; "hang", it never returns; "mend", it is as it was before the last
 * damage, and who hangs there goes on.
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

static ssize_t break_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			   size_t len)
{
	unsigned long address, offset;
	char how[8];
	u8 *image;
	int err;

	if (sscanf(buf, "%li %li %7s", &address, &offset, how) != 3)
		return -EINVAL;
	image = phys_to_virt(address);
	if (*(u32 *)image != IMAGE_MAGIC)
		return -EINVAL;
	err = damage(image + offset, how);
	return err ?: len;
}

struct kobj_attribute guard_break = __ATTR(break, 0200, NULL, break_store);
