// SPDX-License-Identifier: GPL-2.0-only
/* Any exit, on both vendors, against the rules of an entry: see selftests/entry/. */
#include "selftests/entry/seam.h"
#include "selftests/entry/entry.h"
#include "fuzz.h"

static void judge(const struct entry_case *c, const char *wrong)
{
	if (!wrong)
		return;
	fprintf(stderr, "does not hold: %s: exit %#llx of %s, ", wrong,
		(unsigned long long)c->code, entry_modes[c->mode].name);
	fprintf(stderr, "info %#llx, value %#llx, place %u, flags %#x\n",
		(unsigned long long)c->info1, (unsigned long long)c->value, c->place, c->flags);
	abort();
}

static void draw(struct input *in, const struct entry_list *list, struct entry_case *c)
{
	*c = list->c[consume(in, 2) % list->nr];
	c->mode = consume(in, 1) % entry_nr_modes;
	c->place = consume(in, 1) % ENTRY_NR_PLACES;
	c->flags = consume(in, 1) % ENTRY_FLAGS;
	c->features = consume(in, 1) & ~(u64)COVIRT_FEATURE_XAPIC;
	c->value ^= consume(in, 8);
	if (c->code == VMEXIT_IOIO)
		c->info1 ^= consume(in, 2) << 16;
}

/* Bits of the first byte. */
enum {
	IS_SVM		= 0x01,
	IS_FIRST	= 0x02,	/* the first entry, and not an exit */
};

/* A loader's promise: without paging the first instruction is below 4 GiB. */
static void begin(struct input *in, bool is_svm)
{
	struct covirt_entry entry = { .mode = consume(in, 1) & 1 };
	const char *wrong;

	entry.rip = consume(in, entry.mode == COVIRT_ENTRY_64 ? 6 : 4);
	entry.rax = consume(in, 8);
	wrong = is_svm ? entry_begin_svm(&entry) : entry_begin_vmx(&entry);
	if (!wrong)
		return;
	fprintf(stderr, "does not hold: %s: first entry, mode %u\n", wrong, entry.mode);
	abort();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct entry_list svm, vmx;
	struct input in = { data, size };
	struct entry_case c;
	u32 what = consume(&in, 1);
	bool is_svm = what & IS_SVM;

	if (what & IS_FIRST) {
		begin(&in, is_svm);
		return 0;
	}
	if (!svm.nr) {
		entry_list_svm(&svm);
		entry_list_vmx(&vmx);
	}
	draw(&in, is_svm ? &svm : &vmx, &c);
	if (entry_flags_possible(c.flags))
		judge(&c, is_svm ? entry_try_svm(&c) : entry_try_vmx(&c));
	return 0;
}
