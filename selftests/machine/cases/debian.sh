# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Debian's own unmodified kernel as a co-kernel: it boots to user space, keeps the TSC and Linux's
# date, a shell answers, it powers off, it panics and is restarted, and its root's write to Linux's
# memory is contained and explained. Its console, by interrupt, costs few exits for each byte. The
# newest kernel of Debian's backports boots without an option, on one CPU and on two.
#
# Controls: what its kernel logs as "unchecked MSR access" is counted and must be none, and the
# write to Linux's memory must not get as far as the line behind it.
#
# A boot takes an emulated Intel machine the better part of a minute, so each is used for as much as
# it can show. The payload does a single thing when told; what a real kernel does in its first ten
# million instructions, and in which order, nobody can list, so the real one is run.

# type_command TEXT ANSWER: in the shell of e0, whose kernel is silent meanwhile
type_command()
{
	echo "dmesg -n 1; $1" >/dev/covirt/e0
	wait_console e0 "$2"
}

# knows_the_time: e0 has kept the TSC, and Linux's date. It has read whole seconds.
# The quotes in what is typed are not in what is answered.
knows_the_time()
{
	type_command "until grep -x tsc $CLOCK; do sleep 1; done; echo '<'clock'>'" "<clock>"
	before=$(date +%s)
	type_command "echo '<'date \$(date +%s)'>'" "<date "
	after=$(date +%s)
	told=$(console e0 | sed -n 's/.*<date \([0-9]*\)>.*/\1/p')
	expect_number "$told" -ge $((before - 2)) "its date"
	expect_number "$told" -le $((after + 1)) "its date"
	note "its date is between $((told - after)) and $((told - before)) s of Linux's"
}

test_debian_boots_to_user_space_a_shell_answers_and_powers_it_off()
{
	debian e0 shell
	wait_prompt e0 "/ # "
	expect_match "$(console e0)" "*cokernel: hello from user space*" console
	expect_match "$(console e0)" "*cokernel: Linux * $(uname -r) *" "kernel version on the console"
	expect_match "$(console e0)" "*cokernel: 1 CPU*" "number of its CPUs"
	kib=$(console e0 | sed -n 's/.*MemTotal: *\([0-9]*\) kB.*/\1/p')
	expect_number "$kib" -lt $((320 * 1024)) "its memory in KiB"
	expect_number "$kib" -gt $((200 * 1024)) "its memory in KiB"
	expect_eq "$(get e0 state)" running state
	note "$(console e0 | grep "cokernel: Linux")"
	echo 'echo it is $((6 * 7)) on $(nproc) CPU' >/dev/covirt/e0
	wait_console e0 "it is 42 on 1 CPU"
	linux_answers
	# All features that the processor announces were there when Linux used them.
	echo "branches; dmesg | grep -c 'unchecked MSR' | sed 's/^/unchecked: /'" >/dev/covirt/e0
	wait_console e0 "branches: 20 of 20"
	wait_console e0 "unchecked: 0"
	knows_the_time
	echo "poweroff -f" >/dev/covirt/e0
	wait_state e0 stopped
	expect_fault e0 reason power-off
	linux_answers
}

# With the early console, too.
test_wild_write_of_debians_root_is_contained()
{
	checksum=$(guard_checksum)
	todo="devmem=$(guard_address)"
	debian e0 "$todo" \
		cmdline="earlycon=uart8250,io,0x3f8 console=ttyS0 covirt.do=$todo $COKERNEL_PARAMS"
	wait_console e0 "bootconsole [uart8250"
	wait_console e0 "cokernel: root writes to $(guard_address)"
	wait_state e0 faulted
	expect_fault e0 reason memory-violation gpa "$(guard_address)" access write owner linux cpu "$CPU"
	! console_has e0 "cokernel: wrote to" || fail "the write went through"
	expect_eq "$(guard_checksum)" "$checksum" "checksum of Linux's memory"
	linux_answers
	# The explanation begins at its RIP, which one emulator now and then loses.
	[ "$(word covirt.reports)" = no ] || [ "$(word covirt.rip)" = unreliable ] || expect_explained
}

