/* SPDX-License-Identifier: GPL-2.0-only */
/* Exits as trace events: polled for, since the hypervisor cannot notify Linux of each. */
#ifndef COVIRT_CONTROLLER_BORDER_EXIT_TRACE_H
#define COVIRT_CONTROLLER_BORDER_EXIT_TRACE_H

struct enclave;

void exit_trace_begin(struct enclave *enclave);
void exit_trace_poll(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_BORDER_EXIT_TRACE_H */
