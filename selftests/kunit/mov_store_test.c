// SPDX-License-Identifier: GPL-2.0-only
/* Decoding of stores to registers in memory. */
#include <kunit/test.h>

#include "core/mov_store.h"

static const struct {
	const char *what;
	u8 bytes[15];
	u8 len, code;
	bool ok;
	u8 gpr, size;
} registers[] = {
	{ "mov %eax,(%rcx)", { 0x89, 0x01 }, 2, MOV_CODE_64, true, 0, 2 },
	{ "mov %r15d,(%rcx)", { 0x44, 0x89, 0x39 }, 3, MOV_CODE_64, true, 15, 3 },
	{ "mov %eax,0x80(%r12)",
	  { 0x41, 0x89, 0x84, 0x24, 0x80, 0, 0, 0 }, 8, MOV_CODE_64, true, 0, 8 },
	{ "mov %edx,-0xa04f50",
	  { 0x89, 0x14, 0x25, 0xb0, 0xb0, 0x5f, 0xff }, 7, MOV_CODE_64, true, 2, 7 },
	{ "mov %eax,0x10(%rip)", { 0x89, 0x05, 0x10, 0, 0, 0 }, 6, MOV_CODE_64, true, 0, 6 },
	{ "mov %eax,8(%rcx)", { 0x89, 0x41, 0x08 }, 3, MOV_CODE_64, true, 0, 3 },
	{ "movabs %eax,0xfee000b0",
	  { 0xa3, 0xb0, 0, 0xe0, 0xfe, 0, 0, 0, 0 }, 9, MOV_CODE_64, true, 0, 9 },
	{ "addr32 movabs", { 0x67, 0xa3, 0xb0, 0, 0xe0, 0xfe }, 6, MOV_CODE_64, true, 0, 6 },
	{ "mov %ebx,%gs:(%rax)", { 0x65, 0x89, 0x18 }, 3, MOV_CODE_64, true, 3, 3 },
	{ "REX before another prefix is none",
	  { 0x44, 0x65, 0x89, 0x18 }, 4, MOV_CODE_64, true, 3, 4 },
	{ "mov %eax,0xfee000b0 in 32-bit code",
	  { 0xa3, 0xb0, 0, 0xe0, 0xfe }, 5, MOV_CODE_32, true, 0, 5 },
	{ "mov %eax,0x1234(%bx) in 32-bit code",
	  { 0x67, 0x89, 0x87, 0x34, 0x12 }, 5, MOV_CODE_32, true, 0, 5 },
	{ "mov %eax,(%ebx) in 16-bit code",
	  { 0x66, 0x67, 0x89, 0x03 }, 4, MOV_CODE_16, true, 0, 4 },
	{ "mov %eax,0x1234 in 16-bit code",
	  { 0x66, 0x89, 0x06, 0x34, 0x12 }, 5, MOV_CODE_16, true, 0, 5 },
	{ "mov %rax,(%rcx)", { 0x48, 0x89, 0x01 }, 3, MOV_CODE_64 },
	{ "mov %ax,(%rcx)", { 0x66, 0x89, 0x01 }, 3, MOV_CODE_64 },
	{ "mov %al,(%rcx)", { 0x88, 0x01 }, 2, MOV_CODE_64 },
	{ "mov %ax,(%bx) in 16-bit code", { 0x89, 0x07 }, 2, MOV_CODE_16 },
	{ "mov %eax,%ecx", { 0x89, 0xc1 }, 2, MOV_CODE_64 },
	{ "mov (%rcx),%eax", { 0x8b, 0x01 }, 2, MOV_CODE_64 },
	{ "xchg %eax,(%rcx)", { 0x87, 0x01 }, 2, MOV_CODE_64 },
	{ "or %eax,(%rcx)", { 0x09, 0x01 }, 2, MOV_CODE_64 },
	{ "movnti %eax,(%rcx)", { 0x0f, 0xc3, 0x01 }, 3, MOV_CODE_64 },
	{ "stos", { 0xab, 0xab, 0xab }, 3, MOV_CODE_64 },
	{ "lock mov %eax,(%rcx)", { 0xf0, 0x89, 0x01 }, 3, MOV_CODE_64 },
	{ "xrelease mov %eax,(%rcx)", { 0xf3, 0x89, 0x01 }, 3, MOV_CODE_64 },
	{ "0x44 is INC in 32-bit code", { 0x44, 0x89, 0x39 }, 3, MOV_CODE_32 },
	{ "cut off in the displacement", { 0x89, 0x81, 0, 0, 0 }, 5, MOV_CODE_64 },
	{ "cut off before SIB", { 0x89, 0x04 }, 2, MOV_CODE_64 },
	{ "cut off before ModRM", { 0x89 }, 1, MOV_CODE_64 },
	{ "nothing but prefixes", { 0x66, 0x66, 0x66 }, 3, MOV_CODE_64 },
	{ "no bytes", { 0 }, 0, MOV_CODE_64 },
};

