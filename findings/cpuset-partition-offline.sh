#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The only CPU of a cpuset partition is to go offline: one kernel refuses, one tells no reason.
#
# Seen:	Debian's cloud kernels 6.1.176, 6.12.117, 7.3.4, in QEMU 10.0.13 (TCG, x86).
# Expectation: the kernel's Documentation/admin-guide/cgroup-v2.rst, cpuset.cpus.partition: hotplug
#	can make a valid partition invalid and valid again, and of an invalid one the file tells the
#	reason in parentheses.
# Behaviour: 6.1 does all that. 6.12 refuses to take the CPU offline, EBUSY, be there a task in the
#	partition or not. 7.3 takes it, the task runs on the CPUs of others, and the file says "root
#	invalid" without a reason. Without a task the partition stays valid on 6.1 and 7.3.
# Who takes CPUs from a Linux that others have parted by cpusets, as an HPC node's scheduler or a
# real-time setup does, cannot rely on the EBUSY nor look for the reason.
set -eu
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

emulator
initramfs <<'END'
online=/sys/devices/system/cpu/cpu1/online
mount -t cgroup2 cgroup2 /sys/fs/cgroup
cd /sys/fs/cgroup
echo +cpuset >cgroup.subtree_control
mkdir part
echo 1 >part/cpuset.cpus
echo root >part/cpuset.cpus.partition
sleep 1000 &
echo $! >part/cgroup.procs

tell()
{
	echo "$1: cpu1/online $(cat $online), $(cat part/cpuset.cpus.partition), task on" \
		$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/$!/status)
}

uname -r
tell "with a task"
echo 0 >$online
sleep 3
tell "offline"
echo 1 >$online
sleep 3
tell "online"
kill $!
wait $! 2>/dev/null
sleep 3
echo 0 >$online
sleep 3
echo "offline, no task: cpu1/online $(cat $online), $(cat part/cpuset.cpus.partition)"
END
boots 6.1 6.12 7.3 >"$work/seen"
judge "$work/seen" <<END
6.1.0-50-cloud-amd64
with a task: cpu1/online 1, root, task on 1
offline: cpu1/online 0, root invalid (No cpu available due to hotplug), task on 0,2
online: cpu1/online 1, root, task on 1
offline, no task: cpu1/online 0, root
6.12.117+deb13-cloud-amd64
with a task: cpu1/online 1, root, task on 1
sh: write error: Device or resource busy
offline: cpu1/online 1, root, task on 1
online: cpu1/online 1, root, task on 1
sh: write error: Device or resource busy
offline, no task: cpu1/online 1, root
7.3.4+deb13-cloud-amd64
with a task: cpu1/online 1, root, task on 1
offline: cpu1/online 0, root invalid, task on 0,2
online: cpu1/online 1, root, task on 1
offline, no task: cpu1/online 0, root
END
