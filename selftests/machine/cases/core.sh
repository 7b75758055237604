# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Core dumps: covirtctl core writes the memory and registers of a co-kernel that has faulted, or
# that runs, as an ELF core file. Where gdb is, it must name the function, its callers and the
# registers that the fault record has; with Debian's kernel the symbols are those of the host's
# kernel, which is the same, and makedumpfile must find the kernel's log. Further cases are about
# the file (seeks, short reads, who may read it, holes), about its end (the memory goes, the enclave
# goes), and about each step of a dump failing in turn.
#
# Controls: a forged VMCOREINFO must not be printed as a command; a dump that is held while the
# memory changes hands must fail with ESTALE; a CPU that does not answer must be missed and
# reported.
#
# Debuggers are in QEMU's machines only, so Bochs shows no more than that registers come out of a
# VMCS. The fuzzer ctl_core tries page tables and notes of any content; a reader like gdb, and
# memory that goes while it is read, it cannot.

CORE=/tmp/core

suite_begin()
{
	covirt_load
	mkdir -p /etc
	echo "nobody:x:65534:65534::/:/bin/sh" >/etc/passwd
	echo 0 >/proc/sys/kernel/kptr_restrict
}

# core STATUS WORD...: as ctl, and no older dump is there
core()
{
	core_expected=$1
	shift
	rm -f $CORE
	ctl "$core_expected" core "$@"
}

# member KEY: of the JSON in /tmp/out, the last one of that name
member()
{
	sed -n "s/^ *\"$1\": \"*\([^\",]*\)\"*,*$/\1/p" /tmp/out | tail -n 1
}

# record_of ENCLAVE KEY: of its fault record
record_of()
{
	get "$1" fault | sed -n "s/^$2: //p"
}

have_debuggers()
{
	[ -e /bin/gdb ] || skip "there is no gdb here"
}

# debug SYMBOLS OFFSET COMMAND...: gdb with a dump; its output is in /tmp/gdb
debug()
{
	debug_symbols=$1
	debug_offset=$2
	shift 2
	for debug_command; do
		set -- "$@" -ex "$debug_command"
		shift
	done
	gdb -nx -batch -c $CORE -ex "symbol-file $debug_symbols -o $debug_offset" "$@" \
		>/tmp/gdb 2>&1 || fail "gdb: $(cat /tmp/gdb)"
}

# image_offset ENCLAVE: where the payload says that it was loaded
image_offset()
{
	console "$1" | sed -n 's/.* image \(0x[0-9a-f]*\).*/\1/p'
}

# --- after a fault ---------------------------------------------------------------

test_gdb_shows_the_function_that_faulted()
{
	have_debuggers
	payload e0 "bootinfo write=$(guard_address)"
	wait_state e0 faulted
	wait_console e0 image
	core 0 e0 -o $CORE
	says /tmp/err "1 CPUs."
	# The file's name says what it is: gdb reads ELF from any.
	cp /lib/firmware/covirt/payload.elf /tmp/payload
	debug /tmp/payload "$(image_offset e0)" bt "p/x \$rip" "p/x \$rsp" "p/x \$rcx"
	says /tmp/gdb "terminated with signal SIGSEGV"
	says /tmp/gdb "in probe_write ()"
	says /tmp/gdb "command_write (word="
	says /tmp/gdb "payload_main (info="
	says /tmp/gdb "\$1 = $(record_of e0 rip)"
	says /tmp/gdb "\$2 = $(record_of e0 rsp)"
	says /tmp/gdb "\$3 = $(guard_address)"
	# Pages of zeros are holes: the payload has 16 MiB.
	expect_number "$(wc -c <$CORE)" -gt $((14 << 20)) "size of the dump"
	expect_number "$(du -k $CORE | cut -f 1)" -lt 2048 "KiB that it takes"
}

# The second CPU waits in its job while the first one faults.
test_each_cpu_is_in_the_dump()
{
	other_id=$(cokernel_id 1 "$CPU")
	payload e0 "ap=$other_id,2 hear=1 cpuid=0 write=$(guard_address)" cpus="$CPU2,$CPU"
	wait_console e0 "payload: listening"
	core 0 e0 -o $CORE --json
	expect_eq "$(grep -c '"rip"' /tmp/out)" 2 "CPUs whose registers are known while it runs"
	expect_eq "$(get e0 state)" running state
	echo now >/dev/covirt/e0
	wait_state e0 faulted
	core 0 e0 -o $CORE --json
	expect_eq "$(grep -c '"rip"' /tmp/out)" 2 "CPUs whose registers are known"
	expect_eq "$(member thread)" 1 "thread of the fault"
	expect_match "$(grep '"rip"' /tmp/out | head -n 1)" "*\"$(record_of e0 rip)\"*" "rip"
}

