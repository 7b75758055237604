#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# enter.sh ROOT DUMPS VMLINUX COMMAND: in a Debian release that was unpacked to ROOT; DUMPS has
# the files and VMLINUX is beside them. What is mounted is seen by nobody else, and ends with it.
set -eu

mount --bind "$2" "$1/dumps"
mount --bind "$3" "$1/dumps/vmlinux"
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
exec chroot "$1" env TERM=dumb HOME=/tmp bash -c "cd /dumps && $4"
