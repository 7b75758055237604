// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random, huge, truncated and concurrent use of the files of an enclave.
 *
 *   fuzz_files SEED STEPS PATH...    four threads use the files and those in directories; what is
 *                                    opened for writing is told values that are good, nearly good
 *                                    and rubbish. Prints how often which error came; exit status 1
 *                                    when one came that no such file has.
 *   fuzz_files user PATH...          as an ordinary user: nothing may be written, no device opened
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "include/uapi/linux/covirt.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define THREADS			4
#define MAX_FILES		128
#define MAX_BYTES		(64 << 10)
#define NOBODY			65534
#define MAX_ERRNO		134

static const char *const values[] = {
	"", "0", "1", "-1", "2", "3", "2-3", "0-3", "3,", "0-", "4095",
	"99999999999999999999",
	"4M", "8M", "3M", "1", "4096", "1T", "0x1000000", "16777216K", "4Mx",
	"start", "stop", "restart", "kill", "drop", "fault", "identity", "packed", "reboot",
	"covirt/payload.elf", "covirt/nothing", "../../etc/passwd", "/",
	"hello", "hello spin", "triplefault", "hello poweroff",
	"f0", "f1", "f2", "name with blanks", "%s%n%p", "\n", "\t1\n",
};

/* Errors that the documentation of these files lists, or that the kernel returns for any file. */
static const int expected[] = {
	0, EPERM, ENOENT, EINTR, EIO, ENOEXEC, EBADF, EAGAIN, ENOMEM, EACCES, EBUSY, EEXIST,
	ENODEV, EINVAL, ENOTTY, ETXTBSY, EFBIG, ENOSPC, ESPIPE, ERANGE, EOPNOTSUPP, ETIMEDOUT,
	EOVERFLOW, ENODATA, ESTALE,
};

static char files[MAX_FILES][256];
static unsigned int nr_files;
static unsigned long counts[MAX_ERRNO];
static unsigned long long seed;
static unsigned long steps;

static void count(int result)
{
	int error = result < 0 ? errno : 0;

	__atomic_add_fetch(&counts[error % MAX_ERRNO], 1, __ATOMIC_RELAXED);
}

static unsigned long below(unsigned long long *random, unsigned long limit)
{
	*random = *random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (*random >> 33) % limit;
}

static void add(const char *path)
{
	struct stat stat;
	struct dirent *entry;
	char inner[256];
	DIR *dir;

	if (lstat(path, &stat) || S_ISLNK(stat.st_mode))
		return;
	if (!S_ISDIR(stat.st_mode)) {
		if (nr_files < MAX_FILES)
			snprintf(files[nr_files++], sizeof(files[0]), "%s", path);
		return;
	}
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, "power")) {
			snprintf(inner, sizeof(inner), "%.120s/%.120s", path, entry->d_name);
			add(inner);
		}
	if (dir)
		closedir(dir);
}

/* A value from the table, one that is cut, damaged or repeated, or mere bytes; its length. */
static size_t make_value(unsigned long long *random, char *bytes)
{
	const char *value = values[below(random, ARRAY_SIZE(values))];
	size_t len = strlen(value), i;

	memcpy(bytes, value, len);
	switch (below(random, 8)) {
	case 0:
		return len ? below(random, len) : 0;
	case 1:
		bytes[below(random, len + 1)] = below(random, 256);
		return len + 1;
	case 2:
		len = below(random, MAX_BYTES);
		memset(bytes, bytes[0], len);
		return len;
	case 3:
		len = below(random, 300);
		for (i = 0; i < len; i++)
			bytes[i] = below(random, 256);
		return len;
	default:
		return len;
	}
}

/* Mostly ioctls that there are, with small numbers, of which some are right. */
static void use_ioctl(unsigned long long *random, int fd, char *bytes)
{
	static const unsigned long verbs[] = {
		COVIRT_IOC_GRANT, COVIRT_IOC_REVOKE, COVIRT_IOC_ROUTE, COVIRT_IOC_RAISE,
	};
	__u32 *words = (void *)bytes;
	unsigned int i;

	for (i = 0; i < sizeof(struct covirt_ioctl_route) / sizeof(*words); i++)
		words[i] = below(random, 4) ? below(random, 5) : below(random, 1UL << 31);
	((struct covirt_ioctl_route *)bytes)->vector = below(random, 300);
	if (below(random, 8))
		count(ioctl(fd, verbs[below(random, ARRAY_SIZE(verbs))], bytes));
	else
		count(ioctl(fd, below(random, 1UL << 31), bytes));
}

