// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's core dump as a file: sizes, short reads, seeks, what it refuses.
 *
 *   core_fd check DEVICE	exit status 1 and a line on stdout for what is not as it should be
 *   core_fd hold DEVICE	opens a dump and says "open"; for each line of stdin reads a page of
 *				memory and says the name of the error, or 0
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "include/uapi/linux/covirt.h"

#define PAGE	4096

static int bad;
static void *volatile nowhere = (void *)8;	/* the compiler would see it otherwise */

#define EXPECT(condition) expect(condition, #condition)

static void expect(int good, const char *what)
{
	if (good)
		return;
	printf("not so: %s (errno %s)\n", what, strerrorname_np(errno));
	bad = 1;
}

static int dump_open(const char *device)
{
	int fd = open(device, O_RDONLY | O_NONBLOCK);
	int dump = fd < 0 ? -1 : ioctl(fd, COVIRT_IOC_CORE);

	if (dump < 0) {
		printf("no dump: %s\n", strerrorname_np(errno));
		exit(2);
	}
	/* The dump does not need the device any more. */
	close(fd);
	return dump;
}

/* Offset of the memory in the dump. */
static off_t head_size(int dump)
{
	Elf64_Phdr header;
	Elf64_Ehdr elf;

	EXPECT(pread(dump, &elf, sizeof(elf), 0) == sizeof(elf));
	EXPECT(!memcmp(elf.e_ident, ELFMAG, SELFMAG));
	EXPECT(elf.e_phnum >= 2);
	EXPECT(pread(dump, &header, sizeof(header), elf.e_phoff + sizeof(header)) ==
	       sizeof(header));
	EXPECT(header.p_type == PT_LOAD);
	return header.p_offset;
}

static void check_seeks(int dump)
{
	off_t size = lseek(dump, 0, SEEK_END);
	char byte;

	EXPECT(size > head_size(dump) && size % PAGE == 0);
	EXPECT(read(dump, &byte, 1) == 0);
	EXPECT(lseek(dump, -1, SEEK_CUR) == size - 1);
	EXPECT(read(dump, &byte, 1) == 1);
	EXPECT(read(dump, &byte, 1) == 0);
	EXPECT(lseek(dump, -1, SEEK_SET) < 0 && errno == EINVAL);
	EXPECT(lseek(dump, size + 1, SEEK_SET) < 0 && errno == EINVAL);
	EXPECT(pread(dump, &byte, 1, size) == 0);
	EXPECT(pread(dump, &byte, 1, 1LL << 62) == 0);
	EXPECT(pread(dump, &byte, 1, 0x7fffffffffffffff) <= 0);
	EXPECT(pread(dump, &byte, 1, -1) < 0 && errno == EINVAL);
	EXPECT(lseek(dump, 0, SEEK_SET) == 0);
}

/* Across the end of the head, of pages, and of the file: the same bytes in whatever pieces. */
static void check_pieces(int dump)
{
	static char whole[64 * PAGE], pieces[sizeof(whole)];
	off_t size = lseek(dump, 0, SEEK_END), start = size - sizeof(whole);
	size_t at, len;

	if (start < 0)
		start = 0;
	EXPECT(pread(dump, whole, sizeof(whole), 0) == sizeof(whole));
	for (at = 0; at < sizeof(whole); at += len) {
		len = 1 + at * 7 % 6000;
		if (len > sizeof(whole) - at)
			len = sizeof(whole) - at;
		EXPECT(pread(dump, pieces + at, len, at) == (ssize_t)len);
	}
	EXPECT(!memcmp(whole, pieces, sizeof(whole)));
	EXPECT(pread(dump, whole, sizeof(whole), size - 100) == 100);
	EXPECT(pread(dump, whole, 0, 0) == 0);
}

static void check_refusals(int dump)
{
	off_t memory = head_size(dump);

	EXPECT(pread(dump, nowhere, 16, 0) < 0 && errno == EFAULT);
	EXPECT(pread(dump, nowhere, 16, memory) < 0 && errno == EFAULT);
	EXPECT(write(dump, "x", 1) < 0 && errno == EBADF);
	EXPECT(ftruncate(dump, 0) < 0 && errno == EINVAL);
	EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, dump, 0) == MAP_FAILED && errno == ENODEV);
	EXPECT(ioctl(dump, COVIRT_IOC_CORE) < 0 && errno == ENOTTY);
	EXPECT(fcntl(dump, F_GETFD) == FD_CLOEXEC);
}

static int check(const char *device)
{
	int dump = dump_open(device), other = dump_open(device);

	check_seeks(dump);
	check_pieces(dump);
	check_refusals(dump);
	EXPECT(lseek(other, 0, SEEK_CUR) == 0);
	return bad;
}

static int hold(const char *device)
{
	int dump = dump_open(device);
	off_t memory = head_size(dump);
	char page[PAGE], line[16];

	setlinebuf(stdout);
	puts("open");
	while (fgets(line, sizeof(line), stdin))
		puts(pread(dump, page, PAGE, memory) == PAGE ? "0" : strerrorname_np(errno));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "check"))
		return check(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "hold"))
		return hold(argv[2]);
	return 2;
}
