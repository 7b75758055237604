/* SPDX-License-Identifier: GPL-2.0-only */
/* COM1. */
#ifndef PAYLOAD_SERIAL_H
#define PAYLOAD_SERIAL_H

#include "core/base.h"

/**
 * enum print_base - how print_number() writes
 * @PRINT_DEC: decimal
 * @PRINT_HEX: hexadecimal with 0x
 */
enum print_base {
	PRINT_DEC	= 10,
	PRINT_HEX	= 16,
};

void serial_byte(char c);
char serial_read(void);
void print_char(char c);
void print(const char *text);
void print_number(u64 val, enum print_base base);
void print_value(const char *text, u64 val, enum print_base base);

#endif /* PAYLOAD_SERIAL_H */
