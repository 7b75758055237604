# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# A host with two NUMA nodes, CPUs 0-1 in node 0 and 2-3 in node 1: memory comes from the node that
# was asked for, or from that of the CPUs, and each node keeps a reserve of its own. No other boot
# has a second node, so this is where a wrong one would be seen.

NODES=/sys/devices/system/node

suite_begin()
{
	expect_eq "$(cat $NODES/online)" 0-1 "nodes of this machine"
	covirt_load
	mkdir -p /root /run
	cp /lib/firmware/covirt/payload.elf /root/lwk.elf
}

# node_of ADDRESS: of host-physical memory, by Linux's own list of memory blocks
node_of()
{
	block=$(($1 / 0x$(cat /sys/devices/system/memory/block_size_bytes)))
	basename "$(dirname $NODES/node*/memory$block)"
}

# nodes_of ENCLAVE: of all its RAM, a line each
nodes_of()
{
	while read -r range hpa _ kind; do
		[ "$kind" = ram ] || continue
		node_of "$hpa"
		node_of $((hpa + ${range#*-} - ${range%-*}))
	done <"$CLASS/$1/memory_map" | sort -u
}

# spare NODE: MiB that can be had there
spare()
{
	awk -v node="$1" '$1 == node { print int($2 / 1048576) }' "$CLASS/memory_spare"
}

# more_than_one_has: MiB that neither node can give, and both together can
more_than_one_has()
{
	awk '$2 > most { most = $2 } END { print int(most / 1048576) + 64 }' "$CLASS/memory_spare"
}

test_memory_comes_from_the_node_asked_for()
{
	for node in 0 1; do
		enclave e0 numa_node=$node memory=256M cpus=1-3
		expect_eq "$(nodes_of e0)" node$node "nodes of the memory"
		echo e0 >"$CLASS/destroy"
	done
}

test_memory_comes_from_the_node_of_the_cpus()
{
	while read -r cpu node; do
		enclave e0 cpus="$cpu" memory=64M firmware=covirt/payload.elf cmdline=hello
		expect_eq "$(nodes_of e0)" "node$node" "nodes of the memory of CPU $cpu"
		start e0
		wait_console e0 "payload: hello"
		stop e0
		echo e0 >"$CLASS/destroy"
	done <<-END
		1 0
		3 1
	END
}

test_what_a_node_has_not_is_refused_by_its_name()
{
	enclave e0 numa_node=1
	had=$(spare 1)
	expect_refused ENOMEM "$CLASS/e0/memory" $((had + 64))M
	words=$(last_words)
	expect_match "$words" "*M can be had now of node 1, since Linux keeps 256M of each*" "words"
	said=${words#*at most }
	expect_number "${said%%M *}" -ge $((had - 16)) "MiB that are said to be there"
	expect_number "${said%%M *}" -le $((had + 16)) "MiB that are said to be there"
	expect_eq "$(offline_pages)" 0 "number of pages taken"
	expect_refused EINVAL "$CLASS/e0/numa_node" 2
}

test_one_node_does_not_pay_for_the_other()
{
	left=$(spare 0)
	had=$(spare 1)
	enclave e0 numa_node=1 memory="$((had - 64))M"
	# What Linux moved out of the way may have freed some more.
	expect_number "$(spare 1)" -le $((had / 2)) "MiB to spare in node 1"
	expect_number "$(spare 0)" -ge $((left - 32)) "MiB to spare in node 0"
	expect_eq "$(nodes_of e0)" node1 "nodes of the memory"
}

test_each_node_keeps_a_reserve()
{
	zero=$(spare 0)
	one=$(spare 1)
	echo 400M >"$CLASS/memory_reserve"
	expect_number "$(spare 0)" -le $((zero - 100)) "MiB to spare in node 0"
	expect_number "$(spare 1)" -le $((one - 100)) "MiB to spare in node 1"
	# Of both: what one node has beside its reserve does not make up for the other's.
	enclave e0
	expect_refused ENOMEM "$CLASS/e0/memory" $((zero + one))M
	expect_match "$(last_words)" "*can be had now of any node, since Linux keeps 400M of each*" "words"
	echo auto >"$CLASS/memory_reserve"
}

test_both_nodes_are_taken_from_where_one_has_too_little()
{
	enclave e0 cpus=3 memory="$(more_than_one_has)M" layout=packed
	expect_eq "$(nodes_of e0 | tr '\n' ' ')" "node0 node1 " "nodes of the memory"
}

# run_in WORD...: covirtctl runs the payload, with these words, and leaves the enclave
run_in()
{
	ctl 0 run --kernel /root/lwk.elf --name kept --keep --append "hello poweroff" "$@"
}

test_run_takes_memory_beside_the_cpus()
{
	while read -r node words; do
		# shellcheck disable=SC2086 # a list of words
		run_in --memory 64M $words
		expect_eq "$(nodes_of kept)" "node$node" "nodes of the memory of: $words"
		ctl 0 destroy kept
	done <<-END
		1 --cpu-list 3
		0 --cpu-list 1
		1 --cpus 1
		0 --cpu-list 3 --set numa_node=0
	END
}

test_run_takes_memory_of_any_node_where_that_of_the_cpus_has_too_little()
{
	run_in --memory "$(more_than_one_has)M" --cpu-list 3 --set layout=packed
	expect_eq "$(get kept numa_node)" -1 "numa_node"
	expect_eq "$(nodes_of kept | tr '\n' ' ')" "node0 node1 " "nodes of the memory"
	ctl 0 destroy kept
}

test_run_names_the_node_that_was_asked_for()
{
	ctl 1 run --kernel /root/lwk.elf --memory "$(($(spare 1) + 64))M" --cpu-list 3 --set numa_node=1
	says /tmp/err "can be had now of node 1"
	expect_eq "$(enclave_names)" "" enclaves
}
