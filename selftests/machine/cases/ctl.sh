# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# covirtctl as people and scripts use it. Runs that end well, by a fault, by a signal, by kill -9,
# or because their reader went; runs that are refused before anything is taken; consoles at a
# terminal (programs/pty.c plays the user: types, resizes the window, stops and continues); top,
# faults, map, list and check; and an ordinary user who may do none of it. Co-kernels lie outside of
# /lib/firmware, as people's do.
#
# After each run nothing may be left: no enclave, no link, no claim, and no CPU of Linux's may have
# gone offline for a run that was refused, which Linux's own count of CPUs brought up tells.
#
# The tool's parsers have fuzzers (ctl, ctl_fault), its help and manual page the stage tools. Here
# is what it does with a kernel, and with two processes at once. It is a program of user space, the
# same on any processor, so it runs on QEMU only.

KERNEL=/root/lwk.elf
LINKS=/lib/firmware/covirt/run
CLAIMS=/run/covirtctl

suite_begin()
{
	covirt_load
	mkdir -p /root /run /etc
	cp /lib/firmware/covirt/payload.elf $KERNEL
	echo "nobody:x:65534:65534::/:/bin/sh" >/etc/passwd
}

# ctl_run STATUS WORDS [OPTION...]: without a terminal
ctl_run()
{
	ctl_run_status=$1
	ctl_run_words=$2
	shift 2
	ctl "$ctl_run_status" run --kernel $KERNEL --memory 16M --cpu-list "$CPU" \
		--append "$ctl_run_words" "$@"
}

# ctl_begin WORDS [OPTION...]: in the background, until its co-kernel prints
ctl_begin()
{
	begin_words=$1
	shift
	rm -f /tmp/run.out
	covirtctl run --kernel $KERNEL --memory 16M --cpu-list "$CPU" --append "hello $begin_words" \
		"$@" >/tmp/run.out 2>/tmp/run.err </dev/null &
	runner=$!
	wait_until grep -qs "payload: hello" /tmp/run.out
}

# at_terminal STATUS STEP... -- WORD...: covirtctl at a terminal; see programs/pty.c
at_terminal()
{
	terminal_status=0
	terminal_expected=$1
	shift
	pty "$@" >/tmp/transcript || terminal_status=$?
	[ "$terminal_status" = "$terminal_expected" ] || {
		cat /tmp/transcript
		fail "at the terminal it ends with $terminal_status, expected $terminal_expected"
	}
}

nothing_is_left()
{
	expect_eq "$(enclave_names)" "" enclaves
	expect_all_cpus
	[ ! -e $LINKS ] || fail "left below $LINKS: $(ls $LINKS)"
	[ ! -e $CLAIMS ] || expect_eq "$(ls $CLAIMS)" "" "claims left"
}

# --- run ------------------------------------------------------------------------

test_run_is_a_whole_life()
{
	ctl_run 0 "hello poweroff"
	says /tmp/out "payload: hello"
	says /tmp/err "run0 has ended: power-off"
	nothing_is_left
}

test_run_chooses_cpus()
{
	ctl 0 run -k $KERNEL -m 16M --cpus 2 --append "bootinfo poweroff"
	says /tmp/err "CPUs $CPU2-$CPU,"
	says /tmp/out "cpus 2"
	nothing_is_left
}

test_a_fault_has_its_own_exit_status()
{
	ctl_run 3 "hello triplefault"
	says /tmp/out "payload: hello"
	says /tmp/err triple
	nothing_is_left
}

# The enclave is gone before anybody could see that it faulted.
test_a_fault_that_gives_all_back_has_the_same()
{
	ctl_run 3 "hello triplefault" --set on_fault=kill
	says /tmp/err triple
	nothing_is_left
}

test_kept_enclave_stays()
{
	ctl_run 3 "hello triplefault" --name kept --keep
	expect_eq "$(get kept state)" faulted state
	[ -L $LINKS/kept.kernel ] || fail "its image is gone"
	ctl 0 destroy --force kept
	nothing_is_left
}

test_kept_enclave_stays_when_its_reader_goes()
{
	covirtctl run --kernel $KERNEL --memory 16M --cpu-list "$CPU" --append "flood=60000 spin" \
		--name kept --keep 2>/dev/null </dev/null | head -c 100 >/dev/null
	expect_eq "$(get kept state)" running state
	ctl 0 destroy --force kept
	nothing_is_left
}

