/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions that C has no words for, and those that may fault. */
#ifndef PAYLOAD_CPU_H
#define PAYLOAD_CPU_H

#include "core/base.h"

/**
 * struct probe_regs - registers around an instruction in probes.S
 * @rax: before and after
 * @rcx: before and after
 * @rdx: before and after
 * @rbx: after
 */
struct probe_regs {
	u64 rax;
	u64 rcx;
	u64 rdx;
	u64 rbx;
};

#define PROBE_OK	(-1)	/* returned by a probe whose instruction did not fault */

int probe_rdmsr(struct probe_regs *regs);
int probe_wrmsr(struct probe_regs *regs);
int probe_cpuid(struct probe_regs *regs);
int probe_xsetbv(struct probe_regs *regs);
int probe_cr0(struct probe_regs *regs);
int probe_cr4(struct probe_regs *regs);
int probe_in(struct probe_regs *regs);
int probe_out(struct probe_regs *regs);
int probe_outs(struct probe_regs *regs);
int probe_read(struct probe_regs *regs);
int probe_read8(struct probe_regs *regs);
int probe_read8h(struct probe_regs *regs);
int probe_read16(struct probe_regs *regs);
int probe_read32(struct probe_regs *regs);
int probe_zero8(struct probe_regs *regs);
int probe_zero16(struct probe_regs *regs);
int probe_sign8(struct probe_regs *regs);
int probe_sign16(struct probe_regs *regs);
int probe_sign32(struct probe_regs *regs);
int probe_readsp(struct probe_regs *regs);
int probe_write(struct probe_regs *regs);
int probe_write8(struct probe_regs *regs);
int probe_write16(struct probe_regs *regs);
int probe_write32(struct probe_regs *regs);
int probe_zero32(struct probe_regs *regs);
int probe_offset32(struct probe_regs *regs);
int probe_or32(struct probe_regs *regs);
int probe_nontemporal(struct probe_regs *regs);
int probe_movs(struct probe_regs *regs);
int probe_trap(struct probe_regs *regs);
int probe_exec(struct probe_regs *regs);
int probe_vmmcall(struct probe_regs *regs);
int probe_vmcall(struct probe_regs *regs);
int probe_vmrun(struct probe_regs *regs);
int probe_vmload(struct probe_regs *regs);
int probe_vmsave(struct probe_regs *regs);
int probe_stgi(struct probe_regs *regs);
int probe_clgi(struct probe_regs *regs);
int probe_skinit(struct probe_regs *regs);
int probe_invlpga(struct probe_regs *regs);
int probe_invd(struct probe_regs *regs);
int probe_wbinvd(struct probe_regs *regs);
int probe_vmxon(struct probe_regs *regs);
int probe_vmxoff(struct probe_regs *regs);
int probe_vmptrld(struct probe_regs *regs);
int probe_vmptrst(struct probe_regs *regs);
int probe_vmclear(struct probe_regs *regs);
int probe_vmread(struct probe_regs *regs);
int probe_vmwrite(struct probe_regs *regs);
int probe_vmlaunch(struct probe_regs *regs);
int probe_vmresume(struct probe_regs *regs);
int probe_vmfunc(struct probe_regs *regs);
int probe_invept(struct probe_regs *regs);
int probe_invvpid(struct probe_regs *regs);
int probe_getsec(struct probe_regs *regs);
int probe_rsm(struct probe_regs *regs);
int probe_rdpmc(struct probe_regs *regs);
int probe_cr3(struct probe_regs *regs);
int probe_dr7(struct probe_regs *regs);
int probe_ins(struct probe_regs *regs);
int probe_dbloop(struct probe_regs *regs);
int probe_exchange(struct probe_regs *regs);
int probe_prefetch(struct probe_regs *regs);
int probe_push(struct probe_regs *regs);
int probe_gdt(struct probe_regs *regs);
int probe_idt(struct probe_regs *regs);
int probe_gs(struct probe_regs *regs);
int probe_indexed(struct probe_regs *regs);
int probe_edge(struct probe_regs *regs);

u64 cpu_read_cr0(void);
u64 cpu_read_cr4(void);
u64 cpu_read_cr3(void);
u16 cpu_read_cs(void);
u64 cpu_read_msr(u32 msr);
void cpu_write_msr(u32 msr, u64 val);
u64 cpu_read_tsc(void);
u8 cpu_in(u16 port);
void cpu_out(u16 port, u8 val);
void cpu_load_idt(const void *base, u16 limit);
void cpu_interrupts_off(void);
void cpu_interrupts_on(void);
void cpu_wait(void);
void cpu_trap(void);

#endif /* PAYLOAD_CPU_H */
