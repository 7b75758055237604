// SPDX-License-Identifier: GPL-2.0-only
/* A walk of page tables that the guest made up, in 64 KiB of RAM from 0 on. */
#include "core/guest_walk.h"
#include "fuzz.h"

#define RAM_LEN		0x10000ULL
#define LEVELS_MAX	5
#define BUF_MAX		(3 * COVIRT_PAGE_SIZE)

/**
 * struct guest - its memory, and what was asked of it
 * @ram:   RAM_LEN bytes
 * @reads: how often
 */
struct guest {
	u8 *ram;
	u32 reads;
};

/* guest_mem::read, which promises the caller never to cross a page. */
static int guest_read(void *ctx, gpa_t gpa, void *buf, size_t len)
{
	struct guest *guest = ctx;

	guest->reads++;
	CHECK(len && gpa % COVIRT_PAGE_SIZE + len <= COVIRT_PAGE_SIZE);
	if (gpa >= RAM_LEN)
		return -EFAULT;
	memcpy(buf, guest->ram + gpa, len);
	return 0;
}

/* Bits that choose a paging mode, and a root that mostly lies in RAM. */
static struct guest_paging paging_consume(struct input *in)
{
	u8 mode = consume(in, 1);

	return (struct guest_paging){
		.cr0 = mode & 1 ? BIT(31) : 0,
		.cr4 = (mode & 2 ? BIT(4) : 0) | (mode & 4 ? BIT(5) : 0) | (mode & 8 ? BIT(12) : 0),
		.efer = mode & 16 ? BIT(8) : 0,
		.cr3 = mode & 32 ? consume(in, 8) : consume(in, 2),
	};
}

/* An entry, 4 or 8 bytes, at a place that lies in RAM; so does mostly what it points at. */
static void entry_consume(struct guest *guest, struct input *in)
{
	u16 at = consume(in, 2) & ~7;
	u8 kind = consume(in, 1);
	u64 entry = kind & 1 ? consume(in, 8) : consume(in, 2);

	entry |= kind & 2 ? BIT(0) : 0;
	memcpy(guest->ram + at, &entry, kind & 4 ? 4 : 8);
}

/* Translated alone, each byte lies where the whole was read from. */
static void judge_bytes(const struct guest_paging *paging, gva_t va, const u8 *buf, size_t done,
			const struct guest_mem *mem)
{
	const struct guest *guest = mem->ctx;
	size_t step = 1 + done / 64, i;
	gpa_t gpa;

	for (i = 0; i < done; i += step) {
		CHECK(guest_walk(paging, va + i, &gpa, mem) == 0);
		CHECK((gpa ^ (va + i)) % COVIRT_PAGE_SIZE == 0);
		CHECK(gpa < RAM_LEN && guest->ram[gpa] == buf[i]);
	}
}

static void judge_walk(const struct guest_paging *paging, gva_t va, const struct guest_mem *mem)
{
	const gpa_t untouched = 0xdeadbeefdeadbeef;
	gpa_t gpa = untouched;
	int err = guest_walk(paging, va, &gpa, mem);

	CHECK(err == 0 || err == -EFAULT);
	CHECK(err ? gpa == untouched : gpa < BIT_ULL(52));
}

static void judge_read(const struct guest_paging *paging, gva_t va, size_t len,
		       const struct guest_mem *mem)
{
	struct guest *guest = mem->ctx;
	u64 pages = 2 + len / COVIRT_PAGE_SIZE;
	u8 *buf = malloc(len);
	size_t done;

	guest->reads = 0;
	done = guest_read_va(paging, va, buf, len, mem);
	CHECK(done <= len);
	CHECK(done == len || (va + done) % COVIRT_PAGE_SIZE == 0 || !done);
	CHECK(guest->reads <= pages * (LEVELS_MAX + 1));
	judge_bytes(paging, va, buf, done, mem);
	free(buf);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct guest guest;
	const struct guest_mem mem = { guest_read, &guest };
	struct input in = { data, size };
	struct guest_paging paging = paging_consume(&in);
	gva_t va = consume(&in, 8);
	size_t len = consume(&in, 2) % BUF_MAX;

	if (!guest.ram)
		guest.ram = malloc(RAM_LEN);
	memset(guest.ram, 0, RAM_LEN);
	while (in.left)
		entry_consume(&guest, &in);
	judge_walk(&paging, va, &mem);
	judge_read(&paging, va, len, &mem);
	return 0;
}