/* A core dump, where there is one: read from anywhere, its end and far behind it included. */
static void use_core(unsigned long long *random, int fd, char *bytes)
{
	int dump = ioctl(fd, COVIRT_IOC_CORE);
	unsigned long pages = below(random, 8) ? 8192 : 1UL << 31;

	count(dump);
	if (dump < 0)
		return;
	count(pread(dump, bytes, below(random, MAX_BYTES), below(random, pages) << 12));
	count(lseek(dump, below(random, 1UL << 31), below(random, 3)) < 0 ? -1 : 0);
	count(read(dump, bytes, below(random, MAX_BYTES)));
	count(write(dump, bytes, 1));
	close(dump);
}

static void use(unsigned long long *random, int fd, char *bytes)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN | POLLOUT };

	switch (below(random, 7)) {
	case 0:
		count(read(fd, bytes, below(random, MAX_BYTES)));
		break;
	case 1:
		count(pread(fd, bytes, below(random, 100), below(random, 10000)));
		break;
	case 2:
		use_ioctl(random, fd, bytes);
		break;
	case 3:
		count(poll(&poll_fd, 1, 0));
		break;
	case 4:
		use_core(random, fd, bytes);
		break;
	default:
		count(write(fd, bytes, make_value(random, bytes)));
	}
}

static void step(unsigned long long *random, char *bytes)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR, O_WRONLY | O_TRUNC };
	const char *path = files[below(random, nr_files)];
	int fd = open(path, modes[below(random, ARRAY_SIZE(modes))] | O_NONBLOCK);
	unsigned long uses = 1 + below(random, 3);

	count(fd);
	if (fd < 0)
		return;
	while (uses--)
		use(random, fd, bytes);
	close(fd);
}

static void *fuzz(void *number)
{
	unsigned long long random = seed * THREADS + (unsigned long)number;
	char *bytes = malloc(MAX_BYTES + 512);
	unsigned long i;

	for (i = 0; i < steps; i++)
		step(&random, bytes);
	free(bytes);
	return NULL;
}

static int is_expected(int error)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(expected); i++)
		if (expected[i] == error)
			return 1;
	return 0;
}

static int report(void)
{
	int error, status = 0;

	for (error = 0; error < MAX_ERRNO; error++) {
		if (!counts[error])
			continue;
		printf("%s %lu\n", error ? strerrorname_np(error) : "good", counts[error]);
		if (!is_expected(error))
			status = 1;
	}
	return status;
}

static int fuzz_all(void)
{
	pthread_t threads[THREADS];
	unsigned long i;

	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, fuzz, (void *)i);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return report();
}

/* Files that could be written to, and devices, must refuse with EACCES. */
static int try_as_user(void)
{
	int status = nr_files ? 0 : 1, fd;
	struct stat stat;
	unsigned int i;

	if (setgid(NOBODY) || setuid(NOBODY))
		return 2;
	for (i = 0; i < nr_files; i++) {
		fd = open(files[i], O_WRONLY | O_NONBLOCK);
		if (fd >= 0 || errno != EACCES) {
			printf("%s: written by an ordinary user\n", files[i]);
			status = 1;
		}
		if (!lstat(files[i], &stat) && S_ISCHR(stat.st_mode) &&
		    open(files[i], O_RDONLY) >= 0) {
			printf("%s: read by an ordinary user\n", files[i]);
			status = 1;
		}
	}
	return status;
}

int main(int argc, char **argv)
{
	int as_user = argc > 2 && !strcmp(argv[1], "user"), i;

	if (argc < 3) {
		fprintf(stderr, "usage: fuzz_files SEED STEPS PATH... | user PATH...\n");
		return 2;
	}
	for (i = as_user ? 2 : 3; i < argc; i++)
		add(argv[i]);
	if (as_user)
		return try_as_user();
	seed = strtoull(argv[1], NULL, 0);
	steps = strtoul(argv[2], NULL, 0);
	return nr_files ? fuzz_all() : 2;
}
