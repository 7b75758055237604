// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel drops a lock when its owner dies, however it dies. So a file below
 * /run/covirtctl that nobody has locked was left behind, and with it an enclave.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "claim.h"
#include "covirtctl.h"

#define CLAIM_DIR	"/run/covirtctl"
#define FREE_NAMES	256

static void claim_path(const char *name, char path[64])
{
	snprintf(path, 64, CLAIM_DIR "/%s", name);
}

/* The file may have been removed between the opening and the lock. */
static bool is_current(int fd)
{
	struct stat stat_now;

	return !fstat(fd, &stat_now) && stat_now.st_nlink;
}

/* 0, or -Exxx: -EWOULDBLOCK when it has an owner. */
static int claim_lock(struct claim *claim, const char *name, int flags)
{
	char path[64];
	int err;

	snprintf(claim->name, sizeof(claim->name), "%s", name);
	claim_path(name, path);
	do {
		claim->fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
		if (claim->fd < 0)
			return -errno;
		err = flock(claim->fd, LOCK_EX | LOCK_NB) ? -errno : 0;
		if (!err && is_current(claim->fd))
			break;
		/* From here on it may be another's: nothing of it is ours to remove. */
		close(claim->fd);
		claim->fd = -1;
	} while (!err);
	return err;
}

/**
 * claim_sign() - say in the file whose it is, for people
 * @claim: taken
 *
 * Return: 0 or -Exxx.
 */
int claim_sign(struct claim *claim)
{
	if (ftruncate(claim->fd, 0) || dprintf(claim->fd, "%d\n", getpid()) < 0)
		return -errno;
	return 0;
}

static int owner_of(const char *name)
{
	char path[64];
	int pid = 0;
	FILE *file;

	claim_path(name, path);
	file = fopen(path, "re");
	if (file && fscanf(file, "%d", &pid) != 1)
		pid = 0;
	if (file)
		fclose(file);
	return pid;
}

static int complain_claim(const char *name, int err)
{
	if (err == -EWOULDBLOCK) {
		complain("enclave %s belongs to another covirtctl run, process %d: choose another --name",
			 name, owner_of(name));
		return STATUS_FAILED;
	}
	if (err == -EACCES || err == -EPERM)
		return complain_not_permitted(CLAIM_DIR, -err);
	complain(CLAIM_DIR "/%s: %s", name, strerror(-err));
	return STATUS_FAILED;
}

static int folder_make(void)
{
	mkdir("/run", 0755);
	return mkdir(CLAIM_DIR, 0700) && errno != EEXIST ? -errno : 0;
}

/**
 * claim_acquire() - have an enclave for this process's own
 * @claim: filled in
 * @name:  of the enclave, a valid one
 *
 * Return: a status.
 */
int claim_acquire(struct claim *claim, const char *name)
{
	int err = folder_make();

	if (!err)
		err = claim_lock(claim, name, O_CREAT);
	if (!err)
		err = claim_sign(claim);
	return err ? complain_claim(name, err) : STATUS_OK;
}

/**
 * claim_acquire_any() - the same, with a name that nobody has
 * @claim: filled in
 *
 * Return: a status.
 */
int claim_acquire_any(struct claim *claim)
{
	char name[NAME_ROOM] = "";
	int i, err = folder_make();

	for (i = 0; !err && i < FREE_NAMES; i++) {
		snprintf(name, sizeof(name), "run%d", i);
		if (enclave_exists(name))
			continue;
		err = claim_lock(claim, name, O_CREAT);
		if (!err)
			err = claim_sign(claim);
		if (!err)
			return STATUS_OK;
		err = err == -EWOULDBLOCK ? 0 : err;
	}
	return complain_claim(name, err ?: -ENOSPC);
}

/**
 * claim_release() - the enclave is gone, or nobody's any more
 * @claim: taken
 */
void claim_release(struct claim *claim)
{
	char path[64];

	if (claim->fd < 0)
		return;
	claim_path(claim->name, path);
	unlink(path);
	close(claim->fd);
	claim->fd = -1;
}

/**
 * claim_let_go() - the enclave could not be removed: the next run will find it
 * @claim: taken
 */
void claim_let_go(struct claim *claim)
{
	if (claim->fd >= 0)
		close(claim->fd);
	claim->fd = -1;
}

/**
 * claims_left() - find claims whose owners are dead
 * @found: called with each, which is this process's then; it releases it or lets it go
 */
void claims_left(void (*found)(struct claim *claim))
{
	DIR *dir = opendir(CLAIM_DIR);
	struct dirent *entry;
	struct claim claim;

	while (dir && (entry = readdir(dir)))
		if (name_is_valid(entry->d_name) && !claim_lock(&claim, entry->d_name, 0))
			found(&claim);
	if (dir)
		closedir(dir);
}
