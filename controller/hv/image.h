/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor image: embedded in the module, run from a copy. */
#ifndef COVIRT_CONTROLLER_HV_IMAGE_H
#define COVIRT_CONTROLLER_HV_IMAGE_H

#include "core/hv/space.h"

int hv_image_init(void);
void hv_image_exit(bool keep);
const struct hv_header *hv_image(void);
hpa_t hv_image_hpa(u32 offset);

#endif /* COVIRT_CONTROLLER_HV_IMAGE_H */
