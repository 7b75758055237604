/* SPDX-License-Identifier: GPL-2.0-only */
/* Moving another CPU by interrupts: start it in the hypervisor, ring its doorbell. */
#ifndef COVIRT_CONTROLLER_HV_BOOT_H
#define COVIRT_CONTROLLER_HV_BOOT_H

#include "controller/hv_space.h"

int hv_boot_init(void);
void hv_boot_exit(void);
hpa_t hv_boot_page(void);
int hv_boot_cpu(struct hv_space *space, u32 slot);
void hv_boot_doorbell(apicid_t apicid);

#endif /* COVIRT_CONTROLLER_HV_BOOT_H */