test_what_never_ran_is_not_kept()
{
	ctl_run 2 hello --name kept --keep --set stats/x=1
	nothing_is_left
}

# cpu_boots: how often Linux has brought a CPU online
cpu_boots()
{
	dmesg | grep -c "Booting Node"
}

# A refusal leaves nothing at any step, and comes before a CPU is claimed.
# The unpacked kernel goes with the enclave; words name the user's file.
test_run_unpacks_a_compressed_kernel()
{
	boots=$(cpu_boots)
	gzip -c $KERNEL >/tmp/payload.gz
	head -c 1000 /tmp/payload.gz >/tmp/cut.gz
	ctl 1 run -k /tmp/cut.gz -m 16M
	says /tmp/err "/tmp/cut.gz: the compressed file is damaged or cut off"
	nothing_is_left
	expect_eq "$(cpu_boots)" "$boots" "CPUs taken for a file that is cut off"
	ctl 0 run -k /tmp/payload.gz -m 16M --append "hello poweroff"
	says /tmp/out "payload: hello"
	nothing_is_left
	gzip -c /lib/firmware/covirt/hello.elf >/tmp/hello.gz
	ctl 1 run -k /tmp/hello.gz -m 16M
	says /tmp/err "/tmp/hello.gz: image is linked where the enclave has no RAM"
	nothing_is_left
	rm /tmp/payload.gz /tmp/cut.gz /tmp/hello.gz
}

test_run_that_is_refused_leaves_nothing()
{
	boots=$(cpu_boots)
	ctl_run 1 hello --memory 3M
	says /tmp/err "--memory 3M is no multiple of 2M"
	nothing_is_left
	ctl_run 1 hello --memory 512
	says /tmp/err "--memory 512 is 512 bytes: say 512M"
	nothing_is_left
	ctl_run 1 hello --memory 1T
	says /tmp/err "--memory 1T is more than Linux can spare"
	nothing_is_left
	ctl_run 1 hello --memory 1T --force
	says /tmp/err "Linux has not more than"
	nothing_is_left
	ctl 1 run -k /lib/firmware/covirt/vmlinuz -m 16M
	says /tmp/err "--memory 16M is too little: kernel and initrd take"
	nothing_is_left
	ctl_run 1 hello --set on_fault=nothing
	says /tmp/err "on_fault takes stop, restart or kill"
	nothing_is_left
	ctl_run 1 hello --set nothing=1
	says /tmp/err "there is no $CLASS/run0/nothing"
	nothing_is_left
	ctl_run 1 hello --cpu-list 0
	says /tmp/err "CPU 0 boots and wakes Linux"
	nothing_is_left
	ctl_run 1 hello --cpu-list 99
	says /tmp/err "CPU 99 is not online"
	nothing_is_left
	ctl_run 1 hello --initrd /root/nothing
	says /tmp/err "/root/nothing: No such file or directory"
	nothing_is_left
	ctl_run 1 hello --kernel /root
	says /tmp/err "/root is a directory: name the image in it"
	nothing_is_left
	: >/root/empty
	ctl_run 1 hello --kernel /root/empty
	says /tmp/err "/root/empty is empty"
	nothing_is_left
	ctl 1 run -k $KERNEL --cpus 100
	says /tmp/err "Linux has not 100 CPUs"
	nothing_is_left
	ctl_run 1 hello --kernel /root/nothing
	says /tmp/err "/root/nothing: No such file or directory"
	nothing_is_left
	ctl_run 1 hello --kernel /dev/zero
	says /tmp/err "no regular file"
	ctl_run 1 hello --kernel /etc/passwd
	says /tmp/err "/etc/passwd: image is neither an ELF64 file nor a Linux bzImage"
	nothing_is_left
	expect_eq "$(cpu_boots)" "$boots" "times that a CPU came online"
}

# The kernel finds the file by a link, and the tool says of the file what the kernel says of the link.
test_errors_name_the_users_file()
{
	cp $KERNEL /root/changes.elf
	ctl_run 0 "hello poweroff" --name kept --kernel /root/changes.elf --keep
	printf MZ >/root/changes.elf
	ctl 1 start kept
	says /tmp/err "kept: state: /root/changes.elf: image is a PE file"
	rm /root/changes.elf
	ctl 1 start kept
	says /tmp/err "kept: state: /root/changes.elf is not there"
	ctl 0 destroy kept
	nothing_is_left
}

