/* SPDX-License-Identifier: GPL-2.0-only */
/* Co-kernels that use their local APIC in xAPIC mode though the processor has x2APIC. */
#ifndef COVIRT_CONTROLLER_BORDER_XAPIC_H
#define COVIRT_CONTROLLER_BORDER_XAPIC_H

struct enclave;

void xapic_begin(struct enclave *enclave);
void xapic_log(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_BORDER_XAPIC_H */
