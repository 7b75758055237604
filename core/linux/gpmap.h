/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest-physical map: what an enclave finds at each guest-physical address.
 *
 * It is the vendor-neutral truth from which page tables are built, e820 is
 * told and fault records name an owner. It allocates nothing: its owner gives it
 * room for as many extents as there may be.
 */
#ifndef COVIRT_CORE_GPMAP_H
#define COVIRT_CORE_GPMAP_H

#include "core/types.h"

/* Four levels of nine bits over 4 KiB pages: what nested tables can map (APM vol. 2, 5.3). */
#define COVIRT_GPA_LIMIT	BIT_ULL(48)
/* Widest physical address of any x86 processor (APM vol. 2, 5.3; SDM vol. 3, 4.1.4). */
#define COVIRT_HPA_BITS		52
#define COVIRT_HPA_LIMIT	BIT_ULL(COVIRT_HPA_BITS)

/**
 * enum covirt_extent_kind - what stands behind an extent
 * @COVIRT_KIND_RAM:    memory of the enclave alone
 * @COVIRT_KIND_SHARED: memory that somebody else maps too
 * @COVIRT_KIND_MMIO:   device registers
 * @COVIRT_KIND_BLANK:  one host page, repeated over the whole extent
 */
enum covirt_extent_kind {
	COVIRT_KIND_RAM,
	COVIRT_KIND_SHARED,
	COVIRT_KIND_MMIO,
	COVIRT_KIND_BLANK,
};

/**
 * struct covirt_extent - one run of guest-physical addresses
 * @gpa:     first guest-physical address, multiple of 4 KiB
 * @hpa:     host-physical address of @gpa, multiple of 4 KiB; for BLANK the one page
 * @len:     bytes, multiple of 4 KiB, not 0
 * @access:  enum covirt_access bits; READ is always among them
 * @memtype: enum covirt_memtype
 * @kind:    enum covirt_extent_kind
 */
struct covirt_extent {
	gpa_t gpa;
	hpa_t hpa;
	u64 len;
	u8 access;
	u8 memtype;
	u8 kind;
};

/**
 * struct covirt_gpmap - sorted, non-overlapping, coalesced extents
 * @nr:     extents in use
 * @max:    extents that there is room for
 * @extent: ascending by gpa; neighbours that continue each other are one extent
 */
struct covirt_gpmap {
	u32 nr;
	u32 max;
	struct covirt_extent *extent;
};

/**
 * access_is_valid() - can both nested formats express this access?
 * @access: enum covirt_access bits
 *
 * Return: true for READ with any of WRITE and EXEC.
 */
bool access_is_valid(u8 access);

/**
 * gpa_range_check() - is this a range that tables and maps can hold?
 * @gpa: start
 * @len: bytes
 *
 * Return: 0; -EINVAL when an end is no multiple of 4 KiB or @len is 0; -ERANGE
 * when it ends beyond COVIRT_GPA_LIMIT.
 */
int gpa_range_check(gpa_t gpa, u64 len);

/**
 * extent_check() - is this extent well-formed?
 * @extent: the extent
 *
 * Return: 0; -EINVAL when an address or the length is no multiple of 4 KiB,
 * the length is 0, or access, memory type or kind is none that both nested
 * formats can express; -ERANGE when it ends beyond COVIRT_GPA_LIMIT or
 * COVIRT_HPA_LIMIT.
 */
int extent_check(const struct covirt_extent *extent);

/**
 * extent_hpa() - translate an address inside an extent
 * @extent: the extent
 * @gpa:    a guest-physical address in [extent->gpa, extent->gpa + extent->len)
 *
 * Return: the host-physical address behind @gpa.
 */
hpa_t extent_hpa(const struct covirt_extent *extent, gpa_t gpa);

/**
 * gpmap_init() - make an empty map
 * @map:  the map
 * @room: for its extents; stays the caller's, and as long as the map
 * @max:  how many
 */
void gpmap_init(struct covirt_gpmap *map, struct covirt_extent *room, u32 max);

/**
 * gpmap_clear() - take all extents out
 * @map: the map, which keeps its room
 */
void gpmap_clear(struct covirt_gpmap *map);

/**
 * gpmap_insert() - add an extent, coalescing it with neighbours it continues
 * @map:    the map
 * @extent: what to add; copied
 *
 * Return: 0; -EINVAL or -ERANGE as extent_check(); -EEXIST when it overlaps
 * something already there; -ENOSPC when the map is full. On error the map is
 * unchanged.
 */
int gpmap_insert(struct covirt_gpmap *map, const struct covirt_extent *extent);

/**
 * gpmap_remove() - take a range out, splitting extents that stick out of it
 * @map: the map
 * @gpa: start, multiple of 4 KiB
 * @len: bytes, multiple of 4 KiB, not 0
 *
 * Return: 0; -EINVAL or -ERANGE as gpa_range_check(); -ENOENT when some page
 * of it is not in the map; -ENOSPC when a split finds the map full. On error
 * the map is unchanged.
 */
int gpmap_remove(struct covirt_gpmap *map, gpa_t gpa, u64 len);

/**
 * gpmap_find() - the extent that holds an address
 * @map: the map
 * @gpa: any guest-physical address
 *
 * Return: the extent, valid until the next edit; NULL when nothing is there.
 */
const struct covirt_extent *gpmap_find(const struct covirt_gpmap *map, gpa_t gpa);

#endif /* COVIRT_CORE_GPMAP_H */