# expect_explained: what covirtctl says of a store of its user space
expect_explained()
{
	ctl 0 faults e0
	says /tmp/out "CPU $CPU wrote 8 bytes at $(guard_address), which is Linux's memory."
	says /tmp/out "privilege level 3"
	says /tmp/out "0xdeadbeefdeadbeef"
	expect_number "$(grep -c "entry at 0x" /tmp/out)" -ge 3 "number of page table entries"
}

test_panic_of_debian_in_packed_layout_is_its_own_and_it_is_restarted()
{
	debian e0 panic layout=packed on_reset=restart \
		cmdline="console=ttyS0 panic=1 covirt.do=panic $COKERNEL_PARAMS"
	wait_console e0 "Kernel panic - not syncing: sysrq triggered crash"
	linux_answers
	started_again()
	{
		[ "$(stat e0 starts)" -gt "$debian_attempt" ]
	}
	wait_until started_again
	expect_eq "$(stat e0 faults)" 0 "counter faults"
	stop e0
}

# console_exits: of those in /tmp/exits the ones that a console makes; without x2APIC each tick of a timer
# makes two more
console_exits()
{
	awk '$1 == "exits_io" || $1 == "exits_doorbell" { sum += $2 } END { print sum + 0 }' /tmp/exits
}

# console_done ENCLAVE TEXT: the line that ends a step is there; told are the exits of the step in
# $exits, and of bytes that were printed in $bytes
console_done()
{
	wait_console "$1" "$2"
	stats "$1" >/tmp/after
	differences "/tmp/before.$1" /tmp/after >/tmp/exits
	exits=$(console_exits)
	bytes=$(sed -n 's/^console_bytes //p' /tmp/exits)
}

# console_step ENCLAVE: one begins
console_step()
{
	stats "$1" >"/tmp/before.$1"
}

# writes_text ENCLAVE: 16 KiB in raw mode; exits per byte in hundredths are $per_byte
writes_text()
{
	console_done "$1" "cokernel: written"
	expect_number "$bytes" -ge 16384 "bytes printed"
	per_byte=$((exits * 100 / bytes))
	note "$1, com1_irq $(get "$1" com1_irq): $exits exits for $bytes bytes of a tty," \
		"$(console "$1" | sed -n 's/.*written \(from .*\)\./\1/p')"
}

# hears_paste ENCLAVE: 1900 bytes at once, all of which arrive
hears_paste()
{
	seq 1000 | tr -d '\n' | head -c 1900 >/tmp/paste
	console_step "$1"
	cat /tmp/paste >"/dev/covirt/$1"
	console_done "$1" "cokernel: pasted"
	console_has "$1" "cokernel: pasted $(md5sum </tmp/paste | cut -d ' ' -f 1)" || fail "not all of it arrived"
	note "$1, com1_irq $(get "$1" com1_irq): $exits exits for 1900 bytes pasted"
}

# echoes ENCLAVE: cat gives back a byte; $exits are those of the dearest of a few
echoes()
{
	most=0
	for byte in A B C D E; do
		console_step "$1"
		printf %s $byte >"/dev/covirt/$1"
		is_back()
		{
			[ "$(tail -c 1 "/tmp/console.$1")" = $byte ]
		}
		wait_until is_back "$1"
		is_quiet "$1"
		[ "$exits" -le "$most" ] || most=$exits
	done
	exits=$most
	note "$1, com1_irq $(get "$1" com1_irq): up to $exits exits for a byte that is typed and echoed"
}

# is_quiet ENCLAVE: the exits of the step, once there are no more for a second
is_quiet()
{
	exits=-1
	for second in 1 2 3 4 5; do
		stats "$1" >/tmp/after
		before=$exits
		differences "/tmp/before.$1" /tmp/after >/tmp/exits
		exits=$(console_exits)
		[ "$exits" != "$before" ] || break
		sleep 1
	done
}

