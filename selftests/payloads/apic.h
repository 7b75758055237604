/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC, in x2APIC or xAPIC mode. */
#ifndef PAYLOAD_APIC_H
#define PAYLOAD_APIC_H

#include "core/apic.h"
#include "cpu.h"

#define APIC_TIMER_VECTOR	0x40
#define APIC_PING_VECTOR	0x34
#define APIC_PONG_VECTOR	0x35
#define APIC_SPURIOUS_VECTOR	0xff
#define APIC_TIMER_MS		62500	/* counts in 1 ms at a bus clock of 1 GHz */

/* Delivery modes and shorthands of the ICR. */
#define ICR_FIXED		0x000U
#define ICR_NMI			0x400U
#define ICR_INIT		0x500U
#define ICR_STARTUP		0x600U
#define ICR_ASSERT		0x4000U
#define ICR_SELF		0x40000U
#define ICR_ALL			0x80000U

void apic_init(void);
void apic_identify(void);
void apic_follow(void);
int apic_try_mode(struct probe_regs *regs);
u32 apic_read(enum apic_register reg);
void apic_write(enum apic_register reg, u32 value);
int apic_try_write(struct probe_regs *regs);
u32 apic_id(void);
void apic_enable(void);
void apic_send(u32 apicid, u32 command);
void apic_send_raw(u64 icr);
void apic_send_self(u8 vector);
void apic_timer_start(u32 count);
void apic_timer_once(u32 count);
void apic_timer_stop(void);
bool apic_is_quiet(void);
void apic_end_of_interrupt(void);

#endif /* PAYLOAD_APIC_H */
