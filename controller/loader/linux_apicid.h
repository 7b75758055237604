/* SPDX-License-Identifier: GPL-2.0-only */
/* APIC ids, as a Linux co-kernel takes them. Freestanding. */
#ifndef COVIRT_LOADER_LINUX_APICID_H
#define COVIRT_LOADER_LINUX_APICID_H

#include "core/types.h"

/**
 * enum linux_apicid - which Linux brings up a CPU with such an id
 * @LINUX_APICID_ANY:    any in x2APIC mode
 * @LINUX_APICID_RECENT: since 5.11, if built with KVM_GUEST, by KVM_FEATURE_MSI_EXT_DEST_ID
 * @LINUX_APICID_NONE:   none, without interrupt remapping
 */
enum linux_apicid {
	LINUX_APICID_ANY,
	LINUX_APICID_RECENT,
	LINUX_APICID_NONE,
};

enum linux_apicid linux_apicid(apicid_t apicid);

#endif /* COVIRT_LOADER_LINUX_APICID_H */