# Two at once, each with an I/O APIC of its own, in another layout and another mode; then one of them
# as it was before its COM1 had an interrupt.
test_consoles_write_hear_and_echo_by_interrupt()
{
	once_is_enough
	debian e0 console layout=packed
	# On another CPU.
	(CPU=$CPU2 && debian e1 console interrupts=filtered)
	for name in e0 e1; do
		wait_console $name "cokernel: console"
	done
	for name in e0 e1; do
		console_step $name
		echo go >/dev/covirt/$name
	done
	for name in e0 e1; do
		writes_text $name
		[ $name = e1 ] || expect_number $per_byte -le 125 "exits for 100 bytes"
	done
	for name in e0 e1; do
		hears_paste $name
	done
	echoes e0
	expect_number "$exits" -le 15 "exits for a byte"
	expect_eq "$(stat e0 ioapic_dropped)" 0 "counter ioapic_dropped"
	stop e1
	set_attr e1 interrupts direct
	set_attr e1 com1_irq off
	debian_start e1
	wait_console e1 "cokernel: console"
	console_step e1
	echo go >/dev/covirt/e1
	writes_text e1
	hears_paste e1
	echoes e1
}

# newest TODO [ATTRIBUTE=VALUE...]: the newest kernel of Debian's backports, if it was fetched
newest()
{
	[ -e /lib/firmware/covirt/vmlinuz-newest ] ||
		skip "not in this boot: see newest in machines.py"
	debian e0 "$@" firmware=covirt/vmlinuz-newest
}

# The newest kernel reads registers of AMD's chip set, and writes back what it has read.
test_newest_kernel_boots_without_an_option_and_powers_off()
{
	newest shell
	wait_prompt e0 "/ # "
	expect_match "$(console e0)" "*cokernel: hello from user space*" console
	expect_match "$(console e0)" "*cokernel: 1 CPU*" "number of its CPUs"
	note "$(console e0 | grep "cokernel: Linux"), unclaimed: $(stat e0 unclaimed_reads) reads, $(stat e0 unclaimed_writes) writes"
	echo "poweroff -f" >/dev/covirt/e0
	wait_state e0 stopped
	expect_fault e0 reason power-off
	linux_answers
}

test_newest_kernel_boots_on_several_cpus_and_powers_off()
{
	newest shell cpus="$CPU2,$CPU"
	wait_prompt e0 "/ # "
	expect_match "$(console e0)" "*cokernel: 2 CPU*" "number of its CPUs"
	echo "poweroff -f" >/dev/covirt/e0
	wait_state e0 stopped
	expect_fault e0 reason power-off
	linux_answers
}

# Where a read of the chip set is a fault, no Linux that makes one comes far.
test_newest_kernel_is_contained_where_what_nobody_owns_is_a_fault()
{
	[ "$(own_backend)" = svm ] || skip "it looks for the registers of AMD's chip set"
	newest shell on_unclaimed=fault
	wait_state e0 faulted
	expect_fault e0 reason memory-violation gpa 0xfed803c0 access read owner none cpu "$CPU"
	expect_eq "$(stat e0 unclaimed_reads)" 0 "counter unclaimed_reads"
	! console_has e0 "cokernel: hello" || fail "it has come up"
	linux_answers
}

# A clock that the tick has to keep would cost 250 of them in a second.
test_cpu_without_a_tick_gets_none()
{
	[ -e /bin/gdb ] || skip "the same on any processor, and slow on this one"
	todo=ticks
	debian e0 $todo cpus="$CPU2,$CPU" \
		cmdline="console=ttyS0 nohz_full=1 covirt.do=$todo $COKERNEL_PARAMS"
	wait_console e0 "cokernel: clock tsc"
	wait_console e0 " s, clock tsc."
	told=$(console e0 | sed -n 's/.*cokernel: \([0-9]* ticks in [0-9]* s\).*/\1/p')
	note "$told"
	read -r ticks _ _ seconds _ <<-END
		$told
	END
	expect_number "$seconds" -ge 9 "seconds of its time"
	expect_number "$ticks" -lt $((10 * seconds)) "local timer interrupts of a CPU without a tick"
}
