// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading each input twice, into two enclaves of the same shape. What holds for
 * every image is judged here, what only its format can know by the target.
 */
#include "acpi_judge.h"
#include "core/guest_walk.h"
#include "load.h"

#define CR0_PG		BIT(31)
#define CR4_PAE		BIT(5)
#define EFER_LONG	(BIT(8) | BIT(10))

#define CMDLINE_MAX	4096
#define INITRD_MAX	(8ULL << 20)
#define RSDP		0x80000
#define TSC_OPTION	"tsc_early_khz=1 "

enum {
	WITH_1G_PAGES	= 0x01,
	WITH_INITRD	= 0x02,
	WITH_TSC_OPTION	= 0x04,
	WITHOUT_CMDLINE	= 0x08,
	WITH_AUTO	= 0x10,	/* the protocol is recognized */
};

/* As long as it is said to be: what is read behind its end is seen. */
static char *cmdline_make(u32 len, bool with_option)
{
	char *cmdline = malloc(len + 1);

	memset(cmdline, 'a', len);
	if (with_option && len >= sizeof(TSC_OPTION))
		memcpy(cmdline, TSC_OPTION, sizeof(TSC_OPTION) - 1);
	cmdline[len] = '\0';
	return cmdline;
}

/* The last bytes of a buffer, so that what is read behind its end is seen. */
static const void *initrd_make(u64 len)
{
	static u8 *buffer;
	u64 i;

	if (!buffer) {
		buffer = malloc(INITRD_MAX);
		for (i = 0; i < INITRD_MAX; i++)
			buffer[i] = i * 0x9e3779b97f4a7c15ULL >> 56 | 1;
	}
	return buffer + INITRD_MAX - len;
}

static void request_fill(struct loader_request *request, struct input *in, const char *protocol)
{
	u32 flags = consume(in, 1);
	u32 len;
	u32 i;

	request->protocol = flags & WITH_AUTO ? NULL : protocol;
	request->have_1g_pages = flags & WITH_1G_PAGES;
	request->nr_cpus = consume(in, 1) % (COVIRT_MAX_CPUS + 2);
	for (i = 0; i < COVIRT_MAX_CPUS; i++)
		request->apicid[i] = i * 40 + 3;
	len = consume(in, 2) % CMDLINE_MAX;
	if (!(flags & WITHOUT_CMDLINE))
		request->cmdline = cmdline_make(len, flags & WITH_TSC_OPTION);
	len = consume(in, 2) << consume(in, 1) % 8;
	if (flags & WITH_INITRD) {
		request->initrd_len = len;
		request->initrd = initrd_make(len);
	}
	request->tsc_khz = consume(in, 4);
	memset(request->rng_seed, 0x77, sizeof(request->rng_seed));
	if (!strcmp(protocol, "flat"))
		request->address = consume(in, sizeof(request->address));
	request->kernel = in->at;
	request->kernel_len = in->left;
}

/* Promises of loader_load() for every result. */
static void judge_result(const struct load *load)
{
	static const struct covirt_entry none;

	if (load->enclave->deny && load->enclave->requests >= load->enclave->deny)
		CHECK(load->err == -EFAULT);
	else
		CHECK(load->err == 0 || load->err == -ENOEXEC || load->err == -EINVAL);
	CHECK(!load->reason == !load->err);
	if (load->err)
		CHECK(!memcmp(&load->entry, &none, sizeof(none)));
}

static void load_run(struct load *load, u32 shape, u32 instance, u32 deny)
{
	load->enclave = enclave_get(shape, instance);
	load->enclave->deny = deny;
	load->request.map = &load->enclave->map;
	load->request.mem = enclave_mem;
	load->request.ctx = load->enclave;
	load->err = loader_load(&load->request, &load->entry, &load->reason);
	judge_result(load);
	enclave_open(load->enclave);
}

static int read_ram(void *ctx, gpa_t gpa, void *buf, size_t len)
{
	if (!enclave_has(ctx, gpa, len))
		return -EFAULT;
	memcpy(buf, enclave_at(ctx, gpa, len), len);
	return 0;
}

/* The boot page tables lead to @gpa at its own address. */
static void judge_mapped(const struct load *load, gpa_t gpa)
{
	const struct guest_paging paging = { CR0_PG, load->entry.cr3, CR4_PAE, EFER_LONG };
	const struct guest_mem mem = { read_ram, load->enclave };
	gpa_t got;

	CHECK(guest_walk(&paging, gpa, &got, &mem) == 0);
	CHECK(got == gpa);
}

