/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux goes down or to sleep. */
#ifndef COVIRT_CONTROLLER_FACE_HOST_EVENTS_H
#define COVIRT_CONTROLLER_FACE_HOST_EVENTS_H

int host_events_init(void);
void host_events_exit(void);

#endif /* COVIRT_CONTROLLER_FACE_HOST_EVENTS_H */