static void decodes_stores_of_32_bits_from_a_register(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(registers); i++) {
		struct mov_store insn;
		bool ok = mov_store_decode(registers[i].bytes, registers[i].len,
					   registers[i].code, &insn);

		KUNIT_EXPECT_EQ_MSG(test, ok, registers[i].ok, "%s", registers[i].what);
		if (!ok)
			continue;
		KUNIT_EXPECT_FALSE_MSG(test, insn.immediate, "%s", registers[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.gpr, registers[i].gpr, "%s", registers[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.len, registers[i].size, "%s", registers[i].what);
	}
}

static const struct {
	const char *what;
	u8 bytes[15];
	u8 len, code;
	bool ok;
	u32 value;
} constants[] = {
	{ "movl $0x12345678,(%rax)",
	  { 0xc7, 0, 0x78, 0x56, 0x34, 0x12 }, 6, MOV_CODE_64, true, 0x12345678 },
	{ "movl $-1,0x80(%rax)",
	  { 0xc7, 0x80, 0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, 10, MOV_CODE_64, true, ~0U },
	{ "movl $0,0xfee000b0",
	  { 0xc7, 0x05, 0xb0, 0, 0xe0, 0xfe, 0, 0, 0, 0 }, 10, MOV_CODE_32, true, 0 },
	{ "movl $1,(%ebx) in 16-bit code",
	  { 0x66, 0x67, 0xc7, 0x03, 1, 0, 0, 0 }, 8, MOV_CODE_16, true, 1 },
	{ "movq $1,(%rax)", { 0x48, 0xc7, 0, 1, 0, 0, 0 }, 7, MOV_CODE_64 },
	{ "movw $1,(%rax)", { 0x66, 0xc7, 0, 1, 0 }, 5, MOV_CODE_64 },
	{ "C7 /1", { 0xc7, 0x08, 1, 0, 0, 0 }, 6, MOV_CODE_64 },
	{ "XBEGIN", { 0xc7, 0xf8, 1, 0, 0, 0 }, 6, MOV_CODE_64 },
	{ "cut off in the constant", { 0xc7, 0, 1, 0, 0 }, 5, MOV_CODE_64 },
};

static void decodes_stores_of_32_bit_constants(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(constants); i++) {
		struct mov_store insn;
		bool ok = mov_store_decode(constants[i].bytes, constants[i].len,
					   constants[i].code, &insn);

		KUNIT_EXPECT_EQ_MSG(test, ok, constants[i].ok, "%s", constants[i].what);
		if (!ok)
			continue;
		KUNIT_EXPECT_TRUE_MSG(test, insn.immediate, "%s", constants[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.value, constants[i].value, "%s", constants[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.len, constants[i].len, "%s", constants[i].what);
	}
}

static struct kunit_case mov_store_cases[] = {
	KUNIT_CASE(decodes_stores_of_32_bits_from_a_register),
	KUNIT_CASE(decodes_stores_of_32_bit_constants),
	{}
};

static struct kunit_suite mov_store_suite = {
	.name = "covirt-mov-store",
	.test_cases = mov_store_cases,
};

kunit_test_suites(&mov_store_suite);
