/* SPDX-License-Identifier: GPL-2.0-only */
/* Watching for the end of a run. */
#ifndef COVIRT_CONTROLLER_LIFE_WATCH_H
#define COVIRT_CONTROLLER_LIFE_WATCH_H

struct work_struct;

void enclave_watch_work(struct work_struct *work);

#endif /* COVIRT_CONTROLLER_LIFE_WATCH_H */
