// SPDX-License-Identifier: GPL-2.0-only
/*
 * Layouts of the test-only build without protection: the negative control.
 *
 * `open` gives the enclave what `identity` does and, besides, all of host
 * memory below the I/O APIC. A payload whose wild write is contained under
 * `identity` must do damage under `open`, or the containment test proves
 * nothing. Never linked into a module that is meant to be used.
 */
#include "core/ioapic.h"
#include "core/linux/layout.h"

#define OPEN_END	IOAPIC_PAGE

static int open_insert(struct covirt_gpmap *map, gpa_t from, gpa_t to)
{
	const struct covirt_extent extent = {
		.gpa = from,
		.hpa = from,
		.len = to - from,
		.access = COVIRT_RWX,
		.memtype = COVIRT_MT_WB,
		.kind = COVIRT_KIND_SHARED,
	};

	return from < to ? gpmap_insert(map, &extent) : 0;
}

/* Fills every gap below OPEN_END; SHARED extents never coalesce with the enclave's own RAM. */
static int fill_gaps(struct covirt_gpmap *map)
{
	gpa_t from = 0;
	int err = 0;
	u32 i;

	for (i = 0; !err && i < map->nr && from < OPEN_END; i++) {
		const struct covirt_extent own = map->extent[i];

		if (from < own.gpa) {
			err = open_insert(map, from, min_t(gpa_t, own.gpa, OPEN_END));
			i++;	/* the insertion moved it up */
		}
		from = own.gpa + own.len;
	}
	return err ? err : open_insert(map, from, OPEN_END);
}

static int build_open(struct covirt_gpmap *map, const struct covirt_block *block, u32 nr,
		      hpa_t blank_page)
{
	int err;

	err = layout_build_identity(map, block, nr, blank_page);
	if (err)
		return err;
	err = fill_gaps(map);
	if (err)
		gpmap_clear(map);
	return err;
}

const struct covirt_layout covirt_layouts[] = {
	{ "identity", layout_build_identity },
	{ "packed", layout_build_packed },
	{ "open", build_open },
};

const u32 covirt_nr_layouts = ARRAY_SIZE(covirt_layouts);

/* With the ICR every IPI. */
const u8 covirt_apic_access = COVIRT_RW;
