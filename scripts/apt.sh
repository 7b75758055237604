# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # cache, say, die: of who reads this
#
# Read by scripts/setup: private configurations of apt, which leave the system's alone. They take
# Debian from where the machine takes it. Proxy settings apply as always (/etc/apt/apt.conf.d).

key=/usr/share/keyrings/debian-archive-keyring.gpg

# The machine's mirror of Debian: what comes before /dists. Its lists need not have been read.
find_mirror()
{
	if [ "${COVIRT_MIRROR:-}" ]; then
		mirror=$COVIRT_MIRROR/debian
		mirror_security=$COVIRT_MIRROR/debian-security
		return
	fi
	# shellcheck source=/dev/null
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	uris=$(apt-get --print-uris -o Debug::NoLocking=1 update | cut -d "'" -f 2)
	# A stranger's repository may have a folder of Debian's name, but no updates of Debian.
	for release in "$codename-updates" "$codename" stable oldstable; do
		mirror=$(echo "$uris" | sed -n "s#/dists/$release/.*##p" | head -n 1)
		[ ! "$mirror" ] || break
	done
	[ "$mirror" ] || die "apt has no source of Debian $codename (/etc/apt/sources.list*):" \
		"add one, or set COVIRT_MIRROR to what comes before /debian in a mirror's address"
	mirror_security=$(echo "$uris" | sed -n "s#/dists/$codename-security/.*##p" | head -n 1)
}

# apt_sources NAME: lines of sources.list. "system" adds to what is installed here; the others
# begin with an empty machine.
apt_sources()
{
	deb="deb [signed-by=$key]"
	case $1 in
	system)
		echo "$deb $mirror bookworm main"
		echo "$deb $mirror bookworm-backports main"
		[ ! "$mirror_security" ] || echo "$deb $mirror_security bookworm-security main"
		;;
	bookworm | trixie | sid)
		echo "$deb $mirror $1 main"
		;;
	backports)
		echo "$deb $mirror trixie main"
		echo "$deb $mirror trixie-backports main"
		;;
	esac
}

# apt_in NAME SUITE COMMAND...: one of apt's commands with that configuration; packages from SUITE
# first, or "any"
apt_in()
{
	folder=$cache/apt/$1
	release=$2
	command=$3
	status=$folder/status
	[ "$1" != system ] || status=/var/lib/dpkg/status
	[ "$release" != any ] || release=
	shift 3
	"$command" -qq \
		-o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State="$folder" -o Dir::State::status="$status" -o Dir::Cache="$folder/cache" \
		-o APT::Default-Release="$release" -o APT::Sandbox::User=root "$@"
}

# apt_update NAME: read the package lists, once in a run
apt_update()
{
	case " ${apt_ready:-} " in *" $1 "*) return 0 ;; esac
	[ "${mirror:-}" ] || find_mirror
	mkdir -p "$cache/apt/$1/lists/partial" "$cache/apt/$1/cache/archives/partial"
	: >"$cache/apt/$1/status"
	apt_sources "$1" >"$cache/apt/$1/sources.list"
	say "reading Debian's package lists (private to $cache/apt/$1)"
	apt_in "$1" any apt-get update ||
		die "cannot reach $mirror: is there a network, and a proxy in /etc/apt/apt.conf.d?"
	apt_ready="${apt_ready:-} $1"
}

# closure NAME SUITE PATTERN PACKAGE...: what installing PACKAGE... would install, as far as it matches
closure()
{
	apt=$1 suite=$2 pattern=$3
	shift 3
	apt_in "$apt" "$suite" apt-get -s --no-install-recommends install "$@" |
		awk '$1 == "Inst" { print $2 }' | grep -E "$pattern" || true
}

# depends NAME SUITE PACKAGE PATTERN: what PACKAGE depends on, as far as it matches
depends()
{
	apt_in "$1" "$2" apt-cache depends --no-recommends --no-suggests "$3" 2>/dev/null |
		awk '$1 == "Depends:" { print $2 }' | grep -xE "$4" || true
}
