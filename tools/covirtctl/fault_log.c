// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "covirtctl.h"
#include "enclave.h"
#include "fault_log.h"

static int compare(const void *a, const void *b)
{
	const struct covirt_fault_record *one = a, *other = b;

	return one->sequence < other->sequence ? -1 : one->sequence > other->sequence;
}

static bool is_usable(const struct covirt_fault_record *record)
{
	return record->sequence && record->version == COVIRT_FAULT_RECORD_VERSION &&
	       record->code_len <= COVIRT_FAULT_CODE && record->stack_len <= COVIRT_FAULT_STACK &&
	       record->nr_frames <= COVIRT_FAULT_FRAMES &&
	       record->nr_recent <= COVIRT_RECENT_EXITS && record->walk.nr <= COVIRT_WALK_LEVELS;
}

/* Each record in one call: so it is whole. Its own size says where the next one is. */
static int records_read(int fd, struct fault_log *log)
{
	size_t i;

	for (i = 0; i < COVIRT_FAULT_RECORDS; i++) {
		struct covirt_fault_record *record = &log->record[log->nr];
		ssize_t len = pread(fd, record, sizeof(*record), i * sizeof(*record));

		if (len != sizeof(*record))
			return len < 0 ? -errno : -EPROTO;
		log->nr += is_usable(record);
	}
	qsort(log->record, log->nr, sizeof(log->record[0]), compare);
	log->lost = log->nr ? log->record[0].sequence - 1 : 0;
	return 0;
}

static int complain_read(const char *name, int err)
{
	if (err == -EACCES)
		return complain_not_permitted("fault records", -err);
	if (err == -ENOENT || err == -EPROTO)
		complain("%s: its fault records cannot be read: covirt is of another version than covirtctl; install both of one version",
			 name);
	else
		complain("%s: its fault records cannot be read: %s", name, strerror(-err));
	return STATUS_FAILED;
}

/**
 * fault_log_get() - read the records of an enclave
 * @name: of the enclave
 * @log:  filled in
 *
 * Return: 0, or -Exxx, about which nothing was said.
 */
int fault_log_get(const char *name, struct fault_log *log)
{
	char path[PATH_MAX];
	int fd, err;

	memset(log, 0, sizeof(*log));
	snprintf(path, sizeof(path), CLASS_DIR "/%s/faults", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	err = fd < 0 ? -errno : records_read(fd, log);
	if (fd >= 0)
		close(fd);
	return err;
}

/**
 * fault_log_read() - read the records of an enclave, and say why when they cannot be
 * @name: of the enclave
 * @log:  filled in
 *
 * Return: a status.
 */
int fault_log_read(const char *name, struct fault_log *log)
{
	int err = fault_log_get(name, log);

	return err ? complain_read(name, err) : STATUS_OK;
}