test_dump_is_a_file_of_its_own()
{
	once_is_enough
	payload e0 "hello spin"
	wait_console e0 "payload: spinning"
	core_fd check /dev/covirt/e0 || fail "the dump of one that runs"
	stop e0
	core_fd check /dev/covirt/e0 || fail "the dump of one that was stopped"
	core 0 e0 -o $CORE
	covirtctl core e0 -o - | cmp - $CORE || fail "stdout gets another dump"
	expect_match "$(ls -l $CORE)" "-rw-------*" "who may read it"
}

test_dump_replaces_a_file_that_others_may_read()
{
	once_is_enough
	payload e0 "hello spin"
	wait_console e0 "payload: spinning"
	rm -f $CORE
	echo old >$CORE
	chmod 644 $CORE
	exec 4<$CORE
	ctl 0 core e0 -o $CORE
	expect_match "$(ls -l $CORE)" "-rw-------*" "who may read it"
	expect_eq "$(cat <&4)" old "what they read"
	exec 4<&-
	covirtctl core e0 -o /dev/null || fail "a device is refused"
	[ -c /dev/null ] || fail "the device is gone"
}

# note_of TEXT: as Linux keeps its VMCOREINFO in memory
note_of()
{
	printf '\013\000\000\000'
	printf "\\$(printf %o $((${#1} & 255)))\\$(printf %o $((${#1} >> 8)))\000\000"
	printf '\000\000\000\000VMCOREINFO\000\000%s' "$1"
}

# The command that is printed is for a shell, and what the co-kernel says of itself may be anything.
test_forged_version_is_not_printed()
{
	once_is_enough
	end="
X=1
"
	for offset in 1f000000 "0'; touch /tmp/owned; : '"; do
		note_of "OSRELEASE=6.12-test
KERNELOFFSET=$offset$end" >/lib/firmware/note
		payload e0 "hello poweroff" initrd=note
		wait_state e0 stopped
		core 0 e0 -o $CORE
		case $offset in
		1f000000) says /tmp/err "-o 0x1f000000'" ;;
		*) ! grep -F "touch" /tmp/err || fail "it is printed" ;;
		esac
		echo e0 >"$CLASS/destroy"
	done
	rm /lib/firmware/note
}

test_run_keeps_a_dump_of_what_it_ran()
{
	once_is_enough
	cp /lib/firmware/covirt/payload.elf /tmp/payload
	rm -f $CORE
	status=0
	covirtctl run --kernel /tmp/payload --memory 16M --cpu-list "$CPU" --core $CORE \
		--append "write=$(guard_address)" >/tmp/out 2>/tmp/err </dev/null || status=$?
	expect_eq "$status" 3 "status of covirtctl run"
	says /tmp/err "$CORE: 14976K of memory"
	expect_eq "$(dd if=$CORE bs=4 count=1 2>/dev/null | tail -c 3)" ELF "what the file is"
}

# --- Linux -----------------------------------------------------------------------

# Debian's co-kernel is the host's kernel elsewhere in memory, so the host's list of symbols names
# its addresses.
test_debians_kernel_is_known_by_name()
{
	have_debuggers
	symbol_elf /tmp/vmlinux </proc/kallsyms || fail "no symbols"
	debian e0 "kernelwrite=0xc0000"
	wait_state e0 faulted
	expect_fault e0 reason memory-violation gpa 0xc0000 access write cpl 0
	core 0 e0 -o $CORE --json
	expect_eq "$(member linux)" "$(uname -r)" "Linux in the dump"
	offset=$(member offset)
	note "moved by $offset, $(member segments) segments"
	debug /tmp/vmlinux "$offset" bt "x/s &linux_banner" "info symbol \$rip" "p/x \$rip" "x/64a \$rsp"
	says /tmp/gdb "\$1 = $(record_of e0 rip)"
	# The stack is virtual memory: the co-kernel's page tables were read. How far gdb unwinds
	# without debugging information depends on the kernel.
	says /tmp/gdb " <write_mem+"
	grep "^#0" /tmp/gdb | grep -qE " in [a-z_]*(copy|rep_movs)[a-z_]* \(\)" || fail "$(cat /tmp/gdb)"
	says /tmp/gdb "Linux version $(uname -r)"
	# A crash tool that knows of it by VMCOREINFO only.
	makedumpfile --dump-dmesg $CORE /tmp/dmesg >/tmp/makedumpfile 2>&1 ||
		fail "$(cat /tmp/makedumpfile)"
	says /tmp/dmesg "Linux version $(uname -r)"
	says /tmp/dmesg "Run /init as init process"
}

test_dump_of_debian_that_runs_does_not_disturb_it()
{
	have_debuggers
	debian e0 shell
	wait_prompt e0 "/ # "
	core 0 e0 -o $CORE
	says /tmp/err "crash vmlinux $CORE"
	echo 'echo it is $((6 * 7)) on $(nproc) CPU' >/dev/covirt/e0
	wait_console e0 "it is 42 on 1 CPU"
	expect_eq "$(get e0 state)" running state
	linux_answers
}

# --- its end ---------------------------------------------------------------------

