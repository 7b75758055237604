// SPDX-License-Identifier: GPL-2.0-only
/* Files of the co-kernel: kernel, initrd; by which protocol it boots; its command line. */
#include <linux/slab.h>
#include <linux/string.h>

#include "controller/enclave/refuse.h"
#include "controller/enclave/state.h"
#include "controller/face/sysfs/groups.h"
#include "controller/face/sysfs/setting.h"
#include "controller/loader/loader.h"

static ssize_t string_get(const char *string, char *buf)
{
	return sysfs_emit(buf, "%s\n", string ?: "");
}

static int string_set(char **string, const char *value)
{
	char *copy = NULL;

	if (*value) {
		copy = kstrdup(value, GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
	}
	kfree(*string);
	*string = copy;
	return 0;
}

static int path_set(struct enclave *enclave, char **path, const char *value)
{
	if (*value == '/' || strstr(value, ".."))
		return enclave_refuse(enclave, -EINVAL,
				      "write a path below /lib/firmware, without / at the start");
	return string_set(path, value);
}

static ssize_t firmware_get(struct enclave *enclave, char *buf)
{
	return string_get(enclave->firmware, buf);
}

static int firmware_set(struct enclave *enclave, char *value)
{
	int err = path_set(enclave, &enclave->firmware, value);

	if (!err)
		enclave->protocol_used = NULL;
	/*
	 * The enclave may be ready now, or no longer: readers of its console have to check again.
	 */
	if (!err)
		enclave_state_set(enclave, enclave->run);
	return err;
}

static SETTING(firmware, 0644);

static ssize_t initrd_get(struct enclave *enclave, char *buf)
{
	return string_get(enclave->initrd, buf);
}

static int initrd_set(struct enclave *enclave, char *value)
{
	return path_set(enclave, &enclave->initrd, value);
}

static SETTING(initrd, 0644);

/* Beside "auto", the protocol that the last start has recognized. */
static ssize_t protocol_get(struct enclave *enclave, char *buf)
{
	if (enclave->protocol_address)
		return sysfs_emit(buf, "%s@%#llx\n", enclave->protocol, enclave->protocol_address);
	if (enclave->protocol)
		return sysfs_emit(buf, "%s\n", enclave->protocol);
	if (enclave->protocol_used)
		return sysfs_emit(buf, "auto (%s)\n", enclave->protocol_used);
	return sysfs_emit(buf, "auto\n");
}

static int protocol_refuse(struct enclave *enclave)
{
	const char *name;
	char names[128];
	u32 i, len = 0;

	for (i = 0; (name = loader_protocol(i)); i++)
		len += scnprintf(names + len, sizeof(names) - len, ", %s%s", name,
				 loader_protocol_has_address(i) ? "@0xADDRESS" : "");
	return enclave_refuse(enclave, -EINVAL, "protocol takes one of auto%s", names);
}

static int protocol_set(struct enclave *enclave, char *value)
{
	gpa_t address;
	const char *protocol = loader_protocol_find(value, &address);

	if (!protocol && strcmp(value, "auto"))
		return protocol_refuse(enclave);
	enclave->protocol = protocol;
	enclave->protocol_address = address;
	enclave->protocol_used = NULL;
	return 0;
}

static SETTING(protocol, 0644);

static ssize_t cmdline_get(struct enclave *enclave, char *buf)
{
	return string_get(enclave->cmdline, buf);
}

static int cmdline_set(struct enclave *enclave, char *value)
{
	if (strlen(value) > LOADER_CMDLINE_USER)
		return enclave_refuse(enclave, -EINVAL, "a command line has at most %d characters",
				      LOADER_CMDLINE_USER);
	return string_set(&enclave->cmdline, value);
}

static SETTING(cmdline, 0644);

static struct attribute *cokernel_attrs[] = {
	&firmware_setting.attr.attr,
	&initrd_setting.attr.attr,
	&protocol_setting.attr.attr,
	&cmdline_setting.attr.attr,
	NULL
};

const struct attribute_group enclave_cokernel_group = { .attrs = cokernel_attrs };
