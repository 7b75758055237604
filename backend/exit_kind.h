/* SPDX-License-Identifier: GPL-2.0-only */
/* Exits that no rule knows, by vendor: logic without hardware, so KUnit runs it too. */
#ifndef COVIRT_BACKEND_EXIT_KIND_H
#define COVIRT_BACKEND_EXIT_KIND_H

#include "core/types.h"

bool svm_exit_is_instruction(u64 code);
bool vmx_exit_is_instruction(u32 code);

#endif /* COVIRT_BACKEND_EXIT_KIND_H */
