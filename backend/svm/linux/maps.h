/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef COVIRT_SVM_MAPS_H
#define COVIRT_SVM_MAPS_H

#include "core/linux/permission_map.h"

extern const struct permission_format svm_permission_format;

#endif /* COVIRT_SVM_MAPS_H */
