// SPDX-License-Identifier: GPL-2.0-only
/* Flat images: any bytes, at an address that is in front of them. */
#include <string.h>

#include "include/uapi/linux/covirt.h"
#include "load.h"

static void judge(const struct load *load)
{
	const struct loader_request *request = &load->request;
	const struct place image = { request->address, request->kernel_len };
	struct covirt_bootinfo info;

	CHECK(image.gpa >= HIGH_START && enclave_has(load->enclave, image.gpa, image.len));
	CHECK(enclave_holds(load->enclave, image.gpa, request->kernel, image.len));
	CHECK(load->entry.rip == image.gpa && !load->entry.rsi && load->entry.rdi < LOW_END);
	memcpy(&info, enclave_at(load->enclave, load->entry.rdi, sizeof(info)), sizeof(info));
	CHECK(info.magic == COVIRT_BOOTINFO_MAGIC);
	CHECK(info.image == image.gpa && info.image_len == image.len);
	CHECK(!strcmp(enclave_at(load->enclave, info.cmdline, LOADER_CMDLINE_MAX + 1),
		      request->cmdline ? request->cmdline : ""));
	judge_initrd(load, (struct place){ info.initrd, info.initrd_len }, image);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	load_fuzz(data, size, "flat", judge);
	return 0;
}
