/* SPDX-License-Identifier: GPL-2.0-only */
/* The backend that this machine runs. */
#ifndef COVIRT_CONTROLLER_HOST_BACKEND_H
#define COVIRT_CONTROLLER_HOST_BACKEND_H

#include "core/backend.h"

int backend_choose(const char *wanted);
const struct covirt_backend *backend(void);
u64 backend_features(void);

#endif /* COVIRT_CONTROLLER_HOST_BACKEND_H */
