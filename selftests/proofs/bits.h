/* SPDX-License-Identifier: GPL-2.0-only */
/* Bits of an entry that the contracts name. */
#ifndef COVIRT_PROOFS_BITS_H
#define COVIRT_PROOFS_BITS_H

#define ADDR	0x000ffffffffff000
#define LARGE	0x80

#endif /* COVIRT_PROOFS_BITS_H */
