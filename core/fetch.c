// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instruction bytes from the guest's memory, for what the processor leaves to be decoded.
 * For this only does the hypervisor map any of the enclave's memory: the controller links
 * tables of it, read-only and no-execute, into the hypervisor's own (see core/hv/space.h),
 * so that an address the partition does not hold faults here too.
 */
#include "core/apic.h"
#include "core/assert.h"
#include "core/fetch.h"
#include "core/guest_walk.h"
#include "core/hv/safe.h"
#include "core/insn.h"
#include "core/rip.h"

#define DIRECT_MAP_END	((u64)HV_GUEST_ENTRIES << 39)

/* Registers are not to be read as if they were memory (SDM vol. 3, 12.4.1). */
static bool is_apic(gpa_t gpa, size_t len)
{
	return gpa < APIC_PAGE + COVIRT_PAGE_SIZE && gpa + len > APIC_PAGE;
}

static int direct_map_read(void *ctx __maybe_unused, gpa_t gpa, void *buf, size_t len)
{
	if (gpa >= DIRECT_MAP_END || len > DIRECT_MAP_END - gpa || is_apic(gpa, len))
		return -EFAULT;
	return copy_safe(buf, (const void *)(HV_GUEST + gpa), len) ? -EFAULT : 0;
}

/**
 * guest_fetch() - read instruction bytes at the guest's RIP
 * @cpu: this CPU, with COVIRT_FEATURE_DIRECT_MAP
 * @buf: where to
 * @len: how many bytes
 *
 * They are read once: another CPU of the enclave may change them at any time.
 *
 * Return: how many were read.
 */
u32 guest_fetch(struct covirt_cpu *cpu, u8 *buf, u32 len)
{
	const struct covirt_backend_cpu *backend = cpu->backend;
	const struct guest_paging paging = {
		.cr0 = backend->read(cpu, COVIRT_REG_CR0),
		.cr3 = backend->read(cpu, COVIRT_REG_CR3),
		.cr4 = backend->read(cpu, COVIRT_REG_CR4),
		.efer = backend->read(cpu, COVIRT_REG_EFER),
	};
	const struct guest_mem mem = { .read = direct_map_read };
	bool code64 = backend->read(cpu, COVIRT_REG_CODE64);
	/* In 64-bit code CS has no base, whatever its descriptor says: APM vol. 2, 4.8. */
	u64 base = code64 ? 0 : backend->read(cpu, COVIRT_REG_CS_BASE);
	gva_t va = rip_cut(base + backend->read(cpu, COVIRT_REG_RIP), code64);

	hv_assert(cpu->config->features & COVIRT_FEATURE_DIRECT_MAP);
	return guest_read_va(&paging, va, buf, len, &mem);
}

static enum mov_code guest_code(struct covirt_cpu *cpu)
{
	if (cpu->backend->read(cpu, COVIRT_REG_CODE64))
		return MOV_CODE_64;
	return cpu->backend->read(cpu, COVIRT_REG_CODE32) ? MOV_CODE_32 : MOV_CODE_16;
}

/**
 * guest_fetch_mov() - read the MOV at the guest's RIP
 * @cpu:  this CPU, with COVIRT_FEATURE_DIRECT_MAP
 * @insn: filled in on success
 *
 * Return: false where another instruction stands, or none that can be read.
 */
bool guest_fetch_mov(struct covirt_cpu *cpu, struct mov *insn)
{
	u8 bytes[INSN_MAX_LEN];
	u32 len = guest_fetch(cpu, bytes, sizeof(bytes));

	return mov_decode(bytes, len, guest_code(cpu), insn);
}
