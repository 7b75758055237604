// SPDX-License-Identifier: GPL-2.0-only
/* The contents of an image, unpacked. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "covirtctl.h"
#include "image_file.h"

#define MAGIC_ROOM	8	/* the longest magic number */

static int file_map(const char *file, void **bytes, size_t *len)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat stat_now;

	*bytes = MAP_FAILED;
	if (fd >= 0 && !fstat(fd, &stat_now)) {
		*len = stat_now.st_size;
		*bytes = mmap(NULL, *len, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	if (*bytes == MAP_FAILED)
		complain("%s: %s", file, strerror(errno));
	if (fd >= 0)
		close(fd);
	return *bytes == MAP_FAILED ? STATUS_FAILED : STATUS_OK;
}

static int file_unpack(struct image_file *image, const char *file)
{
	const char *wrong = unpack(image->map, image->map_len, UNPACK_MAX, &image->unpacked);

	if (wrong) {
		complain("%s: %s", file, wrong);
		munmap(image->map, image->map_len);
		return STATUS_FAILED;
	}
	image->bytes = image->unpacked.bytes;
	image->len = image->unpacked.len;
	return STATUS_OK;
}

/**
 * image_file_open() - get at the contents of an image
 * @image:  receives them; to be closed unless this fails
 * @file:   a regular file
 * @inside: what is in a compressed file is wanted, not the file as it is
 *
 * Return: a status; what is wrong has been said, with the name of the file.
 */
int image_file_open(struct image_file *image, const char *file, bool inside)
{
	int status;

	*image = (struct image_file){};
	status = file_map(file, &image->map, &image->map_len);
	if (status)
		return status;
	if (inside && is_packed(image->map, image->map_len))
		return file_unpack(image, file);
	image->bytes = image->map;
	image->len = image->map_len;
	return STATUS_OK;
}

/**
 * image_file_close() - let go of the contents of an image
 * @image: as it was opened
 */
void image_file_close(struct image_file *image)
{
	free(image->unpacked.bytes);
	munmap(image->map, image->map_len);
}

/**
 * image_file_is_packed() - is it a file that has to be unpacked?
 * @file: any file
 *
 * Return: true by its first bytes.
 */
bool image_file_is_packed(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	char magic[MAGIC_ROOM];
	ssize_t len;

	if (fd < 0)
		return false;
	len = pread(fd, magic, sizeof(magic), 0);
	close(fd);
	return len > 0 && is_packed(magic, len);
}
