# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The main job as a story, run in the emulated host by "make demo". Lines that
# begin with "@" are for the reader; a failed step ends the script.

say()
{
	echo "@ $*"
}

# show: indent what comes from a file or a program
show()
{
	tr -d '\r' | sed 's/^/@      /'
}

# types WORD...: what a user would type, and what comes of it
types()
{
	say "     # $*"
	"$@" 2>&1 | show
}

memory_free()
{
	sed -n 's/^MemFree: *//p' /proc/meminfo
}

say "[1] Linux is up: $(uname -r), $(nproc) CPUs, $(memory_free) free. It is no guest of Covirt, and never will be."

covirt_load
before=$(guard_checksum)
address=$(guard_address)
say "[2] The module is loaded. Is anything missing?"
types covirtctl check
say "     Linux keeps a guard region at physical address $address, checksum $before."

say "[3] One command takes a CPU and memory from Linux, and boots Debian's own kernel there:"
say "     # covirtctl run --cpus 1 --memory 320M --kernel vmlinuz --initrd initrd --name d0 --keep \\"
say "           --append 'console=ttyS0 covirt.do=devmem=$address'"
cd /lib/firmware/covirt
status=0
covirtctl run --cpus 1 --memory 320M --kernel vmlinuz --initrd initrd --name d0 --keep \
	--append "console=ttyS0 covirt.do=devmem=$address" >/tmp/console.d0 2>/tmp/errors </dev/null ||
	status=$?
cd /
head -n 1 /tmp/errors | show
grep -E "Linux version|Hypervisor|x2apic:|ttyS0 at|Run /init" /tmp/console.d0 | cut -c1-100 | show
grep "^cokernel:" /tmp/console.d0 | show

say "[4] Its root has just written to Linux's memory ('devmem $address'). Covirt's answer:"
expect_eq "$status" 3 "exit status of covirtctl run"
sed -n '2,$p' /tmp/errors | show
say "     exit status $status: the co-kernel was contained"

say "[5] Linux did not notice:"
expect_eq "$(guard_checksum)" "$before" "checksum of the guard region"
say "     guard region: checksum $(guard_checksum), unchanged. CPU and memory stay with the enclave for inspection:"
types covirtctl list

say "[6] Then they go back to Linux:"
covirtctl faults d0 >/tmp/report
types covirtctl destroy --force d0
expect_eq "$(nproc)" 4 "number of CPUs"
say "     Linux has $(nproc) CPUs and $(memory_free) free again."
rmmod covirt

say "[7] What 'covirtctl faults d0' had to say:"
show </tmp/report
