// SPDX-License-Identifier: GPL-2.0-only
/* Posting commands into a CPU's ring, ringing, and waiting for what follows. */
#include <linux/delay.h>
#include <linux/jiffies.h>

#include "controller/hv_boot.h"
#include "controller/hv_command.h"

#define ANSWER_TIMEOUT_S	10
#define RING_AGAIN_MS		100

/* A stop that was posted and not answered yet is not posted twice. */
static void command_post(struct hv_space *space, u32 slot, u32 code)
{
	struct covirt_commands *commands = &space->config->cpu[slot].commands;
	u32 head = commands->head;

	if (head != READ_ONCE(hv_space_status(space, slot)->command_tail))
		return;
	commands->code[head % COVIRT_COMMANDS] = code;
	/* The slot before the count; run_commands() reads the count first. */
	smp_store_release(&commands->head, head + 1);
}

static bool cpu_is_out(const struct hv_space *space, u32 slot)
{
	/* What it wrote before it parked is there. */
	return smp_load_acquire(&hv_space_status(space, slot)->state) >= COVIRT_CPU_PARKED;
}

/* One ring should do. If an NMI is lost in the firmware of this world, the next one is not. */
static bool ring_and_wait(struct hv_space *space, u32 slot)
{
	unsigned long again = jiffies + msecs_to_jiffies(RING_AGAIN_MS);

	hv_boot_doorbell(space->config->cpu[slot].apicid);
	while (!cpu_is_out(space, slot) && time_before(jiffies, again))
		usleep_range(50, 500);
	return cpu_is_out(space, slot);
}

/**
 * hv_command_stop() - make a CPU leave guest mode and park
 * @space:     its hypervisor memory
 * @slot:      the CPU, started before
 * @doorbells: raised by the NMIs that were sent
 *
 * Context: may sleep, up to 10 s.
 * Return: 0 when it is parked, now or already; -ETIMEDOUT when it does not answer.
 */
int hv_command_stop(struct hv_space *space, u32 slot, u64 *doorbells)
{
	unsigned long deadline = jiffies + ANSWER_TIMEOUT_S * HZ;

	if (cpu_is_out(space, slot))
		return 0;
	command_post(space, slot, COVIRT_COMMAND_STOP);
	do {
		++*doorbells;
		if (ring_and_wait(space, slot))
			return 0;
	} while (time_before(jiffies, deadline));
	return -ETIMEDOUT;
}
