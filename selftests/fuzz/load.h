/* SPDX-License-Identifier: GPL-2.0-only */
/* Input of a loader target: how to load, then the image. */
#ifndef COVIRT_FUZZ_LOAD_H
#define COVIRT_FUZZ_LOAD_H

#include "controller/loader/loader.h"
#include "enclave.h"

/* Limits within which loader.h and bootinfo.h let the loader put things. */
#define LOW_END		0xa0000ULL
#define HIGH_START	0x100000ULL

#define LINUX_NAME	"\0.x86_cpu_dev.init"	/* a section that Linux alone has */

/**
 * struct load - a call of loader_load(), and what came of it
 * @request: what was asked for
 * @enclave: its memory; open while it is judged
 * @entry:   result
 * @reason:  result
 * @err:     result
 */
struct load {
	struct loader_request request;
	struct enclave *enclave;
	struct covirt_entry entry;
	const char *reason;
	int err;
};

/* Guest-physical addresses from @gpa on. */
struct place {
	gpa_t gpa;
	u64 len;
};

void load_fuzz(const u8 *data, size_t size, const char *protocol,
	       void (*judge)(const struct load *load));
void judge_initrd(const struct load *load, struct place initrd, struct place kernel);

#endif /* COVIRT_FUZZ_LOAD_H */
