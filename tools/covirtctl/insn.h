/* SPDX-License-Identifier: GPL-2.0-only */
/* The instructions in a fault record, decoded by Zydis. */
#ifndef COVIRTCTL_INSN_H
#define COVIRTCTL_INSN_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "include/uapi/linux/covirt.h"

/**
 * struct insn - one instruction
 * @address: guest-virtual
 * @len:     its bytes
 * @text:    in Intel's syntax
 */
struct insn {
	uint64_t address;
	uint8_t len;
	char text[96];
};

const char *insn_mode(const struct covirt_fault *fault);
bool insn_decode(const struct covirt_fault_record *record, uint64_t address, struct insn *insn);
uint64_t insn_listing_start(const struct covirt_fault_record *record);
struct json_object *insn_operands(const struct covirt_fault_record *record);
unsigned int insn_access_bytes(const struct covirt_fault_record *record);

#endif /* COVIRTCTL_INSN_H */
