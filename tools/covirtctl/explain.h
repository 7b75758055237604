/* SPDX-License-Identifier: GPL-2.0-only */
/* A fault record in words: what people read and what programs get is the same. */
#ifndef COVIRTCTL_EXPLAIN_H
#define COVIRTCTL_EXPLAIN_H

#include <json-c/json.h>

#include "core/base.h"
#include "include/uapi/linux/covirt.h"
#include "symbols.h"

const char *explain_reason(uint32_t reason);
bool explain_is_orderly(const char *name);
void explain_sentence(const struct covirt_fault_record *record, char *text, size_t size);
struct json_object *explain(const struct covirt_fault_record *record,
			    const struct symbols *symbols);
void explain_print(struct json_object *fault);

#endif /* COVIRTCTL_EXPLAIN_H */
