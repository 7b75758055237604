// SPDX-License-Identifier: GPL-2.0-only
/* Registers that no control block holds: filling them, looking for what somebody left there. */
#include "cpu.h"
#include "payload.h"
#include "serial.h"

#define CR4_OSFXSR	BIT(9)
#define CR4_OSXSAVE	BIT(18)
#define XCR0_AVX	7	/* x87, SSE, AVX */

#define FCW_RESET	0x37f
#define MXCSR_RESET	0x1f80
#define DR6_RESET	0xffff0ff0
#define DR7_RESET	0x400

/**
 * struct fxsave - as FXSAVE writes it, APM vol. 2, 11.4.4
 * @fcw:    x87 control word
 * @fsw:    x87 status word
 * @ftw:    which x87 registers are in use
 * @other:  last instruction and operand
 * @mxcsr:  SSE control and status
 * @mxcsr_mask: its bits that exist
 * @st:     x87 registers
 * @xmm:    vector registers
 * @unused: not written
 */
struct fxsave {
	u16 fcw;
	u16 fsw;
	u16 ftw;
	u8 other[18];
	u32 mxcsr;
	u32 mxcsr_mask;
	u64 st[16];
	u64 xmm[32];
	u8 unused[96];
} __aligned(16);

static_assert(sizeof(struct fxsave) == 512);

static struct fxsave state;
static u64 upper[32];

/* The instruction is assembled once for each vector register; \\n is its number. */
#define EACH_VECTOR(insn)	".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t" \
				insn "\n\t.endr"

static void vectors_on(void)
{
	u64 cr4 = cpu_read_cr4() | CR4_OSFXSR | CR4_OSXSAVE;

	asm volatile("mov %0, %%cr4" : : "r"(cr4));
	asm volatile("xsetbv" : : "a"(XCR0_AVX), "c"(0), "d"(0));
}

static void command_scribble(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 value = word->arg[0];
	u32 mxcsr = MXCSR_RESET | 0x6000;	/* round towards zero */

	(void)info;
	vectors_on();
	asm volatile(EACH_VECTOR("vbroadcastsd %0, %%ymm\\n") : : "m"(value));
	asm volatile("fldpi\n\tfldpi\n\tldmxcsr %0" : : "m"(mxcsr));
	asm volatile("mov %0, %%dr0\n\tmov %0, %%dr1\n\tmov %0, %%dr2\n\tmov %0, %%dr3"
		     : : "r"(value));
	asm volatile("mov %0, %%cr2" : : "r"(value));
	print("payload: scribbled\n");
}

static void judge(const char *what, bool clean)
{
	if (clean)
		return;
	print("payload: registers hold ");
	print(what);
	print("\n");
}

static bool all_zero(const u64 *words, u32 nr)
{
	u64 any = 0;

	while (nr--)
		any |= *words++;
	return !any;
}

static bool debug_is_clean(void)
{
	u64 dr[6];

	asm volatile("mov %%dr0, %0" : "=r"(dr[0]));
	asm volatile("mov %%dr1, %0" : "=r"(dr[1]));
	asm volatile("mov %%dr2, %0" : "=r"(dr[2]));
	asm volatile("mov %%dr3, %0" : "=r"(dr[3]));
	asm volatile("mov %%dr6, %0" : "=r"(dr[4]));
	asm volatile("mov %%dr7, %0" : "=r"(dr[5]));
	return all_zero(dr, 4) && dr[4] == DR6_RESET && dr[5] == DR7_RESET;
}

static bool fault_address_is_zero(void)
{
	u64 cr2;

	asm volatile("mov %%cr2, %0" : "=r"(cr2));
	return !cr2;
}

static bool upper_halves_are_zero(void)
{
	asm volatile(EACH_VECTOR("vextractf128 $1, %%ymm\\n, 16*\\n(%0)")
		     : : "r"(upper) : "memory");
	return all_zero(upper, ARRAY_SIZE(upper));
}

/* Registers at a co-kernel's first instruction must be as a reset leaves them. */
static void command_registers(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)word;
	(void)info;
	judge("debug state", debug_is_clean());
	judge("CR2", fault_address_is_zero());
	vectors_on();
	asm volatile("fxsave64 %0" : "=m"(state));
	judge("x87 state", state.fcw == FCW_RESET && !state.fsw && !state.ftw);
	judge("x87 registers", all_zero(state.st, ARRAY_SIZE(state.st)));
	judge("MXCSR", state.mxcsr == MXCSR_RESET);
	judge("vectors", all_zero(state.xmm, ARRAY_SIZE(state.xmm)));
	judge("upper halves of vectors", upper_halves_are_zero());
	print("payload: registers seen\n");
}

const struct command register_commands[] = {
	{ "scribble", 1, command_scribble },
	{ "registers", 0, command_registers },
	{},
};
