// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl run: the whole life of an enclave, which ends with the command. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "attach.h"
#include "claim.h"
#include "core_save.h"
#include "covirtctl.h"
#include "cpus.h"
#include "images.h"
#include "judge.h"
#include "life.h"
#include "signals.h"
#include "size.h"

#define SETTINGS	32

/**
 * struct run - what is to be run, and how far it got
 * @name:      of the enclave, NULL: any
 * @cpus:      how many CPUs, 0: @cpu_list says which
 * @cpu_list:  which, as text
 * @memory:    bytes
 * @memory_word: the same as the user wrote it
 * @force:     take it though Linux keeps less than its reserve
 * @need:      bytes that the images take at least
 * @kernel:    co-kernel image
 * @initrd:    initial RAM disk, or NULL
 * @append:    command line
 * @setting:   other attributes, "NAME=VALUE"
 * @nr:        how many
 * @chosen:    room for @cpu_list where the user gave only a number
 * @core:      file for a core dump after a fault, or NULL
 * @keep:      the enclave stays
 * @take_over: a run that was killed
 * @stty:      a shell there is told the size of the window when it changes
 * @claim:     this process's right to the enclave
 * @created:   it is there
 * @started:   it has run
 * @faults:    before it could run
 */
struct run {
	const char *name;
	int cpus;
	const char *cpu_list;
	uint64_t memory;
	const char *memory_word;
	bool force;
	uint64_t need;
	const char *kernel;
	const char *initrd;
	char *append;
	const char *setting[SETTINGS];
	int nr;
	char chosen[VALUE_ROOM];
	const char *core;
	bool keep;
	bool take_over;
	bool stty;
	struct claim claim;
	bool created;
	bool started;
	char faults[VALUE_ROOM];
};

/* --- what others left behind --- */

static void left_report(const char *name)
{
	char state[VALUE_ROOM] = "", cpus[VALUE_ROOM] = "", memory[VALUE_ROOM] = "";
	char size[SIZE_TEXT];

	attribute_read(name, "state", state);
	attribute_read(name, "cpus", cpus);
	attribute_read(name, "memory", memory);
	notice("A run that was killed left enclave %s behind: %s, CPUs %s, memory %s.", name, state,
	       *cpus ? cpus : "none", size_format(strtoull(memory, NULL, 0), size));
}

static void left_remove(struct claim *claim)
{
	int status = STATUS_OK;

	if (enclave_exists(claim->name)) {
		left_report(claim->name);
		status = life_end(claim->name);
		if (!status)
			notice("It is removed; all of it is Linux's again.");
	}
	images_remove(claim->name);
	/* An enclave that could not be removed is found again next time. */
	if (status)
		claim_let_go(claim);
	else
		claim_release(claim);
}

/* --- steps of a life --- */

static const char *protocol_of(const struct run *run)
{
	static const char attribute[] = "protocol=";
	const size_t len = sizeof(attribute) - 1;
	const char *protocol = NULL;
	int i;

	for (i = 0; i < run->nr; i++)
		if (!strncmp(run->setting[i], attribute, len))
			protocol = run->setting[i] + len;
	return protocol;
}

static int step_files(struct run *run)
{
	const struct images images = { run->kernel, run->initrd, protocol_of(run) };

	if (access(CLASS_DIR "/create", W_OK))
		return complain_not_permitted(CLASS_DIR "/create", errno);
	return judge_images(&images, &run->need);
}

/* Memory that a killed run had left behind is Linux's again by now. */
static int step_sizes(struct run *run)
{
	char how[64];

	snprintf(how, sizeof(how), "--memory %s", run->memory_word);
	return judge_memory(how, run->memory, run->need, run->force);
}

static int step_clear(struct run *run)
{
	(void)run;
	claims_left(left_remove);
	return STATUS_OK;
}

static int step_claim(struct run *run)
{
	int status = run->name ? claim_acquire(&run->claim, run->name) :
		     claim_acquire_any(&run->claim);

	if (!status)
		run->name = run->claim.name;
	return status;
}

static int step_create(struct run *run)
{
	int status;

	if (enclave_exists(run->name)) {
		complain("enclave %s exists and is no run's: choose another --name, or 'covirtctl destroy %s'",
			 run->name, run->name);
		return STATUS_FAILED;
	}
	status = enclave_create(run->name);
	run->created = !status;
	return status;
}

static int step_settings(struct run *run)
{
	int i, status = STATUS_OK;

	for (i = 0; i < run->nr && !status; i++)
		status = assignment_check(run->name, run->setting[i]);
	for (i = 0; i < run->nr && !status; i++)
		status = assignment_apply(run->name, run->setting[i]);
	return status;
}

