// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core dumps: an open file whose bytes are made when they are read. What the CPUs say is as
 * of its opening; the memory is read where it lies, so that of a co-kernel that runs changes
 * meanwhile. When the memory goes, or is cleared for a start, so does the dump.
 */
#include <linux/anon_inodes.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "controller/dump/dump.h"
#include "controller/dump/file.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/refuse.h"
#include "controller/enclave/state.h"
#include "controller/hv/command.h"

/**
 * struct dump_file - one open dump
 * @enclave:  pinned
 * @contents: enclave::contents of which it is the dump
 * @dump:     its form
 * @size:     bytes
 * @lock:     has @page for oneself
 * @page:     between the enclave's memory, which is locked when it is read, and user space
 * @head_len: bytes of @head
 * @head:     what comes before the memory
 */
struct dump_file {
	struct enclave *enclave;
	u64 contents;
	struct dump dump;
	u64 size;
	struct mutex lock;
	u8 page[PAGE_SIZE];
	u32 head_len;
	u8 head[];
};

/* --- reading --- */

/* A bad page of memory is an error, not the end of Linux. */
static int ram_copy(struct dump_file *file, gpa_t gpa, u32 len)
{
	const void *ram;

	if (file->enclave->contents != file->contents)
		return -ESTALE;
	ram = partition_ram(&file->enclave->partition, gpa, len);
	if (!ram)
		return -ESTALE;
	return copy_mc_to_kernel(file->page, ram, len) ? -EIO : 0;
}

/* Taking memory can hold the lock for seconds. */
static int ram_collect(struct dump_file *file, gpa_t gpa, u32 len)
{
	int err;

	if (mutex_lock_interruptible(&file->enclave->lock))
		return -ERESTARTSYS;
	err = ram_copy(file, gpa, len);
	mutex_unlock(&file->enclave->lock);
	return err;
}

/* Bytes up to the end of a page at most: no extent ends within one. */
static ssize_t ram_read(struct dump_file *file, char __user *buf, size_t len, loff_t pos)
{
	gpa_t gpa;
	int err;

	if (!dump_find(&file->dump, pos, &gpa))
		return 0;
	len = min_t(size_t, len, PAGE_SIZE - offset_in_page(gpa));
	if (mutex_lock_interruptible(&file->lock))
		return -ERESTARTSYS;
	err = ram_collect(file, gpa, len);
	if (!err && copy_to_user(buf, file->page, len))
		err = -EFAULT;
	mutex_unlock(&file->lock);
	return err ?: len;
}

static ssize_t piece_read(struct dump_file *file, char __user *buf, size_t len, loff_t pos)
{
	if (pos >= file->head_len)
		return ram_read(file, buf, len, pos);
	len = min_t(size_t, len, file->head_len - pos);
	return copy_to_user(buf, file->head + pos, len) ? -EFAULT : len;
}

static ssize_t dump_read(struct file *filp, char __user *buf, size_t len, loff_t *pos)
{
	struct dump_file *file = filp->private_data;
	size_t done = 0;
	ssize_t piece;

	do {
		piece = piece_read(file, buf + done, len - done, *pos + done);
		if (piece > 0)
			done += piece;
		cond_resched();
	} while (piece > 0 && done < len && !signal_pending(current));
	*pos += done;
	return done ?: piece;
}

static loff_t dump_llseek(struct file *filp, loff_t offset, int whence)
{
	struct dump_file *file = filp->private_data;

	return fixed_size_llseek(filp, offset, whence, file->size);
}

static void file_free(struct dump_file *file)
{
	kvfree(file->dump.ram);
	kvfree(file);
}

static int dump_release(struct inode *inode, struct file *filp)
{
	struct dump_file *file = filp->private_data;

	put_device(&file->enclave->dev);
	file_free(file);
	return 0;
}

static const struct file_operations dump_fops = {
	.owner = THIS_MODULE,
	.read = dump_read,
	.llseek = dump_llseek,
	.release = dump_release,
};

/* --- opening --- */

/*
 * Registers are valid if the CPU answers, or has left meanwhile; else the note says that there are
 * none.
 */
static void registers_collect(struct enclave *enclave, u32 index, struct covirt_note_cpu *cpu)
{
	const struct covirt_status *status = hv_space_status(&enclave->space, index);
	u32 before = READ_ONCE(status->snapshot.taken);

	if (enclave_is_running(enclave) && hv_command_registers(&enclave->space, index))
		dev_warn(&enclave->dev, "CPU %d does not answer: its registers are missing in the dump\n",
			 enclave->cpus.cpu[index]);
	/* Pairs with the release of state_set(): the record is complete. */
	if (smp_load_acquire(&status->state) >= COVIRT_CPU_LEAVING) {
		cpu->reason = status->fault.reason;
		cpu->registers = status->left;
	} else if (status->snapshot.taken != before) {
		cpu->registers = status->snapshot;
	}
}

