# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Read by scripts: where things are kept that do not depend on this tree, for all clones of it.
# COVIRT_CACHE moves that folder.
#
#	store/NAME-KEY/	something whole; KEY is a hash of the packages that it is made of
#	index/NAME-KEY	link to it; KEY is a hash of how the script finds and unpacks them
#	apt/NAME/	private configurations of apt
#	trees/SOURCE/	a kernel source with a copy of our tree in it, and its builds
#	tmp/		what is being made; what is whole is renamed

if [ "${COVIRT_CACHE:-}" ]; then
	cache=$COVIRT_CACHE
else
	cache=${XDG_CACHE_HOME:-${HOME:-$build}/.cache}/covirt
fi

# hash_of: a short hash of what is read
hash_of()
{
	sha256sum | cut -c -16
}

# cache_lock NAME: wait until nobody else, in this clone or another, has it; until the script ends
cache_lock()
{
	mkdir -p "$cache"
	exec 9>"$cache/.$1.lock"
	flock -n 9 && return 0
	echo "waiting for another one who uses $cache ($1)" >&2
	flock 9
}
