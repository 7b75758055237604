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

# type_in VALUE FILE: what a user would type in the enclave's folder
type_in()
{
	say "     # echo $1 > $2"
	echo "$1" >"$2"
}

memory_free()
{
	sed -n 's/^MemFree: *//p' /proc/meminfo
}

say "[1] Linux is up: $(uname -r), $(nproc) CPUs, $(memory_free) free. It is no guest of Covirt, and never will be."

covirt_load
say "[2] The module is loaded: backend $(cat /sys/module/covirt/parameters/backend)."
before=$(guard_checksum)
address=$(guard_address)
say "     Linux keeps a guard region at physical address $address, checksum $before."

say "[3] An enclave is created and given a CPU, memory, and Debian's own kernel:"
type_in d0 /sys/class/covirt/create
cd /sys/class/covirt/d0
type_in 3 cpus
type_in 320M memory
type_in covirt/vmlinuz firmware
type_in covirt/initrd initrd
type_in "console=ttyS0 covirt.do=devmem=$address" cmdline
say "     Linux now has $(nproc) CPUs and $(memory_free) free."

say "[4] Debian boots in it. From its console, /dev/covirt/d0:"
type_in start state
cd /
console_follow d0
wait_console d0 "cokernel: hello from user space"
wait_console d0 "cokernel: root writes"
grep -E "Linux version|Hypervisor|x2apic:|ttyS0 at|Run /init" /tmp/console.d0 | cut -c1-100 | show
grep "^cokernel:" /tmp/console.d0 | show

say "[5] Its root has just written to Linux's memory ('devmem $address'). Covirt's answer:"
wait_state d0 faulted
head -n 9 /sys/class/covirt/d0/fault | show

say "[6] Linux did not notice:"
expect_eq "$(guard_checksum)" "$before" "checksum of the guard region"
say "     guard region: checksum $(guard_checksum), unchanged; the enclave is $(get d0 state)."
say "     exits in the enclave's whole life: $(stat d0 exits), of these for its console: $(stat d0 exits_io)."

say "[7] CPU and memory go back to Linux:"
type_in d0 /sys/class/covirt/destroy
expect_eq "$(nproc)" 4 "number of CPUs"
say "     Linux has $(nproc) CPUs and $(memory_free) free again."
rmmod covirt
say "     The module is unloaded. That is all."
