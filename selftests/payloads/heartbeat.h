/* SPDX-License-Identifier: GPL-2.0-only */
/* A heart that beats. */
#ifndef PAYLOAD_HEARTBEAT_H
#define PAYLOAD_HEARTBEAT_H

#include "core/base.h"

void heartbeat_beat(u64 beats);

#endif /* PAYLOAD_HEARTBEAT_H */