static void cpu_add(struct enclave *enclave, u32 index, struct dump *dump)
{
	struct covirt_note_cpu *cpu = &dump->cpu[dump->nr_cpus++];

	cpu->cpu = enclave->cpus.cpu[index];
	cpu->apicid = enclave->space.config->cpu[index].apicid;
	registers_collect(enclave, index, cpu);
}

/* CPUs come in the co-kernel's own order: the boot CPU first. */
static void cpus_add(struct enclave *enclave, struct dump *dump)
{
	const struct covirt_config *config = enclave->space.config;
	u32 index, rest;

	cpu_add(enclave, config->boot, dump);
	for_each_index(index, rest, config->present & ~BIT(config->boot))
		cpu_add(enclave, index, dump);
}

static struct dump_file *file_alloc(const struct dump *dump)
{
	u32 head_len = dump_head_size(dump);
	struct dump_file *file = kvzalloc(struct_size(file, head, head_len), GFP_KERNEL);

	if (!file)
		return NULL;
	mutex_init(&file->lock);
	file->dump = *dump;
	file->size = dump_size(dump);
	file->head_len = head_len;
	dump_head_write(dump, file->head);
	return file;
}

static struct dump *dump_alloc(const struct covirt_gpmap *map)
{
	struct dump *dump = kvzalloc(sizeof(*dump), GFP_KERNEL);

	if (!dump)
		return NULL;
	dump->ram = kvmalloc_array(dump_count_ram(map), sizeof(*dump->ram), GFP_KERNEL);
	if (!dump->ram) {
		kvfree(dump);
		return NULL;
	}
	dump_add_ram(dump, map);
	return dump;
}

/* The list of RAM is handed on to the file. */
static struct dump_file *file_make(struct enclave *enclave)
{
	struct dump *dump = dump_alloc(&enclave->partition.map);
	struct dump_file *file;

	if (!dump)
		return NULL;
	cpus_add(enclave, dump);
	file = file_alloc(dump);
	if (!file)
		kvfree(dump->ram);
	kvfree(dump);
	if (!file)
		return NULL;
	file->enclave = enclave;
	file->contents = enclave->contents;
	get_device(&enclave->dev);
	return file;
}

/* The dump can be read at any position, as a file on a disk. */
static struct file *filp_make(struct dump_file *file)
{
	struct file *filp = anon_inode_getfile("[covirt-core]", &dump_fops, file, O_RDONLY);

	if (!IS_ERR(filp))
		filp->f_mode |= FMODE_LSEEK | FMODE_PREAD;
	return filp;
}

static int fd_make(struct dump_file *file)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *filp;

	if (fd < 0)
		return fd;
	filp = filp_make(file);
	if (IS_ERR(filp)) {
		put_unused_fd(fd);
		return PTR_ERR(filp);
	}
	fd_install(fd, filp);
	return fd;
}

static int check_contents(struct enclave *enclave)
{
	if (enclave->run != ENCLAVE_NEW && enclave->partition.built &&
	    enclave->ran == enclave->contents)
		return 0;
	return enclave_refuse(enclave, -ENODATA,
			      "there is nothing to dump: it has not been started with these CPUs and this memory, or its memory was given back or cleared for a start that failed; start it, and dump before that goes");
}

/**
 * enclave_dump() - open a core dump
 * @enclave: locked
 *
 * Context: may sleep, up to 10 s for each CPU that runs and does not answer. For who may read
 * all of the enclave's memory; the caller has checked for CAP_SYS_ADMIN.
 * Return: a new file descriptor of the caller's; -EPERM under lockdown; -ENODATA when there is
 * nothing to dump; -ENOMEM; -EMFILE.
 */
int enclave_dump(struct enclave *enclave)
{
	struct dump_file *file;
	int err;

	lockdep_assert_held(&enclave->lock);
	might_sleep();
	err = security_locked_down(LOCKDOWN_KCORE);
	if (err)
		return enclave_refuse(enclave, err,
				      "Linux is locked down (confidentiality), and a dump has all that the co-kernel had in memory: boot with lockdown=integrity to allow it");
	err = check_contents(enclave);
	if (err)
		return err;
	file = file_make(enclave);
	if (!file)
		return -ENOMEM;
	err = fd_make(file);
	if (err < 0) {
		put_device(&enclave->dev);
		file_free(file);
	}
	return err;
}