test_signals_end_it_in_good_order()
{
	for signal in HUP INT QUIT TERM; do
		ctl_begin spin
		kill -$signal $runner
		status=0
		wait $runner || status=$?
		case $status in
		129 | 130 | 131 | 143) ;;
		*) fail "after SIG$signal the exit status is $status" ;;
		esac
		nothing_is_left
	done
}

test_reader_of_its_output_goes()
{
	covirtctl run --kernel $KERNEL --memory 16M --cpu-list "$CPU" --append "flood=60000 spin" \
		2>/dev/null </dev/null | head -c 100 >/dev/null
	nothing_is_left
}

# Until it is dead: a shell's wait would say so in the middle of our output.
kill_hard()
{
	kill -KILL $runner
	wait $runner 2>/dev/null || true
}

test_next_run_removes_what_a_killed_one_left()
{
	ctl_begin spin --name lost
	kill_hard
	expect_eq "$(get lost state)" running "state after kill -9"
	ctl_run 0 "hello poweroff"
	says /tmp/err "left enclave lost behind: running, CPUs $CPU, memory 16M"
	says /tmp/err "It is removed"
	says /tmp/out "payload: hello"
	nothing_is_left
}

test_next_run_of_the_same_name_replaces_it()
{
	ctl_begin spin --name lost
	kill_hard
	ctl_run 0 "hello poweroff" --name lost
	says /tmp/err "left enclave lost behind"
	nothing_is_left
}

test_next_run_takes_over()
{
	ctl_begin "hear=1 poweroff" --name lost
	wait_until grep -q "payload: listening" /tmp/run.out
	kill_hard
	echo "are you there" | covirtctl run --take-over >/tmp/out 2>/tmp/err
	says /tmp/err "left enclave lost behind"
	says /tmp/out "payload: heard are you there"
	nothing_is_left
	ctl 4 run --take-over
}

test_killed_before_there_was_an_enclave()
{
	mkdir -p $CLAIMS
	echo 1 >$CLAIMS/early
	ctl_run 0 "hello poweroff"
	nothing_is_left
}

test_two_runs_do_not_meet()
{
	ctl_begin spin --name one
	ctl_run 1 hello --name one
	says /tmp/err "belongs to another covirtctl run, process $runner"
	[ -e $CLAIMS/one ] || fail "the other's claim is gone"
	ctl 0 run -k $KERNEL -m 16M --cpu-list "$CPU2" --append "hello poweroff"
	expect_eq "$(get one state)" running "state of the other"
	kill $runner
	wait $runner || true
	nothing_is_left
}

test_run_does_not_touch_what_is_not_its_own()
{
	payload_make e0 hello
	ctl_run 1 hello --name e0
	says /tmp/err "enclave e0 exists and is no run's"
	expect_eq "$(get e0 state)" ready state
}

test_run_ends_when_it_is_not_restarted_any_more()
{
	ctl_run 3 "hello triplefault" --set on_fault=restart
	nothing_is_left
}

# --- at a terminal ----------------------------------------------------------------

test_terminal_is_the_cokernels()
{
	# shellcheck disable=SC2046 # a list of words
	at_terminal 0 "wait=payload: listening" mode=raw 'type=one\n' "wait=payload: heard one" \
		'type=\x03\x04\x1a\n' 'wait=payload: heard ' 'type=\x1d' mode=cooked \
		-- covirtctl run -k $KERNEL -m 16M -C "$CPU" --append "hear=3"
	nothing_is_left
}

test_leaving_a_console_lets_the_enclave_be()
{
	payload_make e0 "hear=2"
	set_attr e0 state start
	at_terminal 0 "wait=payload: listening" 'type=\x1d' "wait=Left; e0 goes on" mode=cooked \
		-- covirtctl console e0
	at_terminal 0 mode=raw 'type=again\n' "wait=payload: heard again" 'type=\x1d' \
		-- covirtctl console e0
	expect_eq "$(get e0 state)" running state
}

