/* SPDX-License-Identifier: GPL-2.0-only */
/* Permission maps, APM vol. 2, 15.10 and 15.11. */
#ifndef COVIRT_SVM_MAPS_H
#define COVIRT_SVM_MAPS_H

#define SVM_MSR_MAP_SIZE	0x2000
#define SVM_PORT_MAP_SIZE	0x3000

void svm_msr_map_build(void *map);
void svm_port_map_build(void *map);

#endif /* COVIRT_SVM_MAPS_H */
