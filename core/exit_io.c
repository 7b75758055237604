// SPDX-License-Identifier: GPL-2.0-only
/* IN and OUT. Every port exits; what answers is in core/port_policy.c. */
#include "core/arch.h"
#include "core/com1.h"
#include "core/exit_handlers.h"
#include "core/port_policy.h"

static u32 io_mask(u8 size)
{
	return size == 4 ? ~0U : (1U << size * 8) - 1;
}

/* A 32-bit IN clears the upper half of RAX, narrower ones keep the rest. */
static void io_return(struct covirt_cpu *cpu, u8 size, u32 value)
{
	u64 keep = size == 4 ? 0 : ~(u64)io_mask(size);

	cpu->gpr[GPR_RAX] = (cpu->gpr[GPR_RAX] & keep) | (value & io_mask(size));
}

static u8 cmos_read(struct covirt_cpu *cpu, u16 port)
{
	return cmos_in(&cpu->shared->cmos, port - CMOS_PORTS, &cpu->config->cmos, arch_rdtsc());
}

static u8 port_read(struct covirt_cpu *cpu, enum port_device device, u16 port)
{
	switch (device) {
	case PORT_UART:
		return com1_read(cpu, port);
	case PORT_CMOS:
		return cmos_read(cpu, port);
	case PORT_PIT:
		return pit_in(&cpu->shared->pit, port, cpu->config->cmos.hz, arch_rdtsc());
	default:
		return 0;
	}
}

/* A PC's devices have ports of a byte: a wider access is one to each, the lowest first. */
static u32 io_read(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	bool claimed = false;
	u32 value = 0, i;

	for (i = 0; i < exit->size; i++) {
		enum port_device device = port_device(exit->port + i);

		claimed |= device != PORT_NONE;
		value |= (u32)port_read(cpu, device, exit->port + i) << i * 8;
	}
	cpu->status->port_unclaimed += !claimed;
	return value;
}

static enum covirt_verdict power_write(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				       u32 value)
{
	switch (port_effect(exit->port, exit->size, value)) {
	case PORT_RESET:
		return run_contain(cpu, exit, COVIRT_FAULT_GUEST_RESET, exit->port);
	case PORT_POWER_OFF:
		return run_contain(cpu, exit, COVIRT_FAULT_POWER_OFF, exit->port);
	default:
		return run_skip(cpu, exit);
	}
}

static void port_write(struct covirt_cpu *cpu, enum port_device device, u16 port, u8 value)
{
	if (device == PORT_UART)
		com1_write(cpu, port, value);
	else if (device == PORT_CMOS)
		cmos_out(&cpu->shared->cmos, port - CMOS_PORTS, value);
	else if (device == PORT_PIT)
		pit_out(&cpu->shared->pit, port, value, cpu->config->cmos.hz, arch_rdtsc());
}

/*
 * Writes that reset a PC, or switch it off, are known by the whole value; others go to the ports
 * byte by byte.
 */
static enum covirt_verdict io_write(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	u32 value = cpu->gpr[GPR_RAX] & io_mask(exit->size), i;
	enum port_device device = port_device(exit->port);
	bool claimed = device != PORT_NONE;

	if (device == PORT_POWER)
		return power_write(cpu, exit, value);
	port_write(cpu, device, exit->port, value);
	for (i = 1; i < exit->size; i++) {
		device = port_device(exit->port + i);
		claimed |= device != PORT_NONE;
		port_write(cpu, device, exit->port + i, value >> i * 8);
	}
	cpu->status->port_unclaimed += !claimed;
	return run_skip(cpu, exit);
}

/**
 * exit_io() - IN or OUT
 * @cpu:  this CPU
 * @exit: the exit
 *
 * Return: what follows.
 */
enum covirt_verdict exit_io(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	if (exit->string)
		return run_contain(cpu, exit, COVIRT_FAULT_STRING_IO, exit->port);
	if (!exit->in)
		return io_write(cpu, exit);
	io_return(cpu, exit->size, io_read(cpu, exit));
	return run_skip(cpu, exit);
}
