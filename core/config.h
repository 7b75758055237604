/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that passes through the wall: the controller (Linux world) and the hypervisor share it for
 * one enclave.
 *
 * It is three areas with three rights. The configuration is written by the controller and mapped
 * read-only into the hypervisor: every physical operand of a virtualization instruction comes from
 * there. The shared area and each CPU's status page are written by the hypervisor and read by the
 * controller. A co-kernel can reach none of them.
 */
#ifndef COVIRT_CORE_CONFIG_H
#define COVIRT_CORE_CONFIG_H

#include "core/types.h"
#include "core/cmos.h"
#include "core/console_ring.h"
#include "core/cycles.h"
#include "core/entry.h"
#include "core/exit_types.h"
#include "core/heartbeat.h"
#include "core/hv/space.h"
#include "core/inbox.h"
#include "core/input_ring.h"
#include "core/ioapic.h"
#include "core/pit.h"
#include "core/registers.h"
#include "core/topology.h"
#include "core/uart16550.h"
#include "core/unclaimed.h"
#include "core/vectors.h"
#include "include/uapi/linux/covirt.h"
#include "irq/avic_posted/route.h"
#include "irq/avic_posted/xapic.h"

#define COVIRT_MAX_CPUS		16
#define COVIRT_COMMANDS		8	/* slots of a command ring */
#define COVIRT_ID_SLOTS		128	/* of covirt_config::by_id */

/* Each @index of a mask of CPU indexes, from the lowest on; @rest is a u32 of the caller's. */
#define for_each_index(index, rest, mask)					\
	for ((rest) = (mask); (rest) && ((index) = __builtin_ctz(rest), 1);	\
	     (rest) &= (rest) - 1)

/*
 * Features that detection found. Some of them are needs, not abilities.
 *
 * DIRECT_MAP: the hypervisor has to read instructions from the enclave's memory, because the
 * processor does not decode all of them. An enclave that emulates accesses to unclaimed addresses
 * needs it on any processor. EXEC_4K: a change of the size of a page that is being executed can
 * crash the processor. XAPIC: without x2APIC the local APIC's registers are in memory, and the
 * guest's are there, too. LINUX_X2APIC: Linux has its local APICs in x2APIC mode.
 */
enum covirt_feature {
	COVIRT_FEATURE_NEXT_RIP		= BIT(0),
	COVIRT_FEATURE_DECODE		= BIT(1),
	COVIRT_FEATURE_FLUSH_BY_ASID	= BIT(2),
	COVIRT_FEATURE_1G_PAGES		= BIT(3),
	COVIRT_FEATURE_DIRECT_MAP	= BIT(4),
	COVIRT_FEATURE_EXEC_4K		= BIT(5),
	COVIRT_FEATURE_XAPIC		= BIT(6),
	COVIRT_FEATURE_LINUX_X2APIC	= BIT(7),
};

enum covirt_ipi_policy {
	COVIRT_IPI_DROP,
	COVIRT_IPI_FAULT,
};

/**
 * enum covirt_interrupts - what becomes of interrupts that arrive at an enclave CPU
 * @COVIRT_INTERRUPTS_DIRECT:   the guest takes them, without an exit
 * @COVIRT_INTERRUPTS_FILTERED: each exits; those that nothing explains are dropped
 */
enum covirt_interrupts {
	COVIRT_INTERRUPTS_DIRECT,
	COVIRT_INTERRUPTS_FILTERED,
};

/**
 * enum covirt_command_code - what the controller may ask of a running enclave CPU
 * @COVIRT_COMMAND_NOP:   acknowledge only
 * @COVIRT_COMMAND_STOP:  leave guest mode and park
 * @COVIRT_COMMAND_FLUSH: drop every cached guest translation
 * @COVIRT_COMMAND_REGISTERS: write covirt_status::snapshot; a CPU that waits for a start-up IPI
 *                         has no registers and leaves it as it was
 */
enum covirt_command_code {
	COVIRT_COMMAND_NOP,
	COVIRT_COMMAND_STOP,
	COVIRT_COMMAND_FLUSH,
	COVIRT_COMMAND_REGISTERS,
};

/**
 * struct covirt_commands - ring of commands to one CPU
 * @head: free-running count of commands posted; the CPU answers by advancing
 *        covirt_status::command_tail after it has carried one out
 * @code: slots, indexed by count modulo COVIRT_COMMANDS
 *
 * Posting: fill the slot, then advance @head (release), then ring the doorbell (an NMI to the CPU).
 */
struct covirt_commands {
	u32 head;
	u32 code[COVIRT_COMMANDS];
};

/**
 * struct covirt_cpu_config - one enclave CPU, read-only to the hypervisor
 * @apicid:        its local APIC id, the hardware's
 * @guest_apicid:  the id that the co-kernel knows
 * @control_block: host-physical address of its hardware control block
 * @host_state:    host-physical address of the page with covirt_status::host_state
 * @save_area:     host-physical address of the page virtualization needs for the host
 * @granted:       vectors that others than CPUs of the enclave may send to it
 * @commands:      commands to it
 */
