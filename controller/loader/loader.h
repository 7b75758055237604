/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Laying a co-kernel out in its enclave's memory: image, initrd, command
 * line, boot parameters, ACPI tables, boot page tables and GDT.
 *
 * Freestanding: the image is untrusted input, and the same code runs in the
 * module, in KUnit and under fuzzers in user space.
 */
#ifndef COVIRT_LOADER_LOADER_H
#define COVIRT_LOADER_LOADER_H

#include "core/base.h"
#include "core/config.h"
#include "core/entry.h"
#include "core/linux/gpmap.h"
#include "core/types.h"

#define LOADER_CMDLINE_MAX	2047	/* characters, without the NUL */
#define LOADER_CMDLINE_OWN	64	/* of them, for what the loader puts in front */
#define LOADER_CMDLINE_USER	(LOADER_CMDLINE_MAX - LOADER_CMDLINE_OWN)
#define LOADER_SEED_BYTES	32

/**
 * struct loader_request - everything a loader needs to know
 * @kernel:     the image file; NULL only with @kernel_len 0
 * @kernel_len: its length in bytes
 * @initrd:     initial RAM disk, or NULL
 * @initrd_len: its length in bytes, 0 for none
 * @protocol:   name of the protocol to boot it by; NULL means the one that is recognized
 * @address:    where the image goes, for a protocol that wants to be told
 * @cmdline:    NUL-terminated command line; NULL means empty
 * @map:        guest-physical map of the enclave
 * @mem:        gives the memory behind [gpa, gpa + len), which the loader may
 *              write; NULL if that is not wholly inside one RAM extent
 * @ctx:        first argument of @mem
 * @tsc_khz:    TSC frequency
 * @rng_seed:   fresh random bytes
 * @have_1g_pages: the CPU has 1 GiB pages
 * @have_ioapic: the enclave has an I/O APIC, and COM1 interrupts through it
 * @nr_cpus:    CPUs of the enclave, 1 to COVIRT_MAX_CPUS
 * @nr_announced: further CPUs that it may be given later; COVIRT_MAX_CPUS with the others
 * @apicid:     APIC ids of all of them; the first is the boot CPU
 *
 * The enclave's RAM must be all zero.
 */
struct loader_request {
	const void *kernel;
	u64 kernel_len;
	const void *initrd;
	u64 initrd_len;
	const char *protocol;
	gpa_t address;
	const char *cmdline;
	const struct covirt_gpmap *map;
	void *(*mem)(void *ctx, gpa_t gpa, u64 len);
	void *ctx;
	u64 tsc_khz;
	u8 rng_seed[LOADER_SEED_BYTES];
	bool have_1g_pages;
	bool have_ioapic;
	u32 nr_cpus;
	u32 nr_announced;
	apicid_t apicid[COVIRT_MAX_CPUS];
};

/**
 * struct loader_verdict - what a file was found to be
 * @protocol: name of the protocol that it boots by, a static string; NULL on error
 * @need:     bytes of RAM that it takes at least; 0 on error
 * @reason:   static string that tells what is wrong; NULL on success
 */
struct loader_verdict {
	const char *protocol;
	u64 need;
	const char *reason;
};

const char *loader_protocol(u32 index);
bool loader_protocol_has_address(u32 index);
const char *loader_protocol_find(const char *text, gpa_t *address);
int loader_check(const void *kernel, u64 len, const char *protocol,
		 struct loader_verdict *verdict);
int loader_load(const struct loader_request *request, struct covirt_entry *entry,
		const char **reason);

#endif /* COVIRT_LOADER_LOADER_H */
