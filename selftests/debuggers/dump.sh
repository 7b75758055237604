# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # CPU: lib.sh's
#
# In the emulated host: a core dump of Debian, whose kernel has written where it has no memory,
# onto the disk, and how covirtctl says that it is looked at.

DUMP=/tmp/d0.core

covirt_load
debian d0 "kernelwrite=0xc0000"
wait_state d0 faulted
covirtctl core d0 -o $DUMP
echo "dump: $(wc -c <$DUMP) bytes"
dd if=$DUMP of=/dev/nvme0n1 bs=1M conv=fsync 2>/dev/null
