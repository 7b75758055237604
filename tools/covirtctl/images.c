// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel names images by paths below /lib/firmware. A file that lies elsewhere
 * gets a symbolic link there, covirt/run/NAME.ROLE, which goes with the enclave. Of a compressed
 * kernel the contents are there instead, and covirt/run/NAME.packed leads to the user's file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "covirtctl.h"
#include "image_file.h"
#include "images.h"
#include "translate.h"

#define LINK_DIR	"covirt/run"

#define KERNEL		"kernel"
#define PACKED		"packed"

static const char *const roles[] = { KERNEL, "initrd", PACKED };

static void link_path(const char *name, const char *role, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, FIRMWARE_DIR "/" LINK_DIR "/%s.%s", name, role);
}

/**
 * image_resolve() - is it a file that the kernel could load?
 * @file: any path
 * @real: written: where it lies
 *
 * Return: a status.
 */
int image_resolve(const char *file, char real[PATH_MAX])
{
	struct stat stat_now;

	if (!realpath(file, real) || stat(real, &stat_now) || access(real, R_OK)) {
		complain("%s: %s", file, strerror(errno));
		return STATUS_FAILED;
	}
	if (S_ISDIR(stat_now.st_mode)) {
		complain("%s is a directory: name the image in it", file);
		return STATUS_FAILED;
	}
	if (!S_ISREG(stat_now.st_mode)) {
		complain("%s is no regular file: the kernel reads images from such only", file);
		return STATUS_FAILED;
	}
	if (!stat_now.st_size) {
		complain("%s is empty", file);
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

/* The part of @real below the firmware folder, or NULL. */
static const char *below_firmware(const char *real)
{
	char folder[PATH_MAX];
	size_t len;

	if (!realpath(FIRMWARE_DIR, folder))
		return NULL;
	len = strlen(folder);
	if (strncmp(real, folder, len) || real[len] != '/' || strstr(real + len, ".."))
		return NULL;
	return real + len + 1;
}

static int folders_make(void)
{
	static const char *const folders[] = {
		FIRMWARE_DIR, FIRMWARE_DIR "/covirt", FIRMWARE_DIR "/" LINK_DIR,
	};
	size_t i;

	for (i = 0; i < 3; i++)
		if (mkdir(folders[i], 0755) && errno != EEXIST)
			return -errno;
	return 0;
}

static int link_make(const char *name, const char *role, const char *real)
{
	char path[PATH_MAX];

	link_path(name, role, path);
	unlink(path);
	if (!folders_make() && !symlink(real, path))
		return STATUS_OK;
	complain("%s: %s: the kernel finds images below " FIRMWARE_DIR " only", path,
		 strerror(errno));
	return errno == EACCES || errno == EPERM ? STATUS_NOT_PERMITTED : STATUS_FAILED;
}

static int bytes_write(int fd, const unsigned char *bytes, size_t len)
{
	ssize_t done;

	for (; len; len -= done, bytes += done) {
		done = write(fd, bytes, len);
		if (done < 0)
			return -errno;
	}
	return 0;
}

/* For root alone, who reads it for the kernel: the file that it comes from may be nobody else's. */
static int contents_write(const char *path, const struct image_file *image)
{
	int fd, err;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	err = bytes_write(fd, image->bytes, image->len);
	if (close(fd) && !err)
		err = -errno;
	if (err)
		unlink(path);
	return err;
}

static int contents_offer(const char *name, const char *role, const char *real)
{
	struct image_file image;
	char path[PATH_MAX];
	int err, status = link_make(name, PACKED, real);

	if (!status)
		status = image_file_open(&image, real, true);
	if (status)
		return status;
	link_path(name, role, path);
	err = contents_write(path, &image);
	image_file_close(&image);
	if (!err)
		return STATUS_OK;
	complain("%s: %s: what %s unpacks to has to lie there", path, strerror(-err), real);
	return STATUS_FAILED;
}

/**
 * image_offer() - let the firmware loader find a file
 * @name:     of the enclave
 * @role:     "kernel" or "initrd"; a kernel may be compressed
 * @file:     any regular file
 * @firmware: written: its path below /lib/firmware
 *
 * Return: a status.
 */
int image_offer(const char *name, const char *role, const char *file, char firmware[PATH_MAX])
{
	const char *below;
	char real[PATH_MAX];
	int status = image_resolve(file, real);

	if (status)
		return status;
	snprintf(firmware, PATH_MAX, LINK_DIR "/%s.%s", name, role);
	if (!strcmp(role, KERNEL) && image_file_is_packed(real))
		return contents_offer(name, role, real);
	below = below_firmware(real);
	if (below) {
		snprintf(firmware, PATH_MAX, "%s", below);
		return STATUS_OK;
	}
	return link_make(name, role, real);
}

/**
 * images_remove() - undo image_offer() of an enclave that is gone
 * @name: of the enclave
 */
void images_remove(const char *name)
{
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(roles); i++) {
		link_path(name, roles[i], path);
		unlink(path);
	}
	rmdir(FIRMWARE_DIR "/" LINK_DIR);	/* when it is the last one */
}

static bool link_read(const char *name, const char *role, char real[PATH_MAX])
{
	char path[PATH_MAX];
	ssize_t len;

	link_path(name, role, path);
	len = readlink(path, real, PATH_MAX - 1);
	real[len < 0 ? 0 : len] = '\0';
	return len >= 0;
}

/* The file that stands behind one of ours; false if there is none of this role. */
static bool user_file(const char *name, const char *role, char real[PATH_MAX])
{
	return link_read(name, role, real) ||
	       (!strcmp(role, KERNEL) && link_read(name, PACKED, real));
}

/**
 * images_translate() - name the user's files in place of the links to them
 * @name: of the enclave
 * @text: changed
 * @size: room there
 */
void images_translate(const char *name, char *text, size_t size)
{
	char path[PATH_MAX], real[PATH_MAX];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(roles); i++) {
		if (!user_file(name, roles[i], real))
			continue;
		link_path(name, roles[i], path);
		text_replace(text, size, path, real);
		text_replace(text, size, path + strlen(FIRMWARE_DIR "/"), real);
	}
}

/**
 * image_is_linux() - is it a bzImage?
 * @file: any file
 *
 * Return: true when it has Linux's setup header.
 */
bool image_is_linux(const char *file)
{
	char magic[4] = "";
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	bool found;

	if (fd < 0)
		return false;
	found = pread(fd, magic, sizeof(magic), 0x202) == sizeof(magic) &&
		!memcmp(magic, "HdrS", sizeof(magic));
	close(fd);
	return found;
}