# More than the ring and a pipe hold is typed, and nobody takes it.
test_leaving_works_while_nobody_hears()
{
	payload e0 "hello spin"
	wait_console e0 "payload: hello"
	at_terminal 0 mode=raw "type=$(head -c 3000 /dev/zero | tr '\0' x)" 'type=\x1d' \
		"wait=Left; e0 goes on" mode=cooked -- covirtctl console e0
	expect_eq "$(get e0 state)" running state
}

test_leaving_works_before_anything_runs()
{
	payload_make e0 hello
	at_terminal 0 mode=raw 'type=\x1d' "wait=Left; e0 goes on" mode=cooked \
		-- covirtctl console --stty e0
}

test_terminal_is_given_back_after_a_fault()
{
	payload_make e0 "hear=1 triplefault"
	set_attr e0 state start
	at_terminal 3 "wait=payload: listening" mode=raw 'type=now\n' "wait=triple" mode=cooked \
		-- covirtctl console e0
}

test_run_goes_on_after_a_restart()
{
	at_terminal 0 "wait=payload: listening" mode=raw 'type=one\n' "wait=was started again" \
		"wait=payload: listening" mode=raw 'type=\x1d' mode=cooked \
		-- covirtctl run -k $KERNEL -m 16M -C "$CPU" --append "hear=1 triplefault" \
			--set on_fault=restart
	nothing_is_left
}

test_terminal_is_given_back_after_a_signal()
{
	at_terminal 143 "wait=payload: spinning" mode=raw kill=15 mode=cooked \
		-- covirtctl run -k $KERNEL -m 16M -C "$CPU" --append spin
	nothing_is_left
}

test_terminal_is_the_shells_while_it_is_stopped()
{
	at_terminal 0 "wait=payload: listening" mode=raw kill=20 stopped= mode=cooked kill=18 \
		mode=raw 'type=on\n' "wait=payload: heard on" 'type=\x1d' \
		-- covirtctl run -k $KERNEL -m 16M -C "$CPU" --append "hear=2"
	nothing_is_left
}

# A line typed for a shell ends with \r; the payload hears lines that end with \n.
test_size_of_the_window_is_told()
{
	payload_make e0 "hear=3"
	set_attr e0 state start
	at_terminal 0 "wait=payload: listening" 'type=\n' "wait= stty rows 24 cols 80" size=40x100 \
		'type=\n' "wait= stty rows 40 cols 100" 'type=\x1d' -- covirtctl console --stty e0
}

# Ctrl-C is a signal only once the shell's own editing of the line has ended: what runs says so. It
# takes what was typed behind it along, until there is a prompt.
debian_at_a_terminal()
{
	at_terminal 0 "wait=cokernel: shell" 'type=echo $((6 * 7))\r' "wait=42" "wait=# " size=33x99 \
		"wait=rows 33 cols 99" "wait=# " \
		'type=sh -c "echo it liste""ns; exec cat"\r' "wait=it listens" 'type=\x03' "wait=# " \
		'type=stty size\r' "wait=33 99" \
		'type=poweroff -f\r' "wait=has ended: power-off" \
		-- covirtctl run --stty -C "$CPU" --memory 320M \
			--kernel /lib/firmware/covirt/vmlinuz --initrd /lib/firmware/covirt/initrd \
			--append "console=ttyS0 covirt.do=shell" \
			--append "$COKERNEL_PARAMS"
	nothing_is_left
}

# A kernel without a timer is started again, as by debian_start; the next run removes what is left.
test_debian_at_a_terminal()
{
	for attempt in 1 2 3; do
		! (debian_at_a_terminal) >/tmp/attempt 2>&1 || return 0
		grep -qF "$STANDS_STILL" /tmp/transcript || break
		note "run $attempt: the emulator gave the co-kernel no turn to measure its timer"
	done
	fail "$(cat /tmp/attempt)"
}

# --- step by step -------------------------------------------------------------------

test_life_step_by_step()
{
	ctl 0 create lwk0 "cpus=$CPU" memory=16M firmware=covirt/payload.elf
	ctl 0 set lwk0 "cmdline=hello poweroff" on_fault=stop
	ctl 0 list
	says /tmp/out "lwk0  ready"
	ctl 0 start lwk0
	wait_state lwk0 stopped
	ctl 0 console lwk0
	says /tmp/out "payload: hello"
	ctl 0 show lwk0
	says /tmp/out "memory              16M"
	says /tmp/out "stats/starts        1"
	ctl 0 destroy lwk0
	nothing_is_left
}

