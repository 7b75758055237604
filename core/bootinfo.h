/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a plain ELF64 co-kernel finds when it is entered. This is an ABI: see
 * Documentation/. A field keeps its offset for ever; new fields are appended
 * after the ranges and raise the version.
 *
 * Entry state: 64-bit mode, paging on (every RAM extent is mapped at its own
 * guest-physical address, writable and executable, the low window too),
 * interrupts off, flat segments from a GDT in the low window (CS 0x10, data
 * 0x18), x2APIC enabled, RDI = guest-physical address of this structure, RSP
 * = top of an 8 KiB stack at least, all other registers 0. A processor without
 * x2APIC (CPUID.1:ECX[21] and APIC_BASE tell) has its APIC in memory, at
 * 0xfee00000, which is not mapped yet. The GDT, the page
 * tables and this structure stay valid until the co-kernel overwrites
 * [0x1000, 0x80000).
 */
#ifndef COVIRT_CORE_BOOTINFO_H
#define COVIRT_CORE_BOOTINFO_H

#include "types.h"

#define COVIRT_BOOTINFO_MAGIC		0x4f464e4954525643ULL	/* "CVRTINFO" */
#define COVIRT_BOOTINFO_VERSION		1
#define COVIRT_BOOTINFO_RANGES		128

/**
 * struct covirt_bootinfo_range - usable RAM
 * @gpa: first byte, guest-physical
 * @len: bytes
 */
struct covirt_bootinfo_range {
	u64 gpa;
	u64 len;
};

/**
 * struct covirt_bootinfo - description of the enclave for its co-kernel
 * @magic:     COVIRT_BOOTINFO_MAGIC
 * @version:   COVIRT_BOOTINFO_VERSION; grows with each appended field
 * @size:      bytes of this structure
 * @cmdline:   guest-physical address of the NUL-terminated command line
 * @rsdp:      guest-physical address of the ACPI RSDP
 * @initrd:    guest-physical address of the initrd, 0 if there is none
 * @initrd_len: its length in bytes
 * @image:     guest-physical address at which the image's lowest byte lies
 * @image_len: bytes from there to its highest one, holes included
 * @tsc_khz:   frequency of the time-stamp counter
 * @nr_cpus:   CPUs of the enclave
 * @apicid:    local APIC id of the CPU that is entered
 * @rng_seed:  32 random bytes, fresh for every start
 * @nr_ranges: valid entries of @range
 * @reserved:  0
 * @range:     RAM in ascending order, holes between; the first is the low
 *             window, whose part from 0x80000 on holds the ACPI tables
 */
struct covirt_bootinfo {
	u64 magic;
	u32 version;
	u32 size;
	u64 cmdline;
	u64 rsdp;
	u64 initrd;
	u64 initrd_len;
	u64 image;
	u64 image_len;
	u64 tsc_khz;
	u32 nr_cpus;
	u32 apicid;
	u8 rng_seed[32];
	u32 nr_ranges;
	u32 reserved;
	struct covirt_bootinfo_range range[COVIRT_BOOTINFO_RANGES];
};

static_assert(offsetof(struct covirt_bootinfo, tsc_khz) == 64);
static_assert(offsetof(struct covirt_bootinfo, range) == 120);
static_assert(sizeof(struct covirt_bootinfo) <= COVIRT_PAGE_SIZE);

#endif /* COVIRT_CORE_BOOTINFO_H */
