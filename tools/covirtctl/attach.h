/* SPDX-License-Identifier: GPL-2.0-only */
/* An enclave's console on this terminal. */
#ifndef COVIRTCTL_ATTACH_H
#define COVIRTCTL_ATTACH_H

/**
 * enum attach_end - why it ended
 * @ATTACH_ENDED:  the co-kernel did, and all it printed was read
 * @ATTACH_LEFT:   the user typed Ctrl-]
 * @ATTACH_SIGNAL: see signals_ending()
 * @ATTACH_FAILED: the console, or where its output goes, does not work; it was said why
 */
enum attach_end {
	ATTACH_ENDED,
	ATTACH_LEFT,
	ATTACH_SIGNAL,
	ATTACH_FAILED,
};

/**
 * enum attach_size - what a shell on the console is told of the window's size
 * @ATTACH_SIZE_UNTOLD:  nothing
 * @ATTACH_SIZE_CHANGES: each change
 * @ATTACH_SIZE_ALWAYS:  the size at first, and each change
 */
enum attach_size {
	ATTACH_SIZE_UNTOLD,
	ATTACH_SIZE_CHANGES,
	ATTACH_SIZE_ALWAYS,
};

enum attach_end attach(const char *name, int console, enum attach_size size);

#endif /* COVIRTCTL_ATTACH_H */