struct covirt_cpu_config {
	apicid_t apicid;
	apicid_t guest_apicid;
	hpa_t control_block;
	hpa_t host_state;
	hpa_t save_area;
	struct vectors granted;
	struct covirt_commands commands;
};

/**
 * struct covirt_id_slot - how a plain IPI finds its target
 * @key:    the higher bits of the id that the co-kernel knows, plus 1; 0: there is no such CPU
 * @apicid: the hardware's id
 */
struct covirt_id_slot {
	u32 key;
	apicid_t apicid;
};

/**
 * struct covirt_config - one enclave, read-only to the hypervisor
 * @magic:       COVIRT_CONFIG_MAGIC
 * @backend:     enum backend_id
 * @features:    mask of enum covirt_feature
 * @nested_root: host-physical root of the nested page tables
 * @msr_bitmap:  host-physical address of the MSR permission map
 * @io_bitmap:   host-physical address of the port permission map
 * @notify:      Linux interrupt to raise: APIC id << 32 | vector, read and
 *               written whole; 0 raises none
 * @on_ipi:      enum covirt_ipi_policy
 * @on_unclaimed: enum covirt_unclaimed_policy
 * @interrupts:  enum covirt_interrupts
 * @histogram:   measure the cycles of each exit
 * @com1_irq:    there is an I/O APIC, and COM1 interrupts through it
 * @present:     mask of CPU indexes
 * @boot:        index of the CPU that is entered first; the others wait for its start-up IPI
 * @topology:    what the CPUs' ids tell of them
 * @by_id:       a CPU, by the lowest bits of the id that the co-kernel knows, see icr_enter_cpu()
 * @entry:       state of the boot CPU at its first instruction
 * @cpu:         the CPUs, by index
 * @nr_routes:   entries of @route that have ever been used
 * @route:       interrupts that its CPUs may send to others
 * @input:       what is typed for COM1
 * @ram:         where the co-kernel has RAM
 * @cmos:        what time its real-time clock tells
 * @unclaimed:   addresses that were nobody's when the enclave started
 */
struct covirt_config {
	u32 magic;
	u32 backend;
	u64 features;
	hpa_t nested_root;
	hpa_t msr_bitmap;
	hpa_t io_bitmap;
	u64 notify;
	u32 on_ipi;
	u32 on_unclaimed;
	u32 interrupts;
	u32 histogram;
	u32 com1_irq;
	u32 present;
	u32 boot;
	struct covirt_topology topology;
	struct covirt_id_slot by_id[COVIRT_ID_SLOTS];
	struct covirt_entry entry;
	struct covirt_cpu_config cpu[COVIRT_MAX_CPUS];
	u32 nr_routes;
	struct covirt_route route[COVIRT_MAX_ROUTES];
	struct input_ring input;
	struct covirt_ram ram;
	struct cmos_base cmos;
	struct unclaimed unclaimed;
};

#define COVIRT_CONFIG_MAGIC	0x54524956	/* "VIRT" */

/**
 * enum covirt_cpu_state - where an enclave CPU is, as it reports itself
 * @COVIRT_CPU_OFF:     not started (written by the controller before start)
 * @COVIRT_CPU_ENTERED: runs the hypervisor, not yet the guest
 * @COVIRT_CPU_RUNNING: in guest mode, handling an exit, or waiting for a start-up IPI
 * @COVIRT_CPU_LEAVING: the guest is gone and covirt_status::fault is valid;
 *                      Linux is notified here, PARKED follows at once
 * @COVIRT_CPU_PARKED:  nothing of the guest is left, APIC mode as before the
 *                      start, wants only an INIT
 * @COVIRT_CPU_PANIC:   the hypervisor met an exception of its own
 *
 * The CPU itself goes from OFF to ENTERED, atomically: who makes OFF something else before has
 * kept it out. With PARKED and PANIC it has touched for the last time whatever can be reused
 * or freed before Linux has it back: it needs the image, its page tables and its stack at HV_PARK.
 */
enum covirt_cpu_state {
	COVIRT_CPU_OFF,
	COVIRT_CPU_ENTERED,
	COVIRT_CPU_RUNNING,
	COVIRT_CPU_LEAVING,
	COVIRT_CPU_PARKED,
	COVIRT_CPU_PANIC,
};

/* X-macro: counters besides the exits, by name in sysfs (stats/NAME). */
#define COVIRT_COUNTERS(X)	\
	X(ipi_denied)		\
	X(ipi_routed)		\
	X(ipi_unheard)		\
	X(interrupts_dropped)	\
	X(ioapic_dropped)	\
	X(msr_denied)		\
	X(port_unclaimed)	\
	X(unclaimed_reads)	\
	X(unclaimed_writes)	\
	X(lvt_denied)		\
	X(xapic_accesses)	\
	X(doorbell_idle)

/* Bytes of a page from which a processor loads registers; the page itself is its operand. */
#define COVIRT_HOST_STATE	0x440
#define COVIRT_HOST_STATE_SIZE	0x200

