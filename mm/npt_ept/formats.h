/* SPDX-License-Identifier: GPL-2.0-only */
/* The entry formats there are. */
#ifndef COVIRT_MM_FORMATS_H
#define COVIRT_MM_FORMATS_H

struct pt_format;

extern const struct pt_format npt_format;	/* APM vol. 2, 15.25 */
extern const struct pt_format ept_format;	/* SDM vol. 3, 29.3 */
extern const struct pt_format host_format;	/* the hypervisor's own: APM vol. 2, 5.3 */

#endif /* COVIRT_MM_FORMATS_H */
