/* SPDX-License-Identifier: GPL-2.0-only */
/* Walking an enclave's ACPI tables as a kernel does (ACPI 6.3), and judging them. */
#ifndef COVIRT_FUZZ_ACPI_JUDGE_H
#define COVIRT_FUZZ_ACPI_JUDGE_H

#include "controller/loader/loader.h"
#include "enclave.h"

void acpi_judge(const struct enclave *enclave, gpa_t rsdp, const struct loader_request *request);

#endif /* COVIRT_FUZZ_ACPI_JUDGE_H */
