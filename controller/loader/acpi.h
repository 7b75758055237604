/* SPDX-License-Identifier: GPL-2.0-only */
/* The enclave's ACPI tables. */
#ifndef COVIRT_LOADER_ACPI_H
#define COVIRT_LOADER_ACPI_H

#include "loading.h"

int acpi_write_tables(struct loading *loading);

#endif /* COVIRT_LOADER_ACPI_H */