/**
 * struct covirt_status - one CPU's report, written by the hypervisor only
 * @state:        enum covirt_cpu_state; stored last (release) on each change
 * @command_tail: commands carried out, see struct covirt_commands
 * @nr_recent:    exits so far, modulo 2^32: where the next one goes in @recent; stored
 *                (release) behind it
 * @recent:       the last exits
 * @recent_tsc:   when they happened; covirt_config::histogram
 * @exits:        exits by enum covirt_exit_reason
 * @cycles:       round trips through the hypervisor by cycles_bucket(); covirt_config::histogram
 * @host_state:   the hypervisor's own registers, where the processor loads them from memory after
 *                an exit; private to the hypervisor
 * @routing:      not 0 while a route's target is being read and used
 * @routed:       interrupts sent, by route
 * @fault:        why the CPU left guest mode; valid once @state is LEAVING, PARKED or PANIC
 * @left:         its registers then; valid as @fault is
 * @snapshot:     its registers when it was last asked; valid once that command is carried out
 * @began:        its registers when it began to execute the co-kernel
 * @heartbeat:    guest-physical address of the CPU's heartbeat, or 0; see core/heartbeat.h
 * @unclaimed:    pages that are nobody's, as the CPU met them
 * @panics:       exceptions of the hypervisor's own
 * @panic_vector: the first one's vector
 * @panic_rip:    where that was
 *
 * Then one u64 for each of COVIRT_COUNTERS, by its name.
 */
struct covirt_status {
	u32 state;
	u32 command_tail;
	u32 routing;
	u64 routed[COVIRT_MAX_ROUTES];
	u32 nr_recent;
	struct covirt_recent recent[COVIRT_RECENT_EXITS];
	u64 recent_tsc[COVIRT_RECENT_EXITS];
	u64 exits[COVIRT_NR_EXITS];
	u64 cycles[CYCLES_BUCKETS];
	u8 host_state[COVIRT_HOST_STATE_SIZE] __aligned(64);
	struct covirt_fault fault;
	struct covirt_registers left;
	struct covirt_registers snapshot;
	struct covirt_registers began;
	gpa_t heartbeat;
	struct unclaimed_pages unclaimed;
	u32 panics;
	u32 panic_vector;
	u64 panic_rip;
	/* private: described above */
#define COVIRT_COUNTER_FIELD(name)	u64 name;
	COVIRT_COUNTERS(COVIRT_COUNTER_FIELD)
#undef COVIRT_COUNTER_FIELD
};

/**
 * struct covirt_shared - per-enclave memory that the hypervisor writes
 * @ioapic_page: what the co-kernel reads of its I/O APIC; first, for it is mapped as a page
 * @console: what the co-kernel sent through COM1
 * @uart:    COM1's state; private to the hypervisor, as all that follows but @input_tail
 * @cmos:    what the co-kernel has written to its real-time clock; the co-kernel's CPUs take care
 *           not to use it at the same time
 * @pit:     the same of its interval timer
 * @ioapic:  the same of its I/O APIC
 * @com1_line: COM1's interrupt line, as the I/O APIC saw it last
 * @typed:   bytes that had been typed at the last doorbell
 * @input_tail: bytes that COM1 has taken of covirt_config::input
 * @com1_owner: who uses COM1, its rings and the I/O APIC: the CPU's index + 1, or 0
 * @inbox:   what the CPUs ask of each other, by CPU index
 * @expected: vectors that they have sent to each other, where interrupts are filtered
 * @logical: their logical ids in xAPIC mode, where that is emulated
 */
struct covirt_shared {
	struct ioapic_page ioapic_page;
	struct console_ring console;
	struct uart16550 uart;
	struct cmos cmos;
	struct pit pit;
	struct ioapic ioapic;
	bool com1_line;
	u32 typed;
	u32 input_tail;
	u32 com1_owner;
	struct inbox inbox[COVIRT_MAX_CPUS];
	struct vectors expected[COVIRT_MAX_CPUS];
	struct xapic_logical logical[COVIRT_MAX_CPUS];
};

static_assert(sizeof(struct covirt_config) <= HV_CONFIG_SIZE);
static_assert(sizeof(struct covirt_status) <= COVIRT_PAGE_SIZE);
static_assert(offsetof(struct covirt_status, host_state) == COVIRT_HOST_STATE);
static_assert(sizeof(struct covirt_shared) <= HV_PARK - HV_SHARED);
static_assert(offsetof(struct covirt_shared, ioapic_page) == 0);
static_assert(COVIRT_MAX_CPUS << HV_PARK_SHIFT <= COVIRT_PAGE_SIZE);
static_assert(HV_CPU_STRIDE == 1 << HV_CPU_STRIDE_SHIFT);
/* core/hv/start.S claims it. */
static_assert(offsetof(struct covirt_status, state) == 0 && COVIRT_CPU_OFF == 0);
static_assert(COVIRT_CPU_ENTERED == 1 && HV_CPU_STATUS == HV_CPU_PRIVATE + COVIRT_PAGE_SIZE);

#endif /* COVIRT_CORE_CONFIG_H */
