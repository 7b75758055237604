// SPDX-License-Identifier: GPL-2.0-only
/*
 * Routes, for shell scripts. Exit status 1, with the name of the error, when the kernel refuses.
 *
 *   covirt_route grant FROM[:CPU] TO[:CPU] VECTOR [COUNT]
 *                                                   prints "id N apicid N vector N irq N", with
 *                                                   COUNT of the last of so many vectors
 *   covirt_route revoke ENCLAVE ID
 *   covirt_route list ENCLAVE                       a line each
 *   covirt_route raise ENCLAVE ID [COUNT]           of a route from Linux
 *   covirt_route count FROM VECTOR FILE             grants one to Linux, with an eventfd; the
 *                                                   number of interrupts goes to FILE until
 *                                                   it is killed
 *
 *   covirt_route echo NAME:CPU VECTOR BACK          grants one to Linux, and one back, by which it
 *                                                   answers each interrupt, until it is killed
 *
 * FROM and TO are names of enclaves, or "linux".
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "include/uapi/linux/covirt.h"

#define LINUX	"linux"

static int refused(void)
{
	printf("%s\n", strerrorname_np(errno));
	return 1;
}

static int device_open(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/covirt/%s", name);
	fd = open(path, O_RDWR);
	if (fd < 0)
		exit(refused());
	return fd;
}

/* NAME[:CPU]: cuts the name off. */
static int cpu_of(char *end)
{
	char *colon = strchr(end, ':');

	if (!colon)
		return COVIRT_CPU_ANY;
	*colon = '\0';
	return atoi(colon + 1);
}

static int is_linux(const char *name)
{
	return !strcmp(name, LINUX);
}

static void print_route(const struct covirt_ioctl_route *route)
{
	printf("id %u apicid %u vector %u irq %u\n", route->id, route->apicid, route->vector,
	       route->irq);
}

/* On the sender's device, or where Linux sends, on the receiver's. */
static int grant(char *from, char *to, int vector, int nr)
{
	struct covirt_ioctl_route route = {
		.source_cpu = cpu_of(from), .target_cpu = cpu_of(to), .fd = -1,
	};
	int fd, last = vector + nr;

	route.source = is_linux(from) ? COVIRT_ENDPOINT_LINUX : COVIRT_ENDPOINT_ENCLAVE;
	route.target = is_linux(to) ? COVIRT_ENDPOINT_LINUX : COVIRT_ENDPOINT_ENCLAVE;
	if (!is_linux(from) && !is_linux(to))
		route.fd = device_open(to);
	fd = device_open(is_linux(from) ? to : from);
	for (; vector < last; vector++) {
		route.vector = vector;
		if (ioctl(fd, COVIRT_IOC_GRANT, &route))
			return refused();
	}
	print_route(&route);
	return 0;
}

static int route_revoke(const char *name, const char *id)
{
	uint32_t number = atoi(id);

	return ioctl(device_open(name), COVIRT_IOC_REVOKE, &number) ? refused() : 0;
}

static int list(const char *name)
{
	struct covirt_ioctl_route route = {};
	int fd = device_open(name);

	while (!ioctl(fd, COVIRT_IOC_ROUTE, &route)) {
		printf("id %u from %s:%d to %s:%d vector %u in_force %u count %llu\n", route.id,
		       route.source == COVIRT_ENDPOINT_LINUX ? LINUX : name, route.source_cpu,
		       route.target == COVIRT_ENDPOINT_LINUX ? LINUX : route.name, route.target_cpu,
		       route.vector, route.in_force, (unsigned long long)route.count);
		route.id++;
	}
	return errno == ENOENT ? 0 : refused();
}

static int raise_count(const char *name, const char *id, unsigned int count)
{
	uint32_t number = atoi(id);
	int fd = device_open(name);

	while (count--)
		if (ioctl(fd, COVIRT_IOC_RAISE, &number))
			return refused();
	return 0;
}

static void write_number(const char *path, uint64_t number)
{
	FILE *file = fopen(path, "w");

	if (!file)
		exit(refused());
	fprintf(file, "%llu\n", (unsigned long long)number);
	fclose(file);
}

/* Each interrupt that comes on the first route is answered on the second. */
static int echo(const char *name, const char *vector, const char *back)
{
	struct covirt_ioctl_route to = {
		.source_cpu = COVIRT_CPU_ANY, .target = COVIRT_ENDPOINT_LINUX,
		.vector = atoi(vector), .fd = eventfd(0, 0),
	};
	struct covirt_ioctl_route from = {
		.source = COVIRT_ENDPOINT_LINUX, .target_cpu = cpu_of((char *)name),
		.vector = atoi(back), .fd = -1,
	};
	int fd = device_open(name);
	uint64_t more;

	if (ioctl(fd, COVIRT_IOC_GRANT, &to) || ioctl(fd, COVIRT_IOC_GRANT, &from))
		return refused();
	print_route(&to);
	fflush(stdout);
	while (read(to.fd, &more, sizeof(more)) == sizeof(more))
		while (ioctl(fd, COVIRT_IOC_RAISE, &from.id) && errno == EIO)
			sleep(1);	/* it does not run yet */
	return refused();
}

static int count(const char *from, const char *vector, const char *path)
{
	struct covirt_ioctl_route route = {
		.source_cpu = COVIRT_CPU_ANY, .target = COVIRT_ENDPOINT_LINUX,
		.vector = atoi(vector), .fd = eventfd(0, 0),
	};
	uint64_t sum = 0, more;

	if (ioctl(device_open(from), COVIRT_IOC_GRANT, &route))
		return refused();
	print_route(&route);
	fflush(stdout);
	write_number(path, 0);
	while (read(route.fd, &more, sizeof(more)) == sizeof(more))
		write_number(path, sum += more);
	return refused();
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (!strcmp(verb, "grant") && argc >= 5)
		return grant(argv[2], argv[3], atoi(argv[4]), argc > 5 ? atoi(argv[5]) : 1);
	if (!strcmp(verb, "revoke") && argc == 4)
		return route_revoke(argv[2], argv[3]);
	if (!strcmp(verb, "list") && argc == 3)
		return list(argv[2]);
	if (!strcmp(verb, "raise") && argc >= 4)
		return raise_count(argv[2], argv[3], argc > 4 ? atoi(argv[4]) : 1);
	if (!strcmp(verb, "echo") && argc == 5)
		return echo(argv[2], argv[3], argv[4]);
	if (!strcmp(verb, "count") && argc == 5)
		return count(argv[2], argv[3], argv[4]);
	fprintf(stderr, "covirt_route: see the start of covirt_route.c\n");
	return 2;
}
