# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The files of /sys/class/covirt, used by one person: names, modes, defaults, values that are taken
# and kept, values that are refused with the right errno and a reason while nothing changes, states
# in which a file may not be written, images that are none, and counters that add up. A flood of
# refusals does not fill the kernel log.
#
# Each refusal is judged three ways: by the errno, by a line in the kernel log, and by the
# attribute, which must be as before.
#
# Parsers have KUnit suites and fuzzers; suite files uses the same files at random, with checkers.
# Here is the path through sysfs and the firmware loader, with its answers for each kind of mistake.
# No processor makes a difference, so Bochs does without; the module's own life is in suite module.

test_version_of_the_binary_interface_is_told()
{
	expect_eq "$(cat "$CLASS/abi_version")" 1 "abi_version"
}

test_create_makes_directory_and_device()
{
	enclave e0
	[ -d "$CLASS/e0" ] || fail "no $CLASS/e0"
	wait_until [ -c /dev/covirt/e0 ]
	echo e0 >"$CLASS/destroy"
	[ ! -e "$CLASS/e0" ] || fail "$CLASS/e0 is still there"
	wait_until [ ! -e /dev/covirt/e0 ]
}

test_only_root_may_write()
{
	enclave e0
	for file in "$CLASS/create" "$CLASS/destroy" "$CLASS"/e0/*; do
		[ -f "$file" ] || continue
		expect_match "$(busybox stat -c %a "$file")" '[0246][04][04]' "mode of $file"
	done
	expect_match "$(busybox stat -c %a /dev/covirt/e0)" '?00' "mode of /dev/covirt/e0"
}

test_bad_names_are_refused()
{
	while read -r name; do
		expect_refused EINVAL "$CLASS/create" "$name"
	done <<-END

		a b
		a/b
		.
		..
		a.b
		a;b
		ä
		abcdefghijklmnopqrstuvwxyz012345
		abi_version
		create
		destroy
		hypervisor_memory
		last_error
		memory_reserve
		memory_spare
	END
	expect_eq "$(enclave_names)" "" "list of enclaves"
}

test_longest_name_is_taken()
{
	enclave abcdefghijklmnopqrstuvwxyz_-012
	expect_eq "$(get abcdefghijklmnopqrstuvwxyz_-012 state)" empty "its state"
}

test_names_are_unique()
{
	enclave e0
	expect_refused EEXIST "$CLASS/create" e0
	expect_eq "$(get e0 state)" empty "state of the first"
}

test_names_of_the_class_itself_are_refused()
{
	for name in create destroy; do
		expect_match "$(write_errno "$CLASS/create" "$name")" "E*" "error of creating '$name'"
		[ -f "$CLASS/$name" ] || fail "$CLASS/$name is gone"
	done
}

test_destroying_what_is_not_there_is_refused()
{
	expect_refused ENOENT "$CLASS/destroy" nobody
}

test_attributes_start_with_their_defaults()
{
	enclave e0
	while read -r attribute value; do
		expect_eq "$(get e0 "$attribute")" "$value" "$attribute"
	done <<-END
		state empty
		cpus
		memory 0
		numa_node -1
		layout identity
		firmware
		initrd
		protocol auto
		cmdline
		on_fault stop
		on_reset stop
		cpus_max 0
		apic_ids own
		on_ipi drop
		on_unclaimed ignore
		interrupts direct
		com1_irq on
		histogram 0
		allow_smt_sharing 0
		watchdog 0
		on_hang report
		hung
		heartbeat
		fault none
	END
}

test_attributes_keep_what_is_written()
{
	enclave e0
	while read -r attribute value; do
		set_attr e0 "$attribute" "$value"
		expect_eq "$(get e0 "$attribute")" "$value" "$attribute"
	done <<-END
		numa_node 0
		layout packed
		firmware covirt/payload.elf
		initrd covirt/initrd
		protocol multiboot
		protocol auto
		cmdline console=ttyS0 quiet   a=b
		on_fault restart
		on_fault kill
		on_reset restart
		on_reset stop
		cpus_max 3
		apic_ids host
		apic_ids own
		on_ipi fault
		on_unclaimed fault
		on_unclaimed ignore
		interrupts filtered
		interrupts direct
		com1_irq off
		com1_irq on
		histogram 1
		allow_smt_sharing 1
		watchdog 3600
		watchdog 0
		on_hang fault
		on_hang report
	END
}

test_bad_values_are_refused_and_change_nothing()
{
	enclave e0
	while read -r attribute value; do
		before=$(get e0 "$attribute")
		expect_refused EINVAL "$CLASS/e0/$attribute" "$value"
		expect_eq "$(get e0 "$attribute")" "$before" "$attribute after '$value' was refused"
	done <<-END
		memory 1M
		memory 3M
		memory 2097153
		memory many
		memory -2M
		memory 2MM
		memory 99999999999999999999G
		memory 17592186044418M
		memory 16M forced
		memory force
		cpus none
		cpus 99
		cpus 3-2
		cpus 0
		numa_node 7
		numa_node -2
		numa_node x
		layout random
		protocol grub
		protocol auto (linux)
		on_fault panic
		on_reset kill
		watchdog 3601
		watchdog -1
		watchdog soon
		on_hang restart
		cpus_max 17
		cpus_max -1
		apic_ids guest
		on_ipi allow
		on_unclaimed drop
		interrupts none
		com1_irq maybe
		histogram 2
		allow_smt_sharing maybe
		state run
		state faulted
	END
	expect_all_cpus
	expect_eq "$(offline_pages)" 0 "number of pages taken"
}

test_command_line_has_a_limit()
{
	enclave e0
	longest=$(head -c 1983 /dev/zero | tr '\0' a)
	set_attr e0 cmdline "$longest"
	expect_eq "$(get e0 cmdline)" "$longest" "longest command line"
	expect_refused EINVAL "$CLASS/e0/cmdline" "${longest}a"
	expect_eq "$(get e0 cmdline)" "$longest" "command line afterwards"
}

# refusals: how many lines of the log tell of one
refusals()
{
	dmesg | grep -c "memory takes a size" || true
}

refused_aloud()
{
	heard=$(refusals)
	write_errno "$CLASS/e0/memory" many >/dev/null
	[ "$(refusals)" -gt "$heard" ]
}

# 10 in 5 s, for information.
test_a_flood_of_refusals_does_not_fill_the_log()
{
	enclave e0
	before=$(refusals)
	begun=$(uptime_seconds)
	i=0
	while [ $i -lt 200 ]; do
		echo many >"$CLASS/e0/memory" 2>/dev/null || i=$((i + 1))
	done
	took=$(($(uptime_seconds) - begun))
	expect_number "$(($(refusals) - before))" -le $((10 * (took / 5 + 2))) \
		"lines of 200 refusals in $took s"
	wait_until refused_aloud
	expect_match "$(dmesg -r | grep "memory takes a size" | tail -n 1)" "<6>*" "level of the line"
}

# own_error FILE: of this shell, which is the writer as long as it runs no program
own_error()
{
	read -r number writer errno text <"$1" || number=
}

test_last_error_is_of_the_last_request()
{
	enclave e0
	expect_eq "$(get e0 last_error)" "" "last_error before any"
	echo 1M >"$CLASS/e0/memory" 2>/dev/null || true
	own_error "$CLASS/e0/last_error"
	expect_eq "$number $writer $errno" "1 $$ 22" "number, writer and error"
	expect_match "$text" "memory takes a size like 512M*" "text"
	read -r _ _ _ text <"$CLASS/last_error"
	expect_match "$text" "e0: memory takes a size like 512M*" "text of the class"
	# A write that succeeds takes it back.
	echo 1M >"$CLASS/e0/memory" 2>/dev/null || true
	echo 2M >"$CLASS/e0/memory"
	expect_eq "$(get e0 last_error)" "" "last_error after a write that succeeded"
	echo nobody >"$CLASS/destroy" 2>/dev/null || true
	own_error "$CLASS/last_error"
	expect_eq "$writer $errno" "$$ 2" "writer and error of the class"
	expect_match "$text" "there is no enclave of that name*" "text"
}

# refused_over_and_over ATTRIBUTE WORDS: finds its own words each time
refused_over_and_over()
{
	i=0
	while [ $i -lt 100 ]; do
		i=$((i + 1))
		echo wrong >"$CLASS/e0/$1" 2>/dev/null || true
		own_error "$CLASS/e0/last_error"
		case $text in
		"$2"*) ;;
		*) echo "round $i of $1: $text" ;;
		esac
	done
}

test_writers_at_once_find_their_own_errors()
{
	enclave e0
	refused_over_and_over on_fault "on_fault takes" >/tmp/mixed.1 &
	first=$!
	refused_over_and_over on_ipi "on_ipi takes" >/tmp/mixed.2 &
	second=$!
	refused_over_and_over layout "there is no such layout" >/tmp/mixed.3
	wait $first $second
	expect_eq "$(cat /tmp/mixed.[123])" "" "errors that were another's"
	expect_match "$(get e0 last_error)" "300 *" "the last of all errors"
}

test_start_wants_cpu_memory_and_image()
{
	enclave e0
	expect_refused EINVAL "$CLASS/e0/state" start
	set_attr e0 cpus 3
	expect_refused EINVAL "$CLASS/e0/state" start
	set_attr e0 memory 16M
	expect_refused EINVAL "$CLASS/e0/state" start
	set_attr e0 firmware covirt/payload.elf
	expect_eq "$(get e0 state)" ready state
	start e0
}

test_stop_wants_a_running_enclave()
{
	enclave e0
	expect_refused EINVAL "$CLASS/e0/state" stop
}

test_attributes_do_not_change_while_it_runs()
{
	payload e0 "hello"
	while read -r attribute value; do
		before=$(get e0 "$attribute")
		expect_refused EBUSY "$CLASS/e0/$attribute" "$value"
		expect_eq "$(get e0 "$attribute")" "$before" "$attribute"
	done <<-END
		cpus 2
		memory 32M
		memory 0
		numa_node 0
		layout packed
		firmware covirt/vmlinuz
		initrd covirt/initrd
		protocol multiboot
		cmdline something
		histogram 1
		state start
	END
	expect_refused EBUSY "$CLASS/destroy" e0
	expect_eq "$(get e0 state)" running state
}

test_missing_image_is_refused()
{
	payload_make e0 "hello" firmware=covirt/nowhere
	expect_refused ENOENT "$CLASS/e0/state" start
	expect_eq "$(get e0 state)" ready state
}

# A file below /lib/firmware/covirt made of the first bytes of another.
truncated()
{
	head -c "$2" "/lib/firmware/covirt/$1" >/lib/firmware/covirt/bad
}

expect_bad_image()
{
	expect_refused "$1" "$CLASS/e0/state" start
	expect_eq "$(get e0 state)" ready "state after a bad image"
}

test_foreign_images_are_named()
{
	payload_make e0 "hello" firmware=covirt/bad
	while read -r bytes words; do
		printf "$bytes" >/lib/firmware/covirt/bad
		expect_bad_image ENOEXEC
		expect_match "$(last_words)" "*$words*" "words"
	done <<-'END'
		\037\213\010 gzip
		MZ\220 program for EFI
		\002\260\255\033 multiboot
		070701 an initrd
	END
	: >/lib/firmware/covirt/bad
	expect_bad_image EINVAL
	expect_match "$(last_words)" "*/lib/firmware/covirt/bad is empty, or a directory*" "words"
	rm /lib/firmware/covirt/bad
	mkdir /lib/firmware/covirt/bad
	expect_match "$(write_errno "$CLASS/e0/state" start)" "E[IA]*" "error of a directory"
	expect_match "$(last_words)" "*name the image itself*" "words"
	rmdir /lib/firmware/covirt/bad
}

