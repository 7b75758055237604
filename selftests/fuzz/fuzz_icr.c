// SPDX-License-Identifier: GPL-2.0-only
/* IPIs: who is meant, asked CPU by CPU and bit by bit. */
#include "irq/avic_posted/icr.h"
#include "irq/avic_posted/permit.h"
#include "fuzz.h"

#define BROADCAST	0xffffffff
#define NO_INDEX	COVIRT_MAX_CPUS
#define HARDWARE	0x5a5a5a5aU	/* by which the hardware's ids differ from the guest's */

static u32 index_of(const struct covirt_config *config, u64 apicid)
{
	u32 index;

	for (index = 0; index < COVIRT_MAX_CPUS; index++)
		if (config->present & BIT(index) && config->cpu[index].guest_apicid == apicid)
			return index;
	return NO_INDEX;
}

/* Every CPU that a logical destination names must be ours: SDM vol. 3, 12.12.10.2. */
static bool logical_is_ours(const struct covirt_config *config, u32 dest, u32 *targets)
{
	u32 bit;

	*targets = 0;
	for (bit = 0; bit < 16; bit++) {
		u32 index = index_of(config, (u64)(dest >> 16) << 4 | bit);

		if (!(dest & BIT(bit)))
			continue;
		if (index == NO_INDEX)
			return false;
		*targets |= BIT(index);
	}
	return *targets != 0;
}

static bool destination_is_ours(const struct covirt_config *config, u64 value, u32 *targets)
{
	u32 dest = value >> 32;
	u32 index = index_of(config, dest);

	*targets = config->present;
	if (dest == BROADCAST)
		return true;
	if (value & BIT(11))
		return logical_is_ours(config, dest, targets);
	*targets = index == NO_INDEX ? 0 : BIT(index);
	return index != NO_INDEX;
}

static bool expected(const struct covirt_config *config, u32 self, u64 value, u32 *targets)
{
	switch (value >> 18 & 3) {
	case 0:
		return destination_is_ours(config, value, targets);
	case 1:
		*targets = BIT(self);
		return true;
	case 2:
		*targets = config->present;
		return true;
	default:
		*targets = config->present & ~BIT(self);
		return true;
	}
}

static bool mode_is_fine(u64 value)
{
	u32 mode = value >> 8 & 7;
	bool to_self = (value >> 18 & 3) == ICR_SELF;

	if (mode == ICR_FIXED)
		return (value & 0xff) >= 16;
	return (mode == ICR_NMI || mode == ICR_INIT || mode == ICR_STARTUP) && !to_self;
}

/* A route that one of its senders names exactly, by an ordinary interrupt. */
static const struct covirt_route *route_expected(const struct covirt_config *config, u32 self,
						 u64 value)
{
	u32 i;

	if (value & (7 << 8 | BIT(11) | 3 << 18) || (value & 0xff) < 16)
		return NULL;
	for (i = 0; i < config->nr_routes; i++)
		if (config->route[i].icr >> 32 == value >> 32 &&
		    (config->route[i].icr & 0xff) == (value & 0xff) &&
		    config->route[i].senders >> self & 1)
			return &config->route[i];
	return NULL;
}

/* A short cut to what the filter says: it permits nothing else, and sends to nobody else. */
static void check_plain(const struct covirt_config *config, u64 value, bool permitted,
			const struct ipi *ipi)
{
	apicid_t target;

	if (!icr_plain(value, value >> 32, config, &target))
		return;
	CHECK(permitted && ipi->mode == ICR_FIXED && !ipi->route);
	CHECK(ipi->vector == (value & 0xff));
	CHECK(ipi->targets == 1U << index_of(config, target ^ HARDWARE));
}

static void check(const struct covirt_config *config, u32 self, u64 value)
{
	u32 mode = value >> 8 & 7, targets;
	bool resets = mode == ICR_INIT || mode == ICR_STARTUP;
	bool deassert = (value >> 14 & 3) == 2;
	struct ipi ipi = {};
	bool inside = mode_is_fine(value) && expected(config, self, value, &targets);
	const struct covirt_route *route = inside ? NULL : route_expected(config, self, value);
	bool want = inside && !(resets && targets & BIT(self));

	CHECK(icr_permit(value, config, self, &ipi) == (want || route));
	check_plain(config, value, want, &ipi);
	if (route)
		CHECK(ipi.route == route && !ipi.targets);
	if (!want)
		return;
	CHECK(!ipi.route);
	CHECK(ipi.mode == mode && ipi.vector == (value & 0xff));
	CHECK(!(ipi.targets & ~config->present));
	CHECK(ipi.targets == (mode == ICR_INIT && deassert ? 0 : targets));
}

/* APIC ids near each other, in one cluster or two, or anything; each of them once. */
static void config_consume(struct covirt_config *config, struct input *in)
{
	u32 nr = 1 + consume(in, 1) % COVIRT_MAX_CPUS;
	u32 wide = consume(in, 1), index, apicid, rest;

	while (nr--) {
		index = consume(in, 1) % COVIRT_MAX_CPUS;
		apicid = wide & 1 ? consume(in, 4) : consume(in, 1) % 48;
		if (apicid == BROADCAST || index_of(config, apicid) != NO_INDEX)
			continue;
		config->cpu[index].apicid = apicid ^ HARDWARE;
		config->cpu[index].guest_apicid = apicid;
		config->present |= BIT(index);
	}
	for_each_index(index, rest, config->present)
		icr_enter_cpu(config, &config->cpu[index]);
}

static void routes_consume(struct covirt_config *config, struct input *in)
{
	config->nr_routes = consume(in, 1) % 4;
	for (u32 i = 0; i < config->nr_routes; i++)
		config->route[i] = (struct covirt_route) {
			.icr = route_icr(consume(in, 1) % 48, 32 + consume(in, 1) % 4),
			.target = 1,
			.senders = consume(in, 2),
		};
}

/* A destination that is likely to name somebody: its upper half has few bits. */
static u64 value_consume(struct input *in)
{
	u64 value = consume(in, 4);
	u64 dest = consume(in, 1) & 1 ? consume(in, 4) : consume(in, 2) | consume(in, 1) % 4 << 16;

	return dest << 32 | value;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct covirt_config config;
	struct input in = { data, size };
	u32 self;

	memset(&config, 0, sizeof(config));
	config_consume(&config, &in);
	routes_consume(&config, &in);
	if (!config.present)
		return 0;
	self = __builtin_ctz(config.present);
	while (in.left)
		check(&config, self, value_consume(&in));
	return 0;
}
