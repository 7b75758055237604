// SPDX-License-Identifier: GPL-2.0-only
/* Decoding of loads and stores of registers in memory. */
#include <kunit/test.h>

#include "core/mov.h"
#include "include/uapi/linux/covirt.h"

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
	{ "mov %eax,%ecx", { 0x89, 0xc1 }, 2, MOV_CODE_64 },
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
		struct mov insn;
		bool ok = mov_decode(registers[i].bytes, registers[i].len,
					   registers[i].code, &insn);

		KUNIT_EXPECT_EQ_MSG(test, ok, registers[i].ok, "%s", registers[i].what);
		if (!ok)
			continue;
		KUNIT_EXPECT_TRUE_MSG(test, insn.store, "%s", registers[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.size, 4, "%s", registers[i].what);
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
	u64 value;
} constants[] = {
	{ "movl $0x12345678,(%rax)",
	  { 0xc7, 0, 0x78, 0x56, 0x34, 0x12 }, 6, MOV_CODE_64, true, 0x12345678 },
	{ "movl $-1,0x80(%rax)",
	  { 0xc7, 0x80, 0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, 10, MOV_CODE_64, true, -1LL },
	{ "movl $0,0xfee000b0",
	  { 0xc7, 0x05, 0xb0, 0, 0xe0, 0xfe, 0, 0, 0, 0 }, 10, MOV_CODE_32, true, 0 },
	{ "movl $1,(%ebx) in 16-bit code",
	  { 0x66, 0x67, 0xc7, 0x03, 1, 0, 0, 0 }, 8, MOV_CODE_16, true, 1 },
	{ "movq $-2,(%rax)",
	  { 0x48, 0xc7, 0, 0xfe, 0xff, 0xff, 0xff }, 7, MOV_CODE_64, true, -2LL },
	{ "movw $1,(%rax)", { 0x66, 0xc7, 0, 1, 0 }, 5, MOV_CODE_64, true, 1 },
	{ "movb $0x7f,(%rax)", { 0xc6, 0, 0x7f }, 3, MOV_CODE_64, true, 0x7f },
	{ "C7 /1", { 0xc7, 0x08, 1, 0, 0, 0 }, 6, MOV_CODE_64 },
	{ "XBEGIN", { 0xc7, 0xf8, 1, 0, 0, 0 }, 6, MOV_CODE_64 },
	{ "cut off in the constant", { 0xc7, 0, 1, 0, 0 }, 5, MOV_CODE_64 },
};

static void decodes_stores_of_constants(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(constants); i++) {
		struct mov insn;
		bool ok = mov_decode(constants[i].bytes, constants[i].len,
					   constants[i].code, &insn);

		KUNIT_EXPECT_EQ_MSG(test, ok, constants[i].ok, "%s", constants[i].what);
		if (!ok)
			continue;
		KUNIT_EXPECT_TRUE_MSG(test, insn.immediate, "%s", constants[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.value, constants[i].value, "%s", constants[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.len, constants[i].len, "%s", constants[i].what);
	}
}

#define OLD	0x1122334455667788ULL

/* Loads: the register afterwards, from memory that has 0x..8081828384858687. */
static const struct {
	const char *what;
	u8 bytes[15];
	u8 len, code, gpr, size;
	u64 after;
} loads[] = {
	{ "mov (%rcx),%al", { 0x8a, 0x01 }, 2, MOV_CODE_64, 0, 1, 0x1122334455667787 },
	{ "mov (%rcx),%ah", { 0x8a, 0x21 }, 2, MOV_CODE_64, 0, 1, 0x1122334455668788 },
	{ "mov (%rcx),%spl", { 0x40, 0x8a, 0x21 }, 3, MOV_CODE_64, 4, 1, 0x1122334455667787 },
	{ "mov (%rcx),%r12b", { 0x44, 0x8a, 0x21 }, 3, MOV_CODE_64, 12, 1, 0x1122334455667787 },
	{ "mov (%rcx),%dx", { 0x66, 0x8b, 0x11 }, 3, MOV_CODE_64, 2, 2, 0x1122334455668687 },
	{ "mov (%rcx),%edx", { 0x8b, 0x11 }, 2, MOV_CODE_64, 2, 4, 0x84858687 },
	{ "mov (%rcx),%rdx", { 0x48, 0x8b, 0x11 }, 3, MOV_CODE_64, 2, 8, 0x8081828384858687 },
	{ "movzbw (%rcx),%dx",
	  { 0x66, 0x0f, 0xb6, 0x11 }, 4, MOV_CODE_64, 2, 1, 0x1122334455660087 },
	{ "movzwl (%rcx),%edx", { 0x0f, 0xb7, 0x11 }, 3, MOV_CODE_64, 2, 2, 0x8687 },
	{ "movsbw (%rcx),%dx",
	  { 0x66, 0x0f, 0xbe, 0x11 }, 4, MOV_CODE_64, 2, 1, 0x112233445566ff87 },
	{ "movsbl (%rcx),%edx", { 0x0f, 0xbe, 0x11 }, 3, MOV_CODE_64, 2, 1, 0xffffff87 },
	{ "movswq (%rcx),%rdx",
	  { 0x48, 0x0f, 0xbf, 0x11 }, 4, MOV_CODE_64, 2, 2, 0xffffffffffff8687 },
	{ "movslq (%rcx),%rdx", { 0x48, 0x63, 0x11 }, 3, MOV_CODE_64, 2, 4, 0xffffffff84858687 },
	{ "movabs 0xfee00080,%eax",
	  { 0xa1, 0x80, 0, 0xe0, 0xfe, 0, 0, 0, 0 }, 9, MOV_CODE_64, 0, 4, 0x84858687 },
	{ "mov (%bx),%ax in 16-bit code",
	  { 0x8b, 0x07 }, 2, MOV_CODE_16, 0, 2, 0x1122334455668687 },
	{ "mov 0x1234,%al in 16-bit code",
	  { 0xa0, 0x34, 0x12 }, 3, MOV_CODE_16, 0, 1, 0x1122334455667787 },
};

static void loads_change_the_part_of_the_register_that_they_name(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(loads); i++) {
		struct mov insn;

		KUNIT_ASSERT_TRUE_MSG(test, mov_decode(loads[i].bytes, loads[i].len, loads[i].code,
						       &insn), "%s", loads[i].what);
		KUNIT_EXPECT_FALSE_MSG(test, insn.store, "%s", loads[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.gpr, loads[i].gpr, "%s", loads[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.size, loads[i].size, "%s", loads[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.len, loads[i].len, "%s", loads[i].what);
		KUNIT_EXPECT_EQ_MSG(test, mov_loaded(&insn, 0x8081828384858687, OLD),
				    loads[i].after, "%s", loads[i].what);
	}
}

/* Registers hold their number times 0x111; the instruction is at 0x400ff0. */
static const struct {
	const char *what;
	u8 bytes[15];
	u8 len, code, segment;
	u32 offset;
} addresses[] = {
	{ "(%rcx)", { 0x8b, 0x01 }, 2, MOV_CODE_64, MOV_SEGMENT_DS, 0x111 },
	{ "-1(%rbp)", { 0x8b, 0x45, 0xff }, 3, MOV_CODE_64, MOV_SEGMENT_SS, 0x554 },
	{ "0x10(%rip)", { 0x8b, 0x05, 0x10, 0, 0, 0 }, 6, MOV_CODE_64, MOV_SEGMENT_DS, 0x006 },
	{ "8(%rax,%r9,4)", { 0x42, 0x8b, 0x44, 0x88, 8 }, 5, MOV_CODE_64, MOV_SEGMENT_DS, 0x66c },
	{ "(%r12)", { 0x41, 0x8b, 0x04, 0x24 }, 4, MOV_CODE_64, MOV_SEGMENT_DS, 0xccc },
	{ "%gs:(%rcx)", { 0x65, 0x8b, 0x01 }, 3, MOV_CODE_64, MOV_SEGMENT_GS, 0x111 },
	{ "an absolute one of 32 bits",
	  { 0x8b, 0x04, 0x25, 0x78, 0x56, 0x34, 0x12 }, 7, MOV_CODE_64, MOV_SEGMENT_DS, 0x678 },
	{ "%es:0x12345678 in 32-bit code",
	  { 0x26, 0x8b, 0x05, 0x78, 0x56, 0x34, 0x12 }, 7, MOV_CODE_32, MOV_SEGMENT_ES, 0x678 },
	{ "2(%bp,%si) in 16-bit code",
	  { 0x8b, 0x42, 2 }, 3, MOV_CODE_16, MOV_SEGMENT_SS, 0xbbd },
	{ "(%bx,%di) in 16-bit code", { 0x8b, 0x01 }, 2, MOV_CODE_16, MOV_SEGMENT_DS, 0xaaa },
};

static void operands_begin_where_their_address_says(struct kunit *test)
{
	u64 gpr[COVIRT_NR_GPRS];
	u32 i;

	for (i = 0; i < COVIRT_NR_GPRS; i++)
		gpr[i] = i * 0x111;
	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		struct mov insn;

		KUNIT_ASSERT_TRUE_MSG(test, mov_decode(addresses[i].bytes, addresses[i].len,
						       addresses[i].code, &insn),
				      "%s", addresses[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.operand.segment, addresses[i].segment, "%s",
				    addresses[i].what);
		KUNIT_EXPECT_EQ_MSG(test, mov_page_offset(&insn, gpr, 0x400ff0, 0),
				    addresses[i].offset, "%s", addresses[i].what);
		KUNIT_EXPECT_EQ_MSG(test, mov_page_offset(&insn, gpr, 0x400ff0, 0x7001),
				    (addresses[i].offset + 1) & 0xfff, "%s", addresses[i].what);
	}
}

static struct kunit_case mov_cases[] = {
	KUNIT_CASE(decodes_stores_of_32_bits_from_a_register),
	KUNIT_CASE(decodes_stores_of_constants),
	KUNIT_CASE(loads_change_the_part_of_the_register_that_they_name),
	KUNIT_CASE(operands_begin_where_their_address_says),
	{}
};

static struct kunit_suite mov_suite = {
	.name = "covirt-mov",
	.test_cases = mov_cases,
};

kunit_test_suites(&mov_suite);
