// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interval timer beside an 8254 that is clocked tick by tick, as its data sheet has it. The
 * TSC is as fast as the timer here, so that both count the same.
 */
#include "core/pit.h"
#include "fuzz.h"

#define TICKS_MAX	70000U	/* in one step: more than a whole count */

/**
 * struct model - a channel
 * @control: access and mode
 * @written: the latest count
 * @count:   counting element
 * @running: it has a count, and has begun
 * @ended:   a count that is not periodic has reached 0
 * @second:  the next byte written is the upper one
 * @upper:   the next byte read is the upper one
 * @latched: the latch is read
 * @latch:   what it holds
 * @phase:   ticks since the period began
 */
struct model {
	u8 control;
	u32 written;
	u32 count;
	bool running;
	bool ended;
	bool second;
	bool upper;
	bool latched;
	u16 latch;
	u32 phase;
};

static struct pit pit;
static struct model models[PIT_CHANNELS];
static u8 gate;
static u64 now;

static u8 mode(const struct model *model)
{
	u8 number = model->control >> 1 & 7;

	return number > 5 ? number - 4 : number;
}

static bool by_gate(const struct model *model)
{
	return mode(model) == 1 || mode(model) == 5;
}

static void restart(struct model *model)
{
	model->running = true;
	model->ended = false;
	model->phase = 0;
	model->count = model->written;
}

static void tick(struct model *model)
{
	if (mode(model) != 2 && mode(model) != 3) {
		model->count = (model->count - 1) & 0xffff;
		model->ended |= !model->count;
		return;
	}
	if (++model->phase == model->written)
		model->phase = 0;
}

static void pass(u32 ticks)
{
	u32 n;

	now += ticks;
	while (ticks--)
		for (n = 0; n < PIT_CHANNELS; n++)
			if (models[n].running && (n != 2 || gate & 1 || by_gate(&models[n])))
				tick(&models[n]);
}

/* Mode 3 counts by twos, from the whole count in each half of a period. */
static u16 count_of(const struct model *model)
{
	u32 half = model->phase * 2;

	if (!model->running)
		return model->written;
	if (mode(model) == 2)
		return model->written - model->phase;
	if (mode(model) != 3)
		return model->count;
	return model->written - ((half >= model->written ? half - model->written : half) & ~1U);
}

static bool output_of(const struct model *model)
{
	if (!model->running)
		return mode(model);
	if (mode(model) == 2)
		return model->phase != model->written - 1;
	if (mode(model) == 3)
		return model->phase < (model->written + 1) / 2;
	return model->ended;
}

static void write_control(u8 value)
{
	struct model *model = &models[value >> 6 & 3];

	if (value >> 6 == 3)
		return;
	if (value & 0x30) {
		*model = (struct model) { .control = value & 0x3f };
	} else if (!model->latched) {
		model->latched = true;
		model->latch = count_of(model);
	}
}

static void write_count(struct model *model, u8 value)
{
	u8 access = model->control >> 4 & 3;
	bool upper = access == 2 || (access == 3 && model->second);
	u32 low = access == 3 ? model->written & 0xff : 0;

	model->written = upper ? (u32)value << 8 | low : value;
	model->running = false;
	model->second = access == 3 && !upper;
	if (model->second)
		return;
	if (!model->written)
		model->written = 0x10000;
	if (!by_gate(model))
		restart(model);
}

static u8 read_count(struct model *model)
{
	u8 access = model->control >> 4 & 3;
	u16 value = model->latched ? model->latch : count_of(model);
	bool upper = access == 2 || (access == 3 && model->upper);

	model->upper = access == 3 && !upper;
	if (!model->upper)
		model->latched = false;
	return upper ? value >> 8 : value;
}

static void write_gate(u8 value)
{
	struct model *model = &models[2];
	bool opens = value & 1 && !(gate & 1);

	gate = value & 0x0f;
	if (opens && (by_gate(model) || (model->running && (mode(model) == 2 || mode(model) == 3))))
		restart(model);
}

static void guest_out(u16 port, u8 value)
{
	pit_out(&pit, port, value, PIT_HZ, now);
	if (port == PIT_GATE_PORT)
		write_gate(value);
	else if (port == 0x43)
		write_control(value);
	else
		write_count(&models[port - 0x40], value);
}

static void guest_in(u16 port)
{
	u8 value = pit_in(&pit, port, PIT_HZ, now);

	if (port == PIT_GATE_PORT)
		CHECK(value == (gate | (now / 18 & 1) << 4 | output_of(&models[2]) << 5));
	else if (port == 0x43)
		CHECK(!value);
	else
		CHECK(value == read_count(&models[port - 0x40]));
}

static void step(struct input *in)
{
	u8 how = consume(in, 1);
	u16 port = how & 4 ? PIT_GATE_PORT : PIT_PORTS + (how & 3);

	if (how & 0x80)
		pass(how & 0x40 ? consume(in, 3) % TICKS_MAX : consume(in, 1));
	else if (how & 0x40)
		guest_in(port);
	else
		guest_out(port, consume(in, 1));
}

/* Each channel has been programmed: as firmware leaves them is KUnit's. */
static void begin(void)
{
	u32 n;

	memset(&pit, 0, sizeof(pit));
	memset(models, 0, sizeof(models));
	gate = 0;
	now = 0x123456789aULL;
	for (n = 0; n < PIT_CHANNELS; n++)
		guest_out(0x43, n << 6 | 0x30);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };

	begin();
	while (in.left)
		step(&in);
	return 0;
}
