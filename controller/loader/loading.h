/* SPDX-License-Identifier: GPL-2.0-only */
/* State that the parts of the loader share while an image is being loaded. */
#ifndef COVIRT_LOADER_LOADING_H
#define COVIRT_LOADER_LOADING_H

#include "loader.h"

/*
 * Low memory, as every loader leaves it. Linux takes what it needs from
 * here below LOW_ACPI for its real-mode trampolines, once it is up.
 */
#define LOW_GDT			0x1000ULL
#define LOW_PARAMS		0x2000ULL	/* zero page or struct covirt_bootinfo */
#define LOW_CMDLINE		0x3000ULL
#define LOW_SETUP_DATA		0x4000ULL
#define LOW_STACK_TOP		0x8000ULL	/* 12 KiB, downwards */
#define LOW_TABLES		0x8000ULL	/* boot page tables */
#define LOW_TABLES_END		0x80000ULL
#define LOW_ACPI		0x80000ULL
#define LOW_END			0xa0000ULL
#define HIGH_START		0x100000ULL	/* images live from here on */
#define SIZE_4G			BIT_ULL(32)

/**
 * struct gpa_range - a run of guest-physical addresses
 * @gpa: first address
 * @len: bytes; @gpa + @len does not wrap
 */
struct gpa_range {
	gpa_t gpa;
	u64 len;
};

/**
 * struct loading - one call of loader_load()
 * @request: what the caller asked for
 * @entry:   the entry state, filled bit by bit
 * @rsdp:    guest-physical address of the ACPI RSDP
 * @initrd:  where the initrd went; length 0 for none
 * @tables_end: where in low memory the boot page tables must end
 * @need:    bytes of RAM that the image takes at least
 * @reason:  why it failed
 */
struct loading {
	const struct loader_request *request;
	struct covirt_entry *entry;
	gpa_t rsdp;
	struct gpa_range initrd;
	gpa_t tables_end;
	u64 need;
	const char *reason;
};

/**
 * struct loader_format - a boot protocol, and the images that boot by it
 * @name:  the protocol's name, a word that users write
 * @has_address: the user writes loader_request::address behind it
 * @match: is the file meant for it? Looks at magic numbers only
 * @check: is it an image that can be booted at all? Looks at the file only, and fills
 *         loading::need. Returns as @load
 * @load:  check the image, lay it out, fill the entry state. Returns 0 or
 *         what loading_fail() returned
 */
struct loader_format {
	const char *name;
	bool has_address;
	bool (*match)(const struct loader_request *request);
	int (*check)(struct loading *loading);
	int (*load)(struct loading *loading);
};

extern const struct loader_format bzimage_format;
extern const struct loader_format elf64_format;
extern const struct loader_format flat_format;
extern const struct loader_format multiboot2_format;
extern const struct loader_format multiboot_format;
extern const struct loader_format pvh_format;
extern const struct loader_format vmlinux_format;

/**
 * loading_fail() - note why loading failed
 * @loading: the loading
 * @err:     negative errno
 * @reason:  a static string that tells the user what is wrong
 *
 * Return: @err.
 */
static inline int loading_fail(struct loading *loading, int err, const char *reason)
{
	loading->reason = reason;
	return err;
}

#endif /* COVIRT_LOADER_LOADING_H */