test_create_that_is_refused_leaves_nothing()
{
	ctl 1 create lwk0 "cpus=$CPU" memory=1M
	says /tmp/err "lwk0: memory: memory takes a size like 512M"
	nothing_is_left
	boots=$(cpu_boots)
	ctl 1 create lwk0 "cpus=$CPU" firmware=covirt/nowhere state=start memory=16M
	says /tmp/err "/lib/firmware/covirt/nowhere: No such file or directory"
	nothing_is_left
	ctl 2 create lwk0 "cpus=$CPU" memory
	nothing_is_left
	expect_eq "$(cpu_boots)" "$boots" "times that a CPU came online"
	ctl 1 create "no name"
	says /tmp/err "an enclave's name has 1 to 31 characters"
	ctl 1 create lwk0 "cpus=$CPU" memory=16M firmware=covirt/payload.elf cmdline=spin \
		state=start nothing=1
	nothing_is_left
}

name_is_there()
{
	[ -e $CLASS/lwk0 ]
}

memory_is_taken()
{
	[ "$(offline_pages)" -gt 0 ]
}

cpu_is_taken()
{
	[ "$(online_cpus)" != "$(cat "$BASELINE")" ]
}

# create_ended_by SIGNAL WHEN: once function WHEN says so
create_ended_by()
{
	covirtctl create lwk0 "cpus=$CPU" memory=256M firmware=covirt/payload.elf cmdline=spin \
		state=start >/tmp/create 2>&1 &
	creator=$!
	until "$2"; do
		kill -0 $creator 2>/dev/null || break
	done
	kill -"$1" $creator 2>/dev/null || true
	status=0
	wait $creator || status=$?
}

# An enclave made before the signal is removed, unless the signal came behind the last step.
test_create_that_a_signal_ends_leaves_nothing()
{
	for signal in INT TERM HUP; do
		for step in name_is_there memory_is_taken cpu_is_taken; do
			create_ended_by $signal $step
			if [ "$status" = 0 ]; then
				note "SIG$signal, once $step, came behind the last step"
				expect_eq "$(get lwk0 state)" running state
				ctl 0 destroy -f lwk0
			fi
			case $status in
			0 | 129 | 130 | 143) ;;
			*) fail "after SIG$signal, once $step: $status, $(cat /tmp/create)" ;;
			esac
			nothing_is_left
			expect_eq "$(offline_pages)" 0 "number of pages taken"
		done
	done
}

# set_over_and_over ATTRIBUTE WORDS: what each command is told
set_over_and_over()
{
	for round in 1 2 3 4 5 6 7 8 9 10; do
		covirtctl set e0 "$1=wrong" 2>&1 | grep -vF "e0: $1: $2" || true
	done
}

test_commands_at_once_are_told_their_own_errors()
{
	enclave e0
	set_over_and_over on_fault "on_fault takes" >/tmp/mixed.1 &
	other=$!
	set_over_and_over on_ipi "on_ipi takes" >/tmp/mixed.2
	wait $other
	expect_eq "$(cat /tmp/mixed.[12])" "" "what else was told"
}

test_stop_and_destroy()
{
	payload_make e0 spin
	ctl 0 start e0
	ctl 1 destroy e0
	says /tmp/err "it is running: 'covirtctl stop e0' first"
	ctl 0 stop e0
	expect_eq "$(get e0 state)" stopped state
	ctl 0 start e0
	ctl 0 destroy -f e0
	nothing_is_left
}

test_json_is_for_programs()
{
	payload_make e0 hello
	ctl 0 list --json
	says /tmp/out '"memory": 16777216'
	says /tmp/out '"state": "ready"'
	ctl 0 show --json e0
	says /tmp/out '"exits": 0'
	ctl 0 map --json
	says /tmp/out '"owner": "e0"'
	ctl 0 check --json
	says /tmp/out '"verdict": "ok"'
}

