/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An enclave's memory for the loader targets. A loader may touch only what it
 * asked for: everything else is poisoned, so that AddressSanitizer sees each
 * byte beyond, inside the enclave's RAM as well.
 */
#ifndef COVIRT_FUZZ_ENCLAVE_H
#define COVIRT_FUZZ_ENCLAVE_H

#include "core/linux/gpmap.h"
#include "fuzz.h"

#define ENCLAVE_EXTENTS	16

/**
 * struct enclave_ram - memory behind one extent
 * @bytes:   exactly as long as the extent; poisoned but for what was asked for
 * @touched: for each page of it, whether some of it was asked for
 */
struct enclave_ram {
	u8 *bytes;
	u8 *touched;
};

/**
 * struct enclave - memory, and what the loader gets to see of it
 * @map:      made by one of the layouts
 * @room:     for its extents
 * @ram:      by extent
 * @requests: calls of enclave_mem() since the last reset
 * @deny:     the call that gives nothing, counted from 1; 0 for none
 */
struct enclave {
	struct covirt_gpmap map;
	struct covirt_extent room[ENCLAVE_EXTENTS];
	struct enclave_ram ram[ENCLAVE_EXTENTS];
	u32 requests;
	u32 deny;
};

struct enclave *enclave_get(u32 shape, u32 instance);
void *enclave_mem(void *ctx, gpa_t gpa, u64 len);
void enclave_open(struct enclave *enclave);
void enclave_reset(struct enclave *enclave);
bool enclave_has(const struct enclave *enclave, gpa_t gpa, u64 len);
const void *enclave_at(const struct enclave *enclave, gpa_t gpa, u64 len);
bool enclave_holds(const struct enclave *enclave, gpa_t gpa, const void *bytes, u64 len);
bool enclave_same(const struct enclave *a, const struct enclave *b);

#endif /* COVIRT_FUZZ_ENCLAVE_H */