static int cpus_complain(int count)
{
	struct cpulist threads;

	if (!cpus_threads(0, &threads) && count % cpulist_count(&threads))
		complain("a core here has %d threads, which go together: ask for a multiple of %d CPUs, or add --set allow_smt_sharing=1",
			 cpulist_count(&threads), cpulist_count(&threads));
	else
		complain("Linux has not %d CPUs that it can give away (the boot CPU stays): ask for fewer, or see 'covirtctl list' for who has them",
			 count);
	return STATUS_FAILED;
}

/* Chosen, not taken yet. */
static int step_choose(struct run *run)
{
	char text[VALUE_ROOM] = "";
	struct cpulist chosen;

	if (run->cpu_list)
		return judge_cpu_list(run->cpu_list);
	attribute_read(run->name, "allow_smt_sharing", text);
	if (cpus_choose(run->cpus, !strcmp(text, "1"), &chosen))
		return cpus_complain(run->cpus);
	cpulist_format(&chosen, run->chosen, sizeof(run->chosen));
	run->cpu_list = run->chosen;
	return STATUS_OK;
}

static int step_cpus(struct run *run)
{
	return attribute_write(run->name, "cpus", run->cpu_list);
}

/*
 * The memory is taken before the CPUs, so the kernel does not know yet beside which it should be.
 * Where their node has too little, any will do.
 */
static int step_node(struct run *run)
{
	char text[VALUE_ROOM] = "";
	struct cpulist cpus;
	uint64_t spare;
	int node;

	attribute_read(run->name, "numa_node", text);
	if (strcmp(text, "-1") || cpulist_parse(run->cpu_list, &cpus))
		return STATUS_OK;
	node = cpus_node(cpulist_last(&cpus));
	spare = memory_spare_of(node);
	if (node < 0 || spare < run->memory || spare == memory_spare_of(ANY_NODE))
		return STATUS_OK;
	snprintf(text, sizeof(text), "%d", node);
	return attribute_write(run->name, "numa_node", text);
}

/* Before the CPUs: that Linux cannot free it costs nobody anything. */
static int step_memory(struct run *run)
{
	char text[SIZE_TEXT + sizeof(" force")];

	snprintf(text, sizeof(text), "%llu%s", (unsigned long long)run->memory,
		 run->force ? " force" : "");
	return life_memory(run->name, text);
}

static int image_set(struct run *run, const char *role, const char *attribute, const char *file)
{
	char path[PATH_MAX];
	int status;

	if (!file)
		return STATUS_OK;
	status = image_offer(run->name, role, file, path);
	return status ?: attribute_write(run->name, attribute, path);
}

static int step_images(struct run *run)
{
	int status = image_set(run, "kernel", "firmware", run->kernel);

	return status ?: image_set(run, "initrd", "initrd", run->initrd);
}

/* A Linux that is told so looks for its local APIC where an enclave has none, and panics. */
static void apic_advise(const struct run *run)
{
	static const char *const words[] = { "acpi=off", "nolapic" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (run->append && strstr(run->append, words[i]))
			notice("An enclave's local APIC is in x2APIC mode, which Linux has to use: leave %s out.",
			       words[i]);
}

static int step_cmdline(struct run *run)
{
	if (image_is_linux(run->kernel))
		apic_advise(run);
	if (image_is_linux(run->kernel) && (!run->append || !strstr(run->append, "console=")))
		notice("Linux will be silent: --append console=ttyS0 lets it use this console.");
	return run->append ? attribute_write(run->name, "cmdline", run->append) : STATUS_OK;
}

static int step_start(struct run *run)
{
	char cpus[VALUE_ROOM] = "", size[SIZE_TEXT];
	int status;

	attribute_read(run->name, "cpus", cpus);
	notice("Enclave %s: CPUs %s, memory %s, %s.", run->name, cpus,
	       size_format(run->memory, size), run->kernel);
	life_faults(run->name, run->faults);
	status = attribute_write(run->name, "state", "start");
	run->started = !status;
	return status;
}

static int (*const steps[])(struct run *run) = {
	step_files, step_clear, step_sizes, step_claim, step_create, step_settings, step_images,
	step_cmdline, step_choose, step_node, step_memory, step_cpus, step_start,
};

static int run_begin(struct run *run)
{
	size_t i;
	int status = STATUS_OK;

	for (i = 0; i < ARRAY_SIZE(steps) && !status; i++)
		status = signals_status(steps[i](run));
	return status;
}

/* --- taking over --- */

static struct claim taken;	/* by take_over(), for want of an argument */

static void take_over(struct claim *claim)
{
	if (taken.fd < 0 && enclave_exists(claim->name) &&
	    (!*taken.name || !strcmp(taken.name, claim->name)))
		taken = *claim;
	else
		claim_let_go(claim);
}

static int run_take_over(struct run *run)
{
	taken.fd = -1;
	snprintf(taken.name, sizeof(taken.name), "%s", run->name ?: "");
	claims_left(take_over);
	if (taken.fd < 0) {
		complain("no enclave %s%swas left behind by a run: 'covirtctl list' names all",
			 run->name ?: "", run->name ? " " : "");
		return STATUS_NO_ENCLAVE;
	}
	run->claim = taken;
	run->name = run->claim.name;
	run->created = true;
	run->started = true;
	life_faults(run->name, run->faults);
	left_report(run->name);
	return claim_sign(&run->claim) ? STATUS_FAILED : STATUS_OK;
}

/* --- running --- */

static bool is_restart(const char *name, const char *attribute)
{
	char policy[VALUE_ROOM] = "";

	attribute_read(name, attribute, policy);
	return !strcmp(policy, "restart");
}

static bool restarts(const char *name)
{
	return is_restart(name, "on_fault") || is_restart(name, "on_reset");
}

/* Counted, for it may have ended again before anybody could see it run. */
static bool has_started(const char *name, const char *starts)
{
	char now[VALUE_ROOM];

	return !attribute_read(name, "stats/starts", now) && strcmp(now, starts);
}

/* The kernel restarts it soon or not at all. */
static bool is_restarted(const char *name, const char *starts)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	int tries = 30;

	if (!restarts(name))
		return false;
	while (tries-- && !has_started(name, starts) && !signals_ending())
		nanosleep(&pause, NULL);
	return has_started(name, starts);
}

