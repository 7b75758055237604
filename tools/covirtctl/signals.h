/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals as bytes to read: nothing is ever interrupted half-way. */
#ifndef COVIRTCTL_SIGNALS_H
#define COVIRTCTL_SIGNALS_H

int signals_open(void);
int signals_next(void);
void signals_may_interrupt(bool may);
int signals_ending(void);
int signals_status(int status);

#endif /* COVIRTCTL_SIGNALS_H */
