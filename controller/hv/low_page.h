/* SPDX-License-Identifier: GPL-2.0-only */
/* The page below 1 MiB that CPUs start on. */
#ifndef COVIRT_CONTROLLER_HV_LOW_PAGE_H
#define COVIRT_CONTROLLER_HV_LOW_PAGE_H

#include "core/types.h"

int hv_low_page_init(void);
void hv_low_page_exit(void);
hpa_t hv_low_page(void);

#endif /* COVIRT_CONTROLLER_HV_LOW_PAGE_H */
