// SPDX-License-Identifier: GPL-2.0-only
/* The ACPI tables, for any CPUs that the controller may name. */
#include "acpi_judge.h"
#include "controller/loader/acpi.h"

static void request_fill(struct loader_request *request, struct input *in)
{
	u32 i;

	request->nr_cpus = 1 + consume(in, 1) % COVIRT_MAX_CPUS;
	request->nr_announced = consume(in, 1) % (COVIRT_MAX_CPUS + 1 - request->nr_cpus);
	for (i = 0; i < request->nr_cpus + request->nr_announced; i++)
		request->apicid[i] = consume(in, 1) & 1 ? consume(in, 1) : consume(in, 4);
	request->have_ioapic = consume(in, 1) & 1;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	struct enclave *enclave = enclave_get(0, 0);
	struct loader_request request = { .mem = enclave_mem, .ctx = enclave };
	struct loading loading = { .request = &request };
	int err;

	enclave->deny = consume(&in, 1) == 0xff;
	request_fill(&request, &in);
	err = acpi_write_tables(&loading);
	CHECK(err == (enclave->deny ? -EFAULT : 0));
	CHECK(!loading.reason == !err);
	enclave_open(enclave);
	if (!err)
		acpi_judge(enclave, loading.rsdp, &request);
	enclave_reset(enclave);
	return 0;
}
