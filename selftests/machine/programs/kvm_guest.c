// SPDX-License-Identifier: GPL-2.0-only
/*
 * A small guest under Linux's own KVM: kvm_guest FILE. In real mode it adds up 1 to 100 in its
 * memory, sends the sum to a port and halts; that again and again until the file is there.
 * Prints how many times the sum was right; exit status 1 when it was wrong.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define PORT		0x10
#define SUM		5050
#define MEMORY		0x10000

/*
 *	mov	$100, %cx
 *	xor	%ax, %ax
 * 1:	add	%cx, %ax
 *	mov	%ax, 0x2000
 *	loop	1b
 *	mov	0x2000, %ax
 *	out	%ax, $PORT
 *	hlt
 */
static const unsigned char code[] = {
	0xb9, 0x64, 0x00, 0x31, 0xc0, 0x01, 0xc8, 0xa3, 0x00, 0x20,
	0xe2, 0xf9, 0xa1, 0x00, 0x20, 0xe7, PORT, 0xf4,
};

struct guest {
	int vcpu;
	struct kvm_run *run;
};

static void check(int result, const char *what)
{
	if (result >= 0)
		return;
	perror(what);
	exit(2);
}

static void guest_make(struct guest *guest)
{
	struct kvm_userspace_memory_region region = { .memory_size = MEMORY };
	int kvm = open("/dev/kvm", O_RDWR), vm;
	void *memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			    -1, 0);

	check(kvm, "/dev/kvm");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	check(vm, "KVM_CREATE_VM");
	region.userspace_addr = (unsigned long)memory;
	memcpy(memory, code, sizeof(code));
	check(ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
	guest->vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	check(guest->vcpu, "KVM_CREATE_VCPU");
	guest->run = mmap(NULL, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE,
			  MAP_SHARED, guest->vcpu, 0);
}

/* To its first instruction, in real mode at address 0. */
static void guest_reset(const struct guest *guest)
{
	struct kvm_regs regs = { .rflags = 2 };
	struct kvm_sregs sregs;

	check(ioctl(guest->vcpu, KVM_GET_SREGS, &sregs), "KVM_GET_SREGS");
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	check(ioctl(guest->vcpu, KVM_SET_SREGS, &sregs), "KVM_SET_SREGS");
	check(ioctl(guest->vcpu, KVM_SET_REGS, &regs), "KVM_SET_REGS");
}

/* Runs the guest until it halts; the sum is what it has sent. */
static int guest_sum(const struct guest *guest)
{
	const struct kvm_run *run = guest->run;
	int sum = -1;

	for (;;) {
		check(ioctl(guest->vcpu, KVM_RUN, 0), "KVM_RUN");
		if (run->exit_reason == KVM_EXIT_HLT)
			return sum;
		if (run->exit_reason != KVM_EXIT_IO || run->io.port != PORT)
			return -(int)run->exit_reason;
		sum = *(unsigned short *)((char *)run + run->io.data_offset);
	}
}

int main(int argc, char **argv)
{
	unsigned long runs = 0;
	struct guest guest;
	int sum;

	if (argc != 2) {
		fprintf(stderr, "usage: kvm_guest FILE\n");
		return 2;
	}
	guest_make(&guest);
	do {
		guest_reset(&guest);
		sum = guest_sum(&guest);
		if (sum != SUM) {
			printf("wrong: %d after %lu runs\n", sum, runs);
			return 1;
		}
		runs++;
	} while (access(argv[1], F_OK));
	printf("right: %lu\n", runs);
	return 0;
}