# A dump of the last run is there as long as nothing was started.
test_a_refused_image_clears_nothing()
{
	payload e0 "hello"
	wait_console e0 "payload: hello"
	stop e0
	ctl 0 core e0 -o /tmp/core
	set_attr e0 firmware covirt/nowhere
	expect_refused ENOENT "$CLASS/e0/state" start
	printf MZ >/lib/firmware/covirt/bad
	set_attr e0 firmware covirt/bad
	expect_bad_image_again
	ctl 0 core e0 -o /tmp/core
	rm /lib/firmware/covirt/bad /tmp/core
}

expect_bad_image_again()
{
	expect_refused ENOEXEC "$CLASS/e0/state" start
	expect_eq "$(get e0 state)" stopped "state after a bad image"
}

test_malformed_images_are_refused()
{
	payload_make e0 "hello" firmware=covirt/bad
	head -c 65536 /dev/urandom >/lib/firmware/covirt/bad
	expect_bad_image ENOEXEC
	head -c 65536 /dev/zero >/lib/firmware/covirt/bad
	expect_bad_image ENOEXEC
	for length in 16 63 100 4096; do
		truncated payload.elf $length
		expect_bad_image ENOEXEC
	done
	for length in 16 600 1024 100000; do
		truncated vmlinuz $length
		expect_bad_image ENOEXEC
	done
	rm /lib/firmware/covirt/bad
}