# hold: a dump of e0 is open, until release
hold()
{
	rm -f /tmp/ask
	mkfifo /tmp/ask
	core_fd hold /dev/covirt/e0 </tmp/ask >/tmp/answers &
	exec 3>/tmp/ask
	wait_until grep -q open /tmp/answers
}

# held_read ERROR: reading of it says so
held_read()
{
	: >/tmp/answers
	echo >&3
	wait_until test -s /tmp/answers
	expect_eq "$(cat /tmp/answers)" "$1" "error of reading the dump"
}

release()
{
	exec 3>&-
	wait
}

test_dump_ends_with_the_memory()
{
	once_is_enough
	payload_make e0 "hello spin"
	set_attr e0 state start
	hold
	held_read 0
	stop e0
	held_read 0
	set_attr e0 state start
	held_read ESTALE
	release
	hold
	held_read 0
	stop e0
	set_attr e0 memory 4M
	held_read ESTALE
	release
}

test_dump_outlives_the_enclave()
{
	once_is_enough
	payload_make e0 "hello spin"
	set_attr e0 state start
	hold
	stop e0
	echo e0 >"$CLASS/destroy"
	held_read ESTALE
	! rmmod covirt 2>/dev/null || fail "the module was unloaded"
	release
}

# --- refusals --------------------------------------------------------------------

test_without_contents_there_is_no_dump()
{
	once_is_enough
	payload_make e0 triplefault on_fault=kill
	core 1 e0 -o $CORE
	says /tmp/err "there is nothing to dump"
	set_attr e0 state start
	wait_until memory_is_back
	core 1 e0 -o $CORE
	says /tmp/err "there is nothing to dump"
	[ ! -e $CORE ] || fail "there is a file"
	core 4 nobody
	core 2 e0 -o - --json
	echo e0 >"$CLASS/destroy"
	payload e0 triplefault
	wait_state e0 faulted
	# A start that fails when the memory has been cleared.
	echo hv_boot_cpu >"$GUARD/fail"
	expect_refused ETIMEDOUT "$CLASS/e0/state" start
	echo 0 >"$GUARD/fail"
	core 1 e0 -o $CORE
	says /tmp/err "there is nothing to dump"
}

memory_is_back()
{
	[ "$(get e0 memory)" = 0 ]
}

test_ordinary_user_gets_no_dump()
{
	once_is_enough
	payload e0 "hello spin"
	wait_console e0 "payload: spinning"
	status=0
	su nobody -s /bin/sh -c "covirtctl core e0 -o $CORE" >/tmp/out 2>&1 || status=$?
	expect_eq "$status" 6 "status of covirtctl core"
	# A user who may open the device may not read the memory.
	chmod 666 /dev/covirt/e0
	status=0
	su nobody -s /bin/sh -c "covirtctl core e0 -o $CORE" >/tmp/out 2>&1 || status=$?
	expect_eq "$status" 6 "status of covirtctl core with the device"
}

test_each_step_of_a_dump_fails_in_turn()
{
	once_is_enough
	payload e0 "hello spin"
	wait_console e0 "payload: spinning"
	: >/tmp/failures
	step=1
	while :; do
		echo $step >"$GUARD/fail"
		status=0
		core_fd check /dev/covirt/e0 >/tmp/out 2>&1 || status=$?
		failed=$(cat "$GUARD/fail")
		echo 0 >"$GUARD/fail"
		case $failed in *none*) break ;; esac
		expect_match "$status $(cat /tmp/out)" "2 no dump: E[NM]*" "what fails when $failed does"
		echo "${failed#* }" >>/tmp/failures
		step=$((step + 1))
	done
	expect_eq "$status" 0 "status where nothing failed"
	expect_number "$step" -gt 4 "number of steps"
	note "failed in turn: $(tr '\n' ' ' </tmp/failures)"
}

# The dump lacks the CPU's registers, not the memory.
test_cpu_that_does_not_answer_is_dumped_without_registers()
{
	once_is_enough
	payload e0 "hello spin"
	wait_console e0 "payload: spinning"
	echo ipi_doorbell >"$GUARD/fail"
	core 0 e0 -o $CORE --json
	echo 0 >"$GUARD/fail"
	! grep -q rip /tmp/out || fail "its registers are known"
	expect_match "$(dmesg -s 4096 | grep "covirt e0" | tail -n 1)" \
		"*CPU $CPU does not answer: its registers are missing*" "kernel log"
	core 0 e0 -o $CORE --json
	says /tmp/out rip
}

# The last one: there is no way back.
test_lockdown_permits_no_dump()
{
	once_is_enough
	mount -t securityfs securityfs /sys/kernel/security 2>/dev/null || true
	[ -e /sys/kernel/security/lockdown ] || skip "this kernel has no lockdown"
	payload e0 "hello spin"
	wait_console e0 "payload: spinning"
	echo confidentiality >/sys/kernel/security/lockdown
	core 1 e0 -o $CORE
	says /tmp/err "Linux is locked down"
}
