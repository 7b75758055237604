// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each function that fails has said why: in the words of last_error, where covirt leaves a line
 * for what it refuses, or in our own. They return a status.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "covirtctl.h"
#include "enclave.h"
#include "last_error.h"
#include "translate.h"

/* --- errors --- */

/**
 * complain_not_permitted() - say that it is for root
 * @what: was tried
 * @err:  what came of it
 *
 * Return: STATUS_NOT_PERMITTED.
 */
int complain_not_permitted(const char *what, int err)
{
	complain("%s: %s: enclaves are for root (CAP_SYS_ADMIN): try sudo", what, strerror(err));
	return STATUS_NOT_PERMITTED;
}

/* Of opening a file: it was the user, the name, or covirt that is not there. */
static int complain_open(const char *path, const char *name)
{
	if (errno == EACCES || errno == EPERM)
		return complain_not_permitted(path, errno);
	if (errno != ENOENT) {
		complain("%s: %s", path, strerror(errno));
		return STATUS_FAILED;
	}
	if (module_check())
		return STATUS_NO_MODULE;
	if (*name && enclave_check(name))
		return STATUS_NO_ENCLAVE;
	complain("there is no %s: see 'covirtctl show %s' for what there is", path, name);
	return STATUS_FAILED;
}

/* Of writing: the kernel has left a line that says what to do. */
static int complain_write(const char *name, const char *what, const char *who, int err)
{
	char why[VALUE_ROOM];

	if (err == EINTR) {
		complain("%s: a signal ended it; nothing has changed", what);
		return STATUS_FAILED;
	}
	if (enclave_last_error(name, why)) {
		translate(why, sizeof(why), who);
		complain("%s: %s", what, why);
		return STATUS_FAILED;
	}
	if (err == EPERM || err == EACCES)
		return complain_not_permitted(what, err);
	complain("%s: %s", what, strerror(err));
	return STATUS_FAILED;
}

/* --- names --- */

/**
 * module_check() - is covirt there?
 *
 * Return: STATUS_OK or STATUS_NO_MODULE.
 */
int module_check(void)
{
	if (!access(CLASS_DIR, F_OK))
		return STATUS_OK;
	complain("covirt is not loaded: 'modprobe covirt'; 'covirtctl check' says what else is missing");
	return STATUS_NO_MODULE;
}

/**
 * name_is_valid() - may an enclave have this name?
 * @name: the name
 *
 * Return: true for 1 to 31 letters, digits, "_" and "-" that are no file of the class.
 */
bool name_is_valid(const char *name)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	static const char *const reserved[] = { "abi_version", "create", "destroy",
						"hypervisor_memory", "last_error",
						"memory_reserve", "memory_spare" };
	size_t i, len = strlen(name);

	for (i = 0; i < ARRAY_SIZE(reserved); i++)
		if (!strcmp(name, reserved[i]))
			return false;
	return len && len < NAME_ROOM && strspn(name, letters) == len;
}

/**
 * enclave_exists() - is there one of this name?
 * @name: any text
 *
 * Return: true or false.
 */
bool enclave_exists(const char *name)
{
	char path[PATH_MAX];

	if (!name_is_valid(name))
		return false;
	snprintf(path, sizeof(path), CLASS_DIR "/%s/state", name);
	return !access(path, F_OK);
}

/**
 * enclave_check() - is there one of this name? If not, say so
 * @name: any text
 *
 * Return: STATUS_OK, STATUS_NO_ENCLAVE or STATUS_NO_MODULE.
 */
int enclave_check(const char *name)
{
	if (module_check())
		return STATUS_NO_MODULE;
	if (enclave_exists(name))
		return STATUS_OK;
	complain("there is no enclave '%s': 'covirtctl list' names those there are", name);
	return STATUS_NO_ENCLAVE;
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(json_object_get_string(*(struct json_object *const *)a),
		      json_object_get_string(*(struct json_object *const *)b));
}

/**
 * enclave_names() - all of them
 *
 * Return: a sorted JSON array of texts.
 */
struct json_object *enclave_names(void)
{
	struct json_object *names = json_object_new_array();
	DIR *dir = opendir(CLASS_DIR);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (enclave_exists(entry->d_name))
			json_object_array_add(names, json_object_new_string(entry->d_name));
	if (dir)
		closedir(dir);
	json_object_array_sort(names, name_compare);
	return names;
}

/* --- files --- */

static ssize_t read_whole(int fd, char *value)
{
	ssize_t len = 0, got;

	do {
		got = read(fd, value + len, VALUE_ROOM - 1 - len);
		len += got > 0 ? got : 0;
	} while (got > 0);
	return got < 0 ? -errno : len;
}

/**
 * attribute_read() - read an attribute
 * @name:      of the enclave, or "" for a file of the class
 * @attribute: its name
 * @value:     room for VALUE_ROOM characters; its last newline is cut off
 *
 * Return: 0, or -Exxx, about which nothing was said.
 */
