/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks that are made before anything is claimed from Linux. */
#ifndef COVIRTCTL_JUDGE_H
#define COVIRTCTL_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "cpulist.h"

/**
 * struct images - the files of a co-kernel
 * @kernel:   the co-kernel
 * @initrd:   its initial RAM disk, or NULL
 * @protocol: what the attribute protocol is set to, or NULL
 */
struct images {
	const char *kernel;
	const char *initrd;
	const char *protocol;
};

int judge_images(const struct images *images, uint64_t *need);
int judge_firmware(const struct images *images, uint64_t *need);
int judge_memory(const char *how, uint64_t size, uint64_t need, bool force);
int judge_cpu_list(const char *text);
#define ANY_NODE	(-1)

uint64_t memory_spare_of(int node);

#endif /* COVIRTCTL_JUDGE_H */
