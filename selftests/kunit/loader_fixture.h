/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An enclave's memory for loader tests: RAM regions with guard bytes around
 * each, and a request that points to them.
 */
#ifndef COVIRT_KUNIT_LOADER_FIXTURE_H
#define COVIRT_KUNIT_LOADER_FIXTURE_H

#include <kunit/test.h>
#include <linux/vmalloc.h>

#include "controller/loader/loader.h"

#define KIB		1024ULL
#define MIB		(1024 * KIB)
#define GIB		(1024 * MIB)

#define LOW_MEMORY	(640 * KIB)
#define GUARD_BYTES	4096
#define GUARD_VALUE	0xa5
#define MAX_REGIONS	8
#define MAX_EXTENTS	256
#define IMAGE_MAX	(64 * KIB)

/* RAM of an enclave; low memory is always there besides. */
struct region {
	gpa_t gpa;
	u64 len;
	bool unbacked;	/* in the map, but mem() gives nothing */
};

struct fixture {
	struct covirt_gpmap map;
	struct covirt_extent extent[MAX_EXTENTS];
	u32 nr;
	struct region region[MAX_REGIONS];
	u8 *memory[MAX_REGIONS];
	u8 *image;
	struct loader_request request;
	struct covirt_entry entry;
	const char *reason;
};

static void *fixture_mem(void *ctx, gpa_t gpa, u64 len)
{
	struct fixture *fx = ctx;
	u32 i;

	for (i = 0; i < fx->nr; i++) {
		const struct region *region = &fx->region[i];

		if (region->unbacked || gpa < region->gpa || gpa - region->gpa > region->len ||
		    len > region->len - (gpa - region->gpa))
			continue;
		return fx->memory[i] + GUARD_BYTES + (gpa - region->gpa);
	}
	return NULL;
}

/* Regions get host addresses that do not continue each other, so that extents never coalesce. */
static void fixture_add(struct kunit *test, struct fixture *fx, const struct region *region)
{
	const struct covirt_extent extent = {
		.gpa = region->gpa,
		.hpa = (fx->nr + 1) * (GIB << 8),
		.len = region->len,
		.access = COVIRT_RWX,
		.memtype = COVIRT_MT_WB,
		.kind = COVIRT_KIND_RAM,
	};
	u8 *memory = NULL;

	KUNIT_ASSERT_LT(test, fx->nr, (u32)MAX_REGIONS);
	KUNIT_ASSERT_EQ(test, gpmap_insert(&fx->map, &extent), 0);
	if (!region->unbacked) {
		memory = vzalloc(region->len + 2 * GUARD_BYTES);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, memory);
		memset(memory, GUARD_VALUE, GUARD_BYTES);
		memset(memory + GUARD_BYTES + region->len, GUARD_VALUE, GUARD_BYTES);
	}
	fx->memory[fx->nr] = memory;
	fx->region[fx->nr++] = *region;
}

/* The blank range between 640 KiB and 1 MiB, as every layout has it. */
static void fixture_add_blank(struct kunit *test, struct fixture *fx)
{
	const struct covirt_extent blank = {
		.gpa = LOW_MEMORY,
		.hpa = 0x1000,
		.len = MIB - LOW_MEMORY,
		.access = COVIRT_READ,
		.memtype = COVIRT_MT_WB,
		.kind = COVIRT_KIND_BLANK,
	};

	KUNIT_ASSERT_EQ(test, gpmap_insert(&fx->map, &blank), 0);
}

/* Build the memory; @regions ends with a region of length 0. */
static void fixture_memory(struct kunit *test, const struct region *regions)
{
	const struct region low = { 0, LOW_MEMORY };
	struct fixture *fx = test->priv;

	fixture_add(test, fx, &low);
	fixture_add_blank(test, fx);
	for (; regions->len; regions++)
		fixture_add(test, fx, regions);
}

static int fixture_init(struct kunit *test)
{
	struct fixture *fx = vzalloc(sizeof(*fx));

	if (!fx)
		return -ENOMEM;
	test->priv = fx;
	fx->image = vzalloc(IMAGE_MAX);
	if (!fx->image)
		return -ENOMEM;
	gpmap_init(&fx->map, fx->extent, MAX_EXTENTS);
	fx->request = (struct loader_request){
		.kernel = fx->image,
		.cmdline = "",
		.map = &fx->map,
		.mem = fixture_mem,
		.ctx = fx,
		.tsc_khz = 2500000,
		.have_1g_pages = true,
		.nr_cpus = 1,
		.apicid = { 3 },
	};
	memset(fx->request.rng_seed, 0x77, sizeof(fx->request.rng_seed));
	return 0;
}

static void fixture_exit(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i;

	if (!fx)
		return;
	for (i = 0; i < fx->nr; i++)
		vfree(fx->memory[i]);
	vfree(fx->image);
	vfree(fx);
}

static bool guard_intact(const u8 *guard)
{
	u32 i;

	for (i = 0; i < GUARD_BYTES; i++)
		if (guard[i] != GUARD_VALUE)
			return false;
	return true;
}

static bool fixture_guards_intact(const struct fixture *fx)
{
	u32 i;

	for (i = 0; i < fx->nr; i++)
		if (fx->memory[i] &&
		    !(guard_intact(fx->memory[i]) &&
		      guard_intact(fx->memory[i] + GUARD_BYTES + fx->region[i].len)))
			return false;
	return true;
}

/* Load, and check what holds for every result. */
static int fixture_load(struct kunit *test)
{
	const struct covirt_entry none = {};
	struct fixture *fx = test->priv;
	int err;

	fx->reason = "untouched";
	memset(&fx->entry, 0xff, sizeof(fx->entry));
	err = loader_load(&fx->request, &fx->entry, &fx->reason);
	KUNIT_ASSERT_TRUE(test, fixture_guards_intact(fx));
	if (!err) {
		KUNIT_EXPECT_TRUE(test, !fx->reason);
		return 0;
	}
	KUNIT_EXPECT_TRUE_MSG(test, err == -ENOEXEC || err == -EINVAL || err == -EFAULT,
			      "error %d", err);
	KUNIT_ASSERT_TRUE(test, fx->reason && *fx->reason);
	KUNIT_EXPECT_EQ(test, memcmp(&fx->entry, &none, sizeof(none)), 0);
	return err;
}

/* Load, and expect @err with a reason that contains @text (success: err 0). */
static __maybe_unused void fixture_expect(struct kunit *test, int err, const char *text)
{
	struct fixture *fx = test->priv;
	int got = fixture_load(test);

	KUNIT_EXPECT_EQ_MSG(test, got, err, "reason: %s", fx->reason ? fx->reason : "none");
	if (err && got)
		KUNIT_EXPECT_TRUE_MSG(test, strstr(fx->reason, text), "reason: %s", fx->reason);
}

static __maybe_unused u32 ram_u32(struct fixture *fx, gpa_t gpa)
{
	u32 val;

	memcpy(&val, fixture_mem(fx, gpa, sizeof(val)), sizeof(val));
	return val;
}

static __maybe_unused u64 ram_u64(struct fixture *fx, gpa_t gpa)
{
	u64 val;

	memcpy(&val, fixture_mem(fx, gpa, sizeof(val)), sizeof(val));
	return val;
}

static __maybe_unused void image_put(struct fixture *fx, u32 off, u64 val, u32 size)
{
	memcpy(fx->image + off, &val, size);
}

#endif /* COVIRT_KUNIT_LOADER_FIXTURE_H */