int attribute_read(const char *name, const char *attribute, char *value)
{
	char path[PATH_MAX];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), CLASS_DIR "/%s/%s", name, attribute);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read_whole(fd, value);
	close(fd);
	if (len < 0)
		return len;
	value[len] = '\0';
	if (len && value[len - 1] == '\n')
		value[len - 1] = '\0';
	return 0;
}

/**
 * enclave_last_error() - why the kernel has refused what this thread has just asked for
 * @name: of the enclave, or "" for a file of the class
 * @why:  room for VALUE_ROOM characters; a line that says what to do
 *
 * Return: false: it has said nothing.
 */
bool enclave_last_error(const char *name, char *why)
{
	const char *text;

	if (attribute_read(name, "last_error", why))
		return false;
	text = last_error_text(why, gettid());
	if (text)
		memmove(why, text, strlen(text) + 1);
	return text;
}

static int value_write(int fd, const char *name, const char *what, const char *value)
{
	int status = STATUS_OK;
	char *line;

	/* An empty value is a line too: a write of nothing does not reach the kernel. */
	if (asprintf(&line, "%s\n", value) < 0)
		return STATUS_FAILED;
	/* A value written to a file of the class is the name of the enclave that it is about. */
	if (write(fd, line, strlen(line)) < 0)
		status = complain_write(name, what, *name ? name : value, errno);
	free(line);
	return status;
}

/**
 * attribute_write() - write an attribute
 * @name:      of the enclave, or "" for a file of the class
 * @attribute: its name
 * @value:     what to write
 *
 * Return: a status.
 */
int attribute_write(const char *name, const char *attribute, const char *value)
{
	char path[PATH_MAX], what[NAME_ROOM + 64];
	int fd, status;

	snprintf(path, sizeof(path), CLASS_DIR "/%s%s%s", name, *name ? "/" : "", attribute);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return complain_open(path, name);
	snprintf(what, sizeof(what), "%s%s%s", name, *name ? ": " : "", attribute);
	status = value_write(fd, name, what, value);
	close(fd);
	return status;
}

#define ATTRIBUTE_ROOM	64

static int attribute_of(const char *assignment, char attribute[ATTRIBUTE_ROOM])
{
	size_t len = strcspn(assignment, "=/");

	if (!len || len >= ATTRIBUTE_ROOM || assignment[len] != '=') {
		complain("'%s' is not ATTRIBUTE=VALUE", assignment);
		return STATUS_USAGE;
	}
	snprintf(attribute, ATTRIBUTE_ROOM, "%.*s", (int)len, assignment);
	return STATUS_OK;
}

/**
 * assignment_apply() - write what "ATTRIBUTE=VALUE" says
 * @name:       of the enclave
 * @assignment: the words
 *
 * Return: a status.
 */
int assignment_apply(const char *name, const char *assignment)
{
	char attribute[ATTRIBUTE_ROOM];
	int status = attribute_of(assignment, attribute);

	return status ?: attribute_write(name, attribute, strchr(assignment, '=') + 1);
}

/**
 * assignment_check() - is there such an attribute?
 * @name:       of the enclave
 * @assignment: the words "ATTRIBUTE=VALUE"
 *
 * Return: a status.
 */
int assignment_check(const char *name, const char *assignment)
{
	char attribute[ATTRIBUTE_ROOM], path[PATH_MAX];
	int status = attribute_of(assignment, attribute);

	if (status)
		return status;
	snprintf(path, sizeof(path), CLASS_DIR "/%s/%s", name, attribute);
	return access(path, F_OK) ? complain_open(path, name) : STATUS_OK;
}

/* --- life --- */

/**
 * enclave_create() - create an enclave
 * @name: its name
 *
 * Return: a status.
 */
int enclave_create(const char *name)
{
	return attribute_write("", "create", name);
}

/**
 * enclave_destroy() - destroy an enclave that does not run
 * @name: its name
 *
 * Return: a status.
 */
int enclave_destroy(const char *name)
{
	return attribute_write("", "destroy", name);
}

/**
 * enclave_open() - open its device
 * @name:  of the enclave
 * @flags: as for open()
 * @fd:    written on success
 *
 * Return: a status.
 */
int enclave_open(const char *name, int flags, int *fd)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), DEVICE_DIR "/%s", name);
	*fd = open(path, flags | O_CLOEXEC);
	return *fd < 0 ? complain_open(path, name) : STATUS_OK;
}

/**
 * enclave_is() - is it in this state?
 * @name:  of the enclave
 * @state: a state's name
 *
 * Return: true or false.
 */
bool enclave_is(const char *name, const char *state)
{
	char value[VALUE_ROOM];

	return !attribute_read(name, "state", value) && !strcmp(value, state);
}
