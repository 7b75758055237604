#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# spin -run exits with 0 when the verifier has found an error.
#
# Seen:	spin 6.5.2 (Debian 13).
# Expectation: spin(1) says of -run that it makes the verifier, compiles and runs it, and nothing of
#	an exit status. A simulation (spin without options) exits with 1 where an assertion fails,
#	and so does -run for a model that it cannot parse. So -run does for a model that is wrong.
# Behaviour: "assertion violated" and "errors: 1" are printed, a trail is written, and the status is
#	0, as for a model without errors. The verifier (pan), run by itself, exits with 0 as well.
# Who proves protocols of a kernel in a build has to look for "errors: 0" in the output: by the
# status alone such a build never fails.
set -eu
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

programs spin trixie trixie spin=6.5.2+dfsg-2
cd "$work"
cat >right.pml <<'END'
byte x;
active proctype p() { x = 1; assert(x == 1) }
END
sed 's/x == 1/x == 0/' right.pml >wrong.pml

# status COMMAND...: run it, and tell how it exits and what it says of errors
status()
{
	exit=0
	"$@" >said 2>&1 || exit=$?
	# shellcheck disable=SC2046 # words
	echo "exits with $exit:" $(grep -oE 'errors: [0-9]+|assertion violated' said | sort -u)
}

{
	from spin spin -V | sed 's/ --.*//'
	echo "simulation $(status from spin spin right.pml)"
	echo "simulation $(status from spin spin wrong.pml)"
	echo "-run $(status from spin spin -run right.pml)"
	echo "-run $(status from spin spin -run wrong.pml)"
	echo "pan $(status ./pan)"
} >seen
judge seen <<'END'
Spin Version 6.5.2
simulation exits with 0:
simulation exits with 1: assertion violated
-run exits with 0: errors: 0
-run exits with 0: assertion violated errors: 1
pan exits with 0: assertion violated errors: 1
END
