/* SPDX-License-Identifier: GPL-2.0-only */
/* Bitmaps of MSRs and ports, SDM vol. 3, 25.6.4 and 25.6.9. */
#ifndef COVIRT_VMX_MAPS_H
#define COVIRT_VMX_MAPS_H

#define VMX_MSR_MAP_SIZE	0x1000
#define VMX_PORT_MAP_SIZE	0x2000

void vmx_msr_map_build(void *map);
void vmx_port_map_build(void *map);

#endif /* COVIRT_VMX_MAPS_H */
