/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The ioctls of /dev/covirt/NAME: what is a verb or a record. User space includes this file.
 * What is new is appended; a field that is not used by a request is 0.
 */
#ifndef COVIRT_CORE_IOCTL_H
#define COVIRT_CORE_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define COVIRT_NAME_BYTES	32

/**
 * enum covirt_party - who sends an interrupt, or gets it
 * @COVIRT_PARTY_ENCLAVE: an enclave's CPU
 * @COVIRT_PARTY_LINUX:   Linux
 * @COVIRT_PARTY_DEVICE:  reserved
 */
enum covirt_party {
	COVIRT_PARTY_ENCLAVE,
	COVIRT_PARTY_LINUX,
	COVIRT_PARTY_DEVICE,
};

#define COVIRT_CPU_ANY		(-1)

/**
 * struct covirt_ioctl_route - an interrupt that crosses an enclave's border
 * @id:         number of the route, by which it is revoked; written by the kernel
 * @source:     COVIRT_PARTY_ENCLAVE: CPUs of this enclave; COVIRT_PARTY_LINUX: see COVIRT_IOC_RAISE
 * @source_cpu: which CPU of it, by Linux's number; COVIRT_CPU_ANY: each
 * @target:     COVIRT_PARTY_ENCLAVE: a CPU of another enclave, or of this one where Linux sends;
 *              COVIRT_PARTY_LINUX: an interrupt that Linux handles
 * @target_cpu: which CPU, by Linux's number. For a target in Linux the kernel writes where the
 *              interrupt is handled now
 * @fd:         target enclave: its /dev/covirt/NAME, opened; target Linux: an eventfd that
 *              counts the interrupts, or -1; else -1
 * @vector:     as it is sent, and as it arrives in an enclave: 32 to 255. For a target in Linux 0
 *              lets the kernel choose
 * @apicid:     destination that the co-kernel writes to its ICR with @vector; written by the kernel
 * @irq:        target Linux: number of the interrupt, as in /proc/interrupts; written by the kernel
 * @host_vector: target Linux: its vector now; written by the kernel
 * @in_force:   1 if an interrupt would be delivered now; written by the kernel
 * @reserved:   0
 * @count:      interrupts sent since the sender's start; written by the kernel
 * @name:       of the target enclave; written by the kernel
 */
struct covirt_ioctl_route {
	__u32 id;
	__u32 source;
	__s32 source_cpu;
	__u32 target;
	__s32 target_cpu;
	__s32 fd;
	__u32 vector;
	__u32 apicid;
	__u32 irq;
	__u32 host_vector;
	__u32 in_force;
	__u32 reserved;
	__u64 count;
	char name[COVIRT_NAME_BYTES];
};

#define COVIRT_IOC_MAGIC	0xbe

/* Grant a route; what the kernel writes is filled in. */
#define COVIRT_IOC_GRANT	_IOWR(COVIRT_IOC_MAGIC, 1, struct covirt_ioctl_route)

/*
 * Revoke the route with this number. When it returns, each CPU of the sender has acknowledged,
 * and no interrupt of the route is sent any more.
 */
#define COVIRT_IOC_REVOKE	_IOW(COVIRT_IOC_MAGIC, 2, __u32)

/* The route with the lowest number that is not below @id; ENOENT: there is none. */
#define COVIRT_IOC_ROUTE	_IOWR(COVIRT_IOC_MAGIC, 3, struct covirt_ioctl_route)

/* Send the interrupt of the route with this number, whose source is Linux. */
#define COVIRT_IOC_RAISE	_IOW(COVIRT_IOC_MAGIC, 4, __u32)

/*
 * A core dump: returns a file descriptor, read-only and seekable, of an ELF file: PT_LOAD for
 * each extent of the enclave's RAM, NT_PRSTATUS and struct covirt_note_cpu for each CPU, which
 * goes on if it runs. Reading it fails with ESTALE once the memory is gone, or is cleared for a
 * start. ENODATA: there is nothing to dump.
 */
#define COVIRT_IOC_CORE		_IO(COVIRT_IOC_MAGIC, 5)

#endif /* COVIRT_CORE_IOCTL_H */
