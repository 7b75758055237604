# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Boot protocols: a short kernel (selftests/payloads/hello.S) that is made for several of
# them starts by each, finds the mode and the magic number that the protocol promises, says by which
# it was entered, and powers off. As an ELF file of 32 bits, too, which covirt's own protocol has
# not. Which protocol is recognized where nobody names one, and what is told of it: the attribute,
# the log, covirtctl.
#
# A kernel that is entered in another way than it expects says so, or faults: both fail the test. An
# image that is not made for the protocol that is asked for is refused in words. It is linked at
# 4 MiB, as such kernels are, so identity addresses are the control: there is no RAM there.
#
# Only a processor shows that the state of an entry is one that it accepts and that code of that
# mode runs in it, by both vendors' control blocks. KUnit (covirt-loader-multiboot,
# covirt-loader-multiboot2, covirt-loader-pvh, covirt-entry-state) has the structures, the words of every refusal and the
# rules of an entry.

# hello ENCLAVE IMAGE PROTOCOL [ATTRIBUTE=VALUE...]: it boots by that protocol, and is off
hello()
{
	hello_name=$1
	hello_image=$2
	hello_protocol=$3
	shift 3
	enclave "$hello_name" cpus="$CPU" memory=16M firmware="covirt/$hello_image" layout=packed "$@"
	start "$hello_name"
	wait_state "$hello_name" stopped
	expect_fault "$hello_name" reason power-off
	expect_eq "$(console "$hello_name")" "hello by $hello_protocol" "console"
	set_attr "$hello_name" cpus ""
}

test_each_protocol_starts_it_when_asked()
{
	for protocol in multiboot multiboot2 pvh linux-elf covirt; do
		hello $protocol hello.elf $protocol protocol=$protocol
		expect_eq "$(get $protocol protocol)" $protocol "protocol"
	done
}

test_a_32_bit_file_starts()
{
	for protocol in multiboot multiboot2 pvh; do
		hello $protocol hello32.elf $protocol protocol=$protocol
	done
}

# HELLO_AT: where the Makefile of the payloads has linked it
HELLO_AT=0x400200

test_a_flat_image_starts_where_the_user_says()
{
	hello flat hello.bin covirt protocol=flat@$HELLO_AT
	expect_eq "$(get flat protocol)" flat@$HELLO_AT "protocol"
	set_attr flat cpus "$CPU"
	for refusal in 0xfffff:below 0x2000000:RAM; do
		set_attr flat protocol "flat@${refusal%:*}"
		expect_refused EINVAL "$CLASS/flat/state" start
		expect_match "$(last_words)" "*${refusal#*:}*" "last_error"
	done
	expect_refused EINVAL "$CLASS/flat/protocol" flat
	expect_match "$(last_words)" "*flat@0xADDRESS*" "last_error"
}

test_what_is_recognized_is_told()
{
	hello e0 hello.elf pvh
	expect_eq "$(get e0 protocol)" "auto (pvh)" "protocol"
	dmesg -s 4096 | grep -q "covirt e0: covirt/hello.elf started by protocol pvh" ||
		fail "the log does not tell the protocol"
	set_attr e0 firmware covirt/payload.elf
	expect_eq "$(get e0 protocol)" auto "protocol of another image"
	set_attr e0 cmdline hello
	set_attr e0 cpus "$CPU"
	start e0
	wait_console e0 "payload: hello"
	expect_eq "$(get e0 protocol)" "auto (covirt)" "protocol"
}

test_another_protocol_than_its_own_is_refused()
{
	enclave e0 cpus="$CPU" memory=16M firmware=covirt/payload.elf layout=packed
	for protocol in multiboot multiboot2 pvh linux; do
		set_attr e0 protocol $protocol
		expect_refused ENOEXEC "$CLASS/e0/state" start
		expect_match "$(last_words)" "*protocol that was asked for*" "last_error"
	done
	set_attr e0 firmware covirt/hello32.elf
	set_attr e0 protocol covirt
	expect_refused ENOEXEC "$CLASS/e0/state" start
	expect_match "$(last_words)" "*32-bit*" "last_error"
}

test_a_fixed_image_needs_the_packed_layout()
{
	enclave e0 cpus="$CPU" memory=16M firmware=covirt/hello.elf
	expect_refused EINVAL "$CLASS/e0/state" start
	expect_match "$(last_words)" "*use layout packed*" "last_error"
}
