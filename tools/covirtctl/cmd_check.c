// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl check: what this machine lacks, and what to do about it. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "covirtctl.h"
#include "cpuinfo.h"
#include "cpus.h"
#include "enclave.h"
#include "judge.h"
#include "record.h"
#include "size.h"

/* --- verdicts: ok, a note, or something that is missing --- */

static void __attribute__((format(printf, 3, 4)))
verdict(struct json_object *record, const char *what, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		exit(STATUS_FAILED);
	va_end(args);
	record_set(record, "verdict", "%s", what);
	record_set(record, "finding", "%s", text);
	free(text);
}

#define GOOD(record, ...)	verdict(record, "ok", __VA_ARGS__)
#define NOTE(record, ...)	verdict(record, "note", __VA_ARGS__)
#define MISSING(record, ...)	verdict(record, "missing", __VA_ARGS__)
#define ADVISE(record, ...)	record_set(record, "todo", __VA_ARGS__)

static bool is_missing(struct json_object *record)
{
	return !strcmp(record_text(record, "verdict"), "missing");
}

static bool file_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[len > 0 ? len : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return len > 0;
}

/* --- the processor --- */

#define MSR_FEATURE_CONTROL	0x3a
#define FEATURE_CONTROL_LOCKED	0x1
#define FEATURE_CONTROL_VMX	0x4
#define MSR_VM_CR		0xc0010114
#define VM_CR_SVMDIS		0x10

static bool msr_read(off_t msr, uint64_t *value)
{
	int fd = open("/dev/cpu/0/msr", O_RDONLY | O_CLOEXEC);
	bool done = fd >= 0 && pread(fd, value, sizeof(*value), msr) == sizeof(*value);

	if (fd >= 0)
		close(fd);
	return done;
}

static void advise_firmware(struct json_object *record, bool amd)
{
	ADVISE(record, "switch on '%s' in the firmware's setup",
	       amd ? "SVM mode' or 'AMD-V" : "Intel VT-x' or 'Virtualization Technology");
}

/* The flag is there, or the firmware has switched the feature off, or there is none. */
static void check_virtualization(struct json_object *record)
{
	bool amd = cpuinfo_is_amd();
	const char *name = amd ? "SVM" : "VMX";
	uint64_t msr = 0;

	if (amd && msr_read(MSR_VM_CR, &msr) && msr & VM_CR_SVMDIS) {
		MISSING(record, "SVM is switched off, and locked, by firmware (VM_CR.SVMDIS)");
		advise_firmware(record, amd);
	} else if (!amd && msr_read(MSR_FEATURE_CONTROL, &msr) && msr & FEATURE_CONTROL_LOCKED &&
		   !(msr & FEATURE_CONTROL_VMX)) {
		MISSING(record, "VMX is switched off, and locked, by firmware (FEATURE_CONTROL)");
		advise_firmware(record, amd);
	} else if (!cpuinfo_has(amd ? "svm" : "vmx")) {
		MISSING(record, "the processor has no %s, or firmware hides it", name);
		advise_firmware(record, amd);
	} else {
		GOOD(record, "%s", name);
	}
}

static const char *const amd_features[] = { "npt", NULL };
static const char *const intel_features[] = { "ept", "vpid", "unrestricted_guest", NULL };

static void check_paging(struct json_object *record)
{
	const char *const *feature = cpuinfo_is_amd() ? amd_features : intel_features;

	for (; *feature; feature++) {
		if (cpuinfo_has(*feature))
			continue;
		MISSING(record, "the processor has no %s", *feature);
		ADVISE(record, "take another machine; in a virtual one, nested virtualization has to be on");
		return;
	}
	GOOD(record, "nested paging");
}

static void check_x2apic(struct json_object *record)
{
	if (cpuinfo_has("x2apic")) {
		GOOD(record, "x2APIC");
		return;
	}
	NOTE(record, "the processor has no x2APIC, or firmware has switched it off: each write of a co-kernel to its local APIC exits");
	ADVISE(record, "switch x2APIC on in the firmware's setup");
}

/* --- Linux --- */

static bool kernel_is_at_least(int major, int minor)
{
	struct utsname name;
	int here_major = 0, here_minor = 0;

	uname(&name);
	if (sscanf(name.release, "%d.%d", &here_major, &here_minor) != 2)
		return false;
	return here_major > major || (here_major == major && here_minor >= minor);
}

static void check_kernel(struct json_object *record)
{
	struct utsname name;

	uname(&name);
	if (strcmp(name.machine, "x86_64")) {
		MISSING(record, "this is a %s machine", name.machine);
		ADVISE(record, "covirt is for x86-64");
	} else if (!kernel_is_at_least(6, 1)) {
		MISSING(record, "Linux %s is too old", name.release);
		ADVISE(record, "install Linux 6.1 or later");
	} else {
		GOOD(record, "Linux %s", name.release);
	}
}

static bool module_is_installed(void)
{
	char path[512], line[4096];
	struct utsname name;
	bool found = false;
	FILE *file;

	uname(&name);
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", name.release);
	file = fopen(path, "re");
	while (file && !found && fgets(line, sizeof(line), file))
		found = strstr(line, "/covirt.ko");
	if (file)
		fclose(file);
	return found;
}