static int run_attach(struct run *run, enum attach_end *end)
{
	int fd, status = enclave_open(run->name, O_RDWR | O_NONBLOCK, &fd);

	if (!status)
		*end = attach(run->name, fd,
			      run->stty ? ATTACH_SIZE_CHANGES : ATTACH_SIZE_UNTOLD);
	return status;
}

/* Attach, again after each restart; @status is that of the last time. */
static enum attach_end attach_to_runs(struct run *run, int *status)
{
	enum attach_end end = ATTACH_FAILED;
	char starts[VALUE_ROOM] = "";

	for (;;) {
		attribute_read(run->name, "stats/starts", starts);
		*status = run_attach(run, &end);
		if (*status || end != ATTACH_ENDED || !is_restarted(run->name, starts))
			return end;
		notice("%s has ended, and was started again.", run->name);
	}
}

static int run_attached(struct run *run)
{
	int status;
	enum attach_end end = attach_to_runs(run, &status);

	if (status)
		return status;
	if (end == ATTACH_SIGNAL)
		return signals_status(STATUS_OK);
	if (end == ATTACH_FAILED)
		return STATUS_FAILED;
	return life_report_end(run->name, run->faults);
}

/* Before the memory is given back. That there is no dump does not change how the run ended. */
static void core_keep(const struct run *run)
{
	struct json_object *about = json_object_new_object();

	if (!core_save(run->name, run->core, about))
		core_report(about);
	json_object_put(about);
}

static int run_end(struct run *run, int status)
{
	int last = STATUS_OK;

	if (run->created && !(run->keep && run->started))
		last = life_end(run->name);
	else if (run->created)
		notice("Enclave %s stays: 'covirtctl console %s' attaches again, 'covirtctl destroy --force %s' removes it.",
		       run->name, run->name, run->name);
	if (last)
		claim_let_go(&run->claim);
	else
		claim_release(&run->claim);
	return status ?: last;
}

/* --- command line --- */

enum { KEY_KEEP = 256, KEY_FORCE, KEY_TAKE_OVER, KEY_STTY, KEY_CORE };

static const struct argp_option options[] = {
	{ "kernel", 'k', "FILE", 0,
	  "The co-kernel: a Linux bzImage, or an ELF file; may be compressed", 0 },
	{ "initrd", 'i', "FILE", 0, "Its initial RAM disk", 0 },
	{ "append", 'a', "WORDS", 0, "Its command line; more than one are joined", 0 },
	{ "cpus", 'c', "NUMBER", 0, "How many CPUs; whole cores, the highest ones (1)", 0 },
	{ "cpu-list", 'C', "LIST", 0, "Which CPUs, like 2-3,5", 0 },
	{ "memory", 'm', "SIZE", 0, "How much memory, a multiple of 2M (512M)", 0 },
	{ "force", KEY_FORCE, NULL, 0,
	  "Take that memory though Linux keeps less than its reserve", 0 },
	{ "name", 'n', "NAME", 0, "The enclave's name (run0, or the next that is free)", 0 },
	{ "set", 's', "ATTRIBUTE=VALUE", 0,
	  "Any other attribute, like on_fault=restart or layout=packed", 0 },
	{ "core", KEY_CORE, "FILE", 0,
	  "Save a core dump there when the co-kernel is contained", 0 },
	{ "keep", KEY_KEEP, NULL, 0, "Leave the enclave in place when the command ends", 0 },
	{ "take-over", KEY_TAKE_OVER, NULL, 0,
	  "Attach to what a run left behind that was killed; it ends with this one", 0 },
	{ "stty", KEY_STTY, NULL, 0,
	  "Tell a shell on the console when the window's size changes, by typing 'stty rows ...'",
	  0 },
	{ 0 }
};

