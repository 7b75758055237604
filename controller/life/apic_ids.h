/* SPDX-License-Identifier: GPL-2.0-only */
/* APIC ids by which a co-kernel knows its CPUs. */
#ifndef COVIRT_CONTROLLER_LIFE_APIC_IDS_H
#define COVIRT_CONTROLLER_LIFE_APIC_IDS_H

struct apic_ids;
struct enclave;

void enclave_apic_ids_list(const struct enclave *enclave, struct apic_ids *ids);
void enclave_apic_ids_configure(struct enclave *enclave);
void enclave_apic_ids_warn(const struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_LIFE_APIC_IDS_H */