test_images_that_do_not_fit_are_refused()
{
	enclave e0 cpus=3 memory=4M firmware=covirt/vmlinuz
	expect_refused EINVAL "$CLASS/e0/state" start
	expect_eq "$(get e0 state)" ready state
}

test_good_image_starts_after_a_bad_one()
{
	payload_make e0 "hello" firmware=covirt/nowhere
	expect_refused ENOENT "$CLASS/e0/state" start
	set_attr e0 firmware covirt/payload.elf
	start e0
	wait_console e0 "payload: hello"
}

test_statistics_have_names()
{
	payload e0 "hello"
	wait_console e0 "payload: hello"
	for counter in exits exits_io ipi_denied port_unclaimed msr_denied console_lost \
		unclaimed_reads unclaimed_writes \
		console_bytes doorbells starts faults; do
		expect_match "$(stat e0 "$counter")" '[0-9]*' "counter $counter"
	done
	expect_eq "$(stat e0 starts)" 1 "counter starts"
	expect_eq "$(stat e0 faults)" 0 "counter faults"
	total=0
	for counter in "$CLASS"/e0/stats/exits_*; do
		total=$((total + $(cat "$counter")))
	done
	expect_number "$(stat e0 exits)" -ge "$total" "sum of exits"
}

# histogram_of ENCLAVE: exits that its histogram counts
histogram_of()
{
	awk 'NF != 2 || $1 <= last && NR > 1 { exit 1 } { last = $1; sum += $2 } END { print sum + 0 }' \
		"$CLASS/$1/stats/cycles"
}

test_histogram_counts_every_exit()
{
	payload_make e0 "hello cpuid=0 poweroff" histogram=1
	set_attr e0 state start
	wait_state e0 stopped
	expect_number "$(stat e0 exits)" -gt 10 "number of exits"
	expect_eq "$(histogram_of e0)" "$(stat e0 exits)" "exits in the histogram"
	set_attr e0 histogram 0
	set_attr e0 state start
	wait_state e0 stopped
	expect_number "$(stat e0 exits)" -gt 10 "number of exits of the second run"
	expect_eq "$(get e0 stats/cycles)" "" "histogram of a run that is not measured"
}