static u64 descriptor(const struct load *load, u16 selector)
{
	u64 val;

	CHECK(selector && selector % 8 == 0 && selector + 7 <= load->entry.gdt_limit);
	CHECK(load->entry.gdt_base + load->entry.gdt_limit < LOW_END);
	memcpy(&val, enclave_at(load->enclave, load->entry.gdt_base + selector, 8), 8);
	return val;
}

/* Present, DPL 0; code of the right mode, or data and writable: APM vol. 2, 4.8. */
static void judge_segments(const struct load *load)
{
	u64 code = load->entry.mode == COVIRT_ENTRY_64 ? 0x209a : 0x409a;

	CHECK((descriptor(load, load->entry.cs) >> 40 & 0x60fa) == code);
	CHECK((descriptor(load, load->entry.ds) >> 40 & 0xfa) == 0x92);
}

static void judge_paging(const struct load *load)
{
	const struct covirt_gpmap *map = &load->enclave->map;
	u32 i;

	judge_mapped(load, load->entry.rip);
	for (i = 0; i < map->nr; i++)
		if (map->extent[i].kind == COVIRT_KIND_RAM) {
			judge_mapped(load, map->extent[i].gpa);
			judge_mapped(load, map->extent[i].gpa + map->extent[i].len - 1);
		}
}

static void judge_entry(const struct load *load)
{
	CHECK(load->entry.rip >= HIGH_START && enclave_has(load->enclave, load->entry.rip, 1));
	CHECK(load->entry.rsp % 16 == 0);
	CHECK(enclave_has(load->enclave, load->entry.rsp - 8192, 8192));
	judge_segments(load);
	if (load->entry.mode == COVIRT_ENTRY_64)
		judge_paging(load);
	else
		CHECK(!load->entry.cr3 && load->entry.rip < BIT_ULL(32));
}

/* The protocol that a good image boots by; the check of the file alone says the same. */
static const char *protocol_of(const struct load *load)
{
	const struct loader_request *request = &load->request;
	struct loader_verdict verdict;

	CHECK(!loader_check(request->kernel, request->kernel_len, request->protocol, &verdict));
	CHECK(verdict.protocol && !verdict.reason);
	CHECK(!request->protocol || !strcmp(verdict.protocol, request->protocol));
	return verdict.protocol;
}

/**
 * judge_initrd() - CHECK() that the initrd is whole and in nobody's way
 * @load:   the load
 * @initrd: where the co-kernel is told that it lies
 * @kernel: what the kernel uses
 */
void judge_initrd(const struct load *load, struct place initrd, struct place kernel)
{
	CHECK(initrd.len == load->request.initrd_len);
	if (!initrd.len)
		return;
	CHECK(initrd.gpa >= HIGH_START && initrd.gpa % COVIRT_PAGE_SIZE == 0);
	CHECK(enclave_has(load->enclave, initrd.gpa, initrd.len));
	CHECK(initrd.gpa + initrd.len <= kernel.gpa || kernel.gpa + kernel.len <= initrd.gpa);
	CHECK(enclave_holds(load->enclave, initrd.gpa, load->request.initrd, initrd.len));
}

/**
 * load_fuzz() - run one input
 * @data:  the input
 * @size:  its length
 * @protocol: name of the protocol under test
 * @judge: CHECK()s what this protocol promises of a load that succeeded
 */
void load_fuzz(const u8 *data, size_t size, const char *protocol,
	       void (*judge)(const struct load *load))
{
	struct input in = { data, size };
	u32 shape = consume(&in, 1);
	u32 deny = consume(&in, 1);
	struct load load = {};
	struct load again;

	request_fill(&load.request, &in, protocol);
	again = load;
	load_run(&load, shape, 0, deny);
	load_run(&again, shape, 1, deny);
	CHECK(load.err == again.err && load.reason == again.reason);
	CHECK(!memcmp(&load.entry, &again.entry, sizeof(load.entry)));
	CHECK(enclave_same(load.enclave, again.enclave));
	if (!load.err) {
		judge_entry(&load);
		acpi_judge(load.enclave, RSDP, &load.request);
		if (!strcmp(protocol_of(&load), protocol))
			judge(&load);
	}
	enclave_reset(load.enclave);
	enclave_reset(again.enclave);
	free((void *)load.request.cmdline);
}