# Words of users may be anything.
test_json_is_text_whatever_was_written()
{
	payload_make e0 "$(printf 'caf\351 \303\251')"
	ctl 0 show --json e0
	says /tmp/out "$(printf '"cmdline": "caf? \303\251"')"
	set_attr e0 cmdline 0123
	ctl 0 show --json e0
	says /tmp/out '"cmdline": "0123"'
}

test_map_shows_whose_memory_it_is()
{
	enclave e1 cpus="$CPU2" memory=32M
	payload_make e0 hello
	ctl 0 map
	for row in "A  e0" "B  e1" "#  hypervisor" ".  linux"; do
		says /tmp/out "$row"
	done
	expect_match "$(grep "e1" /tmp/out)" "*32M*" "memory of e1"
	ctl 0 map --svg /tmp/map.svg
	says /tmp/map.svg "<title>e1: 0x"
	rm /tmp/map.svg
}

# --- top ------------------------------------------------------------------------------

# listener: e0 asks its COM1 without end whether something was typed
listener()
{
	payload e0 "hear=1" "$@"
	wait_console e0 "payload: listening"
}

test_top_prints_tables()
{
	listener histogram=1
	row="e0 *running *$CPU *16M *[1-9][0-9]* *0\\.0 *0\\.0 *[1-9][0-9]* *0 *"
	# The enclave may have no turn in an interval, and no exit, on a loaded machine.
	tables_are_right()
	{
		ctl 0 top --batch --count 2 --delay 0.3
		expect_eq "$(grep -c "1 enclave, 1 running" /tmp/out)" 2 "number of tables"
		[ "$(grep -c "^$row\$" /tmp/out)" = 2 ] &&
			[ "$(grep -c "^e0    io [1-9][0-9]*\$" /tmp/out)" = 2 ]
	}
	wait_until tables_are_right || fail "$(cat /tmp/out): no two rows like '$row', or of most exits"
}

test_top_is_for_programs_too()
{
	listener
	enclave e1
	lines_are_right()
	{
		ctl 0 top --json -n 2 -d 0.2
		expect_eq "$(wc -l </tmp/out)" 2 "number of lines"
		grep -qF '"exits_by_reason":{"io":' /tmp/out
	}
	wait_until lines_are_right || fail "$(cat /tmp/out): no exits by I/O"
	says /tmp/out '"name":"e0","state":"running"'
	says /tmp/out '"name":"e1","state":"empty","cpus":"","memory":0,"faults":0,"exits_per_s":0.0'
}

test_top_shows_faults_and_doorbells()
{
	enclave e1 cpus="$CPU2" memory=16M firmware=covirt/payload.elf cmdline="hello spin"
	payload_make e0 triplefault
	set_attr e0 state start
	wait_state e0 faulted
	start e1
	wait_console e1 "payload: hello"
	covirtctl top -b -d 0.2 >/tmp/top &
	top=$!
	wait_until grep -q "^e1  *running" /tmp/top
	stop e1
	wait_until grep -q "^e1  *stopped  *$CPU2  *16M" /tmp/top
	kill $top
	wait $top || true
	expect_match "$(grep "^e0 .*faulted" /tmp/top | tail -n 1)" "*1 triple-fault*" "row of e0"
	# In one of the intervals its doorbell has rung.
	awk '$1 == "e1" && $7 > 0 { rung = 1 } END { exit !rung }' /tmp/top ||
		fail "$(cat /tmp/top): no doorbell of e1"
	su nobody -s /bin/sh -c "covirtctl top -b -n 1 -d 0.1" >/tmp/out
	says /tmp/out "1 (for root only)"
}

test_top_refuses_bad_words()
{
	for words in "-d 0" "-d x" "-d 1e9" "-d nan" "-n 0" "-n -1" "-n 2x" "e0"; do
		# shellcheck disable=SC2086 # a list of words
		ctl 2 top $words
	done
	says /tmp/err "what is 'e0' for?"
}

test_top_at_a_terminal()
{
	listener
	escape=$(printf '\033')
	at_terminal 0 mode=raw "wait=q leaves" "wait=NAME  MOST EXITS/s" "wait=e0    io " size=5x20 \
		"wait=  1 enclave,$escape[K" type=x type=q mode=cooked -- covirtctl top -d 0.5
	says /tmp/transcript "$escape[?1049h$escape[?25l"
	says /tmp/transcript "$escape[?25h$escape[?1049l"
	expect_eq "$(get e0 state)" running state
}