static void check_module(struct json_object *record)
{
	char backend[32];

	if (file_read("/sys/module/covirt/parameters/backend", backend, sizeof(backend))) {
		GOOD(record, "loaded, backend %s", backend);
	} else if (module_is_installed()) {
		MISSING(record, "covirt is not loaded");
		ADVISE(record, "modprobe covirt; if it refuses, the kernel log says why");
	} else {
		MISSING(record, "covirt is not installed for this kernel");
		ADVISE(record, "make install && modprobe covirt");
	}
}

static bool cmdline_has(const char *word)
{
	char line[4096], *rest = line, *found;

	if (!file_read("/proc/cmdline", line, sizeof(line)))
		return false;
	while ((found = strsep(&rest, " ")))
		if (!strcmp(found, word))
			return true;
	return false;
}

static void check_broadcast(struct json_object *record)
{
	if (cmdline_has("no_ipi_broadcast=1")) {
		GOOD(record, "no_ipi_broadcast=1");
		return;
	}
	NOTE(record, "Linux broadcasts interrupts, so each that arrives at an enclave is filtered");
	ADVISE(record, "boot Linux with no_ipi_broadcast=1: then none of them makes an enclave exit");
}

/*
 * With few CPUs older kernels address an interrupt to CPU n by bit n: see
 * controller/enclave/interrupts.c.
 */
static void check_logical(struct json_object *record)
{
	struct cpulist possible;
	int cpu = cpuinfo_foreign_bit();

	if (kernel_is_at_least(6, 12) || cpu < 0 || cpus_read("possible", &possible) ||
	    cpulist_count(&possible) > 8) {
		GOOD(record, "Linux's interrupts do not reach CPUs that are given away");
		return;
	}
	NOTE(record, "CPU %d has the APIC id by which Linux addresses another CPU: it would be filtered",
	     cpu);
	ADVISE(record, "boot Linux with possible_cpus=9, or give away other CPUs");
}

static void check_lockdown(struct json_object *record)
{
	char text[128] = "";

	file_read("/sys/kernel/security/lockdown", text, sizeof(text));
	if (!*text || strstr(text, "[none]")) {
		GOOD(record, "%s", *text ? "no lockdown" : "no lockdown to be seen");
		return;
	}
	NOTE(record, "the kernel is locked down: %s", text);
	ADVISE(record, "sign the module with a key that the kernel trusts, or switch Secure Boot off");
}

/* --- what there is to give away --- */

#define LIST_TEXT	1024	/* bytes: of a list of CPUs */

/* "0-3", in place of what @text held. */
static const char *list_text(const struct cpulist *list, char text[LIST_TEXT])
{
	cpulist_format(list, text, LIST_TEXT);
	return text;
}

/* CPUs that can be claimed; @reasons: ", but not 0, which ..." for each of the others. */
static void cpus_judge(const struct cpulist *online, struct cpulist *free, char *reasons,
		       size_t size)
{
	size_t used = 0;
	int cpu;

	memset(free, 0, sizeof(*free));
	*reasons = '\0';
	for (cpu = 0; cpu < CPULIST_CPUS; cpu++) {
		const char *why = online->has[cpu] ? cpus_why_not(cpu) : NULL;

		free->has[cpu] = online->has[cpu] && !why;
		if (why && used < size)
			used += snprintf(reasons + used, size - used, "; not %d: it %s", cpu, why);
	}
}

static void check_cpus(struct json_object *record)
{
	char reasons[1024], free_text[LIST_TEXT], online_text[LIST_TEXT];
	struct cpulist online, free;

	if (cpus_read("online", &online))
		return;
	cpus_judge(&online, &free, reasons, sizeof(reasons));
	if (!cpulist_count(&free)) {
		MISSING(record, "Linux has no CPU that it can give away%s", reasons);
		ADVISE(record, "a machine of two CPUs at least, and a kernel with CPU hotplug, are needed");
		return;
	}
	GOOD(record, "%s of %s can be given away%s", list_text(&free, free_text),
	     list_text(&online, online_text), reasons);
}

static void check_threads(struct json_object *record)
{
	struct cpulist threads;

	if (cpus_threads(0, &threads) || cpulist_count(&threads) < 2) {
		GOOD(record, "a core has one thread");
		return;
	}
	NOTE(record, "a core has %d threads, which share caches and buffers",
	     cpulist_count(&threads));
	ADVISE(record, "give whole cores away (covirtctl run does), or accept it: set allow_smt_sharing=1");
}

#define MEMORY_ENOUGH	(64ULL << 20)
/* Of what stays Linux's: controller/partition/memory_spare.c. */
#define RESERVE_MIN	(256ULL << 20)

static uint64_t meminfo(const char *name)
{
	unsigned long long kib = 0;
	char line[256], here[64];
	FILE *file = fopen("/proc/meminfo", "re");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%63[^:]: %llu", here, &kib) == 2 && !strcmp(here, name))
			break;
	if (file)
		fclose(file);
	return kib << 10;
}

