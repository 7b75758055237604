// SPDX-License-Identifier: GPL-2.0-only
/* Posting commands into a CPU's ring, ringing, and waiting for what follows. */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>

#include "controller/host/ipi.h"
#include "controller/hv/command.h"
#include "controller/hv/trace.h"

#define ANSWER_TIMEOUT_S	10
#define RING_AGAIN_MS		100

static const char *const names[] = {
	[COVIRT_COMMAND_NOP] = "nop",
	[COVIRT_COMMAND_STOP] = "stop",
	[COVIRT_COMMAND_FLUSH] = "flush",
	[COVIRT_COMMAND_REGISTERS] = "registers",
};

static u32 answered(const struct hv_space *space, u32 index)
{
	/* Pairs with the release of run_commands(): the command's effects are visible. */
	return smp_load_acquire(&hv_space_status(space, index)->command_tail);
}

static bool is_pending(const struct covirt_commands *commands, u32 tail, u32 code)
{
	u32 last = commands->head - 1;

	return commands->head != tail && commands->code[last % COVIRT_COMMANDS] == code;
}

/*
 * A command that is still pending is not posted again, except NOP: its place in the ring says what
 * the CPU has seen. A full ring means that the CPU has not answered for long; nothing is posted
 * then.
 */
static u32 command_post(struct hv_space *space, u32 index, u32 code)
{
	struct covirt_commands *commands = &space->config->cpu[index].commands;
	u32 tail = answered(space, index), head;

	spin_lock(&space->post_lock);
	head = commands->head;
	if (head - tail < COVIRT_COMMANDS &&
	    !(code != COVIRT_COMMAND_NOP && is_pending(commands, tail, code))) {
		commands->code[head % COVIRT_COMMANDS] = code;
		head++;
		/* The slot before the count; run_commands() reads the count first. */
		smp_store_release(&commands->head, head);
		trace_covirt_command(space, index, names[code], head);
	}
	spin_unlock(&space->post_lock);
	return head;
}

static bool cpu_is_out(const struct hv_space *space, u32 index)
{
	/* Pairs with the store of hv_park(): all that the CPU wrote is visible. */
	return smp_load_acquire(&hv_space_status(space, index)->state) >= COVIRT_CPU_PARKED;
}

static bool has_answered(const struct hv_space *space, u32 index, u32 count)
{
	return cpu_is_out(space, index) || (s32)(answered(space, index) - count) >= 0;
}

/**
 * hv_command_ring() - ring a CPU's doorbell
 * @space: its hypervisor memory
 * @index: the CPU, started before and not Linux's again
 *
 * It carries out the commands that it has been posted, and takes what was typed.
 */
void hv_command_ring(struct hv_space *space, u32 index)
{
	spin_lock(&space->post_lock);
	space->doorbells++;
	spin_unlock(&space->post_lock);
	trace_covirt_doorbell(space, index);
	ipi_doorbell(space->config->cpu[index].apicid);
}

/* A single NMI should do. Should firmware lose it, the next one comes through. */
static bool ring_and_wait(struct hv_space *space, u32 index, u32 count,
			  bool (*is_done)(const struct hv_space *space, u32 index, u32 count))
{
	unsigned long again = jiffies + msecs_to_jiffies(RING_AGAIN_MS);

	hv_command_ring(space, index);
	while (!is_done(space, index, count) && time_before(jiffies, again))
		usleep_range(50, 500);
	return is_done(space, index, count);
}

static int await(struct hv_space *space, u32 index, u32 count,
		 bool (*is_done)(const struct hv_space *space, u32 index, u32 count))
{
	unsigned long deadline = jiffies + ANSWER_TIMEOUT_S * HZ;

	do {
		if (ring_and_wait(space, index, count, is_done))
			return 0;
	} while (time_before(jiffies, deadline));
	return -ETIMEDOUT;
}

static int command_run(struct hv_space *space, u32 index, u32 code,
		       bool (*is_done)(const struct hv_space *space, u32 index, u32 count))
{
	u32 count = command_post(space, index, code);
	int err = await(space, index, count, is_done);

	trace_covirt_command_done(space, index, count, err);
	return err;
}

static bool has_stopped(const struct hv_space *space, u32 index, u32 count)
{
	return cpu_is_out(space, index);
}

/**
 * hv_command_stop() - make a CPU leave guest mode and park
 * @space: its hypervisor memory
 * @index: the CPU, started before
 *
 * Context: may sleep, up to 10 s.
 * Return: 0 when it is parked, now or already; -ETIMEDOUT when it does not answer.
 */
int hv_command_stop(struct hv_space *space, u32 index)
{
	might_sleep();
	if (cpu_is_out(space, index))
		return 0;
	return command_run(space, index, COVIRT_COMMAND_STOP, has_stopped);
}

static int cpu_sync(struct hv_space *space, u32 index)
{
	if (READ_ONCE(hv_space_status(space, index)->state) == COVIRT_CPU_OFF ||
	    cpu_is_out(space, index))
		return 0;
	return command_run(space, index, COVIRT_COMMAND_NOP, has_answered);
}

/**
 * hv_command_registers() - have a running CPU write its registers; it goes on
 * @space: its hypervisor memory
 * @index: the CPU, started before
 *
 * Where it does, covirt_status::snapshot is new. It does not where it waits for a start-up IPI,
 * or has parked meanwhile.
 *
 * Context: may sleep, up to 10 s. One at a time.
 * Return: 0; -ETIMEDOUT when it does not answer.
 */
int hv_command_registers(struct hv_space *space, u32 index)
{
	might_sleep();
	if (cpu_is_out(space, index))
		return 0;
	return command_run(space, index, COVIRT_COMMAND_REGISTERS, has_answered);
}

/**
 * hv_command_sync() - have all CPUs leave guest mode once
 * @space: their hypervisor memory
 * @mask:  mask of CPUs
 *
 * What was written to the configuration before, each CPU obeys afterwards. Those that have not
 * begun yet will, those that are parked need not.
 *
 * Context: may sleep, up to 10 s for each CPU.
 * Return: 0; -ETIMEDOUT when one does not answer: the others have.
 */
int hv_command_sync(struct hv_space *space, u32 mask)
{
	u32 index, rest;
	int err = 0;

	might_sleep();
	for_each_index(index, rest, mask)
		err = cpu_sync(space, index) ?: err;
	return err;
}

/**
 * hv_command_ask() - as hv_command_registers(), and do not wait
 * @space: its hypervisor memory
 * @index: the CPU, started before
 *
 * The answer is in covirt_status::snapshot. One that was asked before and has not answered is
 * rung again: an NMI may have been lost.
 *
 * Return: for hv_command_is_answered().
 */
u32 hv_command_ask(struct hv_space *space, u32 index)
{
	u32 count;

	if (cpu_is_out(space, index))
		return answered(space, index);
	count = command_post(space, index, COVIRT_COMMAND_REGISTERS);
	hv_command_ring(space, index);
	return count;
}

/**
 * hv_command_is_answered() - has a CPU carried out what it was asked?
 * @space: its hypervisor memory
 * @index: the CPU
 * @count: from hv_command_ask(), or 0: nothing
 *
 * Return: true as well for one that has left the guest for good.
 */
bool hv_command_is_answered(const struct hv_space *space, u32 index, u32 count)
{
	return has_answered(space, index, count);
}
