// SPDX-License-Identifier: GPL-2.0-only
/* Port policy: the device behind each of a co-kernel's ports. */
#include <kunit/test.h>

#include "core/port_policy.h"

static void only_named_ports_have_a_device(struct kunit *test)
{
	u32 port, claimed = 0;

	for (port = 0; port < 0x10000; port++)
		claimed += port_device(port) != PORT_NONE;
	/* COM1's eight, 0x40 to 0x43, 0x61, 0x64, 0x70, 0x71, 0x80, 0x92, 0x604, 0xCF9. */
	KUNIT_EXPECT_EQ(test, claimed, 20U);
	KUNIT_EXPECT_EQ(test, port_device(0x3f), PORT_NONE);
	KUNIT_EXPECT_EQ(test, port_device(0x40), PORT_PIT);
	KUNIT_EXPECT_EQ(test, port_device(0x43), PORT_PIT);
	KUNIT_EXPECT_EQ(test, port_device(0x44), PORT_NONE);
	KUNIT_EXPECT_EQ(test, port_device(0x60), PORT_NONE);
	KUNIT_EXPECT_EQ(test, port_device(0x61), PORT_PIT);
	KUNIT_EXPECT_EQ(test, port_device(0x64), PORT_POWER);
	KUNIT_EXPECT_EQ(test, port_device(0x71), PORT_CMOS);
	KUNIT_EXPECT_EQ(test, port_device(0x604), PORT_POWER);
	KUNIT_EXPECT_EQ(test, port_device(0xcf9), PORT_POWER);
	KUNIT_EXPECT_EQ(test, port_device(0xffff), PORT_NONE);
	KUNIT_EXPECT_EQ(test, port_device(0x3f8), PORT_UART);
	KUNIT_EXPECT_EQ(test, port_device(0x3ff), PORT_UART);
	KUNIT_EXPECT_EQ(test, port_device(0x400), PORT_NONE);
	KUNIT_EXPECT_EQ(test, port_device(0xcf8), PORT_NONE);
}

static const struct {
	const char *what;
	u16 port;
	u8 size;
	u32 value;
	enum port_effect effect;
} effects[] = {
	{ "reset control register", 0xcf9, 1, 0x06, PORT_RESET },
	{ "reset control register, hard", 0xcf9, 1, 0x0e, PORT_RESET },
	{ "reset control register, prepared only", 0xcf9, 1, 0x02, PORT_HARMLESS },
	{ "keyboard controller reset pulse", 0x64, 1, 0xfe, PORT_RESET },
	{ "keyboard controller self test", 0x64, 1, 0xaa, PORT_HARMLESS },
	{ "fast reset", 0x92, 1, 0x01, PORT_RESET },
	{ "fast A20", 0x92, 1, 0x02, PORT_HARMLESS },
	{ "sleep control, S5", 0x604, 1, 0x34, PORT_POWER_OFF },
	{ "sleep control, type without enable", 0x604, 1, 0x14, PORT_HARMLESS },
	{ "PM1a, S5", 0x604, 2, 0x2000, PORT_POWER_OFF },
	{ "PM1a, S5, 32 bits", 0x604, 4, 0x2000, PORT_POWER_OFF },
	{ "PM1a, no sleep", 0x604, 2, 0x0020, PORT_HARMLESS },
	{ "a port with nothing behind", 0x605, 1, 0xff, PORT_HARMLESS },
	{ "console", 0x3f8, 1, 0xfe, PORT_HARMLESS },
};

static void writes_have_the_effect_they_have_on_a_pc(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(effects); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    port_effect(effects[i].port, effects[i].size, effects[i].value),
				    effects[i].effect, "%s", effects[i].what);
}

static struct kunit_case port_policy_cases[] = {
	KUNIT_CASE(only_named_ports_have_a_device),
	KUNIT_CASE(writes_have_the_effect_they_have_on_a_pc),
	{}
};

static struct kunit_suite port_policy_suite = {
	.name = "covirt-port-policy",
	.test_cases = port_policy_cases,
};

kunit_test_suites(&port_policy_suite);
