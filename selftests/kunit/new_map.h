/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest-physical map for a test, with room for so many extents. */
#ifndef COVIRT_KUNIT_NEW_MAP_H
#define COVIRT_KUNIT_NEW_MAP_H

#include <kunit/test.h>

#include "core/linux/gpmap.h"

static struct covirt_gpmap *new_map_of(struct kunit *test, u32 max)
{
	struct covirt_gpmap *map = kunit_kzalloc(test, sizeof(*map), GFP_KERNEL);
	struct covirt_extent *room = kunit_kcalloc(test, max, sizeof(*room), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, map);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, room);
	gpmap_init(map, room, max);
	return map;
}

#endif /* COVIRT_KUNIT_NEW_MAP_H */