/* The kernel's own figure; where covirt is not loaded, what it will be about. */
static uint64_t memory_to_spare(void)
{
	uint64_t spare = memory_spare_of(ANY_NODE), available = meminfo("MemAvailable");
	uint64_t reserve = meminfo("MemTotal") / 20;

	if (spare != UINT64_MAX)
		return spare;
	if (reserve < RESERVE_MIN)
		reserve = RESERVE_MIN;
	return available > reserve ? (available - reserve) & ~((2ULL << 20) - 1) : 0;
}

static void check_memory(struct json_object *record)
{
	uint64_t available = memory_to_spare();
	char size[SIZE_TEXT];

	if (available < MEMORY_ENOUGH) {
		MISSING(record, "Linux has only %s to spare", size_format(available, size));
		ADVISE(record, "end programs, or add memory");
		return;
	}
	GOOD(record, "%s can be spared beside Linux's reserve; enclaves take it in blocks of 2M",
	     size_format(available, size));
}

/* Whether a line of /proc/mounts is a hierarchy of version 1 that forgets CPUs for good. */
static bool is_forgetful(const char *line)
{
	char type[64], options[512];

	return sscanf(line, "%*s %*s %63s %511s", type, options) == 2 && !strcmp(type, "cgroup") &&
	       strstr(options, "cpuset") && !strstr(options, "cpuset_v2_mode");
}

static void check_cpusets(struct json_object *record)
{
	FILE *file = fopen("/proc/mounts", "re");
	char line[1024];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = is_forgetful(line);
	if (file)
		fclose(file);
	if (!found) {
		GOOD(record, "cpusets get back the CPUs that were away");
		return;
	}
	NOTE(record, "cpusets are of cgroup v1: one that loses a CPU to an enclave does not get it back by itself");
	ADVISE(record, "boot with systemd.unified_cgroup_hierarchy=1, mount cpuset with -o cpuset_v2_mode, or write its cpuset.cpus again afterwards");
}

/* --- the user --- */

static void check_user(struct json_object *record)
{
	if (!geteuid()) {
		GOOD(record, "root");
		return;
	}
	MISSING(record, "only root (CAP_SYS_ADMIN) may create and change enclaves");
	ADVISE(record, "use sudo");
}

static void check_firmware(struct json_object *record)
{
	if (!access("/lib/firmware", W_OK) || (errno == ENOENT && !geteuid())) {
		GOOD(record, "/lib/firmware takes images");
		return;
	}
	NOTE(record, "/lib/firmware cannot be written: %s", strerror(errno));
	ADVISE(record, "put co-kernels below /lib/firmware by other means");
}

static const struct check {
	const char *name;
	void (*check)(struct json_object *record);
} checks[] = {
	{ "virtualization", check_virtualization },
	{ "paging", check_paging },
	{ "x2apic", check_x2apic },
	{ "kernel", check_kernel },
	{ "module", check_module },
	{ "broadcasts", check_broadcast },
	{ "interrupts", check_logical },
	{ "lockdown", check_lockdown },
	{ "cpus", check_cpus },
	{ "threads", check_threads },
	{ "memory", check_memory },
	{ "cpusets", check_cpusets },
	{ "user", check_user },
	{ "firmware", check_firmware },
};

/* --- reporting --- */

static void checks_print(struct json_object *records)
{
	size_t i;

	for (i = 0; i < json_object_array_length(records); i++) {
		struct json_object *record = json_object_array_get_idx(records, i);

		printf("%-7s  %-14s  %s\n", record_text(record, "verdict"),
		       record_text(record, "check"), record_text(record, "finding"));
		if (json_object_object_get(record, "todo"))
			printf("%25s-> %s\n", "", record_text(record, "todo"));
	}
}

static int checks_run(struct json_object *records)
{
	size_t i;
	int missing = 0;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		struct json_object *record = json_object_new_object();

		record_set(record, "check", "%s", checks[i].name);
		checks[i].check(record);
		missing += is_missing(record);
		json_object_array_add(records, record);
	}
	return missing;
}

static const struct argp argp = {
	.children = json_child,
	.parser = words_option,
	.doc = "Look at the processor, Linux, and who is asking, and say what is missing for enclaves, "
	       "and what to do."
	       "\v"
	       "A note says what may matter. Exit status: 0 when nothing is missing, else 1. With the "
	       "module 'msr' loaded it can tell a processor that has no virtualization from firmware "
	       "that has locked it.",
};

static int cmd_check_run(int argc, char **argv)
{
	struct words words = { 0 };
	struct json_object *records;
	int missing;

	words_parse(&words, &argp, argc, argv);
	records = json_object_new_array();
	missing = checks_run(records);
	if (words.json) {
		json_print(records);
	} else {
		checks_print(records);
		if (missing)
			printf("%d missing.\n", missing);
		else
			puts("Nothing is missing.");
	}
	json_object_put(records);
	return missing ? STATUS_FAILED : STATUS_OK;
}

const struct command cmd_check = {
	.name = "check",
	.summary = "say what this machine lacks, and what to do",
	.run = cmd_check_run,
};
