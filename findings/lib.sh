# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Read by findings/*.sh: Debian's packages in a temporary folder, and a Linux in an emulator. Of the
# rest of the tree only scripts/apt.sh is used, which finds the machine's mirror. A script ends with
#
#	0	"as seen": the behaviour is what the script says
#	1	"changed": it is another one
#	4	"cannot judge": the archive has not these versions any more, or is out of reach

top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 4' HUP INT TERM
# shellcheck disable=SC2034 # where scripts/apt.sh keeps its configurations
cache=$work

say()
{
	echo "$*" >&2
}

# Not into what functions print.
exec 3>&1
die()
{
	echo "cannot judge: $*" >&3
	exit 4
}

# shellcheck source=scripts/apt.sh
. "$top/scripts/apt.sh"

# packages NAME APT SUITE PACKAGE=VERSION...: unpack these into $work/NAME
packages()
{
	into=$work/$1 apt=$2 suite=$3
	shift 3
	apt_update "$apt"
	say "downloading $# packages for ${into##*/}"
	mkdir -p "$into" "$into.debs"
	(cd "$into.debs" && apt_in "$apt" "$suite" apt-get download "$@" >&2) ||
		die "no such packages: $*"
	for deb in "$into.debs"/*.deb; do
		dpkg -x "$deb" "$into"
	done
	rm -r "$into.debs"
}

# programs NAME APT SUITE PACKAGE=VERSION...: the same, with all that they need
programs()
{
	name=$1 apt=$2 suite=$3
	shift 3
	apt_update "$apt"
	needed=$(apt_in "$apt" "$suite" apt-get -s --no-install-recommends install "$@" |
		awk '$1 == "Inst" { print $2 "=" substr($3, 2) }')
	[ "$needed" ] || die "no such packages: $*"
	# shellcheck disable=SC2086 # a list of words
	packages "$name" "$apt" "$suite" $needed
}

# from NAME PROGRAM ARGUMENT...: run a program of those, with the C library beside it
from()
{
	root=$work/$1 program=$2
	shift 2
	libraries=$root/usr/lib/x86_64-linux-gnu:$root/lib/x86_64-linux-gnu
	loader=$root/lib64/ld-linux-x86-64.so.2
	[ -e "$loader" ] || loader=$root/usr/lib64/ld-linux-x86-64.so.2
	timeout 1800 "$loader" --library-path "$libraries" "$root/usr/bin/$program" "$@"
}

# emulator: QEMU of Debian 13, and busybox for what runs in it
emulator()
{
	programs qemu trixie trixie qemu-system-x86=1:10.0.13+ds-0+deb13u1 seabios
	packages busybox trixie trixie busybox-static=1:1.37.0-6+b9
	mkdir -p "$work/initrd/bin" "$work/initrd/dev" "$work/initrd/proc" "$work/initrd/sys"
	cp "$work/busybox/usr/bin/busybox" "$work/initrd/bin"
}

qemu()
{
	QEMU_MODULE_DIR=$work/qemu/usr/lib/x86_64-linux-gnu/qemu from qemu qemu-system-x86_64 \
		-L "$work/qemu/usr/share/seabios" -L "$work/qemu/usr/share/qemu" \
		-machine q35 -accel tcg -nodefaults -no-user-config -no-reboot -display none "$@"
}

# kernel 6.1|6.12|7.3: unpack that one of Debian's, and make $kernel its image
kernel()
{
	case $1 in
	6.1) set -- bookworm bookworm linux-image-6.1.0-50-cloud-amd64=6.1.176-1 ;;
	6.12) set -- trixie trixie linux-image-6.12.117+deb13-cloud-amd64=6.12.117-1 ;;
	7.3)
		set -- backports trixie-backports \
			linux-binary-7.3.4+deb13-cloud-amd64=7.3.4-1~bpo13+1
		;;
	esac
	packages linux "$@"
	kernel=$(find "$work/linux" -name 'vmlinuz*' -type f)
}

# initramfs: make $work/initramfs of what is in $work/initrd; init runs the script on standard input
initramfs()
{
	{
		printf '%s\n' '#!/bin/busybox sh' '/bin/busybox --install -s /bin' \
			'mount -t proc proc /proc' 'mount -t sysfs sysfs /sys' \
			'mount -t devtmpfs dev /dev'
		cat
		echo 'poweroff -f'
	} >"$work/initrd/init"
	chmod +x "$work/initrd/init"
	(cd "$work/initrd" && find . | cpio -o -H newc --quiet) >"$work/initramfs"
}

# linux ARGUMENT...: boot it to its end with more arguments of QEMU; its console is $work/console
linux()
{
	qemu -smp 3 -m 512M -kernel "$kernel" -initrd "$work/initramfs" \
		-serial "file:$work/console" \
		-append "console=ttyS0 quiet panic=-1 tsc=reliable no_timer_check" "$@"
}

# boots SERIES...: boot each of these kernels, and print what its init printed
boots()
{
	for series in "$@"; do
		rm -rf "$work/linux"
		kernel "$series"
		linux
		tr -d '\r' <"$work/console" | sed '/^\[ *[0-9.]*\] /d'
	done
}

# ask: what QEMU is told when Linux is ready
ask()
{
	seconds=0
	until grep -q '^ready' "$work/console" || [ $((seconds += 1)) -gt 600 ]; do sleep 1; done
	echo '{ "execute": "qmp_capabilities" }'
	echo '{ "execute": "dump-guest-memory",' \
		'"arguments": { "paging": false, "protocol": "file:'"$work"'/dump" } }'
	echo '{ "execute": "quit" }'
}

# dump SERIES: make $work/dump, QEMU's ELF core of a Linux that has told it its VMCOREINFO
dump()
{
	kernel "$1"
	module=$(find "$work/linux" -name 'qemu_fw_cfg.ko*')
	case $module in
	*.xz) xz -dc "$module" ;;
	*) cat "$module" ;;
	esac >"$work/initrd/qemu_fw_cfg.ko"
	echo 'insmod /qemu_fw_cfg.ko && echo ready && sleep 1000' | initramfs
	: >"$work/console"
	ask | linux -device vmcoreinfo -qmp stdio >&2
}

# overwrite OFFSET: in $work/dump, by standard input
overwrite()
{
	dd of="$work/dump" bs=1 seek="$1" conv=notrunc status=none
}

# headers_first: have the program headers of the dump behind its ELF header, and no section headers
headers_first()
{
	at=$(od -An -tu8 -j32 -N8 "$work/dump")
	number=$(od -An -tu2 -j56 -N2 "$work/dump")
	dd if="$work/dump" of="$work/headers" bs=1 skip=$((at)) count=$((number * 56)) status=none
	overwrite 64 <"$work/headers"
	printf '\100\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' | overwrite 32
	printf '\0\0\0\0' | overwrite 60
}

# judge FILE: is it what stands on standard input? The script ends.
judge()
{
	if diff -u --label expected --label seen - "$1" >"$work/difference"; then
		cat "$1"
		echo "as seen"
		exit 0
	fi
	cat "$work/difference"
	echo "changed: see the lines that begin with + and -"
	exit 1
}