test_top_gives_the_terminal_back()
{
	enclave e0
	at_terminal 0 mode=raw "wait=e0 " kill=20 stopped= mode=cooked kill=18 mode=raw "wait=e0 " \
		type=q mode=cooked -- covirtctl top
	at_terminal 143 mode=raw "wait=e0 " kill=15 mode=cooked -- covirtctl top
	at_terminal 130 mode=raw "wait=e0 " 'type=\x03' mode=cooked -- covirtctl top
	at_terminal 0 "wait=e0 " "wait=e0 " -- covirtctl top --batch -n 2 -d 0.1
}

test_top_ends_with_its_reader()
{
	enclave e0
	covirtctl top -d 0.1 | head -n 1 >/tmp/out
	says /tmp/out "1 enclave, 0 running"
}

# --- faults --------------------------------------------------------------------------

# fault_of WORDS: e0 is told them, and contained
fault_of()
{
	set_attr e0 cmdline "$1"
	set_attr e0 state start
	wait_state e0 faulted
}

test_fault_is_explained()
{
	payload_make e0 hello
	ctl 0 faults e0
	says /tmp/out "e0 has had no fault."
	fault_of "write=$(guard_address)"
	ctl 0 faults e0
	says /tmp/out "CPU $CPU wrote 8 bytes at $(guard_address), which is Linux's memory."
	says /tmp/out "mov [rcx], rax"
	says /tmp/out "[rcx] is at $(guard_address)"
	says /tmp/out "rax = 0x21545249564f4321"
	says /tmp/out "guest-physical $(guard_address)"
	says /tmp/out "owner       linux"
	says /tmp/out "policy      stop: CPUs and memory stay"
	says /tmp/out "mode        64-bit, privilege level 0, paging on"
	expect_match "$(dmesg | grep "covirt e0" | tail -n 4 | head -n 2 | tail -n 1)" \
		"*write at guest-physical $(guard_address), which belongs to: linux" "kernel log"
}

# No register holds the address, and on AMD the processor does not tell it.
test_page_walk_is_that_of_the_operand()
{
	payload_make e0 hello
	for how in gs indexed; do
		fault_of "$how=$(guard_address)"
		ctl 0 faults e0
		says /tmp/out "] is at $(guard_address)"
		says /tmp/out "guest-virtual $(guard_address)"
	done
	# The stack pointer points at the next page.
	last_word=$(printf '0x%x' $(($(guard_address) + 0xff8)))
	fault_of "push=$last_word"
	ctl 0 faults e0
	says /tmp/out "wrote 8 bytes at $last_word, which is Linux's memory."
	says /tmp/out "guest-virtual $last_word"
}

test_backtrace_has_names()
{
	payload_make e0 hello
	fault_of "bootinfo write=$(guard_address)"
	# The payload is linked at 0, and told where it was loaded.
	offset=$(sed -n 's/.* image \(0x[0-9a-f]*\).*/\1/p' </dev/covirt/e0)
	for symbols in $KERNEL /lib/covirt/payload_symbols; do
		ctl 0 faults e0 --vmlinux $symbols --offset "$offset"
		says /tmp/out "in probe_write"
		for function in command_write payload_main _start; do
			says /tmp/out "  $function+0x"
		done
	done
	covirtctl faults e0 --vmlinux /proc/self/fd/0 --offset "$offset" <$KERNEL >/tmp/file
	# shellcheck disable=SC2002 # what it reads from shall be a pipe
	cat $KERNEL | covirtctl faults e0 --vmlinux /proc/self/fd/0 --offset "$offset" | cmp - /tmp/file
	says /tmp/file "in probe_write"
	ctl 1 faults e0 --vmlinux /etc/passwd
	says /tmp/err "there are no symbols in it"
	ctl 1 faults e0 --vmlinux /nothing
	ctl 2 faults e0 --offset far
}

test_last_exits_are_told()
{
	payload_make e0 hello on_ipi=fault
	fault_of "bootinfo icr=0x2000040f2"
	ctl 0 faults e0
	says /tmp/out "sent interrupt 0xf2 to what the co-kernel calls APIC id 0x2, which it may not (ICR 0x2000040f2)"
	says /tmp/out "io           port 0x3f8"
	says /tmp/out "msr_write    MSR 0x830"
}

