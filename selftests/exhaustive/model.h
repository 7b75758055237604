/* SPDX-License-Identifier: GPL-2.0-only */
/* Model of edits, by the words of pt.h: each page of the address space by itself. */
#ifndef COVIRT_EXHAUSTIVE_MODEL_H
#define COVIRT_EXHAUSTIVE_MODEL_H

#include "selftests/exhaustive/reduced.h"

#define PAGE		COVIRT_PAGE_SIZE
#define NR_PAGES	((u32)(COVIRT_GPA_LIMIT / PAGE))

/* Edits stay in here: one page, whole large pages of each size, half a large page. */
#define WINDOW_FIRST	3
#define WINDOW_END	10

/**
 * struct grant - host memory that may be mapped
 * @name:   whose it is
 * @base:   its host-physical address is this plus the guest-physical one
 * @access: enum covirt_access bits
 * @kind:   enum covirt_extent_kind
 */
struct grant {
	const char *name;
	hpa_t base;
	u8 access;
	u8 kind;
};

enum verb { FLUSH_DONE, MAP, UNMAP, PROTECT };

/**
 * struct edit - one call of the table builder
 * @verb:   which
 * @first:  first page
 * @nr:     pages
 * @grant:  what to map
 * @access: new access (protect)
 */
struct edit {
	enum verb verb;
	u32 first, nr;
	const struct grant *grant;
	u8 access;
};

/* Each page is 0, or its host address with the access bits below. */
struct model {
	u64 page[NR_PAGES];
};

static inline bool edit_touches(const struct edit *edit, u32 page)
{
	return page >= edit->first && page - edit->first < edit->nr;
}

static inline u64 grant_page(const struct grant *grant, u32 page)
{
	u64 offset = grant->kind == COVIRT_KIND_BLANK ? 0 : page * PAGE;

	return (grant->base + offset) | grant->access;
}

static inline u64 model_new(const struct edit *edit, u32 page, u64 old)
{
	switch (edit->verb) {
	case MAP:
		return grant_page(edit->grant, page);
	case UNMAP:
		return 0;
	case PROTECT:
		return (old & ~(u64)COVIRT_RWX) | edit->access;
	default:
		return old;
	}
}

/* Value that an edit must return when there is memory enough. */
static inline int model_check(const struct model *model, const struct edit *edit)
{
	u32 i;

	for (i = edit->first; i < edit->first + edit->nr; i++) {
		if (edit->verb == MAP && model->page[i])
			return -EEXIST;
		if (edit->verb != MAP && !model->page[i])
			return -ENOENT;
	}
	return 0;
}

static inline struct model model_after(const struct model *before, const struct edit *edit)
{
	struct model after = *before;
	u32 i;

	for (i = edit->first; i < edit->first + edit->nr; i++)
		after.page[i] = model_new(edit, i, before->page[i]);
	return after;
}

/* Does a page that is there change? Then some CPU may have cached what it was. */
static inline bool model_owes_flush(const struct model *before, const struct model *after)
{
	u32 i;

	for (i = 0; i < NR_PAGES; i++)
		if (before->page[i] && before->page[i] != after->page[i])
			return true;
	return false;
}

#endif /* COVIRT_EXHAUSTIVE_MODEL_H */