static void append(struct run *run, const char *words)
{
	char *joined;

	if (asprintf(&joined, "%s%s%s", run->append ?: "", run->append ? " " : "", words) < 0)
		exit(STATUS_FAILED);
	free(run->append);
	run->append = joined;
}

static int count_parse(const char *arg, struct argp_state *state)
{
	char *end;
	long count = strtol(arg, &end, 10);

	if (end == arg || *end || count < 1 || count > CPULIST_CPUS)
		argp_error(state, "--cpus takes a number; for certain CPUs say --cpu-list %s", arg);
	return count;
}

static void memory_parse(struct run *run, const char *arg, struct argp_state *state)
{
	run->memory_word = arg;
	if (size_parse(arg, &run->memory) || !run->memory)
		argp_error(state, "--memory takes a size like 512M, not '%s'", arg);
}

static void setting_add(struct run *run, const char *arg, struct argp_state *state)
{
	if (run->nr == SETTINGS || !strchr(arg, '='))
		argp_error(state, "--set takes ATTRIBUTE=VALUE, at most %d times", SETTINGS);
	run->setting[run->nr++] = arg;
}

static void run_check(struct run *run, struct argp_state *state)
{
	if (!run->kernel && !run->take_over)
		argp_error(state, "what is to be run? Say --kernel FILE");
	if (run->name && !name_is_valid(run->name))
		argp_error(state, "'%s' is no enclave's name: 1 to 31 of a-z A-Z 0-9 _ -",
			   run->name);
}

/* Flag that an option sets, or NULL. */
static bool *flag_of(struct run *run, int key)
{
	switch (key) {
	case KEY_FORCE:
		return &run->force;
	case KEY_KEEP:
		return &run->keep;
	case KEY_TAKE_OVER:
		return &run->take_over;
	case KEY_STTY:
		return &run->stty;
	}
	return NULL;
}

/* Text that an option sets, or NULL. */
static const char **word_of(struct run *run, int key)
{
	switch (key) {
	case 'k':
		return &run->kernel;
	case 'i':
		return &run->initrd;
	case 'C':
		return &run->cpu_list;
	case 'n':
		return &run->name;
	case KEY_CORE:
		return &run->core;
	}
	return NULL;
}

static error_t option_parse(struct run *run, int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'a':
		append(run, arg);
		break;
	case 'c':
		run->cpus = count_parse(arg, state);
		break;
	case 'm':
		memory_parse(run, arg, state);
		break;
	case 's':
		setting_add(run, arg, state);
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "what is '%s' for? The co-kernel is named by --kernel", arg);
		break;
	case ARGP_KEY_END:
		run_check(run, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct run *run = state->input;
	const char **word = word_of(run, key);
	bool *flag = flag_of(run, key);

	if (word)
		*word = arg;
	else if (flag)
		*flag = true;
	else
		return option_parse(run, key, arg, state);
	return 0;
}

static const struct argp argp = {
	.options = options,
	.parser = option,
	.doc = "Run a co-kernel, with its console on this terminal: CPUs and memory are taken from Linux, "
	       "the image is loaded and started. Ctrl-] leaves; then, or when the co-kernel or this "
	       "command ends by itself or by a signal, Linux gets everything back."
	       "\v"
	       "  covirtctl run --cpus 2 --memory 512M --kernel vmlinuz --initrd initrd \\\n"
	       "                --append 'console=ttyS0 quiet'\n"
	       "  covirtctl run -m 64M -k lwk.elf --set layout=packed --keep\n"
	       "\n"
	       "After kill -9 the enclave is still there: the next run says so and removes it, or "
	       "attaches to it with --take-over.\n"
	       "\n"
	       "Exit status: 0 when the co-kernel ended in good order or was left, 3 when it was "
	       "contained after a fault, 128 and the number of the signal that ended the command, "
	       "1 and others when something was refused: see covirtctl(8).",
};

static int cmd_run_run(int argc, char **argv)
{
	struct run run = { .cpus = 1,
			   .memory = 512 << 20, .memory_word = "512M", .claim.fd = -1 };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &run);
	status = module_check();
	if (status)
		return status;
	signals_open();
	status = run.take_over ? run_take_over(&run) : run_begin(&run);
	if (!status)
		status = run_attached(&run);
	if (status == STATUS_FAULTED && run.core)
		core_keep(&run);
	status = run_end(&run, status);
	free(run.append);
	return status;
}

const struct command cmd_run = {
	.name = "run",
	.summary = "run a co-kernel: its whole life in one command, with its console",
	.run = cmd_run_run,
};
