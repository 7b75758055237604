/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks that are made before anything is claimed from Linux. */
#ifndef COVIRTCTL_JUDGE_H
#define COVIRTCTL_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "cpulist.h"

int judge_images(const char *kernel, const char *initrd, uint64_t *need);
int judge_firmware(const char *kernel, const char *initrd, uint64_t *need);
int judge_memory(const char *how, uint64_t size, uint64_t need, bool force);
int judge_cpu_list(const char *text);
#define ANY_NODE	(-1)

uint64_t memory_spare_of(int node);

#endif /* COVIRTCTL_JUDGE_H */
