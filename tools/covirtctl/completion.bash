# SPDX-License-Identifier: GPL-2.0-only
# bash completion for covirtctl. Commands and options are read from its own help, so that
# they are those of the program that is installed.

# Words of the list of commands in covirtctl --help, which is its first
_covirtctl_commands()
{
	covirtctl --help 2>/dev/null | awk '/^  [a-z]+ / { print $1; listed = 1; next } listed { exit }'
}

# Long options of a command
_covirtctl_options()
{
	covirtctl "$1" --help 2>/dev/null | grep -o -- '--[a-z-]*=\?' | sort -u
}

# Names of enclaves
_covirtctl_enclaves()
{
	local state

	for state in /sys/class/covirt/*/state; do
		[ -e "$state" ] && basename "${state%/state}"
	done
}

# Attributes of an enclave that can be written, as "NAME="
_covirtctl_attributes()
{
	find -H "/sys/class/covirt/$1" -maxdepth 1 -type f -perm -200 ! -name uevent -printf '%f=\n' \
		2>/dev/null
}

_covirtctl()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} words

	COMPREPLY=()
	# "=" is a word of its own: --kernel=FILE are three.
	if [ "$word" = = ]; then
		word=
	elif [ "$before" = = ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case "$command $before" in
	*" --kernel" | "run -k" | *" --initrd" | "run -i" | *" --svg" | "map -s" | *" --vmlinux" | \
		"faults -v" | *" --core" | *" --output" | "core -o")
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	esac
	if [ "$COMP_CWORD" = 1 ]; then
		words="$(_covirtctl_commands) --help --version"
	elif [[ $word == -* ]]; then
		words=$(_covirtctl_options "$command")
	elif [ "$command" = help ]; then
		words=$(_covirtctl_commands)
	elif [ "$command" = set ] && [ "$COMP_CWORD" -gt 2 ]; then
		words=$(_covirtctl_attributes "${COMP_WORDS[2]}")
	else
		words=$(_covirtctl_enclaves)
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
}

complete -F _covirtctl covirtctl