test_sixteen_faults_are_kept()
{
	payload_make e0 hello
	for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18; do
		fault_of triplefault
	done
	ctl 0 faults e0 --all
	expect_eq "$(grep -c ": triple-fault$" /tmp/out)" 16 "number of faults told"
	says /tmp/out "2 still older ones are not kept."
	expect_match "$(head -n 1 /tmp/out)" "Fault 3, *" "the oldest"
	ctl 0 faults e0
	says /tmp/out "Fault 18,"
	says /tmp/out "15 older ones: --all"
	ctl 0 faults e0 --json
	says /tmp/out '"lost": 2'
	expect_eq "$(wc -c <$CLASS/e0/faults)" $((16 * 1168)) "size of the records"
}

# --- refusals ------------------------------------------------------------------------

test_usage_is_taught()
{
	ctl 2
	ctl 2 fly
	ctl 2 run
	says /tmp/err "what is to be run? Say --kernel FILE"
	ctl 2 run -k $KERNEL -m much
	ctl 2 run -k $KERNEL --cpus 2-3
	says /tmp/err "--cpu-list 2-3"
	ctl 2 set lwk0
	ctl 0 --help
	says /tmp/out "covirtctl check"
	for command in run create set start stop destroy list show console faults map check top \
		core; do
		ctl 0 $command --help
		says /tmp/out "Usage: covirtctl $command"
		ctl 0 help $command
	done
}

test_no_such_enclave()
{
	for command in start stop show console faults core destroy; do
		ctl 4 $command nobody
		says /tmp/err "there is no enclave 'nobody'"
	done
	ctl 4 set nobody memory=2M
}

test_ordinary_user_is_told_so()
{
	payload_make e0 hello
	# A user who may not create may not run, and one who may not see addresses sees the rest.
	for words in "create e1" "set e0 memory=0" "start e0" "destroy e0" "console e0" map \
		"run -k $KERNEL" "faults e0"; do
		status=0
		su nobody -s /bin/sh -c "covirtctl $words" >/tmp/out 2>&1 || status=$?
		expect_eq "$status" 6 "status of covirtctl $words"
		says /tmp/out "try sudo"
	done
	su nobody -s /bin/sh -c "covirtctl list" >/tmp/out
	says /tmp/out "e0    ready"
	su nobody -s /bin/sh -c "covirtctl show e0" >/tmp/out
	says /tmp/out "memory_map          (for root only)"
	! su nobody -s /bin/sh -c "covirtctl check" >/tmp/out || fail "nothing is missing"
	says /tmp/out "only root (CAP_SYS_ADMIN) may create"
}

# --- check ---------------------------------------------------------------------------

test_check_is_content_here()
{
	ctl 0 check
	says /tmp/out "loaded, backend $(own_backend)"
	says /tmp/out "Nothing is missing."
}

test_check_tells_what_can_be_spared()
{
	echo 0 >"$CLASS/memory_reserve"
	without=$(ctl_spare)
	echo 300M >"$CLASS/memory_reserve"
	expect_number "$without" -gt $(($(ctl_spare) + 250)) "MiB to spare without a reserve"
	echo auto >"$CLASS/memory_reserve"
}

ctl_spare()
{
	covirtctl check | sed -n 's/.* \([0-9]*\)M can be spared beside.*/\1/p'
}

test_check_tells_of_cpusets_that_forget()
{
	ctl 0 check
	says /tmp/out "cpusets get back the CPUs"
	mkdir -p /tmp/cpuset
	mount -t cgroup -o cpuset cpuset /tmp/cpuset || skip "this kernel has no cgroup v1"
	ctl 0 check
	umount /tmp/cpuset
	says /tmp/out "does not get it back by itself"
	says /tmp/out "cpuset_v2_mode"
}

test_without_the_module()
{
	! covirt_is_built_in || skip "covirt is no module here"
	rmmod covirt
	for command in list "show e0" "create e0" "run -k $KERNEL" map top; do
		# shellcheck disable=SC2086 # a list of words
		ctl 5 $command
		says /tmp/err "covirt is not loaded"
	done
	ctl 1 check
	says /tmp/out "covirt is not installed for this kernel"
	covirt_load
}
