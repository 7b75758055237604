/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts of trace events: arrays, because a filter compares them and no kernel moves them. */
#ifndef COVIRT_CONTROLLER_HV_TRACE_TEXT_H
#define COVIRT_CONTROLLER_HV_TRACE_TEXT_H

#include <linux/string.h>

/* Room for texts; numbers, for they stand in the format files. */
#define TRACE_NAME	32	/* an enclave's */
#define TRACE_WORD	24	/* a reason */
#define TRACE_OWNER	40	/* as covirt_fault_record::owner */

/* Histograms of newer kernels compare the whole array: 7.3 does, 6.12 up to the end of the text. */
#define trace_text(to, from)	strscpy_pad(to, from, sizeof(to))

#endif /* COVIRT_CONTROLLER_HV_TRACE_TEXT_H */
