/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages that belong to the hypervisor world: its image, configuration, tables and maps. */
#ifndef COVIRT_CONTROLLER_HV_PAGES_H
#define COVIRT_CONTROLLER_HV_PAGES_H

#include <linux/gfp.h>

#include "core/types.h"
#include "mm/npt_ept/pt.h"

void *hv_pages_alloc(size_t size, gfp_t gfp);
void hv_pages_free(void *pages, size_t size);
bool hv_pages_own(hpa_t hpa);
ssize_t hv_pages_print(char *buf);
struct pt_mm hv_pages_pt_mm(const gfp_t *gfp);

#endif /* COVIRT_CONTROLLER_HV_PAGES_H */
